"""What SQLite says, as named facts."""

from __future__ import annotations

import errno
import sqlite3
import sys

from sqlalchemy.exc import DBAPIError

from ttrpg_assistant.errors import DiskFull, Fault, PersistenceUnavailable

BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_IO = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM})
DATABASE_FAILED = BUSY | _DAMAGED | _IO | frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY})
"""Codes that are nobody's own mistake: the whole batch has failed."""


def primary_code(error: BaseException) -> int | None:
    """SQLite's primary result code behind the error, or None when SQLite did not fail."""
    code = _extended_code(error)
    return None if code is None else code & 0xFF


def _extended_code(error: BaseException) -> int | None:
    if isinstance(error, DBAPIError):
        error = error.orig or error
    code = getattr(error, "sqlite_errorcode", None)
    return code if isinstance(code, int) else None


def _has_size_limit() -> bool:
    """Whether `ulimit -f` may be what stopped a write; SQLite calls it just a failed write."""
    if sys.platform == "win32":
        return False
    import resource

    return resource.getrlimit(resource.RLIMIT_FSIZE)[0] != resource.RLIM_INFINITY


def is_busy(error: BaseException) -> bool:
    """Another process holds the lock: worth another try."""
    return primary_code(error) in BUSY


def is_constraint(error: BaseException) -> bool:
    """A constraint was broken, at once or at COMMIT."""
    return primary_code(error) == sqlite3.SQLITE_CONSTRAINT


def is_broken(error: BaseException) -> bool:
    """The disk or the file's contents failed: the connection is not to be trusted."""
    code = primary_code(error)
    return code in _IO or code in _DAMAGED


def needs_reopening(error: BaseException) -> bool:
    """The writer must be reopened and the file checked before anything is acknowledged.

    After a failed fsync the kernel may have dropped the pages, so trying again can succeed
    without anything being on the disk. A read-only file stays read-only to a connection
    that opened it so.
    """
    return is_broken(error) or primary_code(error) == sqlite3.SQLITE_READONLY


def find_fault(error: BaseException) -> PersistenceUnavailable | None:
    """The fault when the error means that nothing can be stored, None when it is the work's own."""
    if isinstance(error, PersistenceUnavailable):
        return error
    if isinstance(error, OSError):
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return DiskFull("The disk is full, so messages cannot be saved.")
        return PersistenceUnavailable("The database file cannot be reached.")
    code = primary_code(error)
    if code in BUSY:
        return PersistenceUnavailable(
            "Another program is holding the database, so messages cannot be saved."
        )
    if code == sqlite3.SQLITE_FULL:
        return DiskFull("The disk is full, so messages cannot be saved.")
    if code == sqlite3.SQLITE_READONLY:
        return PersistenceUnavailable(
            "The database file is read-only, so messages cannot be saved.",
            code="database_read_only",
            cure="Give this program permission to write the file and its folder.",
        )
    if code in _DAMAGED:
        return PersistenceUnavailable(
            "The database file is damaged, so nothing more is written to it.",
            code="database_damaged",
            cure="Stop the server and restore a backup (ttrpg-assistant restore).",
        )
    if code in _IO:
        if _extended_code(error) == sqlite3.SQLITE_IOERR_WRITE and _has_size_limit():
            return DiskFull("The database file may not grow any further: a size limit is set.")
        return PersistenceUnavailable(
            "The disk reports an error, so it is not certain that the last messages were saved.",
            facts={"outcome": "unknown"},
        )
    return None


def again(fault: PersistenceUnavailable) -> PersistenceUnavailable:
    """The same fault for one more caller; a raised exception belongs to one task."""
    return type(fault)(
        fault.sentence,
        retry_after=fault.retry_after,
        code=fault.code,
        cure=fault.cure,
        facts=dict(fault.facts),
    )


def too_slow(seconds: float) -> Fault:
    """A read was stopped because it took longer than reads may."""
    return Fault(
        f"Reading took longer than {seconds:g} seconds and was stopped.", code="read_too_slow"
    )
