"""What servers that share a database tell each other: what changed, and where each is reached.

A server alone on an SQLite file never writes here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    Connection,
    Float,
    Integer,
    String,
    Table,
    any_,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
)

from ttrpg_assistant.storage.base import metadata, structured
from ttrpg_assistant.storage.inserting import insert_into

changes = Table(
    "changes",
    metadata,
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    Column("server", String(36), nullable=False),
    Column("name", String(40), nullable=False),
    structured("content"),
)
"""Hints of what changed, each written with the change itself. Numbers are given before commits, so
a lower one may come later."""

_c = changes.c
_CLOCK = literal_column("extract(epoch from clock_timestamp())", Float)
_LIST = (
    select(_c.id, _c.server, _c.name, _c.content)
    .where(
        or_(
            _c.id > bindparam("after"),
            _c.id == any_(bindparam("missing", type_=ARRAY(BigInteger))),
        )
    )
    .order_by(_c.id)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Change:
    """A hint that a server wrote."""

    id: int
    server: str
    name: str
    content: dict[str, Any]


def add_changes(
    tx: Connection, server: str, hints: Sequence[tuple[str, dict[str, Any]]]
) -> list[int]:
    """Write hints of what this transaction changes; their numbers."""
    rows = [{"server": server, "name": name, "content": content} for name, content in hints]
    return list(tx.execute(insert(changes).values(rows).returning(_c.id)).scalars())


def list_changes(tx: Connection, after: int, missing: Sequence[int], most: int) -> list[Change]:
    """Hints above a number, and those of the missing numbers that are there now, in order."""
    rows = tx.execute(_LIST, {"after": after, "missing": list(missing), "most": most})
    return [Change(*row) for row in rows]


def find_newest_change(tx: Connection) -> int:
    """The highest number there is; 0 without any."""
    return tx.execute(select(func.max(_c.id))).scalar() or 0


def drop_changes(tx: Connection, up_to: int) -> int:
    """Delete hints up to a number; returns how many."""
    return tx.execute(delete(changes).where(_c.id <= up_to)).rowcount


servers = Table(
    "servers",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("address", String(300), nullable=False),
    Column("secret", String(64), nullable=False),
    Column("seen_at", Float, nullable=False),
)
"""The servers on this database: where others reach each, and the secret they show it. `seen_at` is
in seconds since 1970 by the database's clock."""

_s = servers.c

SEEN_SECONDS = 30.0
"""A server that was not heard of for so long is not asked any more."""

FORGOTTEN_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server is reached, and the secret to show it."""

    id: str
    address: str
    secret: str = field(repr=False)


def put_server(tx: Connection, server: Server) -> None:
    """Write down that this server lives; those that died long ago are forgotten."""
    row = {"address": server.address, "secret": server.secret, "seen_at": _CLOCK}
    statement = insert_into(tx, servers).values(id=server.id, **row)
    tx.execute(statement.on_conflict_do_update(index_elements=["id"], set_=row))
    tx.execute(delete(servers).where(_s.seen_at < _CLOCK - FORGOTTEN_SECONDS))


def drop_server(tx: Connection, server_id: str) -> None:
    """It has ended."""
    tx.execute(delete(servers).where(_s.id == server_id))


def list_servers(tx: Connection, *, but: str) -> list[Server]:
    """The other servers that live, the one heard of last first."""
    rows = tx.execute(
        select(_s.id, _s.address, _s.secret)
        .where(_s.id != but, _s.seen_at > _CLOCK - SEEN_SECONDS)
        .order_by(_s.seen_at.desc())
    )
    return [Server(*row) for row in rows]
