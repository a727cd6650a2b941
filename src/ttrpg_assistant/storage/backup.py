"""Copies of an SQLite database that can be trusted, and the way back from one.

A copy is made by SQLite's backup operation, never by copying the file: the newest commits
may still be in the WAL beside it. A copy is one file, is checked before it gets its name,
and may be made while a server is running. Its pictures lie beside it (`backup_pictures`).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ttrpg_assistant.errors import InvalidInput, NotFound
from ttrpg_assistant.ids import utc_now
from ttrpg_assistant.storage import backup_pictures, schema
from ttrpg_assistant.storage.content_files import FOLDER, ContentFiles, sync_folder
from ttrpg_assistant.storage.sqlite.locking import lock_file

KEPT = 10
"""How many of the backups made before migrations are kept."""


@dataclass(frozen=True, slots=True)
class VerifiedBackup:
    """A backup that has been read through. `size` is in bytes, `tables` maps a table's name
    to its number of rows. `pictures` files belong to it, `missing_pictures` of which are missing
    or damaged."""

    path: Path
    revision: str
    size: int
    tables: dict[str, int]
    pictures: int = 0
    missing_pictures: int = 0


def back_up(database_path: Path, target: Path, earlier: Path | None = None) -> VerifiedBackup:
    """Copy the database, as of this moment, to the target, readable by its owner only.

    The target appears complete and verified, or not at all. `earlier` is a backup in the same
    folder whose pictures may be linked to. Raises `NotFound` when there
    is no database, `InvalidInput` when the target exists.
    """
    if not database_path.exists():
        raise NotFound(f"There is no database at {database_path}.")
    if target.exists():
        raise InvalidInput(f"{target} exists already; choose another name.", code="target_exists")
    if not target.parent.exists():
        target.parent.mkdir(parents=True, mode=0o700)
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        copy(database_path, part)
        verify_backup(part)
        backup_pictures.take_along(part, database_path.parent, target, earlier)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(target.parent)
    return verify_backup(target)


def copy(source_path: Path, target: Path) -> None:
    """SQLite's backup operation into a new file, on the disk when this returns."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    # `mode=ro`: this connection must never checkpoint, see `sqlite/connections.py`.
    with (
        closing(sqlite3.connect(f"{source_path.absolute().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(target)) as copied,
    ):
        source.backup(copied)
        # One file with nothing beside it: a backup that needs a WAL would be half a backup.
        copied.execute("PRAGMA journal_mode=DELETE")
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def verify_backup(path: Path) -> VerifiedBackup:
    """Read the whole backup. Raises `InvalidInput` (`backup_damaged`) or `StartupRefused`
    when it was made by a newer program."""
    if not path.is_file():
        raise NotFound(f"There is no backup at {path}.")
    try:
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as raw:
            answer = raw.execute("PRAGMA integrity_check(1)").fetchone()[0]
            broken = raw.execute("PRAGMA foreign_key_check").fetchone()
            revision = schema.read_sqlite_revision(raw)
            tables = _count_rows(raw)
    except sqlite3.DatabaseError as error:
        raise _damaged(path, str(error)) from error
    if answer != "ok":
        raise _damaged(path, str(answer))
    if broken is not None:
        raise _damaged(path, f"a reference in {broken[0]} leads nowhere")
    if revision is None:
        raise _damaged(path, "it is not a database of this program")
    schema.check_revision(revision)
    counted = backup_pictures.count_missing(path, backup_pictures.pictures_beside(path))
    return VerifiedBackup(path, revision, path.stat().st_size, tables, *counted)


def name_before_migration(revision: str) -> str:
    """The file name of a backup made before migrating from this schema."""
    return f"before-migration-{spell_stamp()}-from-{revision}.db"


def keep_newest(folder: Path, made: Path | None = None) -> None:
    """Remove all but the last ten backups made before migrations.

    `made` is the newest, whatever its name says: the clock may have been set back.
    """
    earlier = sorted(set(folder.glob("before-migration-*.db")) - {made})
    for old in earlier[: -(KEPT if made is None else KEPT - 1)]:
        old.unlink()
        backup_pictures.forget(old)


def restore(backup_path: Path, database_path: Path) -> Path | None:
    """Put the backup in the database's place; answer where the replaced one is kept.

    Raises `StartupRefused` while a server holds the database, and the faults of
    `verify_backup`; nothing is touched then. The replaced database is kept beside the
    file, and at every moment there is a whole database at the path.
    """
    verify_backup(backup_path)
    lock = lock_file(database_path)
    try:
        fresh = database_path.with_name(f"{database_path.name}.restoring")
        fresh.unlink(missing_ok=True)
        copy(backup_path, fresh)
        _forget_credentials(fresh)
        verify_backup(fresh)
        backup_pictures.bring_back(backup_path, database_path.parent)
        kept = _set_aside(database_path)
        fresh.replace(database_path)
        sync_folder(database_path.parent)
        return kept
    finally:
        lock.release()


def _forget_credentials(path: Path) -> None:
    """A browser that was signed out after the backup was made must not be let in again by it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        table = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'credentials'"
        if raw.execute(table).fetchone() is not None:
            raw.execute("DELETE FROM credentials")


def _set_aside(path: Path) -> Path | None:
    """Keep what is there under another name. A WAL must not meet a database it is not of."""
    if not path.exists():
        return None
    kept = path.with_name(f"{path.name}.replaced-{spell_stamp()}")
    try:
        with closing(sqlite3.connect(path)) as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        backup_pictures.take_along(path, path.parent, kept)
    except sqlite3.DatabaseError:
        pass  # damaged: it is kept as it is, with its WAL
    _name_again(path, kept)
    wal = Path(f"{path}-wal")
    if wal.exists():
        wal.replace(f"{kept}-wal")
    Path(f"{path}-shm").unlink(missing_ok=True)
    return kept


def _name_again(path: Path, name: Path) -> None:
    """The file under one more name, which must be free: a link, or a copy where the file system
    knows no links (FAT and exFAT, so most memory sticks)."""
    try:
        os.link(path, name)
    except FileExistsError:
        raise
    except OSError:
        try:
            with path.open("rb") as source, open(name, "xb", opener=_private) as copied:
                shutil.copyfileobj(source, copied, 1024**2)
                copied.flush()
                os.fsync(copied.fileno())
        except FileExistsError:
            raise
        except OSError:
            name.unlink(missing_ok=True)
            raise


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _count_rows(raw: sqlite3.Connection) -> dict[str, int]:
    names = raw.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    ).fetchall()
    return {name: raw.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in names}


def _damaged(path: Path, why: str) -> InvalidInput:
    return InvalidInput(f"{path} cannot be used as a backup: {why}.", code="backup_damaged")


def spell_stamp() -> str:
    """This moment as part of a file's name; names sort by time."""
    return utc_now().translate(str.maketrans("", "", ":-.")).replace("T", "-")


def count_pictures(database_path: Path) -> tuple[int, int]:
    """How many files of pictures a database that no server uses names, and how many of them are
    missing or damaged in its data folder."""
    files = ContentFiles(database_path.parent / FOLDER)
    return backup_pictures.count_missing(database_path, files)
