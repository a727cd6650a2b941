"""Messages stored so that a power cut cannot take them: fifty producers at once."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from bench.figures import Line, median
from bench.filled import Filler, database_path, make_empty
from ttrpg_assistant.conversations.store.messages import post_message
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.storage.engines import create_database

PRODUCERS, SECONDS, ROUNDS = 50, 1.5, 5
TEXT = "The gate is open, and nobody remembers opening it. " * 3

Send = Callable[[str], Awaitable[object]]


async def measure(place: Path) -> list[Line]:
    """Rounds through the store and through a bare loop, in turns, each on its own file."""
    ours: list[float] = []
    bare: list[float] = []
    stores, loops = await _fill(place / "store"), await _fill(place / "bare")
    database = create_database(database_path(place / "store"))
    await database.open()
    try:
        writer = BareWriter(database_path(place / "bare"))
        for _ in range(ROUNDS):
            bare.append(await _rate(loops, writer.send))
            ours.append(
                await _rate(
                    stores,
                    lambda conversation: database.write(
                        partial(
                            post_message,
                            conversation_id=conversation,
                            message_id=new_id(),
                            role="user",
                            content=TEXT,
                        )
                    ),
                )
            )
        writer.close()
    finally:
        await database.close()
    ratio = median(ours) / median(bare)
    return [
        Line(
            f"durable sends, {PRODUCERS} producers, through the store",
            f"{median(ours):,.0f} /s",
            f"{median(bare):,.0f} /s by a bare loop with the same statements",
            f"{ratio:.2f} ×",
            "≥ 5,000 /s and ≥ 0.8 × the bare loop",
            median(ours) >= 5000 and ratio >= 0.8,
        )
    ]


async def _fill(folder: Path) -> list[str]:
    filler = Filler(await make_empty(folder))
    made = filler.add_talk([2] * PRODUCERS)
    filler.finish()
    return made


async def _rate(conversations: list[str], send: Send) -> float:
    """Sends a second; every producer waits for its message to be durable before the next."""
    end = time.perf_counter() + SECONDS
    sent = 0

    async def produce(conversation: str) -> None:
        nonlocal sent
        while time.perf_counter() < end:
            await send(conversation)
            sent += 1

    began = time.perf_counter()
    await asyncio.gather(*map(produce, conversations))
    return sent / (time.perf_counter() - began)


class BareWriter:
    """The least that does the same: one thread, one connection, one COMMIT for all that wait."""

    def __init__(self, path: Path) -> None:
        self._raw = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            self._raw.execute(f"PRAGMA {pragma}")
        self._loop = asyncio.get_running_loop()
        self._queue: queue.SimpleQueue[tuple[str, asyncio.Future[None]] | None]
        self._queue = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def send(self, conversation: str) -> asyncio.Future[None]:
        """Durable when the future is done."""
        future: asyncio.Future[None] = self._loop.create_future()
        self._queue.put((conversation, future))
        return future

    def close(self) -> None:
        """End the thread."""
        self._queue.put(None)
        self._thread.join()
        self._raw.close()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch = [first]
            while not self._queue.empty() and (more := self._queue.get()) is not None:
                batch.append(more)
            self._raw.execute("BEGIN IMMEDIATE")
            for conversation, _ in batch:
                self._post(conversation)
            self._raw.execute("COMMIT")
            self._loop.call_soon_threadsafe(_settle, [future for _, future in batch])

    def _post(self, conversation: str) -> None:
        """The statements of `post_message`, by hand."""
        execute, message, now = self._raw.execute, new_id(), utc_now()
        row = execute(FIND_CONVERSATION, (conversation,)).fetchone()
        assert execute(FIND_MESSAGE, (message,)).fetchone() is None
        values = (message, conversation, row[1], row[0], "user", "complete", now, now, TEXT)
        execute(ADD_MESSAGE, values).fetchall()
        execute(ADVANCE, (message, now, now, conversation))


def _settle(futures: list[asyncio.Future[None]]) -> None:
    for future in futures:
        if not future.done():
            future.set_result(None)


FIND_CONVERSATION = (
    "SELECT tip_message_id, next_seq, kind, campaign_id, game_session_id, npc_id, wizard_id, "
    "purpose, title, personality, branched_from_id, message_count, unread_count, "
    "last_message_at, archived_at, created_at, updated_at, id "
    "FROM conversations WHERE id = ? AND removed_at IS NULL"
)
FIND_MESSAGE = (
    "SELECT id, conversation_id, seq, parent_id, role, content, mode, status, tokens_in, "
    "tokens_out, model, error_code, origin, created_at, updated_at FROM messages WHERE id = ?"
)
ADD_MESSAGE = (
    "INSERT INTO messages (id, conversation_id, seq, parent_id, role, status, created_at, "
    "updated_at, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING "
    "RETURNING id"
)
ADVANCE = (
    "UPDATE conversations SET tip_message_id = ?, next_seq = next_seq + 1, "
    "message_count = message_count + 1, unread_count = unread_count + 0, "
    "last_message_at = ?, updated_at = ? WHERE id = ?"
)
