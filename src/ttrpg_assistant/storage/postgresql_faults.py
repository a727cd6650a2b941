"""What PostgreSQL and its driver say, as named facts.

Every class of SQLSTATE is either in `OWN` (the work itself was wrong: a bug of ours, or a refusal
that a store function expects) or in `SERVER` (nothing can be stored now, whoever asks).
"""

from __future__ import annotations

from collections.abc import Container
from typing import Final

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ttrpg_assistant.errors import DiskFull, PersistenceUnavailable

ENGINE_ERRORS: Final = (
    DBAPIError,
    PoolTimeout,
    # While it connects, the driver's own errors come unwrapped.
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    OSError,
)

_COLLISION = ("40001", "40P01", "55P03")
_DISK_FULL = "53100"
_READ_ONLY = "25006"
_LOST = ("08", "53", "57P", "25P03", "25P04", "40003", "F0")
_OUTCOME_UNKNOWN = {"outcome": "unknown"}

OWN: Final = frozenset(
    [
        "00", "01", "02", "03", "07", "09", "0A", "0B", "0F", "0L", "0P", "0Z",
        "10", "20", "21", "22", "23", "24", "26", "27", "2B", "2D", "2F", "34",
        "38", "39", "3B", "3F", "42", "44", "54", "72", "HV", "P0",
    ]
)  # fmt: skip
"""Classes that say something about what was asked, not about the server."""

SERVER: Final[dict[str, str]] = {
    "08": "The database server cannot be reached, so messages cannot be saved.",
    "25P": "The database server ended a transaction that took too long.",
    "25006": "The database is read-only, so messages cannot be saved.",
    "28": "The database server refuses the login, so messages cannot be saved.",
    "3D": "The database no longer exists, so messages cannot be saved.",
    "40": "The database is too busy to save this at the moment.",
    "40003": "The connection to the database broke while saving, so it is not certain that the "
    "last message was saved.",
    "42501": "The database does not let this user save, so messages cannot be saved.",
    "53": "The database server has no room for more work at the moment.",
    "53100": "The database server's disk is full, so messages cannot be saved.",
    "53200": "The database server is out of memory, so messages cannot be saved.",
    "53300": "The database server accepts no more connections at the moment.",
    "55P03": "The database is too busy to save this at the moment.",
    "57": "The database server is shutting down or starting, so messages cannot be saved.",
    "57014": "The database server stopped this because it took too long.",
    "57P04": "The database no longer exists, so messages cannot be saved.",
    "57P05": "The database server closed a connection that was idle for too long.",
    "58": "The database server's disk reports an error.",
    "F0": "The database server's configuration is broken, so messages cannot be saved.",
    "XX": "The database server reports an error of its own, so messages cannot be saved.",
    "XX001": "The database server reports damaged data, so messages cannot be saved.",
    "XX002": "The database server reports damaged data, so messages cannot be saved.",
}
"""What is said of each; the longest beginning of the SQLSTATE counts."""

_CODES = {
    "25006": ("database_read_only", "Make the database writable; saving continues automatically."),
    "28": ("database_login_refused", "Check user and password in TTRPG_DATABASE_URL."),
    "3D": ("database_missing", "Restore the database, or correct TTRPG_DATABASE_URL."),
    "57P04": ("database_missing", "Restore the database, or correct TTRPG_DATABASE_URL."),
    "42501": ("database_login_refused", "Give the user of TTRPG_DATABASE_URL its rights back."),
    "XX001": ("database_damaged", "Restore a backup of the database."),
    "XX002": ("database_damaged", "Restore a backup of the database."),
}
"""The code and cure of what does not pass by itself."""

SOON: Final = ("40", "55P03", "57014", "25P")
"""What may work at once when it is tried again."""


def find_state(error: BaseException) -> str | None:
    """The SQLSTATE behind the error, or None."""
    if isinstance(error, DBAPIError):
        error = error.orig or error
    state = getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None)
    return state if isinstance(state, str) else None


def is_collision(error: BaseException) -> bool:
    """Two transactions met; the same work may simply be run again."""
    return find_state(error) in _COLLISION


def is_lost(error: BaseException) -> bool:
    """The server or the connection to it is gone, or has no room for one more."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    state = find_state(error)
    if state is None:
        return isinstance(error, OSError | asyncpg.InterfaceError)
    return state.startswith(_LOST) and state not in (_DISK_FULL, "57P04")


def is_read_only(error: BaseException) -> bool:
    """Something was written in a read-only transaction or on a standby."""
    return find_state(error) == _READ_ONLY


def outcome_unknown() -> PersistenceUnavailable:
    """The connection broke while COMMIT was under way."""
    return PersistenceUnavailable(SERVER["40003"], retry_after=1.0, facts=dict(_OUTCOME_UNKNOWN))


def find_fault(error: BaseException) -> PersistenceUnavailable | None:
    """The fault when the error means that nothing can be stored, None when it is the work's own."""
    state = find_state(error)
    if isinstance(error, PoolTimeout):
        return PersistenceUnavailable(SERVER["40"], retry_after=1.0)
    if state is None:
        return PersistenceUnavailable(SERVER["08"]) if is_lost(error) else None
    if state == _DISK_FULL:
        return DiskFull(SERVER[_DISK_FULL])
    known = _longest(SERVER, state)
    if known is None:
        # Said to no statement, it was said to a connection that was being made.
        is_connecting = getattr(error, "statement", None) is None and state[:2] not in OWN
        if is_connecting or is_lost(error):
            return PersistenceUnavailable("The database accepts no connections at the moment.")
        return None
    named = _longest(_CODES, state)
    code, cure = (None, None) if named is None else _CODES[named]
    return PersistenceUnavailable(
        SERVER[known],
        code=code,
        cure=cure,
        retry_after=1.0 if state.startswith(SOON) else 5.0,
        facts=dict(_OUTCOME_UNKNOWN) if state.startswith(("58", "40003")) else None,
    )


def _longest(table: Container[str], state: str) -> str | None:
    return next((state[:size] for size in (5, 4, 3, 2) if state[:size] in table), None)
