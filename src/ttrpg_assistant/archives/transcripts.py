"""Transcripts: talk of other programs becomes threads.

A file may be large, so it is read a piece at a time and stored in slices, each its own commit,
into threads that nobody sees until the last one is stored. Cancelled, cut off or killed, it leaves
nothing behind.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection

from ttrpg_assistant.archives.imports import (
    Import,
    Imports,
    abandoned_after,
    to_the_end,
    unless_cancelled,
)
from ttrpg_assistant.archives.store import talk_rows
from ttrpg_assistant.archives.talk_formats import get_format
from ttrpg_assistant.archives.talk_formats.model import Remark, Talk
from ttrpg_assistant.archives.talk_formats.source import open_source
from ttrpg_assistant.archives.talk_reading import Remarks, Roles, Said, read_talk
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.conversations.model import TITLE_CHARACTERS
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.live.changes import Changes, Hint
from ttrpg_assistant.storage.database import Database

SLICE = 200
SLICE_CHARACTERS = 500_000
"""What is stored in one transaction, so that others write in between."""

ANNOUNCED = 20
"""Conversations of one import that open pages hear of by name."""


class Transcripts:
    """Imports transcripts; `sweep` removes what a dead server left."""

    def __init__(self, database: Database, changes: Changes, imports: Imports) -> None:
        self._database = database
        self._changes = changes
        self._imports = imports
        self._making: dict[str, _Thread] = {}

    async def begin(
        self,
        source: Path,
        *,
        spelled: str,
        title: str,
        campaign_id: str | None = None,
        answers: frozenset[str] | None = None,
        hidden: frozenset[str] = frozenset(),
        wanted: frozenset[int] | None = None,
        began: str | None = None,
        purpose: Literal["general", "notes"] = "general",
    ) -> Import:
        """Start importing a file, which is deleted at the end.

        `answers` names whose lines are the assistant's, `hidden` whose are in no prompt, in lower
        case. `wanted` are the numbers of the conversations to import, None for all; several keep
        the titles they have. `began` is the moment a recording began,
        `purpose` that of the threads. Raises `NotFound` for a
        campaign that is not there, `InvalidInput` for a format that is not known.
        """
        form = get_format(spelled)
        opened = await asyncio.to_thread(open_source, source, began=began)
        id = new_id()
        thread = _Thread(campaign_id, _spell_title(title), purpose)
        await self._database.write(lambda tx: talk_rows.begin_hidden(tx, thread.begun[0]))
        begun = Import(
            id, "transcript", thread.first_id, thread.title, "running", 0, 0, opened.size
        )
        events = read_talk(opened, form, Roles(answers, hidden))
        self._making[id] = thread
        return self._imports.start(
            begun,
            source,
            partial(self._store, begun, thread, thread.cut(_pick(events, wanted))),
            partial(self._drop, id),
        )

    async def sweep(self) -> int:
        """Remove what was being imported when a server died; returns how many there were."""
        older_than = abandoned_after(self._database)
        left = await self._database.read(lambda tx: talk_rows.list_hidden(tx, older_than))
        running = {made for thread in self._making.values() for made in thread.ids}
        left = [id for id in left if id not in running]
        for conversation_id in left:
            await self._drop_one(conversation_id)
        return len(left)

    async def _store(self, begun: Import, thread: _Thread, slices: Iterator[_Slice]) -> None:
        now = begun
        while True:
            part = await asyncio.to_thread(next, slices, None)
            if part is None:
                break
            await unless_cancelled(self._database.write(part.store))
            now = replace(
                now,
                messages=thread.messages,
                conversations=len(thread.ids),
                bytes_read=min(part.end, begun.bytes_total),
                remarks=thread.remarks.list_all(),
            )
            self._imports.note(now)
        if not thread.messages:
            raise InvalidInput("This file has no messages.", code="transcript_empty")
        # Cancelled or not: with this write it is there, and seen.
        showing = partial(talk_rows.show, ids=thread.ids)
        hints: list[Hint] = [
            ("conversation", {"id": id, "kind": "thread"}) for id in thread.ids[:ANNOUNCED]
        ]
        await to_the_end(self._changes.write(self._database, showing, lambda _: hints))
        del self._making[begun.id]
        remarks = thread.remarks.list_all()
        self._imports.note(
            replace(now, state="done", bytes_read=begun.bytes_total, remarks=remarks)
        )

    async def _drop(self, import_id: str) -> None:
        thread = self._making.pop(import_id, None)
        for conversation_id in thread.ids if thread is not None else ():
            await self._drop_one(conversation_id)

    async def _drop_one(self, conversation_id: str) -> None:
        while not await self._database.write(
            lambda tx: talk_rows.drop_some_hidden(tx, conversation_id)
        ):
            pass


def _spell_title(title: str) -> str:
    return cut_text(title.replace("\x00", "").strip(), TITLE_CHARACTERS) or "Transcript"


def _pick(
    events: Iterator[Talk | Said | Remark], wanted: frozenset[int] | None
) -> Iterator[Talk | Said | Remark]:
    """The conversations that were chosen; the remarks on others are left out with them."""
    number = -1
    for event in events:
        number += isinstance(event, Talk)
        if wanted is None or number in wanted or (number < 0 and isinstance(event, Remark)):
            yield event


@dataclass(slots=True)
class _Slice:
    """What one transaction stores: threads that begin, messages, threads that have ended."""

    begun: list[dict[str, Any]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    ended: list[dict[str, Any]] = field(default_factory=list)
    characters: int = 0
    end: int = 0

    @property
    def is_full(self) -> bool:
        return len(self.rows) >= SLICE or self.characters > SLICE_CHARACTERS

    def store(self, tx: Connection) -> None:
        """Write all of it."""
        if self.begun:
            talk_rows.begin_hidden(tx, *self.begun)
        talk_rows.add_said(tx, self.rows)
        for values in self.ended:
            talk_rows.note_end(tx, **values)


class _Thread:
    """The threads of one import, one after another. The first is there before anything is read.

    `ids` are all that were begun. An id is kept for the messages others may answer: in a tree
    every one, else those of the last turn.
    """

    def __init__(self, campaign_id: str | None, title: str, purpose: str) -> None:
        self._values = {"purpose": purpose, "campaign_id": campaign_id}
        self.title = title
        self.first_id = new_id()
        self.ids = [self.first_id]
        self.begun = [self._begin(self.first_id, title)]
        self.messages = 0
        self.remarks = Remarks()
        self._talk = Talk()
        self._known: dict[int, str] = {}
        self._tip = self._newest = ""
        self._count = self._turn = 0

    def _begin(self, id: str, title: str) -> dict[str, Any]:
        return {"id": id, "title": title, **self._values}

    def cut(self, events: Iterator[Talk | Said | Remark]) -> Iterator[_Slice]:
        """Everything to be stored, a transaction at a time."""
        part = _Slice()
        for event in events:
            if isinstance(event, Remark):
                self.remarks.add(event)
                continue
            if isinstance(event, Talk):
                self._end(part)
                self._talk = event
                continue
            self._add(part, event)
            if part.is_full:
                yield part
                part = _Slice(end=part.end)
        self._end(part, is_last=True)
        yield part

    def _add(self, part: _Slice, said: Said) -> None:
        if self._count == 0 and self.messages > 0:
            self.ids.append(new_id())
            part.begun.append(self._begin(self.ids[-1], self.title))
        row = _row(self.ids[-1], said, self._known.get(said.parent))
        part.rows.append(row)
        part.characters += len(said.content)
        part.end = max(part.end, said.end)
        self._count = said.number
        self.messages += 1
        self._newest = row["id"]
        if not self._talk.is_tree and said.parent != self._turn and not said.is_piece:
            # A new turn: nothing answers what came before the one it answers.
            self._known = {said.parent: self._known[said.parent]} if said.parent else {}
            self._turn = said.parent
        self._known[said.number] = row["id"]
        if said.is_chosen:
            self._tip = row["id"]

    def _end(self, part: _Slice, *, is_last: bool = False) -> None:
        if self._count:
            is_only = is_last and len(self.ids) == 1
            title = self.title if is_only else _spell_title(self._talk.title or self.title)
            part.ended.append(
                {
                    "conversation_id": self.ids[-1],
                    "tip": self._tip or self._newest,
                    "count": self._count,
                    "title": title,
                }
            )
        self._known, self._tip, self._newest = {}, "", ""
        self._count = self._turn = 0


def _row(conversation_id: str, said: Said, parent: str | None) -> dict[str, Any]:
    moment = said.moment or utc_now()
    return {
        "id": new_id(),
        "conversation_id": conversation_id,
        "seq": said.number,
        "parent_id": parent,
        "role": said.role,
        "status": "complete",
        "origin": "imported",
        "created_at": moment,
        "updated_at": moment,
        "content": said.content,
    }
