"""The fields of a thing as an export has them: texts to read, and the things they name. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ttrpg_assistant.campaigns.audiences import audience_of_fact
from ttrpg_assistant.campaigns.declaration import EntityKind, Field, lines_of
from ttrpg_assistant.campaigns.model import Entity, KnownFact
from ttrpg_assistant.exports.model import Link, SeenField
from ttrpg_assistant.prompts.audience import ANYBODY, PARTY, is_gm_only, may_see


def list_seen_fields(
    kind: EntityKind[Any],
    values: Mapping[str, Any],
    wanted: Mapping[str, Field],
    links: Mapping[str, Link],
) -> tuple[SeenField, ...]:
    """The wanted fields that say something; `links` are the things that may be named, by id."""
    found = []
    for name, one in wanted.items():
        if name == kind.name_field or one.shape.name == "message":
            continue
        value = values.get(name)
        named = tuple(_list_links(one, value, links))
        texts = list(_list_texts(one, value, named))
        if texts or (value is not None and value != one.empty and not _is_reference(one)):
            found.append(SeenField(name, one, value, tuple(texts), named))
    return tuple(found)


def _is_reference(one: Field) -> bool:
    return one.points_to is not None or one.shape.name in ("related", "known_to")


def _list_links(one: Field, value: object, links: Mapping[str, Link]) -> Iterator[Link]:
    ids: list[object] = []
    if one.points_to is not None:
        ids = [value]
    elif one.shape.name in ("related", "known_to") and isinstance(value, list):
        ids = [entry.get("id") for entry in value if isinstance(entry, dict)]
    for id in ids:
        if isinstance(id, str) and id in links:
            yield links[id]


def _list_texts(one: Field, value: object, named: tuple[Link, ...]) -> Iterator[tuple[str, str]]:
    if one.points_to is not None or one.shape.name == "related":
        if named:
            yield "", ", ".join(link.name for link in named)
    elif one.shape.name == "known_to":
        entries = value if isinstance(value, list) else []
        groups = [entry["group"] for entry in entries if entry.get("group")]
        if names := [*(link.name for link in named), *groups]:
            yield "", ", ".join(names)
    else:
        # What prompts say of a choice is left out where it is the usual one; people read its word.
        own = one.label
        for label, text, _ in lines_of(one, value):
            yield ("" if label in (own, one.said_as) else label), text


def name_of(kind: EntityKind[Any], thing: Entity) -> str:
    """What a thing is called; a game session without a title by its number."""
    name = str(getattr(thing, kind.name_field) or "")
    if name or not hasattr(thing, "session_number"):
        return name
    return f"{kind.noun.capitalize()} {thing.session_number}"


def name_fact_knowers(fact: KnownFact) -> str:
    """Who knows a fact, for the game master: "everyone", "the party, Mira Vale", "GM only"."""
    audience = audience_of_fact(fact)
    if is_gm_only(audience):
        return "GM only"
    if may_see(ANYBODY, audience):
        return "everyone"
    names = [one.npc_name or one.character_name or one.group_name or "" for one in fact.listeners]
    return ", ".join(filter(None, ["the party" if may_see(PARTY, audience) else "", *names]))
