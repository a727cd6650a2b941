"""What a prompt needs of a campaign, read so that ten thousand entities cost no more than ten.

Nothing is read whole: entities come by id or by an index, a handful at a time, and their prose
is cut in the database. Only the names are read all, once for each change of a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Generic

import msgspec
from sqlalchemy import Column, ColumnElement, Connection, Integer, Text, bindparam, func, select

from ttrpg_assistant.campaigns.declaration import E, EntityKind
from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.campaigns.kinds.game_session import KIND as GAME_SESSION
from ttrpg_assistant.campaigns.kinds.location import KIND as LOCATION
from ttrpg_assistant.campaigns.kinds.plot_point import KIND as PLOT_POINT
from ttrpg_assistant.campaigns.mentions import EntityRef
from ttrpg_assistant.campaigns.model import (
    GameSession,
    KindName,
    Location,
    PlotPoint,
)
from ttrpg_assistant.campaigns.registry import KINDS, list_named_in_talk
from ttrpg_assistant.campaigns.store.audiences import is_kept_as
from ttrpg_assistant.campaigns.store.entities import is_live, read_value
from ttrpg_assistant.campaigns.tables import campaigns, game_sessions, plot_points
from ttrpg_assistant.storage.prepared import Prepared

PROSE_CUT = 2_000
"""Characters of one field. The composer keeps 500 (NFR-011); the rest is room for cleaning."""

NOTES_CUT = 8_000
"""The same of the game master's notes on the campaign, which hold what was agreed at the table."""


@cache
def _names_query(kind_name: str) -> Prepared:
    kind = KINDS[kind_name]
    return Prepared(
        select(kind.table.c.id, kind.table.c.search_names, kind.table.c.archived_at).where(
            kind.table.c.campaign_id == bindparam("campaign_id"),
            kind.table.c.removed_at.is_(None),
            *kind.is_of_kind,
        )
    )


_NO_NUMBER = 2**31 - 1
"""Above the number of any game session."""

_NAMES_STAMP = Prepared(
    select(campaigns.c.names_stamp).where(
        campaigns.c.id == bindparam("campaign_id"), is_live(campaigns)
    )
)
_LAST_PLAYED = Prepared(
    select(
        game_sessions.c.id,
        game_sessions.c.session_number,
        game_sessions.c.title,
        game_sessions.c.status,
        game_sessions.c.recap_gm,
        game_sessions.c.recap_players,
    )
    .where(
        game_sessions.c.campaign_id == bindparam("campaign_id"),
        game_sessions.c.removed_at.is_(None),
        game_sessions.c.status != "planned",
        game_sessions.c.session_number < bindparam("before", type_=Integer),
    )
    .order_by(game_sessions.c.session_number.desc())
    .limit(1)
)


NameRow = tuple[str, str, str | None]
"""Id, folded names one a line, and when it was archived."""


class CampaignNames:
    """Who and what talk can name in a campaign, archived entities included, as it is now."""

    def __init__(self, rows: Mapping[KindName, frozenset[NameRow]]) -> None:
        self._rows = rows
        self.counts: dict[KindName, int] = {
            kind: sum(archived_at is None for _, _, archived_at in of_kind)
            for kind, of_kind in rows.items()
        }
        """How many of each kind are in use."""

    def list_names(self, only: Set[EntityRef] | None = None) -> Iterator[tuple[EntityRef, str]]:
        """Every name and alias, folded; or `only` those of these entities."""
        for kind, rows in self._rows.items():
            for id, search_names, _ in rows:
                ref = EntityRef(kind, id)
                if only is None or ref in only:
                    for name in search_names.split("\n"):
                        yield ref, name

    def find_changed(self, before: CampaignNames) -> set[EntityRef]:
        """What came, went, was renamed, archived or taken out again since."""
        return {
            EntityRef(kind, row[0])
            for kind, rows in self._rows.items()
            for row in rows ^ before._rows.get(kind, frozenset())
        }


def find_names_stamp(tx: Connection, campaign_id: str) -> str | None:
    """The stamp that changes whenever a name in the campaign does; None without a campaign."""
    rows = _NAMES_STAMP.run(tx, {"campaign_id": campaign_id})
    return rows[0][0] if rows else None


def list_names(tx: Connection, campaign_id: str) -> CampaignNames:
    """All names and aliases of what talk can name, archived entities included."""
    values = {"campaign_id": campaign_id}
    return CampaignNames(
        {
            kind.name: frozenset(map(tuple, _names_query(kind.name).run(tx, values)))
            for kind in list_named_in_talk()
        }
    )


