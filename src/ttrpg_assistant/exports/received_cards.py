"""A card that was imported, with what was changed here since. Pure.

What was not touched is given back word for word: macros, instructions, extensions, whatever nobody
here knows. What was changed stands in the field that it came from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from ttrpg_assistant.exports.card_fields import add_description, spell_examples
from ttrpg_assistant.exports.model import SeenThing
from ttrpg_assistant.imports.formats.character_card import card_fields, find_description
from ttrpg_assistant.imports.macros import plain


@dataclass(frozen=True, slots=True)
class Received:
    """A card as it came: `card` is the whole of it, `base` what became of it here. `entries` are
    the texts of facts that came from its book and were changed since, by the entry's place;
    `removed` are the places of those that were removed, `facts` the ids of all that there are.
    """

    card: Mapping[str, Any]
    base: Mapping[str, Any]
    entries: Mapping[int, str] = field(default_factory=dict)
    removed: frozenset[int] = frozenset()
    facts: frozenset[str] = frozenset()


def update_fields(
    received: Received,
    npc: SeenThing,
    values: Mapping[str, Any],
    entries: Sequence[Mapping[str, Any]],
    *,
    with_secrets: bool,
) -> dict[str, Any]:
    """The `data` of the card as it is now. `values` are the NPC's, `entries` more for its book:
    what it learned here."""
    fields = deepcopy(card_fields(received.card))
    called = str(fields.get("nickname") or fields.get("name") or "")

    def is_changed(name: str) -> bool:
        return bool((values.get(name) or None) != (received.base.get(name) or None))

    if is_changed("name"):
        fields["name"] = values["name"]
    nickname = fields.get("nickname")
    if nickname and is_changed("aliases") and nickname not in values.get("aliases", ()):
        fields.pop("nickname")
    if is_changed("personality"):
        fields["personality"] = values.get("personality") or ""
    if is_changed("tags"):
        fields["tags"] = list(values.get("tags") or ())
    if is_changed("sample_lines"):
        before = list(received.base.get("sample_lines") or ())
        _update_lines(fields, before, list(values.get("sample_lines") or ()), called)
    background = find_description(fields)
    if is_changed("background"):
        background = str(values.get("background") or "")
    add_description(fields, npc, background, with_secrets=with_secrets)
    _update_book(fields, received, entries)
    return fields


def _update_lines(fields: dict[str, Any], before: list[str], lines: list[str], called: str) -> None:
    """Keep what is still said as it is written, drop what is not, add what is new."""
    dropped, left = set(before) - set(lines), [one for one in lines if one not in before]

    def is_said(text: object) -> bool:
        return not isinstance(text, str) or plain(text, called).strip() not in dropped

    if not is_said(fields.get("first_mes")):
        fields["first_mes"] = ""
    for name in ("alternate_greetings", "group_only_greetings"):
        listed = fields.get(name)
        if isinstance(listed, list):
            fields[name] = [one for one in listed if is_said(one)]
    examples = fields.get("mes_example")
    kept = [
        line
        for line in (examples if isinstance(examples, str) else "").split("\n")
        if not _is_spoken(line, str(fields.get("name") or ""), called)
        or is_said(plain(line, called).partition(":")[2])
    ]
    if not fields.get("first_mes") and left:
        fields["first_mes"] = left.pop(0)
    several = [one for one in left if "\n" in one]
    if several:
        fields["alternate_greetings"] = [*(fields.get("alternate_greetings") or ()), *several]
    more = spell_examples([one for one in left if "\n" not in one])
    fields["mes_example"] = "\n".join(filter(None, ["\n".join(kept), more]))


def _is_spoken(line: str, name: str, called: str) -> bool:
    return plain(line, called).partition(":")[0].strip() in (name, called) and ":" in line


def _update_book(
    fields: dict[str, Any], received: Received, more: Sequence[Mapping[str, Any]]
) -> None:
    book = fields.get("character_book")
    if isinstance(book, dict) and isinstance(book.get("entries"), list):
        kept = []
        for at, entry in enumerate(book["entries"]):
            if at in received.removed:
                continue
            if at in received.entries and isinstance(entry, dict):
                entry = {**entry, "content": received.entries[at]}
            kept.append(entry)
        book["entries"] = [*kept, *_number(more, len(kept))]
    elif more:
        name = str(fields.get("name") or "")
        fields["character_book"] = {"name": name, "extensions": {}, "entries": list(more)}


def _number(entries: Sequence[Mapping[str, Any]], first: int) -> list[dict[str, Any]]:
    """Entries behind others, with numbers that those do not have."""
    return [{**one, "id": 100_000 + first + at} for at, one in enumerate(entries)]
