"""The folder of backups: which are there, which may go, and whether one more has room.

A backup has its name only once it is complete and was read through, so what is listed here is good.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from ttrpg_assistant.errors import BackupImpossible
from ttrpg_assistant.storage import backup_pictures
from ttrpg_assistant.storage.backup import spell_stamp

log = structlog.get_logger(__name__)

RESERVE_BYTES: Final = 200 * 1024**2
"""Left free beside a backup: what an evening writes must have room first."""

_DAILY: Final = "daily-"
_NAME: Final = re.compile(
    r"(?:daily|ttrpg_assistant)-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)(\d{6})Z\.(?:db|dump)\Z"
)
_MOST_LISTED: Final = 10_000


@dataclass(frozen=True, slots=True)
class KeptBackup:
    """A backup that is complete. `size` is in bytes, without its pictures."""

    path: Path
    made_at: str
    size: int
    pictures: int


def name_daily(folder: Path, ending: str) -> Path:
    """A new name for a backup of now."""
    return folder / f"{_DAILY}{spell_stamp()}.{ending}"


def list_backups(folder: Path) -> list[KeptBackup]:
    """The daily ones and those made by hand, the newest first by the date in its name."""
    found = []
    paths = list(folder.iterdir())[:_MOST_LISTED] if folder.is_dir() else []
    for path in sorted(paths, key=lambda one: one.name):
        if (named := _NAME.match(path.name)) and path.is_file():
            year, month, day, hour, minute, second, rest = named.groups()
            made_at = f"{year}-{month}-{day}T{hour}:{minute}:{second}.{rest}Z"
            count = sum(1 for _ in backup_pictures.pictures_beside(path).list_contents())
            found.append(KeptBackup(path, made_at, path.stat().st_size, count))
    return sorted(found, key=lambda one: one.made_at, reverse=True)


def rotate(folder: Path, kept: int, made: Path) -> None:
    """Delete all but the newest daily backups; `made` stays, whatever the clock showed."""
    daily = [one.path for one in list_backups(folder) if one.path.name.startswith(_DAILY)]
    older = [path for path in daily if path != made]
    for path in older[max(0, kept - 1) :]:
        try:
            path.unlink(missing_ok=True)
        except OSError as trouble:
            # Windows deletes nothing that somebody has open; the next day tries again.
            log.warning("backup.not_deleted", name=path.name, reason=trouble.strerror)
            continue
        backup_pictures.forget(path)


def remove_unfinished(folder: Path) -> None:
    """Delete what a process that died left of a daily backup. Only one is made at a time."""
    for path in folder.glob(f"{_DAILY}*.part"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    for beside in backup_pictures.FOLDERS:
        for path in folder.glob(f"{_DAILY}*.{beside}"):
            if not path.with_suffix("").is_file():
                shutil.rmtree(path, ignore_errors=True)


def check_room(folder: Path, needed: int) -> None:
    """Raises `BackupImpossible` when so many bytes would leave too little free."""
    free = shutil.disk_usage(folder).free
    if free < needed + RESERVE_BYTES:
        megabytes = (needed + RESERVE_BYTES - free) // 1024**2 + 1
        raise BackupImpossible(
            f"There is no room for a backup in {folder}.",
            code="no_room_for_backup",
            cure=f"Free {megabytes} MB there, or name another folder in TTRPG_BACKUP_FOLDER.",
        )
