"""An archive on its way back: checked in a scratch database, then stored slice by slice.

While it is checked the real database is not touched. What is stored stays hidden until one short
transaction shows all of it (`store.arriving_rows`), so that others write between the slices.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.archives.archive_file import ArchiveFile, Manifest, broken
from ttrpg_assistant.archives.arriving_imports import ArrivingImports
from ttrpg_assistant.archives.arriving_pictures import ArrivingPictures
from ttrpg_assistant.archives.copy_names import name_of_copy
from ttrpg_assistant.archives.imports import Import, Imports, Restored, to_the_end, unless_cancelled
from ttrpg_assistant.archives.parts import in_parts
from ttrpg_assistant.archives.renaming import Rename, make_renamer, renamed
from ttrpg_assistant.archives.row_checks import RowChecks, Unfit
from ttrpg_assistant.archives.store import arriving_rows, staged_rows
from ttrpg_assistant.archives.store.arriving_rows import Arrival
from ttrpg_assistant.archives.store.campaign_rows import SHARED, TABLE_NAMES
from ttrpg_assistant.archives.store.holdings import count_holdings
from ttrpg_assistant.clock import wall_now
from ttrpg_assistant.conversations.recovery import settle_message, settle_turn
from ttrpg_assistant.conversations.store.path_length import mend_counts
from ttrpg_assistant.conversations.voices import MOST_OWN
from ttrpg_assistant.ids import utc_now
from ttrpg_assistant.live.changes import Changes, Hint
from ttrpg_assistant.pictures.pictures import Pictures
from ttrpg_assistant.storage.content_files import ContentFiles
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.scratch import open_scratch

SLICE = 100
SLICE_CHARACTERS = 250_000
"""What is stored in one transaction, about 10 ms: others wait no longer for their turn."""

STEP = 500
"""Rows that are checked before it is looked whether the import was cancelled."""

Row = dict[str, Any]
Slice = dict[str, list[Row]]


class Restoring:
    """One archive being restored: checked, then stored; `drop` deletes a half stored one."""

    def __init__(
        self,
        begun: Import,
        source: Path,
        *,
        database: Database,
        changes: Changes,
        imports: Imports,
        pictures: Pictures,
        imported: ContentFiles | None = None,
    ) -> None:
        self._pictures = ArrivingPictures(pictures)
        self._received = ArrivingImports(imported)
        self._now = begun
        self._source = source
        self._database = database
        self._changes = changes
        self._imports = imports
        self._arrival: Arrival | None = None
        self._dropped_links = 0

    async def run(self) -> None:
        """All of it. Raises `InvalidInput`, `TooLarge`, `Conflict`; `drop` is for the caller."""
        scratch = await asyncio.to_thread(open_scratch)
        try:
            manifest = await self._check(scratch)
            await self._store(scratch, manifest)
        finally:
            await to_the_end(asyncio.to_thread(scratch.close))

    @property
    def campaign_id(self) -> str | None:
        """The campaign that is being stored, while it is hidden."""
        return None if self._arrival is None else self._arrival.campaign_id

    async def drop(self) -> None:
        """Delete what was stored, a slice at a time."""
        if self._arrival is not None:
            await drop_hidden(self._database, self._arrival.campaign_id)
        await self._pictures.drop()

    async def _check(self, scratch: Connection) -> Manifest:
        file = await asyncio.to_thread(ArchiveFile, self._source)
        try:
            self._note(bytes_total=max(1, file.unpacked_bytes))
            steps = _stage(file, scratch)
            read = 0
            while True:
                step = await unless_cancelled(asyncio.to_thread(next, steps, None))
                if step is None:
                    break
                read += step
                self._note(bytes_read=read // 2)
            manifest = await asyncio.to_thread(file.read_manifest)
            checking = asyncio.to_thread(_check_whole, scratch, manifest)
            self._dropped_links = await unless_cancelled(checking)
            await self._pictures.take(file, scratch, manifest)
            await self._received.take(file, scratch)
            self._note(title=manifest.name, bytes_read=self._now.bytes_total // 2)
            return manifest
        finally:
            await to_the_end(asyncio.to_thread(file.close))

    async def _store(self, scratch: Connection, manifest: Manifest) -> None:
        own = await asyncio.to_thread(staged_rows.list_own_ids, scratch)
        is_copy = await self._is_any_taken(scratch)
        rename = make_renamer(own) if is_copy else None
        taken_names = await self._database.read(arriving_rows.list_campaign_names)
        file_name = await asyncio.to_thread(staged_rows.get_name, scratch)
        called = name_of_copy(file_name, taken_names, wall_now().astimezone())
        arrival = Arrival(str(renamed(manifest.campaign_id, rename)), called, utc_now())
        counts = dict.fromkeys(TABLE_NAMES, 0)
        slices = _list_slices(scratch, arrival, rename)
        while slice_ := await unless_cancelled(asyncio.to_thread(next, slices, None)):
            await self._put(arrival, slice_)
            for name, rows in slice_.items():
                counts[name] += len(rows)
            self._note_stored(counts, manifest)
        for links in in_parts(arrival.links, SLICE):
            linking = partial(arriving_rows.link_rows, links=links)
            await unless_cancelled(self._database.write(linking))
        voices = await self._list_new_voices(scratch)
        counts["voices"] = len(voices)
        showing = partial(arriving_rows.show, arrival=arrival, voices=voices, most_voices=MOST_OWN)
        # Cancelled or not: with this write it is there, and seen.
        hints: list[Hint] = [
            ("campaign", {"id": arrival.campaign_id}),
            *(("voices", {"id": row["id"]}) for row in voices),
        ]
        await to_the_end(self._changes.write(self._database, showing, lambda _: hints))
        self._arrival = None
        holds = await self._database.read(partial(count_holdings, campaign_id=arrival.campaign_id))
        restored = Restored(
            arrival.campaign_id,
            called,
            is_copy,
            counts,
            holds,
            [row["id"] for row in voices],
            self._dropped_links,
        )
        self._note(state="done", restored=restored, bytes_read=self._now.bytes_total)

    async def _put(self, arrival: Arrival, slice_: Slice) -> None:
        # From the first write on there may be something to delete.
        self._arrival = arrival
        storing = partial(arriving_rows.add_slice, slice_=slice_)
        await unless_cancelled(self._database.write(storing))

    def _note_stored(self, counts: dict[str, int], manifest: Manifest) -> None:
        half = self._now.bytes_total // 2
        share = sum(counts.values()) / max(1, sum(manifest.rows.values()))
        self._note(messages=counts["messages"], bytes_read=half + int(half * share))

    async def _is_any_taken(self, scratch: Connection) -> bool:
        for name in TABLE_NAMES:
            if name in SHARED:
                continue
            ids = await asyncio.to_thread(staged_rows.list_ids, scratch, name)
            finding = partial(arriving_rows.find_taken, table_name=name, ids=ids)
            if await self._database.read(finding):
                return True
        return False

    async def _list_new_voices(self, scratch: Connection) -> list[Row]:
        """The voices that are not here yet, waiting for a look."""
        pages = staged_rows.iterate_staged(scratch, "voices")
        rows = await asyncio.to_thread(lambda: [row for page in pages for row in page])
        ids = [row["id"] for row in rows]
        listing = partial(arriving_rows.list_taken, table_name="voices", ids=ids)
        there = await self._database.read(listing)
        new = [row for row in rows if row["id"] not in there]
        # A voice is an instruction to the model: nothing of a file becomes one by itself.
        return [{**row, "waiting_since": utc_now()} for row in new]

    def _note(self, **changes: Any) -> None:
        self._now = replace(self._now, **changes)
        self._imports.note(self._now)


def _stage(file: ArchiveFile, scratch: Connection) -> Iterator[int]:
    """Check every row and put it into the scratch database; bytes read, step by step."""
    manifest = file.read_manifest()
    for name in TABLE_NAMES:
        checks, count = RowChecks(name), 0
        for step in in_parts(file.read_rows(name), STEP):
            rows = []
            for given, _ in step:
                try:
                    rows.append(_settled(name, checks.check(_respelled(name, given))))
                except Unfit as unfit:
                    raise broken(f"a row of {name} is damaged ({unfit.column})") from None
            count += len(rows)
            _put(scratch, name, rows)
            yield sum(size for _, size in step)
        if count != manifest.rows.get(name, 0):
            raise broken(f"{name} is not whole")


def _put(scratch: Connection, name: str, rows: list[Row]) -> None:
    try:
        staged_rows.stage_rows(scratch, name, rows)
    except staged_rows.Unstorable:
        raise broken(f"{name} holds what cannot be stored") from None


def _check_whole(scratch: Connection, manifest: Manifest) -> int:
    """Whether the rows make a campaign together; how many links out of it were dropped."""
    if staged_rows.list_ids(scratch, "campaigns") != [manifest.campaign_id]:
        raise broken("the campaign itself is missing, or not the only one")
    staged_rows.index_talk(scratch)
    strange = staged_rows.find_stranger(scratch)
    if strange is not None:
        raise broken(f"a row of {strange} points outside the file")
    try:
        dropped = staged_rows.drop_links_outside(scratch)
    except staged_rows.Unstorable as refused:
        raise broken(f"a row of {refused} points outside the file") from None
    # Older versions counted otherwise, and what a branch goes on from may not be in the file.
    mend_counts(scratch)
    problem = staged_rows.find_problem(scratch, manifest.campaign_id)
    if problem is not None:
        raise broken(problem)
    return dropped


def _respelled(name: str, row: Row) -> Row:
    """What an older version spelled otherwise, as it is spelled today; and a turn that was under
    way when the file was made is over."""
    return settle_turn(row) if name == "turns" else row


def _settled(name: str, row: Row) -> Row:
    """An answer that was being written when the file was made is over."""
    return settle_message(row) if name == "messages" else row


def _list_slices(scratch: Connection, arrival: Arrival, rename: Rename | None) -> Iterator[Slice]:
    """What goes into one transaction after another: rows as they are stored, table by table."""
    slice_: Slice = {}
    count = characters = 0
    for name in TABLE_NAMES:
        if name in SHARED:
            continue
        for page in staged_rows.iterate_staged(scratch, name, SLICE):
            rows = [arrival.hide(name, renamed(row, rename)) for row in page]
            for row in arrival.order(name, rows):
                slice_.setdefault(name, []).append(row)
                count += 1
                characters += sum(len(one) for one in row.values() if isinstance(one, str))
                if count >= SLICE or characters >= SLICE_CHARACTERS:
                    yield slice_
                    slice_, count, characters = {}, 0, 0
    if slice_:
        yield slice_


async def drop_hidden(database: Database, campaign_id: str) -> None:
    """Delete a campaign that was never shown, children before parents, a slice at a time."""
    left = await database.read(partial(arriving_rows.list_leftovers, campaign_id=campaign_id))
    for change in (arriving_rows.unlink_rows, arriving_rows.drop_rows):
        for name, keys in left:
            if change is arriving_rows.unlink_rows and not arriving_rows.has_links(name):
                continue
            for part in in_parts(keys, SLICE):
                await database.write(partial(change, table_name=name, keys=part))
