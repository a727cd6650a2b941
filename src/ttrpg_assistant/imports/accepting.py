"""An accepted import: stored slice by slice, each its own commit, so that others write in between.

Cancelled, failed or killed, everything it stored is taken back.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal, TypeVar

import structlog
from sqlalchemy import Connection

from ttrpg_assistant import failpoints
from ttrpg_assistant.archives.arriving import ArrivingFiles
from ttrpg_assistant.archives.imports import Import, Imports, unless_cancelled
from ttrpg_assistant.archives.parts import in_parts
from ttrpg_assistant.archives.talk_preview import name_format
from ttrpg_assistant.archives.transcripts import Transcripts
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.conversations.model import NOTES
from ttrpg_assistant.errors import Fault
from ttrpg_assistant.imports import applying
from ttrpg_assistant.imports.applying import Applied
from ttrpg_assistant.imports.kept_files import KeptFiles
from ttrpg_assistant.imports.matching import Choices, Match
from ttrpg_assistant.imports.model import FoundPicture, FoundTalk
from ttrpg_assistant.imports.planning import Plan
from ttrpg_assistant.imports.store import conversations, existing, file_imports, sources
from ttrpg_assistant.imports.store.file_imports import FileImport, ImportedFile
from ttrpg_assistant.imports.undoing import undo_sources
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.pictures.pictures import NewPicture, Pictures
from ttrpg_assistant.storage.database import Database

log = structlog.get_logger(__name__)
T = TypeVar("T")

SLICE = 25
"""Things of one transaction: others wait no longer for their turn."""

CAPTION_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Storing:
    """Where an accepted import is stored, and by whom."""

    database: Database
    changes: Changes
    imports: Imports
    kept_files: KeptFiles
    arriving: ArrivingFiles
    pictures: Pictures
    transcripts: Transcripts


class Accepting:
    """One accepted import; `drop` takes back what it stored."""

    def __init__(
        self,
        begun: Import,
        found: FileImport,
        plan: Plan,
        files: Mapping[str, ImportedFile],
        choices: Choices,
        storing: Storing,
    ) -> None:
        self._now, self._import, self._plan, self._choices = begun, found, plan, choices
        self._files, self._at = files, storing
        self._applied = Applied(found.id, found.campaign_id or "")
        self._done = 0
        self._ended: file_imports.State = "failed"
        self._left_out: list[dict[str, Any]] = []
        self._notes: list[str] = []

    async def run(self) -> None:
        """Store everything, and note how far it is."""
        try:
            await self._store_things()
            await self._store_rest()
            await self._store_pictures()
            await self._store_talk()
            await self._store_notes()
            await self._finish()
        except asyncio.CancelledError:
            self._ended = "cancelled"
            raise
        finally:
            self._plan.drop()

    async def drop(self) -> None:
        """Take back what was stored; the import is over."""
        await undo_sources(self._at.database, self._import.id)
        await end_import(self._at, self._import.id, self._ended)
        self._announce()

    # ── Its parts ──────────────────────────────────────────────────────────────────────

    async def _store_things(self) -> None:
        for part in in_parts(self._plan.matches, SLICE):
            await self._write(partial(self._apply_things, matches=part))
            self._step(len(part))
            failpoints.hit("import_between_slices")
        pointing = [one for one in self._plan.matches if one.fitted.references]
        for part in in_parts(pointing, SLICE):
            await self._write(partial(self._apply_references, matches=part))

    def _apply_things(self, tx: Connection, matches: list[Match]) -> None:
        for match in matches:
            applying.apply_thing(
                tx,
                self._applied,
                match,
                self._choices,
                format=self._plan.formats.get(match.thing.key, self._plan.reading.format),
                file_id=self._find_file(match.thing.file_name),
            )

    def _find_file(self, name: str) -> str | None:
        """The id of the file that something came from, where it is kept."""
        if not self._plan.reading.keep_file:
            return None
        if len(self._files) == 1:
            return next(iter(self._files.values())).id
        file = self._files.get(name)
        return None if file is None else file.id

    def _apply_references(self, tx: Connection, matches: list[Match]) -> None:
        for match in matches:
            lost = applying.apply_references(tx, self._applied, match)
            for _ in range(lost):
                self._applied.count("links_left_out")

    async def _store_rest(self) -> None:
        reading, applied, campaign_id = self._plan.reading, self._applied, self._import.campaign_id
        if campaign_id is None:
            return
        facts = self._plan.facts
        if facts:
            texts = await self._at.database.read(
                partial(existing.list_fact_texts, campaign_id=campaign_id)
            )
            for part in in_parts(facts, SLICE):

                def add_facts(tx: Connection, part: list[Any] = part) -> None:
                    for key, one in part:
                        file_id = self._find_file(one.file_name)
                        format = self._plan.formats.get(key, reading.format)
                        applying.apply_fact(tx, applied, one, texts, format, file_id)

                await self._write(add_facts)
                self._step(len(part))
        if reading.relations:
            ends = await self._at.database.read(
                partial(existing.list_relation_ends, campaign_id=campaign_id)
            )
            for related in in_parts(reading.relations, SLICE):

                def add_relations(tx: Connection, part: list[Any] = related) -> None:
                    for one in part:
                        applying.apply_relation(tx, applied, one, ends, reading.format)

                await self._write(add_relations)
                self._step(len(related))

    async def _store_pictures(self) -> None:
        for match in self._plan.matches:
            for number, picture in enumerate(match.thing.pictures):
                await self._store_picture(match, picture, is_first=number == 0)
                self._step(1)

    async def _store_picture(self, match: Match, found: FoundPicture, *, is_first: bool) -> None:
        kind, id = self._applied.ids[match.thing.key]
        campaign_id = self._applied.campaign_id
        page = await self._at.pictures.list_all(campaign_id, thing_kind=kind, thing_ids=[id])
        has_portrait = any(one.role == "portrait" for one in page.items)
        if any(one.sha256 == found.own_sha256 for one in page.items):
            self._applied.count("pictures_same")
            return
        path = self._at.arriving.new_file(".picture")
        try:
            await asyncio.to_thread(path.write_bytes, found.content)
            new = NewPicture(
                kind,
                id,
                "portrait" if is_first and not has_portrait else "picture",
                cut_text(found.name.rsplit("/", 1)[-1], CAPTION_LENGTH),
            )
            clean = await self._at.pictures.keep(path, must_be_clean=False)
            if any(one.sha256 == clean.content.sha256 for one in page.items):
                self._applied.count("pictures_same")
                return
            added = await self._at.pictures.add(campaign_id, new, path)
        except Fault as fault:
            if fault.code == "disk_full":
                raise
            self._left_out.append({"name": found.name, "reason": fault.sentence})
            return
        finally:
            path.unlink(missing_ok=True)
        await self._write(
            lambda tx: sources.add_source(
                tx,
                import_id=self._import.id,
                campaign_id=self._import.campaign_id,
                kind="picture",
                entity_id=added.id,
                outcome="new",
                format=self._plan.reading.format,
                base={"name": found.name},
                revision=added.revision,
            )
        )
        self._applied.count("pictures")

    async def _store_talk(self) -> None:
        for number, talk in enumerate(self._plan.reading.talk):
            if number in self._choices.skip_talk:
                continue
            await self._store_conversation(talk, self._choices.answers.get(number))
            self._applied.count("conversations")
            self._step(1)

    async def _store_notes(self) -> None:
        for notes in self._plan.notes:
            talk = FoundTalk(self._import.title, notes.path, notes.pieces)
            self._notes.append(await self._store_conversation(talk, None, purpose=NOTES))
            self._applied.count("notes")
            self._step(1)

    async def _store_conversation(
        self,
        talk: FoundTalk,
        answers: frozenset[str] | None,
        *,
        purpose: Literal["general", "notes"] = "general",
    ) -> str:
        copied = self._at.arriving.new_file(".txt")
        await asyncio.to_thread(shutil.copyfile, talk.path, copied)
        try:
            begun = await self._at.transcripts.begin(
                copied,
                spelled=await asyncio.to_thread(name_format, copied),
                title=talk.title,
                campaign_id=self._import.campaign_id,
                answers=answers,
                purpose=purpose,
            )
        except BaseException:
            copied.unlink(missing_ok=True)
            raise
        try:
            ended = await self._at.imports.wait(begun.id)
        except asyncio.CancelledError:
            await self._at.imports.cancel(begun.id)
            raise
        conversation_id = ended.conversation_id
        assert conversation_id is not None

        def note(tx: Connection) -> None:
            sources.add_source(
                tx,
                import_id=self._import.id,
                campaign_id=self._import.campaign_id,
                kind="conversation",
                entity_id=conversation_id,
                outcome="new",
                format=self._plan.reading.format,
                base={"title": talk.title},
                revision=max(1, conversations.count_messages(tx, conversation_id)),
            )

        await self._write(note)
        return conversation_id

    async def _finish(self) -> None:
        used = {one.id for one in self._files.values()} if self._plan.reading.keep_file else set()
        report = {**self._plan.report(), "counts": self._applied.counts}
        if self._notes:
            report["notes"] = self._notes
        if self._left_out:
            report["pictures_left_out"] = self._left_out

        def work(tx: Connection) -> list[str]:
            gone = file_imports.drop_files(tx, self._import.id, keep=sorted(used))
            file_imports.set_state(tx, self._import.id, "done", expected=["running"], report=report)
            return gone

        gone = await self._write(work)
        self._now = replace(
            self._now, state="done", bytes_read=self._now.bytes_total, things=self._things
        )
        self._at.imports.note(self._now)
        self._announce()
        await self._at.kept_files.drop_unnamed(gone)

    # ── Inside ─────────────────────────────────────────────────────────────────────────

    async def _write(self, work: Callable[[Connection], T]) -> T:
        return await unless_cancelled(self._at.database.write(work))

    @property
    def _things(self) -> int:
        return sum(self._applied.counts.get(one, 0) for one in ("new", "changed", "same"))

    def _step(self, count: int) -> None:
        self._done += count
        share = min(1.0, self._done / max(1, self._plan.steps))
        read = int(self._now.bytes_total * share)
        self._now = replace(self._now, bytes_read=read, things=self._things)
        self._at.imports.note(self._now)

    def _announce(self) -> None:
        if self._import.campaign_id is not None:
            self._at.changes.announce("campaign", {"id": self._import.campaign_id})


async def end_import(storing: Storing, import_id: str, state: file_imports.State) -> None:
    """Note how a running import ended, and let its files go."""

    def work(tx: Connection) -> list[str]:
        gone = file_imports.drop_files(tx, import_id)
        file_imports.set_state(tx, import_id, state, expected=["running"])
        return gone

    await storing.kept_files.drop_unnamed(await storing.database.write(work))
