"""Ends of replies that the database does not take at once, or not at all."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection
from structlog.testing import capture_logs

from tests.conversations.runner_table import PATIENCE_SECONDS, ServerTable
from tests.databases import QUICK
from ttrpg_assistant.conversations.model import Message
from ttrpg_assistant.conversations.ports import ReplyReader
from ttrpg_assistant.live.reply_events import ReplyEnded, StatusSaid
from ttrpg_assistant.llm.scripted import Gate
from ttrpg_assistant.llm.types import Usage
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.engines import create_database

NO_CONTENT = "messages", "content", "NEW.content = ''", "content = ''"
NO_END = "turns", "state", "NEW.state IN ('queued', 'running')", "state IN ('queued', 'running')"


@pytest.fixture(autouse=True)
def logged() -> Iterator[Callable[[], set[str]]]:
    """What was logged as an error so far."""
    with capture_logs() as entries:
        yield lambda: {one["event"] for one in entries if one["log_level"] == "error"}


async def refuse_all_but(database: Database, rule: tuple[str, str, str, str]) -> None:
    """From now on the database refuses updates of this column that break the rule."""
    table, column, new_rule, rule_of_row = rule

    def work(tx: Connection) -> int:
        if database.engine_name == "sqlite":
            return tx.exec_driver_sql(
                f"CREATE TRIGGER strict BEFORE UPDATE OF {column} ON {table}"
                f" WHEN NOT ({new_rule}) BEGIN SELECT RAISE(ABORT, 'refused'); END"
            ).rowcount
        add = f"ALTER TABLE {table} ADD CONSTRAINT strict CHECK ({rule_of_row}) NOT VALID"
        return tx.exec_driver_sql(add).rowcount

    await database.write(work)


async def refuse_no_more(database: Database, table: str) -> None:
    drop = f"ALTER TABLE {table} DROP CONSTRAINT strict"
    if database.engine_name == "sqlite":
        drop = "DROP TRIGGER strict"
    await database.write(lambda tx: tx.exec_driver_sql(drop).rowcount)


async def test_an_end_with_a_count_no_row_can_hold_keeps_its_text_and_the_next_turn_starts(
    server: ServerTable, database: Database, logged: Callable[[], set[str]]
) -> None:
    server.model.enqueue(["The gate is shut.", Usage(None, 2**70)])
    server.model.enqueue(["It still is."])
    chat_id = await server.open_chat()
    first, second = [await server.say(chat_id, text) for text in ("Open?", "And now?")]
    ended = await server.wait_for(first)
    assert (ended.content, ended.status) == ("The gate is shut.", "complete")
    assert (ended.model, ended.tokens_out) == (None, None)
    assert (await server.wait_for(second)).content == "It still is."
    assert logged() == {"turn.end_refused"}
    assert len(server.live) == 0


async def test_an_answer_that_cannot_be_stored_fails_aloud_and_the_next_turn_starts(
    server: ServerTable, logged: Callable[[], set[str]]
) -> None:
    gate = Gate()
    server.model.enqueue([gate, "Nobody can keep this."])
    server.model.enqueue([])
    chat_id = await server.open_chat()
    first, second = [await server.say(chat_id, text) for text in ("Open?", "And now?")]
    await gate.reached.wait()
    reply = server.live.find(first.assistant_message.id)
    assert reply is not None
    await refuse_all_but(server.database, NO_CONTENT)
    gate.open()
    async with asyncio.timeout(PATIENCE_SECONDS):
        told = [said async for said in reply.follow(0)]
    ended = await server.stored(first)
    assert (ended.content, ended.status, ended.error_code) == ("", "failed", "end_not_saved")
    assert StatusSaid("failed", "end_not_saved", "The answer could not be saved as it ended.") in (
        told
    )
    assert told[-1] == ReplyEnded(ended)
    assert (await server.wait_for(second)).status == "complete"
    assert logged() == {"turn.end_refused"}
    assert len(server.live) == 0


async def test_a_turn_whose_end_is_refused_altogether_lets_its_readers_go_and_can_be_stopped(
    server: ServerTable, database: Database, logged: Callable[[], set[str]]
) -> None:
    gate, waiting = Gate(), Gate()
    server.model.enqueue([gate, "All of it."])
    server.model.enqueue([waiting, "Next."])
    chat_id = await server.open_chat()
    first, second = [await server.say(chat_id, text) for text in ("Open?", "And now?")]
    await gate.reached.wait()
    reply = server.live.find(first.assistant_message.id)
    assert reply is not None
    await refuse_all_but(database, NO_END)
    gate.open()
    async with asyncio.timeout(PATIENCE_SECONDS):
        [*_, last] = [said async for said in reply.follow(0)]
    assert isinstance(last, ReplyEnded)
    shown: Message = last.message
    assert (shown.id, shown.content) == (first.assistant_message.id, "All of it.")
    assert (shown.status, shown.error_code) == ("interrupted", "end_not_saved")
    assert logged() == {"turn.end_refused", "turn.end_not_saved"}
    await refuse_no_more(database, "turns")
    async with asyncio.timeout(PATIENCE_SECONDS):
        stopped = await server.runner.stop(first.assistant_message.id)
    assert stopped.status == "stopped"
    async with asyncio.timeout(PATIENCE_SECONDS):
        await waiting.reached.wait()
    waiting.open()
    assert (await server.wait_for(second)).content == "Next."


class BrokenReader(ReplyReader):
    """Fails in a way nobody foresaw."""

    async def read_reply(self, message: Message) -> None:
        raise ZeroDivisionError


async def test_an_answer_that_cannot_be_read_for_proposals_is_complete_all_the_same(
    database: Database, logged: Callable[[], set[str]]
) -> None:
    server = ServerTable(database, reader=BrokenReader())
    server.model.enqueue(["First."])
    server.model.enqueue(["Second."])
    chat_id = await server.open_chat()
    for content in ("First.", "Second."):
        ended = await server.wait_for(await server.say(chat_id, content))
        assert (ended.content, ended.status) == (content, "complete")
    assert logged() == {"turn.reply_not_read"}
    assert len(server.live) == 0


@pytest.mark.parametrize("comes_back", [True, False])
async def test_a_server_that_goes_down_still_stores_an_end_that_waits_for_the_database(
    sqlite_file: Path, comes_back: bool
) -> None:
    database = create_database(sqlite_file, patience=QUICK)
    await database.open()
    gate = Gate()
    server = ServerTable(database)
    server.model.enqueue(["All ", gate, "of it."])
    posted = await server.say(await server.open_chat(), "Tell me")
    await gate.reached.wait()
    reply = server.live.find(posted.assistant_message.id)
    assert reply is not None
    holder = sqlite3.connect(sqlite_file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    gate.open()
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for said in reply.follow(0):
            if isinstance(said, StatusSaid):
                break  # its end could not be stored, and is waited with
    server.runner.begin_closing()
    if comes_back:
        holder.execute("ROLLBACK")
        await server.runner.close(PATIENCE_SECONDS)
        ended = await server.stored(posted)
        assert (ended.content, ended.status) == ("All of it.", "complete")
    else:
        await server.runner.close(0.05)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while server.runner.running_count:  # noqa: ASYNC110
            await asyncio.sleep(0)
    holder.close()
    await database.close()
