"""The relations that one prompt needs, out of any number of them.

Of each thing that is asked about the newest relations are read, from one index for each side, and
besides them every relation between two of those things: what the talk is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    Select,
    String,
    bindparam,
    literal,
    select,
    union_all,
)
from sqlalchemy import Connection as Tx

from ttrpg_assistant.campaigns.audiences import kept_audience_of_name
from ttrpg_assistant.campaigns.canon import is_in_the_world
from ttrpg_assistant.campaigns.model import Knower, Relation
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.store.audiences import may_admit
from ttrpg_assistant.campaigns.store.entities import read_row
from ttrpg_assistant.campaigns.store.prompt_reading import cut
from ttrpg_assistant.campaigns.store.relations import COLUMNS, End, ends_of
from ttrpg_assistant.campaigns.tables import relations
from ttrpg_assistant.prompts.audience import GM, GM_ONLY, Audience, Viewer, ViewerKind
from ttrpg_assistant.storage.prepared import Prepared

MOST_BETWEEN = 100
"""Relations between things that are asked about together."""

_c = relations.c
_NAMES = [column.name for column in COLUMNS]


@dataclass(frozen=True, slots=True)
class Named:
    """What an end of a relation is called, and who may know that. What is only an idea is not yet
    in the world."""

    name: str
    noun: str
    audience: Audience
    is_in_world: bool


def list_relations_of(tx: Tx, ids: Sequence[str], most: int, viewer: Viewer = GM) -> list[Relation]:
    """Relations between these things, then the newest `most` that each has on either side, none
    twice. Ends may have been removed. What no audience of a `viewer` of this kind admits is left
    out; whether this one is named is for the caller to look at."""
    if not ids:
        return []
    found: dict[str, Relation] = {}
    if len(ids) > 1:
        between = _between(_room(len(ids)), viewer.kind)
        for one in _read(between.run(tx, {"most": MOST_BETWEEN, **_places(ids)})):
            found[one.id] = one
    for one in _read(
        _of_each(_room(len(ids)), viewer.kind).run(tx, {"most": most, **_places(ids)})
    ):
        found.setdefault(one.id, one)
    return list(found.values())


def list_named(tx: Tx, found: Iterable[Relation]) -> dict[End, Named]:
    """What the ends of relations are called, without those that were removed or retconned."""
    return name_things(tx, (end for one in found for end in ends_of(one)))


def name_things(tx: Tx, ends: Iterable[End]) -> dict[End, Named]:
    """What these things are called, without those that were removed or retconned."""
    by_kind: dict[str, dict[str, None]] = {}
    for kind_name, id in ends:
        by_kind.setdefault(kind_name, {})[id] = None
    named: dict[End, Named] = {}
    for kind_name, ids in by_kind.items():
        kind, wanted = KINDS[kind_name], list(ids)
        for id, name, canon, *rest in _names(kind_name, _room(len(wanted))).run(
            tx, _places(wanted)
        ):
            is_in_world = is_in_the_world(canon)
            audience = _audience(kind_name, rest) if is_in_world else GM_ONLY
            named[kind_name, id] = Named(name, kind.noun, audience, is_in_world)
    return named


def _audience(kind_name: str, rest: Sequence[Any]) -> Audience:
    known_to = [read_row(Knower, one) for one in rest[1]] if len(rest) > 1 else []
    return kept_audience_of_name(KINDS[kind_name].value, rest[0], known_to)


def _room(count: int) -> int:
    """Few statements serve any number of ids."""
    return 1 << (count - 1).bit_length()


def _places(ids: Sequence[str]) -> dict[str, str]:
    return {f"id_{at}": ids[min(at, len(ids) - 1)] for at in range(_room(len(ids)))}


def _asked(count: int) -> list[Any]:
    return [bindparam(f"id_{at}", type_=String) for at in range(count)]


def _read(rows: Iterable[Sequence[Any]]) -> list[Relation]:
    return [read_row(Relation, dict(zip(_NAMES, row, strict=True))) for row in rows]


def _select(viewer: ViewerKind) -> Select[Any]:
    query = select(*(cut(column) for column in COLUMNS)).where(_c.removed_at.is_(None))
    return query.where(may_admit(Viewer(viewer), _c.audience)).order_by(*_order(viewer))


def _order(viewer: ViewerKind) -> tuple[ColumnElement[Any], ...]:
    """The newest first. When one was changed last is the game master's alone: a note on it is."""
    return (_c.updated_at.desc(), _c.id.desc()) if viewer == GM.kind else (_c.id.desc(),)


@cache
def _between(count: int, viewer: ViewerKind) -> Prepared:
    asked = _asked(count)
    query = _select(viewer).where(_c.from_id.in_(asked), _c.to_id.in_(asked))
    return Prepared(query.limit(bindparam("most", type_=Integer)))


@cache
def _of_each(count: int, viewer: ViewerKind) -> Prepared:
    def side(end: Column[Any], id: Any) -> Select[Any]:
        newest = _select(viewer).where(end == id)
        return select(newest.limit(bindparam("most", type_=Integer)).subquery())

    sides = union_all(*(side(end, id) for id in _asked(count) for end in (_c.from_id, _c.to_id)))
    return Prepared(select(sides.subquery()))


@cache
def _names(kind_name: str, count: int) -> Prepared:
    kind = KINDS[kind_name]
    table = kind.table
    says = [table.c[name] for name in ("audience", "known_to") if name in table.c]
    canon = table.c[kind.canon_field] if kind.is_thing else literal("happened")
    is_asked = (table.c.id.in_(_asked(count)), table.c.removed_at.is_(None), *kind.is_of_kind)
    query = select(table.c.id, table.c[kind.name_field], canon, *says)
    return Prepared(query.where(*is_asked, canon != "retconned"))