def find_campaign(tx: Connection, campaign_id: str) -> Any:
    """The campaign with its prose cut, or None."""
    found = _campaign_query().run(tx, most=1, campaign_id=campaign_id)
    return found[0] if found else None


def list_by_id(tx: Connection, kind: EntityKind[E], ids: Sequence[str]) -> list[E]:
    """The live entities of these ids, in the order of the ids, prose cut."""
    if not ids:
        return []
    room = 1 << (len(ids) - 1).bit_length()  # few statements serve any number of ids
    places = {f"id_{at}": ids[min(at, len(ids) - 1)] for at in range(room)}
    found = {one.id: one for one in _by_id(kind.name, room).run(tx, most=room, **places)}
    return [found[id] for id in ids if id in found]


def list_present(tx: Connection, kind: EntityKind[E], campaign_id: str, most: int) -> list[E]:
    """Who or what takes part in the scene now, the latest used first."""
    return _present(kind.name).run(tx, most=most, campaign_id=campaign_id)


def list_recent(tx: Connection, kind: EntityKind[E], campaign_id: str, most: int) -> list[E]:
    """The latest used, whatever it was used for."""
    return _recent(kind.name).run(tx, most=most, campaign_id=campaign_id)


def list_meant_for(
    tx: Connection, kind: EntityKind[E], campaign_id: str, word: str, most: int
) -> list[E]:
    """Those whose audience is kept as this word, the latest used first."""
    return _meant_for(kind.name).run(tx, most=most, campaign_id=campaign_id, audience=word)


def list_open_plot_points(tx: Connection, campaign_id: str, most: int) -> list[PlotPoint]:
    """Open plot points that were not taken back, the latest used first."""
    return _open_plot_points().run(tx, most=most, campaign_id=campaign_id)


def list_within(
    tx: Connection, campaign_id: str, parent_ids: Sequence[str], most: int
) -> list[Location]:
    """The places that are directly in one of these, the latest used first."""
    if not parent_ids:
        return []
    places = {f"id_{at}": id for at, id in enumerate(parent_ids)}
    return _within(len(parent_ids)).run(tx, most=most, campaign_id=campaign_id, **places)


def find_game_session(
    tx: Connection, campaign_id: str, game_session_id: str | None
) -> GameSession | None:
    """The game session that is meant, or else the one that runs, or None."""
    given = {} if game_session_id is None else {"game_session_id": game_session_id}
    found = _game_session(bool(given)).run(tx, most=1, campaign_id=campaign_id, **given)
    return found[0] if found else None


def list_newest_game_sessions(tx: Connection, campaign_id: str, most: int) -> list[GameSession]:
    """The game sessions with the highest numbers, highest first; planned ones among them."""
    return _newest_game_sessions().run(tx, most=most, campaign_id=campaign_id)


def list_newest_plot_points(tx: Connection, campaign_id: str, most: int) -> list[PlotPoint]:
    """Plot points whatever came of them, the latest used first."""
    return _newest_plot_points().run(tx, most=most, campaign_id=campaign_id)


@dataclass(frozen=True, slots=True)
class Played:
    """The game session played last. `recap` is the GM's, else the players', empty without one."""

    id: str
    number: int
    title: str
    is_running: bool
    recap: str


def find_last_played(tx: Connection, campaign_id: str, before: int | None) -> Played | None:
    """The game session (below number `before`) that was played last, or is being played."""
    values = {"campaign_id": campaign_id, "before": _NO_NUMBER if before is None else before}
    for id, number, title, status, for_gm, for_players in _LAST_PLAYED.run(tx, values):
        return Played(id, number, title, status == "running", str(for_gm or for_players))
    return None


@cache
def _columns(kind_name: KindName) -> tuple[ColumnElement[Any], ...]:
    return tuple(map(cut, KINDS[kind_name].columns))


def cut(column: Column[Any]) -> ColumnElement[Any]:
    """The column as it is read for a prompt: prose only as far as a prompt can need it."""
    if isinstance(column.type, Text):
        most = NOTES_CUT if column is campaigns.c.gm_notes else PROSE_CUT
        return func.substr(column, 1, most).label(column.name)
    return column


KEPT_ROWS = 256
"""Entities of one query that are kept as they were read, those asked for last."""


