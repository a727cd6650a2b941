"""Transcripts taken in: `Name: line` or JSON Lines become a thread.

A transcript may be large, so it is read from its file line by line and stored in chunks, each
its own commit, into a thread that nobody sees until the last one is stored. Cancelled, cut off
or killed, it leaves nothing behind.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Literal

import structlog

from ttrpg_assistant.archives.store import talk_rows
from ttrpg_assistant.archives.transcript_lines import Said, TranscriptFormat, read_lines
from ttrpg_assistant.conversations.model import TITLE_CHARACTERS
from ttrpg_assistant.errors import Fault, InvalidInput, NotFound
from ttrpg_assistant.ids import new_id, spell_moment, utc_now
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database, Work

log = structlog.get_logger(__name__)

State = Literal["running", "done", "cancelled", "failed"]

CHUNK = 500
KEPT = 50
"""Imports whose end can still be asked for."""


@dataclass(frozen=True, slots=True)
class Import:
    """How far an import is. `bytes_read` of `bytes_total` says how much of the file is in."""

    id: str
    conversation_id: str
    title: str
    state: State
    messages: int
    bytes_read: int
    bytes_total: int
    fault: dict[str, str] | None = None


class Transcripts:
    """Takes transcripts in, one task each; `sweep` clears what a dead server left."""

    def __init__(self, database: Database, changes: Changes) -> None:
        self._database = database
        self._changes = changes
        self._imports: dict[str, Import] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def begin(
        self,
        source: Path,
        *,
        spelled: TranscriptFormat,
        title: str,
        campaign_id: str | None = None,
        answers: frozenset[str] | None = None,
    ) -> Import:
        """Start taking in a file, which is deleted at the end. `answers` names whose lines are
        the assistant's. Raises `NotFound` for a campaign that is not there."""
        id, conversation_id = new_id(), new_id()
        values = {
            "id": conversation_id,
            "purpose": "general",
            "title": title.replace("\x00", "").strip()[:TITLE_CHARACTERS] or "Transcript",
            "campaign_id": campaign_id,
        }
        size = (await asyncio.to_thread(source.stat)).st_size
        await self._database.write(lambda tx: talk_rows.begin_hidden(tx, values))
        begun = Import(id, conversation_id, values["title"] or "", "running", 0, 0, size)
        self._note(begun)
        task = asyncio.create_task(self._run(begun, source, spelled, answers))
        self._tasks[id] = task
        task.add_done_callback(lambda _: self._tasks.pop(id, None))
        return begun

    def get(self, import_id: str) -> Import:
        """How far it is. Raises `NotFound`."""
        found = self._imports.get(import_id)
        if found is None:
            raise NotFound("There is no such import.", code="import_not_found")
        return found

    def list_all(self) -> list[Import]:
        """The imports of this server, the latest first."""
        return list(self._imports.values())[::-1]

    @property
    def tasks(self) -> tuple[asyncio.Task[None], ...]:
        """Imports under way."""
        return tuple(self._tasks.values())

    async def cancel(self, import_id: str) -> Import:
        """Stop it and take away what was stored; answers when nothing of it is left, or that
        it is `done` when the end had come first."""
        self.get(import_id)
        task = self._tasks.get(import_id)
        if task is not None:
            task.cancel()
            await asyncio.wait([task])
        return self.get(import_id)

    async def close(self) -> None:
        """Stop every import: the server is going down."""
        for import_id in list(self._tasks):
            await self.cancel(import_id)

    async def sweep(self) -> int:
        """Take away what was being imported when a server died; returns how many there were."""
        # Another server on the same database may be at it; nobody takes a day.
        alone = self._database.engine_name == "sqlite"
        before = utc_now() if alone else spell_moment(datetime.now(UTC) - timedelta(days=1))
        left = await self._database.read(lambda tx: talk_rows.list_hidden(tx, before))
        running = {one.conversation_id for one in self._imports.values() if one.state == "running"}
        left = [id for id in left if id not in running]
        for conversation_id in left:
            await self._drop(conversation_id)
        return len(left)

    async def _run(
        self,
        begun: Import,
        source: Path,
        spelled: TranscriptFormat,
        answers: frozenset[str] | None,
    ) -> None:
        try:
            chunks = _chunks(read_lines(source, spelled, answers))
            await self._take_in(begun, chunks)
        except asyncio.CancelledError:
            await self._drop(begun.conversation_id)
            self._note(replace(self._imports[begun.id], state="cancelled"))
        except Fault as fault:
            told = {"code": fault.code, "detail": fault.sentence}
            self._note(replace(self._imports[begun.id], state="failed", fault=told))
            await self._drop(begun.conversation_id)
        except BaseException:
            told = {"code": "unexpected", "detail": "Something went wrong inside the assistant."}
            self._note(replace(self._imports[begun.id], state="failed", fault=told))
            raise
        finally:
            await asyncio.to_thread(source.unlink, missing_ok=True)

    async def _take_in(self, begun: Import, chunks: Iterator[list[Said]]) -> None:
        parent: str | None = None
        count = read = 0
        while True:
            chunk = await asyncio.to_thread(next, chunks, None)
            if chunk is None:
                break
            rows = []
            for said in chunk:
                count += 1
                rows.append(_row(begun.conversation_id, said, count, parent))
                parent = rows[-1]["id"]
            read = chunk[-1].end
            stored = tuple(rows)
            if await self._store(partial(talk_rows.add_said, rows=stored)):
                raise asyncio.CancelledError
            self._note(replace(begun, messages=count, bytes_read=read))
        if not count:
            raise InvalidInput("There is nothing said in this file.", code="transcript_empty")
        # Cancelled or not: with this write it is there, and seen.
        await self._store(
            lambda tx: talk_rows.show(tx, begun.conversation_id, tip=parent, count=count)
        )
        self._note(replace(begun, state="done", messages=count, bytes_read=begun.bytes_total))
        self._changes.announce("conversation", {"id": begun.conversation_id, "kind": "thread"})

    async def _store(self, work: Work[None]) -> bool:
        """Write, to the end: a write that was asked for is not called back, so only its end says
        what there is. True when the import was cancelled meanwhile."""
        writing = asyncio.ensure_future(self._database.write(work))
        cancelled = False
        while not writing.done():
            try:
                await asyncio.wait([writing])
            except asyncio.CancelledError:
                cancelled = True
        if cancelled and writing.exception() is not None:
            raise asyncio.CancelledError
        writing.result()
        return cancelled

    async def _drop(self, conversation_id: str) -> None:
        try:
            while not await self._database.write(
                lambda tx: talk_rows.drop_some_hidden(tx, conversation_id)
            ):
                pass
        except Fault as fault:
            # It stays hidden, and the next start takes it away.
            log.warning("import.left_behind", code=fault.code)

    def _note(self, now: Import) -> None:
        self._imports[now.id] = now
        for old in list(self._imports)[:-KEPT]:
            if self._imports[old].state != "running":
                del self._imports[old]
        self._changes.announce("import", {"id": now.id, "state": now.state})


def _row(conversation_id: str, said: Said, seq: int, parent: str | None) -> dict[str, Any]:
    moment = said.moment or utc_now()
    return {
        "id": new_id(),
        "conversation_id": conversation_id,
        "seq": seq,
        "parent_id": parent,
        "role": said.role,
        "status": "complete",
        "origin": "imported",
        "created_at": moment,
        "updated_at": moment,
        "content": said.content,
    }


def _chunks(all_said: Iterator[Said]) -> Iterator[list[Said]]:
    chunk: list[Said] = []
    size = 0
    for said in all_said:
        chunk.append(said)
        size += len(said.content)
        if len(chunk) == CHUNK or size > 1_000_000:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
