"""An NPC as the fields of a character card, version 2 or 3. Pure.

What a card has no field for (role, looks, habits) stands as labelled lines at the end of its
description, where every program reads it. The card says which lines these are, so that they are
not taken for the background when it comes back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, Literal

from ttrpg_assistant.exports.model import SeenThing
from ttrpg_assistant.imports.formats.character_card import TAIL, mark_values, read_values
from ttrpg_assistant.imports.own_texts import MARKS, OURS

Spec = Literal["v2", "v3"]

_TEXTS = (
    "name",
    "description",
    "personality",
    "scenario",
    "first_mes",
    "mes_example",
    "creator_notes",
    "system_prompt",
    "post_history_instructions",
    "creator",
    "character_version",
)
_ONLY_V3 = (
    "assets",
    "nickname",
    "creator_notes_multilingual",
    "source",
    "group_only_greetings",
    "creation_date",
    "modification_date",
)
_OWN_FIELDS = frozenset({"background", "personality", "sample_lines", "tags"})
"""Fields that a card has a place of its own for."""
_NOT_SAID = frozenset(
    {"voice_card", "is_present", "canon", "game_session_id", "audience", "known_to"}
)
"""How the game master handles an NPC, which says nothing of it."""


def make_fields(
    npc: SeenThing, entries: Sequence[Mapping[str, Any]], *, with_secrets: bool
) -> dict[str, Any]:
    """The `data` of a card of version 3 for an NPC that was made here. `entries` are those of its
    book."""
    lines = _list_lines(npc)
    fields: dict[str, Any] = {
        **dict.fromkeys(_TEXTS, ""),
        "alternate_greetings": [one for one in lines[1:] if "\n" in one],
        "group_only_greetings": [],
        "extensions": {},
    }
    fields["name"] = npc.name
    fields["personality"] = npc.get_text("personality")
    fields["tags"] = list(npc.tags)
    fields["first_mes"] = lines[0] if lines else ""
    fields["mes_example"] = spell_examples([one for one in lines[1:] if "\n" not in one])
    if entries:
        fields["character_book"] = {"name": npc.name, "extensions": {}, "entries": list(entries)}
    add_description(fields, npc, npc.get_text("background"), with_secrets=with_secrets)
    return fields


def add_description(
    fields: dict[str, Any], npc: SeenThing, background: str, *, with_secrets: bool
) -> None:
    """Put the description into a card's fields: the background, then what has no field there."""
    tail = spell_tail(npc, with_secrets=with_secrets)
    fields["description"] = "\n\n".join(filter(None, (background, tail)))
    extensions = fields.setdefault("extensions", {})
    extensions[OURS] = {"id": npc.id, "revision": npc.revision, TAIL: tail}


def spell_tail(npc: SeenThing, *, with_secrets: bool) -> str:
    """What an NPC has that a card has no field for, as labelled lines."""
    told = []
    for one in npc.fields:
        is_left_out = one.is_gm_only and not with_secrets
        if is_left_out or one.name in _OWN_FIELDS or one.name in _NOT_SAID:
            continue
        texts = [f"{label}: {text}" if label else text for label, text in one.texts]
        told.append(f"{one.field.label}: {'; '.join(texts)}")
    return "\n".join(told)


def spell_examples(lines: Sequence[str]) -> str:
    """Lines of talk as an example dialogue."""
    return "\n".join(["<START>", *(f"{{{{char}}}}: {one}" for one in lines)]) if lines else ""


def _list_lines(npc: SeenThing) -> list[str]:
    found = npc.find_field("sample_lines")
    return [] if found is None else [str(one) for one in found.value]


def spell_card(fields: Mapping[str, Any], spec: Spec) -> dict[str, Any]:
    """The whole card in one version; what the other alone has is left out of version 2."""
    inner = deepcopy(dict(fields))
    for name in _TEXTS:
        if not isinstance(inner.get(name), str):
            inner[name] = ""
    for name in ("alternate_greetings", "tags"):
        inner[name] = _list_texts(inner.get(name))
    if not isinstance(inner.get("extensions"), dict):
        inner["extensions"] = {}
    if spec == "v2":
        for name in _ONLY_V3:
            inner.pop(name, None)
    else:
        inner.setdefault("group_only_greetings", [])
    _fit_book(inner, spec)
    if isinstance(own := inner["extensions"].get(OURS), dict):
        own[MARKS] = mark_values(read_values(inner))
    number = {"v2": "2.0", "v3": "3.0"}[spec]
    return {"spec": f"chara_card_{spec}", "spec_version": number, "data": inner}


def _fit_book(inner: dict[str, Any], spec: Spec) -> None:
    """Every entry with what its version demands."""
    book = inner.get("character_book")
    if not isinstance(book, dict) or not isinstance(book.get("entries"), list):
        inner.pop("character_book", None)
        return
    if not isinstance(book.get("extensions"), dict):
        book["extensions"] = {}
    entries = [one for one in book["entries"] if isinstance(one, dict)]
    book["entries"] = [fit_entry(one, number, spec) for number, one in enumerate(entries)]


def fit_entry(entry: Mapping[str, Any], number: int, spec: Spec) -> dict[str, Any]:
    """One entry of a book with everything its version demands; the rest of it is kept."""
    fitted = {
        **entry,
        "keys": _list_texts(entry.get("keys")),
        "content": str(entry.get("content") or ""),
        "extensions": entry.get("extensions") if isinstance(entry.get("extensions"), dict) else {},
        "enabled": entry.get("enabled") is not False,
    }
    if not isinstance(entry.get("insertion_order"), int | float):
        fitted["insertion_order"] = number
    if spec == "v3":
        fitted.setdefault("use_regex", False)
    else:
        fitted.pop("use_regex", None)
        if not isinstance(fitted.get("id", number), int):
            fitted["id"] = number
    return fitted


def _list_texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
