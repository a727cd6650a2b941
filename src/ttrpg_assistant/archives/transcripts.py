"""Transcripts: `Name: line` or JSON Lines become a thread.

A transcript may be large, so it is read from its file line by line and stored in slices, each
its own commit, into a thread that nobody sees until the last one is stored. Cancelled, cut off
or killed, it leaves nothing behind.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from ttrpg_assistant.archives.imports import (
    Import,
    Imports,
    abandoned_after,
    to_the_end,
    unless_cancelled,
)
from ttrpg_assistant.archives.store import talk_rows
from ttrpg_assistant.archives.transcript_lines import Said, TranscriptFormat, read_lines
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.conversations.model import TITLE_CHARACTERS
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database

SLICE = 200
SLICE_CHARACTERS = 500_000
"""What is stored in one transaction, so that others write in between."""


class Transcripts:
    """Imports transcripts; `sweep` removes what a dead server left."""

    def __init__(self, database: Database, changes: Changes, imports: Imports) -> None:
        self._database = database
        self._changes = changes
        self._imports = imports

    async def begin(
        self,
        source: Path,
        *,
        spelled: TranscriptFormat,
        title: str,
        campaign_id: str | None = None,
        answers: frozenset[str] | None = None,
    ) -> Import:
        """Start importing a file, which is deleted at the end. `answers` names whose lines are
        the assistant's. Raises `NotFound` for a campaign that is not there."""
        id, conversation_id = new_id(), new_id()
        values = {
            "id": conversation_id,
            "purpose": "general",
            "title": cut_text(title.replace("\x00", "").strip(), TITLE_CHARACTERS) or "Transcript",
            "campaign_id": campaign_id,
        }
        size = (await asyncio.to_thread(source.stat)).st_size
        await self._database.write(lambda tx: talk_rows.begin_hidden(tx, values))
        begun = Import(
            id, "transcript", conversation_id, str(values["title"]), "running", 0, 0, size
        )
        chunks = _chunks(read_lines(source, spelled, answers))
        return self._imports.start(
            begun,
            source,
            partial(self._store, begun, conversation_id, chunks),
            partial(self._drop, conversation_id),
        )

    async def sweep(self) -> int:
        """Remove what was being imported when a server died; returns how many there were."""
        older_than = abandoned_after(self._database)
        left = await self._database.read(lambda tx: talk_rows.list_hidden(tx, older_than))
        running = {one.conversation_id for one in self._imports.running}
        left = [id for id in left if id not in running]
        for conversation_id in left:
            await self._drop(conversation_id)
        return len(left)

    async def _store(
        self, begun: Import, conversation_id: str, chunks: Iterator[list[Said]]
    ) -> None:
        parent: str | None = None
        count = 0
        while True:
            chunk = await asyncio.to_thread(next, chunks, None)
            if chunk is None:
                break
            rows = []
            for said in chunk:
                count += 1
                rows.append(_row(conversation_id, said, count, parent))
                parent = rows[-1]["id"]
            storing = partial(talk_rows.add_said, rows=tuple(rows))
            await unless_cancelled(self._database.write(storing))
            self._imports.note(replace(begun, messages=count, bytes_read=chunk[-1].end))
        if not count:
            raise InvalidInput("This file has no messages.", code="transcript_empty")
        # Cancelled or not: with this write it is there, and seen.
        showing = partial(talk_rows.show, conversation_id=conversation_id, tip=parent, count=count)
        await to_the_end(self._database.write(showing))
        self._imports.note(
            replace(begun, state="done", messages=count, bytes_read=begun.bytes_total)
        )
        self._changes.announce("conversation", {"id": conversation_id, "kind": "thread"})

    async def _drop(self, conversation_id: str) -> None:
        while not await self._database.write(
            lambda tx: talk_rows.drop_some_hidden(tx, conversation_id)
        ):
            pass


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
        if len(chunk) == SLICE or size > SLICE_CHARACTERS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
