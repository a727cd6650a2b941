"""Notes and things that changed are synced, some at a time.

First the things take what their notes say, each with what both sides agree on then in one
transaction; after that the notes take what the things say, file by file, and that is written down.
Killed at any moment, the next look finds a side that has the other's words already, and agrees.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.registry import get_kind
from ttrpg_assistant.campaigns.store import edits
from ttrpg_assistant.campaigns.store.entities import plain_values
from ttrpg_assistant.errors import Conflict, DiskFull, InvalidInput, NotFound
from ttrpg_assistant.failpoints import hit
from ttrpg_assistant.imports.own_notes import OWN_ID, OWN_KIND
from ttrpg_assistant.imports.store.existing import read_things
from ttrpg_assistant.imports.vault_values import same_text
from ttrpg_assistant.live.changes import Changes, Hint
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.vaults import store
from ttrpg_assistant.vaults.comparing import Decision, decide
from ttrpg_assistant.vaults.model import Choices, KeptNote, Report, VaultLink
from ttrpg_assistant.vaults.note_files import (
    NOTE_BYTES,
    ReadFile,
    Stamp,
    Unsettled,
    hash_bytes,
    read_file,
    replace_file,
)
from ttrpg_assistant.vaults.note_text import (
    NoteText,
    Unreadable,
    change_fields,
    put_property,
    read_fields,
    read_note_text,
)
from ttrpg_assistant.vaults.places import Places

SLICE = 25

UNKNOWN_REVISION = 0
"""Of a note that is looked at again however it looks."""


@dataclass(slots=True)
class _One:
    """A note on its way."""

    row: KeptNote
    file: ReadFile
    note: NoteText
    in_file: dict[str, Any]
    thing: Any
    here: dict[str, Any]
    decision: Decision
    changed: bytes | None = None


class Keeping:
    """Syncs notes of one folder with their things."""

    def __init__(
        self,
        database: Database,
        changes: Changes,
        link: VaultLink,
        places: Places,
        report: Report,
        choices: Choices,
    ) -> None:
        self._database, self._changes, self._link = database, changes, link
        self._root, self._places = Path(link.folder), places
        self._report, self._choices = report, choices
        self._files: dict[str, ReadFile] = {}

    def note_read(self, path: str, file: ReadFile) -> None:
        """This file was read a moment ago."""
        self._files[path] = file

    async def keep(self, rows: Sequence[KeptNote]) -> None:
        """Sync these."""
        for start in range(0, len(rows), SLICE):
            await self._keep(rows[start : start + SLICE])

    async def _keep(self, rows: Sequence[KeptNote]) -> None:
        read = await asyncio.to_thread(lambda: [self._read(row) for row in rows])
        found = [(row, *one) for row, one in zip(rows, read, strict=True) if one is not None]
        things = await self._database.read(
            lambda tx: _read_things(tx, self._link.campaign_id, [one[0] for one in found])
        )
        ones = [
            made
            for row, file, note, in_file in found
            if (thing := things.get(row.entity_id)) is not None
            if (made := self._decide(row, file, note, in_file, thing)) is not None
        ]
        if not ones:
            return
        has_edits = any(one.decision.to_here for one in ones)
        told: list[Hint] = [("campaign", {"id": self._link.campaign_id})] if has_edits else []
        await self._changes.write(
            self._database, lambda tx: self._take_here(tx, ones), lambda _: told
        )
        hit("vault_taken_here")
        written = [one for one in ones if one.changed is not None]
        if written:
            done = await asyncio.to_thread(self._write_all, written)
            hit("vault_written")
            await self._database.write(lambda tx: self._agree(tx, done))
            hit("vault_agreed")

    # ── What each side says ────────────────────────────────────────────────────────────

    def _read(self, row: KeptNote) -> tuple[ReadFile, NoteText, dict[str, Any]] | None:
        file = self._files.pop(row.path, None)
        try:
            known = Stamp(row.size, row.modified_ns)
            file = file or read_file(self._root, row.path, known)
        except (Unsettled, FileNotFoundError):
            self._report.waits = True
            return None
        except OSError as trouble:
            self._report.fault(row.path, f"It cannot be read: {trouble.strerror}.")
            return None
        note = read_note_text(file.content)
        if note is None or len(file.content) > NOTE_BYTES:
            why = "is longer than 4 MB" if note is not None else "is not a text in UTF-8"
            self._report.fault(row.path, f"This note {why}, so it is left as it is.")
            return None
        kind = get_kind(row.kind)
        return file, note, read_fields(kind, note, row.path, self._places.resolve)

    def _decide(
        self,
        row: KeptNote,
        file: ReadFile,
        note: NoteText,
        in_file: dict[str, Any],
        thing: Any,
    ) -> _One | None:
        kind, here = get_kind(row.kind), plain_values(thing)
        base, base_in_file = row.base, row.in_file
        seen = self._choices.seen.get(row.entity_id)
        counts = seen is None or seen == (thing.revision, file.sha256)
        chosen = self._choices.sides.get(row.entity_id, {}) if counts else {}
        if counts and row.entity_id in self._choices.again:
            chosen = dict.fromkeys(in_file, "here")
        elif _is_emptied(row, note, in_file) and not (
            counts and row.entity_id in self._choices.as_it_is
        ):
            self._ask("emptied", row, thing, file)
            return None
        decision = decide(kind, base, base_in_file, here, in_file, chosen)
        one = _One(row, file, note, in_file, thing, here, decision)
        if decision.to_file or note.own_id != row.entity_id:
            self._spell(one)
        for name in decision.conflicts:
            self._ask_field(one, name)
        for name, unreadable in decision.unreadable.items():
            label = kind.fields[name].label
            if isinstance(unreadable, Unreadable):
                self._report.fault(row.path, f"{label} {unreadable.why}.")
        return one

    def _spell(self, one: _One) -> None:
        """What the note becomes; where it cannot hold it, it stays as it is."""
        kind, decision = get_kind(one.row.kind), one.decision
        note: NoteText | None = one.note
        if one.note.own_id != one.row.entity_id:
            note = put_property(one.note, OWN_ID, one.row.entity_id)
            note = None if note is None else put_property(note, OWN_KIND, one.row.kind)
        wanted = dict(decision.to_file)
        changed = note
        if note is not None and wanted:
            changed = self._change(one, note, wanted)
        if changed is None and note is not None:
            # Some fields may go in though others cannot.
            changed = note
            for name, value in wanted.items():
                made = self._change(one, changed, {name: value})
                if made is None:
                    label = kind.fields[name].label
                    why = "was changed here, and this note cannot take it by itself"
                    decision.unreadable[name] = Unreadable(why)
                    decision.to_file.pop(name)
                    self._report.fault(one.row.path, f"{label} {why}: write it there by hand.")
                else:
                    changed = made
        elif note is None:
            self._report.fault(one.row.path, "Its properties cannot be changed from here.")
            decision.unreadable |= {name: Unreadable("") for name in wanted}
            decision.to_file.clear()
        if changed is not None and changed is not one.note:
            content = changed.encode()
            one.changed = content if content != one.file.content else None

    def _change(self, one: _One, note: NoteText, wanted: Mapping[str, Any]) -> NoteText | None:
        kind, path = get_kind(one.row.kind), one.row.path
        return change_fields(kind, note, path, wanted, self._places.link, self._places.resolve)

    # ── What becomes of it ─────────────────────────────────────────────────────────────

    def _take_here(self, tx: Connection, ones: list[_One]) -> None:
        for one in ones:
            kind, decision, row = get_kind(one.row.kind), one.decision, one.row
            if decision.to_here:
                try:
                    with tx.begin_nested():
                        checked = kind.check_changes(decision.to_here)
                        one.thing = edits.edit_entity(
                            tx, kind, row.entity_id, one.thing.revision, checked
                        )
                    self._report.count("taken")
                except (Conflict, NotFound):
                    self._report.waits = True
                    decision.to_here, one.changed = {}, None
                    continue
                except InvalidInput as fault:
                    self._report.fault(row.path, fault.sentence)
                    decision.unreadable |= {name: Unreadable("") for name in decision.to_here}
                    decision.to_here = {}
                one.here = plain_values(one.thing)
            one.row = self._agreed(one, one.file, one.in_file, has_more=one.changed is not None)
            store.put_note(tx, one.row)

    def _agreed(
        self, one: _One, file: ReadFile, in_file: Mapping[str, Any], *, has_more: bool
    ) -> KeptNote:
        """What both sides agree on now. Where the note is still to be written, or something
        waits, it is looked at again."""
        decision = one.decision
        base = dict(one.row.base)
        said = dict(one.row.file_base)
        settled = decision.agreed | set(decision.to_here)
        settled |= set() if has_more else set(decision.to_file)
        if has_more:
            settled -= set(decision.to_file)
        for name in settled:
            base[name] = one.here[name]
            said.pop(name, None)
            if not same_text(in_file[name], one.here[name]):
                said[name] = in_file[name]
        is_done = decision.is_whole and not has_more
        return replace(
            one.row,
            sha256=file.sha256,
            size=file.stamp.size,
            modified_ns=file.stamp.modified_ns,
            read_ns=file.read_ns,
            revision=one.thing.revision if is_done else UNKNOWN_REVISION,
            base=base,
            file_base=said,
        )

    def _write_all(self, ones: list[_One]) -> list[_One]:
        done = []
        for one in ones:
            assert one.changed is not None
            try:
                one.file = replace_file(
                    self._root, one.row.path, hash_bytes(one.file.content), one.changed
                )
            except (Unsettled, FileNotFoundError):
                self._report.waits = True
                continue
            except DiskFull as fault:
                self._report.fault(one.row.path, fault.sentence)
                continue
            except OSError as trouble:
                self._report.fault(one.row.path, f"It cannot be written: {trouble.strerror}.")
                continue
            self._report.count("written")
            done.append(one)
        return done

    def _agree(self, tx: Connection, ones: list[_One]) -> None:
        for one in ones:
            note = read_note_text(one.file.content)
            assert note is not None
            in_file = read_fields(get_kind(one.row.kind), note, one.row.path, self._places.resolve)
            store.put_note(tx, self._agreed(one, one.file, in_file, has_more=False))

    # ── What is asked ──────────────────────────────────────────────────────────────────

    def _ask(self, kind: str, row: KeptNote, thing: Any, file: ReadFile) -> None:
        name = str(getattr(thing, get_kind(row.kind).name_field) or "")
        self._report.questions.append(
            {
                "question": kind,
                "kind": row.kind,
                "id": row.entity_id,
                "name": name,
                "path": row.path,
                "revision": thing.revision,
                "sha256": file.sha256,
            }
        )

    def _ask_field(self, one: _One, name: str) -> None:
        self._ask("conflict", one.row, one.thing, one.file)
        self._report.questions[-1] |= {
            "field": name,
            "label": get_kind(one.row.kind).fields[name].label,
            "here": one.here[name],
            "file": one.in_file[name],
            "base": one.row.base.get(name),
        }


def _read_things(tx: Connection, campaign_id: str, rows: Sequence[KeptNote]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for kind in dict.fromkeys(row.kind for row in rows):
        ids = [row.entity_id for row in rows if row.kind == kind]
        found |= read_things(tx, campaign_id, kind, ids)
    return found


def _is_emptied(row: KeptNote, note: NoteText, in_file: Mapping[str, Any]) -> bool:
    """Whether a note that said something says nothing any more: half written, or cleared."""
    kind = get_kind(row.kind)
    said = [
        name
        for name, value in row.in_file.items()
        if name != kind.name_field and value not in (None, "", [], {}, kind.fields[name].empty)
    ]
    if not said:
        return False
    left = [name for name in said if not same_text(in_file.get(name), kind.fields[name].empty)]
    lost_head = not note.own_id and bool(row.base)
    return note.is_blank or (not left and (len(said) > 1 or lost_head))
