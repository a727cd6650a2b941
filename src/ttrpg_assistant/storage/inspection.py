"""What `doctor` says about an SQLite database, without changing anything."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from ttrpg_assistant.errors import StartupRefused
from ttrpg_assistant.storage import schema

LARGE = 500 * 1024 * 1024
"""Bytes past which `doctor` warns (the seed's NFR-010)."""


@dataclass(slots=True)
class Inspection:
    """What was found. Sizes are in bytes; `integrity` is `ok` or SQLite's first complaint."""

    path: Path
    sqlite_version: str
    wal_reset_bug: bool
    exists: bool = False
    size: int = 0
    journal_size: int = 0
    in_use: bool = False
    journal_mode: str | None = None
    revision: str | None = None
    needed_revision: str = ""
    integrity: str | None = None
    is_too_new: bool = False
    """A newer program wrote it: the server refuses it."""
    warnings: list[str] = field(default_factory=list)


def has_wal_reset_bug(version: tuple[int, ...]) -> bool:
    """SQLite 3.7.0 to 3.51.2 can lose or corrupt committed writes when two connections write
    or checkpoint; 3.44.6 and 3.50.7 have the repair (sqlite.org/changes)."""
    if not (3, 7, 0) <= version < (3, 51, 3):
        return False
    repaired = (3, 44, 6) <= version < (3, 45) or (3, 50, 7) <= version < (3, 51)
    return not repaired


def inspect(path: Path) -> Inspection:
    """Look at the database. A server may be running meanwhile."""
    found = Inspection(
        path=path,
        sqlite_version=sqlite3.sqlite_version,
        wal_reset_bug=has_wal_reset_bug(sqlite3.sqlite_version_info),
        needed_revision=schema.head_revision(),
    )
    if not path.exists():
        found.warnings.append("There is no database yet; it is made at the first start.")
        return found
    wal = Path(f"{path}-wal")
    found.exists = True
    found.size = path.stat().st_size
    found.journal_size = wal.stat().st_size if wal.exists() else 0
    found.in_use = _is_held(path)
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as raw:
            found.journal_mode = str(raw.execute("PRAGMA journal_mode").fetchone()[0])
            found.revision = schema.read_sqlite_revision(raw)
            found.integrity = str(raw.execute("PRAGMA integrity_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        found.integrity = str(error)
    _warn(found)
    return found


def _warn(found: Inspection) -> None:
    if found.size + found.journal_size > LARGE:
        found.warnings.append(
            f"The database takes {(found.size + found.journal_size) / 1024**2:.0f} MB, more than "
            f"{LARGE // 1024**2} MB. Conversations that are no longer needed can be deleted."
        )
    if found.integrity != "ok":
        found.warnings.append(
            f"The database is damaged ({found.integrity}). Restore a backup before you continue."
        )
    else:
        found.warnings += _judge_revision(found)
    if found.journal_mode not in (None, "wal"):
        found.warnings.append(f"The journal mode is {found.journal_mode}; the server sets wal.")
    if found.wal_reset_bug:
        found.warnings.append(
            f"SQLite {found.sqlite_version} has the WAL-reset bug. It needs two connections that "
            "write or checkpoint; this server has exactly one, so the data is safe as long as "
            "no other program writes to the file while the server runs."
        )


def _judge_revision(found: Inspection) -> list[str]:
    """What the next start does about the schema, in the words of the start itself."""
    try:
        if not schema.check_revision(found.revision):
            return []
    except StartupRefused as fault:
        found.is_too_new = True
        return [fault.sentence, *([fault.cure] if fault.cure else [])]
    return [
        f"The schema is {found.revision or 'missing'} and this program needs "
        f"{found.needed_revision}; it is brought there at the next start, after a backup."
    ]


def _is_held(path: Path) -> bool:
    lock = FileLock(f"{path}.lock")
    if not Path(lock.lock_file).exists():
        return False
    try:
        with lock.acquire(timeout=0):
            return False
    except Timeout:
        return True
    except OSError:
        return False
