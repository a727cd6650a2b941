"""Whatever names a thing by its kind and id: there is such a thing, in the same campaign."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, exists, select

from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.pictures.tables import pictures
from ttrpg_assistant.verification.model import Check, Problem
from ttrpg_assistant.verification.store.references import place_of

_c = pictures.c


def find_without_thing(tx: Connection) -> Iterator[Problem]:
    """Pictures of things that do not exist, or are of another campaign."""
    for kind in KINDS.values():
        other = kind.table.alias("thing")
        owner = other.c.id if kind is CAMPAIGN else other.c.campaign_id
        is_there = exists().where(other.c.id == _c.thing_id, owner == _c.campaign_id)
        if kind.is_of_kind:
            is_there = is_there.where(other.c.entity_kind == kind.name)
        yield from _list(tx, (_c.thing_kind == kind.name, ~is_there))
    yield from _list(tx, (_c.thing_kind.not_in(list(KINDS)),))


def _list(tx: Connection, wanted: tuple[ColumnElement[bool], ...]) -> Iterator[Problem]:
    for id in tx.execute(select(_c.id).where(*wanted)).scalars():
        yield Problem(
            "things",
            place_of(pictures, id),
            "thing_id names a thing that is not in the campaign.",
        )


THINGS = Check("things", find_without_thing)
