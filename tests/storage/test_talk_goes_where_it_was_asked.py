"""An older database's one chat becomes a conversation for each place it was asked at.

`made_by_schema_0020.json.gz` holds the rows that a server of that schema wrote: a chat that was
taken to two campaigns' tables and their game sessions and back, with edits, answers made anew, a
branch, talk that was cleared and talk that nobody answered. Every text says in brackets where it
was asked.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, create_engine, func, make_url, select
from sqlalchemy.ext.asyncio import create_async_engine

from tests.databases import ENGINES, QUICK, PostgresServer
from ttrpg_assistant.conversations.removals import restore_messages
from ttrpg_assistant.conversations.store import paths, removals
from ttrpg_assistant.conversations.store.conversations import get_conversation
from ttrpg_assistant.conversations.tables import conversations, messages, turns
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.search.indexing import Indexing
from ttrpg_assistant.storage import schema
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.engines import create_database
from ttrpg_assistant.verification.verify import verify

MADE = Path(__file__).parent / "made_by_schema_0020.json.gz"
OLD: dict[str, list[dict[str, Any]]] = json.loads(gzip.decompress(MADE.read_bytes()))["tables"]

_GAMES = {
    f"{campaign['name'].split()[1]}/{game['session_number']}": (campaign["id"], game["id"])
    for campaign in OLD["campaigns"]
    for game in OLD["game_sessions"]
    if game["campaign_id"] == campaign["id"]
}
PLACES: dict[str, tuple[str | None, str | None]] = {
    "desk": (None, None),
    **{campaign["name"].split()[1]: (campaign["id"], None) for campaign in OLD["campaigns"]},
    **_GAMES,
}


def fill(tx: Connection) -> None:
    """Put the rows in, parents first."""
    there = MetaData()
    there.reflect(tx, only=list(OLD))
    for table, rows in OLD.items():
        found = there.tables[table]
        ordered = sorted(rows, key=lambda row: row.get("seq", 0))
        tx.execute(found.insert(), ordered)


def make_old_sqlite(path: Path) -> None:
    schema.upgrade_sqlite(path, "0020")
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as tx:
        fill(tx)
    engine.dispose()


async def make_old_postgres(address: str) -> None:
    engine = create_async_engine(make_url(address).set(drivername="postgresql+asyncpg"))
    async with engine.connect() as connection:
        await connection.run_sync(lambda tx: schema.upgrade(tx, "0020"))
    async with engine.begin() as connection:
        await connection.run_sync(fill)
    await engine.dispose()


@asynccontextmanager
async def migrated(
    engine: str, folder: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Database]:
    """The old database, opened by this program, and nothing wrong in it afterwards."""
    if engine == "sqlite":
        await asyncio.to_thread(make_old_sqlite, folder / "old.db")
        database = create_database(folder / "old.db", patience=QUICK)
        await database.open()
        yield database
        await database.close()
        assert await verify(folder / "old.db") == []
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = await server.make_database(migrated=False)
    await make_old_postgres(server.address_of(name))
    database = create_database(server.address_of(name), patience=QUICK)
    await database.open()
    yield database
    await database.close()
    assert await verify(server.address_of(name)) == []
    await server.drop_database(name)


def place_of(text: str) -> str | None:
    found = re.search(r"\[(.+?)\]", text)
    return found[1] if found else None


@pytest.mark.parametrize("engine", ENGINES)
async def test_every_message_is_where_it_was_asked_once_and_in_order(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with migrated(engine, tmp_path, request) as database:
        await database.read(check_places)
        await database.read(check_turns)
        await database.read(check_paths)
        await database.read(check_active)
        changes = Changes()
        await Indexing(database, changes).catch_up()
        await database.write(check_undo)


def check_places(tx: Connection) -> None:
    """Each message is in a conversation of the place that its text names; ids, texts, numbers and
    moments are what they were, and none is more or less."""
    m, c = messages.c, conversations.c
    rows = tx.execute(
        select(
            m.id,
            m.seq,
            m.content,
            m.created_at,
            m.cleared_at,
            c.kind,
            c.campaign_id,
            c.game_session_id,
        ).join(conversations, c.id == m.conversation_id)
    ).all()
    then = {row["id"]: row for row in OLD["messages"]}
    assert {row.id for row in rows} == set(then)
    assert len(rows) == len(then)
    for row in rows:
        old = then[row.id]
        assert (row.seq, row.content, row.created_at, row.cleared_at) == (
            old["seq"],
            old["content"],
            old["created_at"],
            old["cleared_at"],
        )
        place = place_of(row.content)
        if place is not None:
            assert (row.campaign_id, row.game_session_id) == PLACES[place], row.content
        else:
            assert row.kind == "thread", row.content


def check_turns(tx: Connection) -> None:
    """Turns are where their answers are."""
    wrong = (
        select(func.count())
        .select_from(turns.join(messages, messages.c.id == turns.c.assistant_message_id))
        .where(turns.c.conversation_id != messages.c.conversation_id)
    )
    assert tx.execute(wrong).scalar() == 0


def check_paths(tx: Connection) -> None:
    """What was shown is shown, a part in each conversation, in the order in which it was said."""
    then = {row["id"]: row for row in OLD["messages"]}
    for chat in OLD["conversations"]:
        shown = []
        at = chat["tip_message_id"]
        while at is not None:
            shown.append(at)
            at = then[at]["parent_id"]
        shown.reverse()
        parts: dict[str, list[str]] = {}
        for id in shown:
            home = tx.execute(
                select(messages.c.conversation_id).where(messages.c.id == id)
            ).scalar()
            parts.setdefault(str(home), []).append(id)
        if chat["kind"] == "thread":  # it shares what was said before the branch
            parts = {chat["id"]: parts[chat["id"]]}
        for home, ids in parts.items():
            found = get_conversation(tx, home)
            path = paths.list_path(tx, found, limit=500).messages
            own = [message.id for message in path if message.conversation_id == home]
            assert own == ids
            assert all(before.seq < after.seq for before, after in pairwise(path))


def check_active(tx: Connection) -> None:
    """The newest talk of the chat that was open is open at each place; the ended stay ended."""
    c = conversations.c
    chats = tx.execute(select(conversations).where(c.kind == "chat")).all()
    active = {str(chat.campaign_id) for chat in chats if chat.archived_at is None}
    assert active == {str(PLACES[name][0]) for name in ("desk", "Amber", "Winters")}
    ours = PLACES["Amber/1"]
    [ended] = [chat for chat in chats if (chat.campaign_id, chat.game_session_id) == ours]
    assert ended.archived_at is not None
    for chat in chats:
        own = select(messages.c.seq).where(
            messages.c.conversation_id == chat.id, messages.c.cleared_at.is_(None)
        )
        seqs = tx.execute(own).scalars().all()
        shown = paths.list_path(tx, get_conversation(tx, chat.id), limit=500).messages
        assert chat.message_count == len(shown)
        assert chat.next_seq > max(seqs, default=0)


def check_undo(tx: Connection) -> None:
    """What had been cleared comes back, in each conversation what is its own."""
    cleared = {row["id"] for row in OLD["messages"] if row["cleared_at"] is not None}
    assert len(cleared) > 20
    for removal in removals.list_removals(tx):
        _, subject, details = removals.take_removal(tx, removal.id)
        # Older versions counted its rows; what is shown again are the messages of one path.
        assert 0 < restore_messages(tx, subject, details) <= removal.count
        tip = get_conversation(tx, subject).tip_message_id
        assert tip is not None
    left = select(func.count()).where(messages.c.cleared_at.is_not(None))
    assert tx.execute(left).scalar() == 0


def test_the_seeds_own_questions_are_answered(tmp_path: Path) -> None:
    make_old_sqlite(tmp_path / "old.db")
    schema.upgrade_sqlite(tmp_path / "old.db")
    with closing(sqlite3.connect(tmp_path / "old.db")) as raw:
        newest = raw.execute(
            "SELECT content FROM chat_messages ORDER BY created_at DESC LIMIT 5"
        ).fetchall()
        assert newest[0] == ("Aye to [desk] And at the desk",)
        asked = "SELECT COUNT(*) FROM pragma_table_info('conversation_threads')"
        assert raw.execute(f"{asked} WHERE name='session_id'").fetchone() == (1,)
        linked = raw.execute(
            "SELECT DISTINCT s.linked_game_session_id FROM chat_messages m"
            " JOIN global_chat_sessions s ON s.id = m.session_id"
            " WHERE m.content LIKE '%[Amber/1]%'"
        ).fetchall()
        assert linked == [(PLACES["Amber/1"][1],)]
