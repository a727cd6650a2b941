"""Character cards of chat programs, in their three versions: PNG, JSON and CHARX.

A card becomes an NPC, its book becomes facts. Instructions to a model in it (`system_prompt` and
the like) are data here: kept for exports, never followed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ttrpg_assistant.imports.books import read_entries
from ttrpg_assistant.imports.card_files import CardFile, find_card, read_card
from ttrpg_assistant.imports.documents import kept_json
from ttrpg_assistant.imports.foundry_actors import get_path
from ttrpg_assistant.imports.macros import plain
from ttrpg_assistant.imports.model import (
    FoundFact,
    FoundThing,
    Note,
    Reading,
    SourceFile,
)
from ttrpg_assistant.imports.own_texts import OURS, OwnMark, mark_value, read_own
from ttrpg_assistant.imports.recognising import read_beginning

NAME = "character_card"
TAIL = "description_tail"
"""What our own part of a card's extensions says of the description."""
LINES = 30
"""Sample lines that are taken from greetings and examples."""

_OLD_WORDS = {
    "char_name": "name",
    "char_persona": "description",
    "char_greeting": "first_mes",
    "example_dialogue": "mes_example",
    "world_scenario": "scenario",
}
_BECOMES = {
    "name": "the NPC's name",
    "nickname": "another name of the NPC",
    "description": "the background",
    "personality": "the personality",
    "scenario": "the GM notes",
    "first_mes": "a sample line",
    "alternate_greetings": "sample lines",
    "group_only_greetings": "sample lines",
    "mes_example": "sample lines",
    "tags": "the tags",
    "character_book": "facts for the game master",
    "assets": "pictures",
}
_NEVER = ("system_prompt", "post_history_instructions", "creator_notes")


class CharacterCardFormat:
    """Cards, each a file of its own."""

    name = NAME
    label = "Character card"
    rank = 10

    def recognises(self, files: Sequence[SourceFile], beginning: bytes) -> bool:
        """Whether each file holds a card."""
        return all(find_card(one, read_beginning(one)) is not None for one in files)

    def read(self, files: Sequence[SourceFile]) -> Reading:
        """Each card as an NPC."""
        things: list[FoundThing] = []
        facts: list[FoundFact] = []
        used: list[Note] = []
        kept: list[Note] = []
        ignored: list[Note] = []
        warnings: list[str] = []
        for number, file in enumerate(files):
            found = read_card(file, read_beginning(file))
            inner = card_fields(found.card)
            thing = _read_thing(found, inner, f"card:{number}", file.name)
            name = str(thing.values["name"])
            book = inner.get("character_book")
            if isinstance(book, Mapping) and isinstance(book.get("entries"), list):
                own, more_kept, more_ignored = read_entries(
                    book["entries"],
                    book=str(book.get("name") or name),
                    character=name,
                    about=thing.key,
                    file_name=file.name,
                )
                facts += own
                kept += more_kept
                ignored += more_ignored
            things.append(thing)
            for field, value in inner.items():
                if value in (None, "", [], {}):
                    continue
                if field in _BECOMES:
                    used.append(Note(field, f"becomes {_BECOMES[field]}"))
                elif field in _NEVER:
                    kept.append(Note(field, "kept for export; no model reads it"))
                else:
                    kept.append(Note(field, "kept for export, not used here"))
            ignored += [Note(f"Picture {what}", why) for what, why in found.left_out]
            if found.passed_over:
                warnings.append(
                    f"{found.passed_over} files in the card of {name} were left out: their names"
                    " lead out of it, or stand in it twice."
                )
        return Reading(
            format=NAME,
            things=tuple(things),
            facts=tuple(facts),
            used=tuple(used),
            kept=tuple(kept),
            ignored=tuple(ignored),
            warnings=tuple(warnings),
            keep_file=True,
        )


def card_fields(card: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a card of any version, under the words of the second."""
    inner = card.get("data")
    if not (isinstance(card.get("spec"), str) and isinstance(inner, Mapping)):
        inner = card
    return {_OLD_WORDS.get(name, name): value for name, value in inner.items()}


def _read_thing(found: CardFile, inner: Mapping[str, Any], key: str, file_name: str) -> FoundThing:
    values = read_values(inner)
    own = _find_own(inner, values)
    return FoundThing(
        key=key,
        kind="npc",
        values=values,
        source_id=f"{NAME}:{values['name']}",
        kept=kept_json({"card": found.card, "container": found.container}),
        pictures=tuple(found.pictures),
        file_name=file_name,
        own_id="" if own is None else own.id,
        own_revision=0 if own is None else own.revision,
        untouched=frozenset() if own is None else own.untouched,
    )


def _find_own(inner: Mapping[str, Any], values: Mapping[str, Any]) -> OwnMark | None:
    """The NPC of ours that a card is, where an export of this program wrote it."""
    found = read_own(get_path(inner, "extensions", OURS))
    if found is None:
        return None
    own, marks = found
    now = mark_values(values)
    untouched = frozenset(name for name in now if now[name] == marks.get(name))
    return replace(own, kind="npc", untouched=untouched)


def mark_values(values: Mapping[str, Any]) -> dict[str, str]:
    """The marks of what a card says, as it is read again."""
    return {name: mark_value(value) for name, value in values.items()}


def read_values(inner: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an NPC that a card has."""
    own_name = " ".join(_text(inner, "name").split()) or "Unnamed NPC"
    nickname = " ".join(_text(inner, "nickname").split())
    called = nickname or own_name
    scenario = plain(_text(inner, "scenario"), called)
    tags = inner.get("tags")
    values: dict[str, Any] = {
        "name": own_name,
        "aliases": [nickname] if nickname and nickname != own_name else [],
        "background": plain(find_description(inner), called),
        "personality": plain(_text(inner, "personality"), called),
        "sample_lines": _list_lines(inner, own_name, called),
        "tags": [one for one in tags if isinstance(one, str)] if isinstance(tags, list) else [],
        "gm_notes": f"Scenario: {scenario}" if scenario else "",
    }
    return {name: value for name, value in values.items() if value}


def find_description(inner: Mapping[str, Any]) -> str:
    """The description without the lines that an export of this program put at its end: what they
    say has fields of its own here."""
    description = _text(inner, "description")
    extensions = inner.get("extensions")
    own = extensions.get(OURS) if isinstance(extensions, Mapping) else None
    tail = own.get(TAIL) if isinstance(own, Mapping) else None
    if isinstance(tail, str) and tail and description.rstrip().endswith(tail):
        return description.rstrip().removesuffix(tail).rstrip("\n")
    return description


def _list_lines(inner: Mapping[str, Any], name: str, called: str) -> list[str]:
    """What the character says: the greetings, then the character's part of the examples."""
    said = [_text(inner, "first_mes")]
    for more in ("alternate_greetings", "group_only_greetings"):
        listed = inner.get(more)
        said += [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
    lines = [plain(one, called).strip() for one in said]
    for part in plain(_text(inner, "mes_example"), called).split("\n"):
        speaker, _, spoken = part.partition(":")
        if speaker.strip() in (name, called):
            lines.append(spoken.strip())
    return list(dict.fromkeys(one for one in lines if one))[:LINES]


def _text(inner: Mapping[str, Any], field: str) -> str:
    value = inner.get(field)
    return value if isinstance(value, str) else ""


FORMAT = CharacterCardFormat()