class _Row:
    """A row as PostgreSQL's driver hands it out, its JSON read, known by what is in it."""

    __slots__ = ("row", "spelled")

    def __init__(self, row: tuple[Any, ...]) -> None:
        self.row = row
        self.spelled = msgspec.msgpack.encode(tuple(row))

    def __hash__(self) -> int:
        return hash(self.spelled)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Row) and other.spelled == self.spelled


class _Query(Generic[E]):
    """Reads entities of one kind, prose cut; the statement is made once. Prompt after prompt tells
    of the same entities: one whose row is still the same is not read again."""

    def __init__(
        self,
        kind: EntityKind[E],
        *conditions: ColumnElement[bool],
        order: ColumnElement[Any] | None = None,
    ) -> None:
        query = select(*_columns(kind.name)).where(*conditions)
        if order is not None:
            query = query.order_by(order.desc(), kind.table.c.id.desc())
        self._kind = kind
        self._names = [column.name for column in kind.columns]
        self._statement = Prepared(query.limit(bindparam("most", type_=Integer)))
        # What completes an entity may depend on the hour.
        self._make = self._read if kind.complete else lru_cache(maxsize=KEPT_ROWS)(self._read)

    def run(self, tx: Connection, *, most: int, **values: str) -> list[E]:
        """Up to `most` of them."""
        given = {"most": most, **values}
        if tx.dialect.name == "sqlite":
            return [self._make(row) for row in self._statement.run_unread(tx, given)]
        return [self._make(_Row(row)) for row in self._statement.run(tx, given)]

    def _read(self, stored: tuple[Any, ...] | _Row) -> E:
        row = stored.row if isinstance(stored, _Row) else self._statement.read(stored)
        return read_value(self._kind, dict(zip(self._names, row, strict=True)))


def _in_use(kind: EntityKind[Any]) -> list[ColumnElement[bool]]:
    table = kind.table
    canon = [table.c[kind.canon_field] != "retconned"] if kind.is_thing else []
    return [
        *canon,
        table.c.campaign_id == bindparam("campaign_id"),
        table.c.removed_at.is_(None),
        table.c.archived_at.is_(None),
        *kind.is_of_kind,
    ]


@cache
def _campaign_query() -> _Query[Any]:
    return _Query(CAMPAIGN, campaigns.c.id == bindparam("campaign_id"), is_live(campaigns))


@cache
def _by_id(kind_name: KindName, count: int) -> _Query[Any]:
    kind = KINDS[kind_name]
    is_asked = kind.table.c.id.in_([bindparam(f"id_{at}") for at in range(count)])
    return _Query(kind, is_asked, is_live(kind.table), *kind.is_of_kind)


@cache
def _present(kind_name: KindName) -> _Query[Any]:
    kind = KINDS[kind_name]
    return _Query(kind, *_in_use(kind), kind.table.c.is_present, order=kind.table.c.last_used_at)


@cache
def _recent(kind_name: KindName) -> _Query[Any]:
    kind = KINDS[kind_name]
    return _Query(kind, *_in_use(kind), order=kind.table.c.last_used_at)


@cache
def _meant_for(kind_name: KindName) -> _Query[Any]:
    kind = KINDS[kind_name]
    is_meant = is_kept_as(kind.table.c.audience, bindparam("audience"))
    return _Query(kind, *_in_use(kind), is_meant, order=kind.table.c.last_used_at)


@cache
def _open_plot_points() -> _Query[PlotPoint]:
    c = plot_points.c
    return _Query(PLOT_POINT, *_in_use(PLOT_POINT), c.is_open, order=c.last_used_at)


@cache
def _newest_plot_points() -> _Query[PlotPoint]:
    return _Query(PLOT_POINT, *_in_use(PLOT_POINT), order=plot_points.c.last_used_at)


@cache
def _newest_game_sessions() -> _Query[GameSession]:
    number = game_sessions.c.session_number
    return _Query(GAME_SESSION, *_in_use(GAME_SESSION), order=number)


@cache
def _within(count: int) -> _Query[Location]:
    is_in = LOCATION.table.c.parent_id.in_([bindparam(f"id_{at}") for at in range(count)])
    return _Query(LOCATION, *_in_use(LOCATION), is_in, order=LOCATION.table.c.last_used_at)


@cache
def _game_session(is_named: bool) -> _Query[GameSession]:
    c = game_sessions.c
    is_meant = c.id == bindparam("game_session_id") if is_named else c.status == "running"
    in_campaign = (c.campaign_id == bindparam("campaign_id"), c.removed_at.is_(None))
    return _Query(GAME_SESSION, *in_campaign, is_meant)
