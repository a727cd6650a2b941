"""A backup a day, made beside the server, read through, and rotated.

It is due when the newest one is a day old, whichever process made it. What stops one is kept for
the page and the doctor to say, logged, and tried again an hour later; the earlier ones stay.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from filelock import FileLock, Timeout

from ttrpg_assistant.clock import DAY_SECONDS, has_passed
from ttrpg_assistant.errors import BackupImpossible, Fault
from ttrpg_assistant.ids import utc_now
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage import backup, backup_folder, backup_pictures
from ttrpg_assistant.storage.backup_folder import KeptBackup
from ttrpg_assistant.storage.content_files import make_private_folder

log = structlog.get_logger(__name__)

FIRST_SECONDS: Final = 60.0
"""After the start: the first page comes first."""

LOOK_SECONDS: Final = 600.0
RETRY_SECONDS: Final = 3600.0


@dataclass(frozen=True, slots=True)
class BackupFailure:
    """Why the last attempt made no backup."""

    at: str
    fault: Fault


async def back_up(
    database: Path | str, data_dir: Path, target: Path, earlier: Path | None = None
) -> backup.VerifiedBackup:
    """A verified backup of the SQLite file or of the PostgreSQL database at an address."""
    if isinstance(database, Path):
        return await asyncio.to_thread(backup.back_up, database, target, earlier)
    # Late: only who keeps a campaign there needs what speaks to it.
    from ttrpg_assistant.storage import postgresql_backup

    return await postgresql_backup.back_up(database, data_dir, target, earlier)


class DailyBackups:
    """Makes and lists backups. `database` is the SQLite file or PostgreSQL's address."""

    def __init__(
        self, database: Path | str, data_dir: Path, folder: Path, kept: int, changes: Changes
    ) -> None:
        self.folder = folder
        self.kept = kept
        self.failure: BackupFailure | None = None
        self._database = database
        self._data_dir = data_dir
        self._changes = changes
        self._making: asyncio.Task[KeptBackup] | None = None

    @property
    def is_making(self) -> bool:
        """Whether one is being made now."""
        return self._making is not None

    def list_now(self) -> list[KeptBackup]:
        """The same from a thread of one's own."""
        return backup_folder.list_backups(self.folder)

    async def list(self) -> list[KeptBackup]:
        """The complete ones, the newest first."""
        return await asyncio.to_thread(backup_folder.list_backups, self.folder)

    async def run(self) -> None:
        """Make one whenever one is due, for as long as the server runs."""
        if not self.kept:
            return
        await asyncio.sleep(FIRST_SECONDS)
        while True:
            pause = LOOK_SECONDS
            if await self._is_due():
                try:
                    await self.make()
                except Fault:
                    pause = RETRY_SECONDS  # `make` has said why.
            await asyncio.sleep(pause)

    async def _is_due(self) -> bool:
        found = await self.list()
        return not found or has_passed(found[0].made_at, DAY_SECONDS)

    async def make(self) -> KeptBackup:
        """Make one now, or wait for the one that is being made.

        Raises `BackupImpossible`, or what the database says when it cannot be read.
        """
        if self._making is None:
            self._making = asyncio.create_task(self._make())
            self._making.add_done_callback(self._note_end)
            self._changes.announce("backups", {})
        return await asyncio.shield(self._making)

    async def close(self) -> None:
        """Give up the one that is being made; nothing of it is listed."""
        if self._making is not None:
            self._making.cancel()
            await asyncio.wait([self._making])

    def _note_end(self, made: asyncio.Task[KeptBackup]) -> None:
        self._making = None
        if not made.cancelled():
            error = made.exception()
            if isinstance(error, Fault):
                self.failure = BackupFailure(utc_now(), error)
                log.warning("backup.failed", code=error.code, sentence=error.sentence)
            elif error is not None:
                fault = BackupImpossible(_UNEXPECTED, code="backup_failed", cure=_SEE_LOG)
                self.failure = BackupFailure(utc_now(), fault)
                log.error("backup.failed", exc_info=error)
            else:
                self.failure = None
        self._changes.announce("backups", {})

    async def _make(self) -> KeptBackup:
        lock = FileLock(self.folder / ".lock", thread_local=False, mode=0o600)
        try:
            make_private_folder(self.folder)
            lock.acquire(timeout=0)
        except Timeout:
            raise BackupImpossible(
                "Another process is making a backup in this folder.", code="backup_running"
            ) from None
        except OSError as trouble:
            raise _unusable(self.folder, trouble) from trouble
        try:
            return await self._make_alone()
        except OSError as trouble:
            raise _unusable(self.folder, trouble) from trouble
        finally:
            lock.release()

    async def _make_alone(self) -> KeptBackup:
        await asyncio.to_thread(backup_folder.remove_unfinished, self.folder)
        found = await self.list()
        earlier = found[0].path if found else None
        await asyncio.to_thread(backup_folder.check_room, self.folder, await self._measure(earlier))
        ending = "db" if isinstance(self._database, Path) else "dump"
        target = backup_folder.name_daily(self.folder, ending)
        made = await back_up(self._database, self._data_dir, target, earlier)
        if self.kept:
            await asyncio.to_thread(backup_folder.rotate, self.folder, self.kept, made.path)
        log.info(
            "backup.made",
            name=made.path.name,
            bytes=made.size,
            pictures=made.pictures,
            missing_pictures=made.missing_pictures,
        )
        listed = await self.list()
        return next(one for one in listed if one.path == made.path)

    async def _measure(self, earlier: Path | None) -> int:
        """The most bytes that a backup can take."""
        if isinstance(self._database, str):
            from ttrpg_assistant.storage import postgresql_backup

            return await postgresql_backup.measure(self._database)
        database = self._database
        files = (database, database.with_name(f"{database.name}-wal"))
        size = sum(file.stat().st_size for file in files if file.exists())
        if self._data_dir.resolve() in self.folder.resolve().parents or earlier is not None:
            return size  # Pictures are linked to.
        return size + (await asyncio.to_thread(backup_pictures.measure, database))[2]


_UNEXPECTED: Final = "Something unexpected stopped the backup."
_SEE_LOG: Final = "The log where the assistant was started says what."


def _unusable(folder: Path, trouble: OSError) -> BackupImpossible:
    return BackupImpossible(
        f"No backup can be written to {folder} ({trouble.strerror or type(trouble).__name__}).",
        code="backup_folder_unusable",
        cure="Make that folder writable and free some space, or name another in"
        " TTRPG_BACKUP_FOLDER.",
    )
