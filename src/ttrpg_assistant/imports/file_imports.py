"""Imports of files of other programs: sent, looked at, accepted, undone.

An import that was only looked at has changed nothing in a campaign. Its files are kept beside the
database until it is accepted or cancelled, so that it survives a restart.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Connection

from ttrpg_assistant.archives.arriving import ArrivingFiles
from ttrpg_assistant.archives.campaign_archive import CampaignArchives
from ttrpg_assistant.archives.imports import Import, Imports
from ttrpg_assistant.archives.transcripts import Transcripts
from ttrpg_assistant.campaigns.store.named_campaigns import get_named_campaign
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.clock import DAY_SECONDS
from ttrpg_assistant.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    TooLarge,
)
from ttrpg_assistant.imports.accepting import Accepting, Storing, end_import
from ttrpg_assistant.imports.formats.campaign_archive import NAME as ARCHIVE
from ttrpg_assistant.imports.kept_files import KeptFiles
from ttrpg_assistant.imports.matching import Choices
from ttrpg_assistant.imports.model import SourceFile
from ttrpg_assistant.imports.planning import Plan, make_plan
from ttrpg_assistant.imports.reading import Read, read_files
from ttrpg_assistant.imports.store import file_imports as store
from ttrpg_assistant.imports.store.file_imports import FileImport
from ttrpg_assistant.imports.undoing import Undone, undo_sources
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.pictures.pictures import Pictures
from ttrpg_assistant.storage.content_files import link_or_copy
from ttrpg_assistant.storage.database import Database

log = structlog.get_logger(__name__)

MOST_FILES = 20_000
MOST_BYTES = 2 * 1024**3
"""Of one import together."""

OPEN_SECONDS = 7 * DAY_SECONDS
"""As long an import waits to be accepted."""

READINGS_KEPT = 3
"""Readings that wait for their acceptance in memory; others are read again."""


@dataclass(frozen=True, slots=True)
class Began:
    """What was accepted: `follow` is the import whose progress is to be followed."""

    import_id: str
    follow: Import


class FileImports:
    """Every import of files."""

    def __init__(
        self,
        database: Database,
        changes: Changes,
        imports: Imports,
        kept_files: KeptFiles,
        arriving: ArrivingFiles,
        pictures: Pictures,
        transcripts: Transcripts,
        archives: CampaignArchives,
    ) -> None:
        self._storing = Storing(
            database, changes, imports, kept_files, arriving, pictures, transcripts
        )
        self._database, self._imports, self._archives = database, imports, archives
        self._readings: dict[str, Read] = {}

    # ── Sending and looking ────────────────────────────────────────────────────────────

    async def get_campaign(self, named: str) -> str:
        """The id of a campaign that is named by its id or by what it is called. Raises `NotFound`,
        and `InvalidInput` where several are called so."""
        return await self._database.read(lambda tx: get_named_campaign(tx, named))

    async def add_file(
        self, arrived: Path, name: str, *, campaign_id: str | None, import_id: str | None
    ) -> FileImport:
        """Take a file into an import, a new one without `import_id`. `arrived` stays the
        caller's. Raises `NotFound`, `Conflict`, `TooLarge`, `DiskFull`."""
        sha256, size = await self._storing.kept_files.put(arrived)

        def work(tx: Connection) -> FileImport:
            if import_id is None:
                found = store.add_import(tx, campaign_id, _last(name))
            else:
                found = _check_open(store.get_import(tx, import_id))
            count, together = store.measure_files(tx, found.id)
            if count >= MOST_FILES or together + size > MOST_BYTES:
                raise TooLarge(
                    f"One import takes at most {MOST_FILES:,} files and"
                    f" {MOST_BYTES // 1024**3} GB.",
                    code="import_too_large",
                    cure="Accept what was sent, then import the others.",
                )
            store.add_file(tx, found, name, sha256, size)
            return found

        try:
            found = await self._database.write(work)
        except BaseException:
            await self._storing.kept_files.drop_unnamed([sha256])
            raise
        self._forget_reading(found.id)
        return found

    async def preview(self, import_id: str, choices: Choices | None = None) -> dict[str, Any]:
        """What would become of the files. Raises `NotFound`, `Conflict`, and `InvalidInput`
        where nothing of them can be imported; then the import is gone."""
        found = _check_open(await self.get(import_id))
        try:
            plan = await self._plan(found, choices or Choices())
        except InvalidInput as fault:
            if fault.code != "unknown_choice":
                await self.forget(found)
            raise
        files = await self._database.read(partial(store.list_files, import_id=import_id))
        said = {"format": plan.reading.format, "title": name_files([one.name for one in files])}
        await self._database.write(
            lambda tx: store.set_state(tx, import_id, "open", expected=["open"], **said)
        )
        told = {"import_id": import_id, "campaign_id": found.campaign_id, "title": said["title"]}
        size = sum(one.bytes for one in files)
        return {**told, "files": len(files), "bytes": size, **plan.tell()}

    async def choose_campaign(self, import_id: str, campaign_id: str) -> None:
        """Say where an open import goes. Raises `NotFound`, `Conflict`."""
        await self._database.write(
            lambda tx: store.set_campaign(
                tx, _check_open(store.get_import(tx, import_id)), campaign_id
            )
        )

    # ── Accepting, cancelling, undoing ─────────────────────────────────────────────────

    async def accept(self, import_id: str, choices: Choices) -> Began:
        """Store what was looked at, in the background. Raises `NotFound`, `Conflict` where it
        is not open, `InvalidInput` without a campaign for things."""
        found = _check_open(await self.get(import_id))
        plan = await self._plan(found, choices)
        if plan.reading.format == ARCHIVE:
            return await self._restore_archive(found)
        if found.campaign_id is None and (plan.matches or plan.reading.facts or plan.notes):
            raise InvalidInput(
                "A campaign is needed to import this into.",
                code="campaign_needed",
                cure="Choose a campaign, then accept the import.",
            )
        files = await self._database.read(partial(store.list_files, import_id=import_id))
        running = await self._database.write(
            lambda tx: store.set_state(
                tx, import_id, "running", expected=["open"], report=plan.report()
            )
        )
        self._readings.pop(import_id, None)
        size = sum(one.bytes for one in files)
        begun = Import(import_id, "files", None, found.title, "running", 0, 0, size)
        one = Accepting(
            begun, running, plan, {file.name: file for file in files}, choices, self._storing
        )
        return Began(import_id, self._imports.start(begun, None, one.run, one.drop))

    async def _restore_archive(self, found: FileImport) -> Began:
        files = await self._database.read(partial(store.list_files, import_id=found.id))
        source = self._storing.arriving.new_file(".zip")
        source.unlink()
        await asyncio.to_thread(
            link_or_copy, self._storing.kept_files.path_of(files[0].sha256), source
        )
        begun = await self._archives.begin(source, found.title)
        await self.forget(found)
        return Began(found.id, begun)

    async def cancel(self, import_id: str) -> Import | None:
        """Stop a running import, or forget an open one: then None. Nothing of it is left when
        this answers. Raises `NotFound`."""
        try:
            return await self._imports.cancel(import_id)
        except NotFound:
            found = await self.get(import_id)
        if found.state != "open":
            raise Conflict(
                "This import is over, so it cannot be cancelled.",
                code="import_not_open",
                cure="Undo it instead.",
            )
        await self.forget(found)
        return None

    async def undo(self, import_id: str) -> Undone:
        """Take back everything an import did, but for what was changed since. Raises
        `NotFound`, `Conflict`."""
        await self._database.write(
            lambda tx: store.set_state(tx, import_id, "undone", expected=["done", "undone"])
        )
        undone = await undo_sources(self._database, import_id)
        found = await self.get(import_id)
        gone = await self._database.write(partial(store.drop_unused_files, import_id=import_id))
        await self._storing.kept_files.drop_unnamed(gone)
        if found.campaign_id is not None:
            self._storing.changes.announce("campaign", {"id": found.campaign_id})
        return undone

    async def get(self, import_id: str) -> FileImport:
        """Raises `NotFound`."""
        return await self._database.read(partial(store.get_import, id=import_id))

    async def list_all(self, campaign_id: str) -> list[FileImport]:
        """The imports into a campaign, the latest first. Raises `NotFound`."""
        return await self._database.read(partial(store.list_imports, campaign_id=campaign_id))

    # ── What was left ──────────────────────────────────────────────────────────────────

    async def take_back(self, found: FileImport) -> None:
        """What a dead server had stored of an import that it did not finish."""
        await undo_sources(self._database, found.id)
        await end_import(self._storing, found.id, "failed")

    async def forget(self, found: FileImport) -> None:
        """An import that was only looked at, with its files."""
        self._forget_reading(found.id)
        files = await self._database.read(partial(store.list_files, import_id=found.id))
        await self._database.write(partial(store.drop_import, id=found.id))
        await self._storing.kept_files.drop_unnamed(one.sha256 for one in files)

    # ── Inside ─────────────────────────────────────────────────────────────────────────

    async def _plan(self, found: FileImport, choices: Choices) -> Plan:
        read = self._readings.get(found.id)
        if read is None or not read.folder.is_dir():
            read = await self._read(found)
        making = partial(make_plan, read=read, campaign_id=found.campaign_id, choices=choices)
        return await self._database.read(making)

    async def _read(self, found: FileImport) -> Read:
        files = await self._database.read(partial(store.list_files, import_id=found.id))
        if not files:
            raise InvalidInput("No file was sent for this import.", code="import_empty")
        sent = [
            SourceFile(one.name, self._storing.kept_files.path_of(one.sha256), one.bytes)
            for one in files
        ]
        marker = self._storing.arriving.new_file(".import")
        folder = Path(tempfile.mkdtemp(dir=marker.parent))
        marker.unlink()
        try:
            read = await asyncio.to_thread(read_files, sent, folder)
        except BaseException:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            raise
        self._forget_reading(found.id)
        self._readings[found.id] = read
        for old in list(self._readings)[:-READINGS_KEPT]:
            self._forget_reading(old)
        return read

    def _forget_reading(self, import_id: str) -> None:
        read = self._readings.pop(import_id, None)
        if read is not None:
            read.drop()


def _check_open(found: FileImport) -> FileImport:
    if found.state != "open":
        raise store.not_open(found)
    return found


def name_files(names: Sequence[str]) -> str:
    """What files that were sent together are called: their folder, or the first and how many
    more."""
    if len(names) == 1:
        return cut_text(_last(names[0]), store.TITLE_LENGTH)
    folders = {name.split("/", 1)[0] if "/" in name else "" for name in names}
    if len(folders) == 1 and "" not in folders:
        return cut_text(folders.pop(), store.TITLE_LENGTH)
    return f"{cut_text(_last(names[0]), store.TITLE_LENGTH - 40)} and {len(names) - 1:,} more"


def _last(name: str) -> str:
    return name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1] or "Files"
