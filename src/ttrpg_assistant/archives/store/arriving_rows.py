"""A campaign on its way into the database: a slice at a time, hidden until all of it is there.

While it arrives its row carries `HIDDEN` in place of the stamp of its names and counts as
removed, and so does each of its conversations; everything else is reached through these. Its
wizards count as discarded. One short transaction at the end shows everything at once. What a
killed server leaves is found by `HIDDEN` at the next start.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, delete, select, tuple_, update
from sqlalchemy.exc import DataError, IntegrityError

from ttrpg_assistant.archives.store.campaign_rows import (
    BY_NAME,
    SHARED,
    TABLES,
    key_of,
    list_keys,
)
from ttrpg_assistant.campaigns import tables as world
from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.clock import has_passed
from ttrpg_assistant.conversations import tables as talk
from ttrpg_assistant.conversations.store.voices import count_own
from ttrpg_assistant.errors import Conflict, TooLarge
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.suggestions import tables as proposals

HIDDEN = "(being imported)"
"""The stamp of the names of a campaign that is not whole yet."""

PART = 500
"""Ids asked for in one statement."""

Row = dict[str, Any]
Key = tuple[str, ...]


def find_taken(tx: Connection, table_name: str, ids: Sequence[str]) -> bool:
    """Whether any of these ids is used already."""
    return bool(list_taken(tx, table_name, ids))


def list_taken(tx: Connection, table_name: str, ids: Sequence[str]) -> set[str]:
    """Which of these ids are used already."""
    table = BY_NAME[table_name]
    taken: set[str] = set()
    for start in range(0, len(ids), PART):
        part = ids[start : start + PART]
        taken.update(tx.execute(select(table.c.id).where(table.c.id.in_(part))).scalars())
    return taken


def list_campaign_names(tx: Connection) -> list[str]:
    """What the campaigns that are here are called, archived ones too."""
    c = world.campaigns.c
    return list(tx.execute(select(c.name).where(c.removed_at.is_(None))).scalars())


@dataclass
class Arrival:
    """What is known of a campaign while it arrives. `name` is what it is called here, `moment`
    marks what is hidden."""

    campaign_id: str
    name: str
    moment: str
    wizards: dict[str, list[str]] = field(default_factory=dict)
    stored: set[str] = field(default_factory=set)
    links: list[Row] = field(default_factory=list)

    def hide(self, table_name: str, row: Row) -> Row:
        """The row as it is stored while the campaign is not shown."""
        if table_name == "campaigns":
            named = {**row, "name": self.name}
            named["search_names"] = CAMPAIGN.search_names(named)
            return {**named, "removed_at": self.moment, "names_stamp": HIDDEN}
        if table_name == "conversations":
            return {**row, "removed_at": row["removed_at"] or self.moment}
        if table_name == "wizards" and row["status"] != "discarded":
            self.wizards.setdefault(row["status"], []).append(row["id"])
            return {**row, "status": "discarded"}
        return row

    def order(self, table_name: str, rows: Iterable[Row]) -> list[Row]:
        """The rows with references within their table only to what is stored before them; the
        others are kept in `links`."""
        own = own_references(BY_NAME[table_name])
        if not own:
            return list(rows)
        ordered = []
        for row in rows:
            late = {
                name: row[name]
                for name in own
                if row[name] is not None and row[name] not in self.stored
            }
            if late:
                self.links.append({"table": table_name, "id": row["id"], **late})
            self.stored.add(row["id"])
            ordered.append({**row, **dict.fromkeys(late)})
        return ordered


def own_references(table: Table) -> tuple[str, ...]:
    """Columns that point at rows of the same table."""
    return tuple(key.parent.name for key in table.foreign_keys if key.column.table is table)


def add_slice(tx: Connection, slice_: Mapping[str, Sequence[Row]]) -> None:
    """Store rows of several tables, parents first. Raises `Conflict` when an id was taken
    meanwhile."""
    try:
        with tx.begin_nested():
            for name, rows in slice_.items():
                tx.execute(BY_NAME[name].insert(), list(rows))
    except (IntegrityError, DataError):
        raise Conflict(
            "Something of this campaign came into the database meanwhile, so the file was not"
            " restored.",
            code="import_overtaken",
            cure="Import the file again.",
        ) from None


def link_rows(tx: Connection, links: Sequence[Row]) -> None:
    """Put in references that `Arrival.order` kept for later."""
    for link in links:
        table = BY_NAME[link["table"]]
        values = {name: link[name] for name in own_references(table) if name in link}
        tx.execute(update(table).where(table.c.id == link["id"]).values(values))


def show(tx: Connection, arrival: Arrival, voices: Sequence[Row], most_voices: int) -> None:
    """Let everything be seen. Raises `TooLarge` when there are too many voices then."""
    if voices and count_own(tx) + len(voices) > most_voices:
        raise TooLarge(
            f"With the voices of this file there would be more than {most_voices}.",
            code="too_many_voices",
            cure="Delete a voice under Settings, Voices, then import the file again.",
            facts={"limit": most_voices},
        )
    if voices:
        add_slice(tx, {"voices": voices})
    c = talk.conversations.c
    own = (c.campaign_id == arrival.campaign_id, c.removed_at == arrival.moment)
    tx.execute(update(talk.conversations).where(*own).values(removed_at=None))
    w = proposals.wizards
    for status, ids in arrival.wizards.items():
        for start in range(0, len(ids), PART):
            part = ids[start : start + PART]
            tx.execute(update(w).where(w.c.id.in_(part)).values(status=status))
    tx.execute(
        update(world.campaigns)
        .where(world.campaigns.c.id == arrival.campaign_id)
        .values(removed_at=None, names_stamp=new_id())
    )


def list_hidden(tx: Connection, older_than: float) -> list[str]:
    """Campaigns whose restoring was never finished, and began more than so many seconds ago."""
    c = world.campaigns.c
    rows = tx.execute(select(c.id, c.removed_at).where(c.names_stamp == HIDDEN))
    return [row.id for row in rows if has_passed(row.removed_at, older_than)]


def list_leftovers(tx: Connection, campaign_id: str) -> list[tuple[str, list[Key]]]:
    """The keys of everything stored of a hidden campaign, children before parents; nothing for a
    campaign that is shown."""
    c = world.campaigns.c
    hidden = select(c.id).where(c.id == campaign_id, c.names_stamp == HIDDEN)
    if tx.execute(hidden).first() is None:
        return []
    return [
        (table.name, list_keys(tx, table, campaign_id))
        for table in reversed(TABLES)
        if table.name not in SHARED
    ]


def has_links(table_name: str) -> bool:
    """Whether rows of this table may point at each other."""
    return bool(own_references(BY_NAME[table_name]))


def unlink_rows(tx: Connection, table_name: str, keys: Sequence[Key]) -> None:
    """Empty the references within their table of rows that are going to be deleted."""
    table = BY_NAME[table_name]
    own = own_references(table)
    if own:
        wanted = table.c.id.in_([key[0] for key in keys])
        tx.execute(update(table).where(wanted).values(dict.fromkeys(own)))


def drop_rows(tx: Connection, table_name: str, keys: Sequence[Key]) -> None:
    """Delete these rows."""
    table = BY_NAME[table_name]
    columns = [table.c[name] for name in key_of(table)]
    wanted = (
        columns[0].in_([key[0] for key in keys])
        if len(columns) == 1
        else tuple_(*columns).in_(list(keys))
    )
    tx.execute(delete(table).where(wanted))
