"""One look at a folder: what changed on either side since the last, and what becomes of it.

It looks at both sides whole, however small the change was that woke it: so nothing depends on
having been awake, and a look that was cut off is made good by the next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.archives.parts import in_parts
from ttrpg_assistant.campaigns.registry import get_kind
from ttrpg_assistant.campaigns.store.entities import plain_values
from ttrpg_assistant.errors import DiskFull, InvalidInput
from ttrpg_assistant.failpoints import hit
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.imports.store.existing import read_things
from ttrpg_assistant.imports.vault_values import same_text
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.vaults import new_notes, store
from ttrpg_assistant.vaults.first_notes import spell_new_note
from ttrpg_assistant.vaults.gone import Gone, ask_gone
from ttrpg_assistant.vaults.keeping import SLICE, Keeping
from ttrpg_assistant.vaults.model import Answers, KeptNote, Report, VaultLink
from ttrpg_assistant.vaults.new_notes import NewNote
from ttrpg_assistant.vaults.note_files import (
    NOTE_BYTES,
    ReadFile,
    Stamp,
    Unsettled,
    add_file,
    read_file,
)
from ttrpg_assistant.vaults.note_text import (
    Unreadable,
    read_fields,
    read_note_text,
)
from ttrpg_assistant.vaults.places import Places
from ttrpg_assistant.vaults.store import Standing

RACY_NS = 2_000_000_000
"""A file that was changed so shortly before it was read may have been changed again since."""


class Look:
    """One look at one folder."""

    def __init__(
        self, database: Database, changes: Changes, link: VaultLink, answers: Answers
    ) -> None:
        self._database, self._changes, self._link = database, changes, link
        self._root, self._answers = Path(link.folder), answers
        self.report = Report()
        self._rows: dict[str, KeptNote] = {}
        self._standing: dict[str, Standing] = {}
        self._places = Places(())

    async def run(self, files: Mapping[str, Stamp]) -> None:
        """Sync both sides; `files` are the notes that are there."""
        self._standing, rows = await self._database.read(self._read_known)
        self._rows = {one.entity_id: one for one in rows}
        gone = Gone(self._link, self._rows, self._standing, self.report)
        if await gone.settle(self._database, self._changes, self._answers, set(files)):
            self._standing, rows = await self._database.read(self._read_known)
            self._rows = {one.entity_id: one for one in rows}
        unknown = sorted(set(files) - {one.path for one in self._rows.values()})
        read = await asyncio.to_thread(self._read_new, unknown)
        self._places = Places(files)
        is_settled = not self.report.waits
        # What is still written may be a note under another name: then nothing is new or gone yet.
        read = read if is_settled else []
        missing = self._follow_renames(files, read) if is_settled else []
        for row in self._rows.values():
            if row.path in files:
                self._places.add(row.path, row.kind, row.entity_id)
        keeping = Keeping(
            self._database,
            self._changes,
            self._link,
            self._places,
            self.report,
            self._answers.choices,
        )
        for one in read:
            keeping.note_read(one.path, one.file)
        joined = await self._join(read)
        gone = Gone(self._link, self._rows, self._standing, self.report)
        gone.ask(missing, set(files))
        fresh = {one.entity_id for one in joined}
        others = [one for one in self._rows.values() if one.entity_id not in fresh]
        dirty = [one for one in others if self._is_dirty(one, files)]
        doubtful = [one for one in others if self._is_doubtful(one, files)]
        dirty += await self._look_again(keeping, doubtful)
        await keeping.keep([*joined, *dirty])
        await self._write_new()
        kept = sum(one.state == "kept" for one in self._rows.values())
        self.report.notes = kept - len(missing)

    def _read_known(self, tx: Connection) -> tuple[dict[str, Standing], list[KeptNote]]:
        standing = store.list_standing(tx, self._link.campaign_id)
        return standing, store.list_notes(tx, self._link.id)

    # ── Notes that nothing is known of ─────────────────────────────────────────────────

    def _read_new(self, paths: Sequence[str]) -> list[NewNote]:
        found = []
        for path in paths:
            file = self._read(path)
            if file is None:
                continue
            one = new_notes.read_new(path, file)
            if one is not None:
                found.append(one)
            elif file.content.strip() and not _is_text(file.content):
                self.report.fault(path, "This note is not a text in UTF-8, so it is left as it is.")
        return found

    def _read_all_files(self, rows: Sequence[KeptNote]) -> list[ReadFile | None]:
        return [self._read(one.path, Stamp(one.size, one.modified_ns)) for one in rows]

    def _read(self, path: str, known: Stamp | None = None) -> ReadFile | None:
        try:
            file = read_file(self._root, path, known)
        except (Unsettled, FileNotFoundError):
            self.report.waits = True
            return None
        except OSError as trouble:
            self.report.fault(path, f"It cannot be read: {trouble.strerror}.")
            return None
        if len(file.content) > NOTE_BYTES:
            self.report.fault(path, "This note is longer than 4 MB, so it is left as it is.")
            return None
        return file

    def _follow_renames(self, files: Mapping[str, Stamp], read: list[NewNote]) -> list[KeptNote]:
        """Kept notes that have another name now keep their things; those that are gone."""
        gone = {
            one.entity_id: one for one in self._rows.values() if one.path and one.path not in files
        }
        by_bytes: dict[str, list[KeptNote]] = {}
        for old in gone.values():
            by_bytes.setdefault(old.sha256, []).append(old)
        for one in list(read):
            row: KeptNote | None = gone.get(one.note.own_id)
            same = by_bytes.get(one.file.sha256, ())
            if row is None and not one.note.own_id and len(same) == 1:
                row = gone.get(same[0].entity_id)
            if row is None:
                known = self._rows.get(one.note.own_id)
                if known is not None and known.path and known.path in files:
                    self.report.fault(
                        one.path,
                        f"This is a copy of {known.path}: both name the same thing, so only that"
                        " one is synced. Delete the property ttrpg_id of one of them.",
                    )
                    read.remove(one)
                continue
            del gone[row.entity_id]
            moved = replace(row, path=one.path, size=-1)
            self._rows[row.entity_id] = moved
            read.remove(one)
            self.report.count("renamed")
        return list(gone.values())

    async def _join(self, read: Sequence[NewNote]) -> list[KeptNote]:
        """New notes with the things they are of, or that are made of them."""
        if not read:
            return []
        known = await self._database.read(
            lambda tx: new_notes.know_names(tx, self._link.campaign_id)
        )
        taken = set(self._rows)
        matched: list[tuple[NewNote, Standing]] = []
        making: list[NewNote] = []
        for one in sorted(read, key=lambda one: not one.note.own_id):
            id = new_notes.match_new(one, self._standing, known, taken)
            if id is not None:
                taken.add(id)
                matched.append((one, self._standing[id]))
                self._places.add(one.path, self._standing[id].kind, id)
            elif one.kind is None and one.path not in self._answers.kinds:
                self._ask_kind(one)
            else:
                making.append(one)
        making = await self._without_removed(making)
        joined: list[KeptNote] = []
        for part in in_parts(matched, SLICE):
            joined += await self._database.write(partial(self._add_rows, part=part))
        joined += await self._make_things(making)
        for row in joined:
            self._rows[row.entity_id] = row
        return [one for one in joined if one.state == "kept"]

    def _add_rows(self, tx: Connection, part: Sequence[tuple[NewNote, Standing]]) -> list[KeptNote]:
        rows = []
        for found, one in part:
            row = new_notes.make_row(tx, self._link, found, one)
            row = replace(row, state="left") if one.is_archived else row
            store.put_note(tx, row)
            rows.append(row)
        self.report.count("joined", len(rows))
        return rows

    async def _without_removed(self, making: Sequence[NewNote]) -> list[NewNote]:
        """Notes of things that were deleted are asked about, and not made again."""
        named = [one for one in making if one.is_own]
        if not named:
            return list(making)
        campaign_id = self._link.campaign_id
        gone = await self._database.read(
            lambda tx: {
                one.path: kind
                for one in named
                if (kind := store.find_kind_of(tx, campaign_id, one.note.own_id)) is not None
            }
        )
        for one in named:
            if one.path in gone:
                ask_gone(
                    self.report,
                    "thing_gone",
                    gone[one.path],
                    one.note.own_id,
                    one.names[0],
                    one.path,
                )
        return [one for one in making if one.path not in gone]

    async def _make_things(self, making: Sequence[NewNote]) -> list[KeptNote]:
        if not making:
            return []
        said = await asyncio.to_thread(new_notes.read_as_import, self._root, making)
        made: list[KeptNote] = []

        def work(tx: Connection, part: Sequence[NewNote]) -> list[KeptNote]:
            rows = []
            for one in part:
                kind = self._answers.kinds.get(one.path) or one.kind
                assert kind is not None
                try:
                    with tx.begin_nested():
                        row = new_notes.make_thing(
                            tx, self._link, one, kind, said[one.path], self._places
                        )
                except InvalidInput as fault:
                    self.report.fault(one.path, fault.sentence)
                    continue
                store.put_note(tx, row)
                rows.append(row)
            return rows

        for part in in_parts([one for one in making if one.path in said], SLICE):
            rows = await self._changes.write(
                self._database,
                partial(work, part=part),
                lambda _: [("campaign", {"id": self._link.campaign_id})],
            )
            for row in rows:
                self._places.add(row.path, row.kind, row.entity_id)
            hit("vault_things_made")
            made += rows
            self.report.count("made", len(rows))
        self._standing = await self._database.read(
            lambda tx: store.list_standing(tx, self._link.campaign_id)
        )
        return made

    def _is_dirty(self, row: KeptNote, files: Mapping[str, Stamp]) -> bool:
        one, stamp = self._standing.get(row.entity_id), files.get(row.path)
        if one is None or one.is_archived or stamp is None or row.state != "kept":
            return False
        same_file = (stamp.size, stamp.modified_ns) == (row.size, row.modified_ns)
        return not same_file or row.revision != one.revision

    def _is_doubtful(self, row: KeptNote, files: Mapping[str, Stamp]) -> bool:
        """Whether a file looks as it did when it was read, and was changed so shortly before that
        it may have been changed again since."""
        one = self._standing.get(row.entity_id)
        if one is None or one.is_archived or row.path not in files or row.state != "kept":
            return False
        is_racy = row.modified_ns > row.read_ns - RACY_NS
        return is_racy and not self._is_dirty(row, files)

    async def _look_again(self, keeping: Keeping, rows: Sequence[KeptNote]) -> list[KeptNote]:
        """Those of these notes that have other bytes than they had."""
        changed: list[KeptNote] = []
        for part in in_parts(rows, 20 * SLICE):
            read = await asyncio.to_thread(self._read_all_files, part)
            same: list[KeptNote] = []
            for row, file in zip(part, read, strict=True):
                if file is not None and file.sha256 == row.sha256:
                    same.append(replace(row, read_ns=file.read_ns))
                elif file is not None:
                    keeping.note_read(row.path, file)
                    changed.append(row)
            if same:
                await self._database.write(partial(store.touch_notes, rows=same))
        return changed

    def _ask_kind(self, one: NewNote) -> None:
        self.report.questions.append(
            {"question": "kind", "name": one.names[0], "path": one.path, "kind": "handout"}
        )

    # ── Things that have no note ───────────────────────────────────────────────────────

    async def _write_new(self) -> None:
        new = [
            (one, self._places.choose_path(one.kind, one.name))
            for one in self._standing.values()
            if one.id not in self._rows and not one.is_archived
        ]
        for one, path in new:
            self._places.add(path, one.kind, one.id)
        for part in in_parts(new, SLICE):
            things = await self._database.read(partial(self._read_all, part=part))
            rows = await asyncio.to_thread(self._add_files, part, things)
            hit("vault_new_written")

            def work(tx: Connection, rows: Sequence[KeptNote] = rows) -> None:
                for row in rows:
                    store.put_note(tx, row)

            await self._database.write(work)
            self._rows |= {row.entity_id: row for row in rows}
            self.report.count("written", len(rows))

    def _read_all(self, tx: Connection, part: Sequence[tuple[Standing, str]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for kind in dict.fromkeys(one.kind for one, _ in part):
            ids = [one.id for one, _ in part if one.kind == kind]
            found |= read_things(tx, self._link.campaign_id, kind, ids)
        return found

    def _add_files(
        self, part: Sequence[tuple[Standing, str]], things: Mapping[str, Any]
    ) -> list[KeptNote]:
        rows = []
        for one, path in part:
            thing = things.get(one.id)
            if thing is None:
                continue
            kind, values = get_kind(one.kind), plain_values(thing)
            stem = PurePosixPath(path).stem
            content = spell_new_note(kind, one.id, stem, values, self._places.link)
            try:
                file = add_file(self._root, path, content)
            except Unsettled:
                self.report.waits = True
                continue
            except (OSError, DiskFull) as trouble:
                said = trouble.sentence if isinstance(trouble, DiskFull) else str(trouble.strerror)
                self.report.fault(path, f"This note cannot be written: {said}")
                continue
            note = read_note_text(content)
            assert note is not None
            in_file = read_fields(kind, note, path, self._places.resolve)
            base = {name: values[name] for name in in_file}
            differing = {
                name: said
                for name, said in in_file.items()
                if not isinstance(said, Unreadable) and not same_text(said, values[name])
            }
            rows.append(
                KeptNote(
                    id=new_id(),
                    link_id=self._link.id,
                    kind=one.kind,
                    entity_id=one.id,
                    path=path,
                    sha256=file.sha256,
                    size=file.stamp.size,
                    modified_ns=file.stamp.modified_ns,
                    read_ns=file.read_ns,
                    revision=thing.revision,
                    base=base,
                    file_base=differing,
                    state="kept",
                )
            )
        return rows


def _is_text(content: bytes) -> bool:
    return read_note_text(content) is not None
