"""The bodies and query parameters of a kind's own operations, made from its declaration."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, JsonValue, create_model

from ttrpg_assistant.api.bodies import Body, Text, Uuid
from ttrpg_assistant.api.entities import Archived, Cursor, JsonObject, Search, Texts
from ttrpg_assistant.campaigns import registry
from ttrpg_assistant.campaigns.declaration import Field as KindField


class SecretBody(Body):
    """Something only the GM knows; `may_hint` lets an NPC allude to it."""

    text: Text
    may_hint: bool = False


class ConnectionBody(Body):
    """How an NPC stands to somebody."""

    target: Text
    relation: Text = ""


class RelatedBody(Body):
    """A thing that a plot point is about."""

    kind: Text
    id: Uuid


class KnowerBody(Body):
    """One who knows a thing: an NPC or player character by `id`, or a `group` by name."""

    kind: Literal["npc", "character", "group"]
    id: Text = ""
    group: Text = ""


_TYPES: dict[str, Any] = {
    "name": Text,
    "line": Text,
    "prose": Text,
    "names": Texts,
    "lines": Texts,
    "flag": bool,
    "reference": Uuid | None,
    "message": Uuid | None,
    "secrets": list[SecretBody],
    "connections": list[ConnectionBody],
    "related": list[RelatedBody],
    "known_to": list[KnowerBody],
    "object": JsonObject,
}
"""How the JSON of each shape is checked at the edge; a shape that is not here is any JSON."""


def _type_of(one: KindField) -> Any:
    if one.shape.choices is not None:
        return Literal[tuple(one.shape.choices)]
    return _TYPES.get(one.shape.name, JsonValue)


@cache
def fields_body(kind_name: str) -> type[Body]:
    """The fields of a kind, all optional: what an update may change."""
    kind = registry.get_kind(kind_name)
    fields: dict[str, Any] = {
        name: (_type_of(one), Field(default_factory=lambda value=one.empty: value))
        for name, one in kind.fields.items()
    }
    named = _camel(kind_name) + "Fields"
    return create_model(named, __base__=Body, __doc__=f"What {kind.one} is made of.", **fields)


@cache
def new_body(kind_name: str) -> type[Any]:
    """A thing of a kind to be made. With an `id` of the caller's, repeating is harmless."""
    kind = registry.get_kind(kind_name)
    fields: dict[str, Any] = {"id": (Uuid | None, None), kind.name_field: (Text, ...)}
    doc = f"The {kind.noun} to be made. With an `id` of the caller's, repeating is harmless."
    named = f"New{_camel(kind_name)}Body"
    return create_model(named, __base__=fields_body(kind_name), __doc__=doc, **fields)


@cache
def change_body(kind_name: str) -> type[Any]:
    """The fields to change, and the revision they were read at."""
    return create_model(
        f"Change{_camel(kind_name)}Body",
        __base__=Body,
        __doc__="The fields to change, and the revision they were read at.",
        revision=(Annotated[int, Field(ge=1, le=2**31 - 1)], ...),
        changes=(fields_body(kind_name), ...),
    )


@cache
def list_query(kind_name: str) -> type[Any]:
    """The query parameters that narrow and page a list of a kind."""
    kind = registry.get_kind(kind_name)
    filters: dict[str, Any] = {
        name: (_type_of(one) | None, None) for name, one in kind.fields.items() if one.is_filter
    }
    made: type[Any] = create_model(
        f"{_camel(kind_name)}Query",
        __config__=ConfigDict(defer_build=True),
        search=(Search, ""),
        archived=(Archived, "no"),
        after=(Cursor, None),
        limit=(Annotated[int, Field(ge=1, le=500)], 50),
        **filters,
    )
    return made


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
