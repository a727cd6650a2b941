"""What PostgreSQL and its driver say, as named facts."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError

from ttrpg_assistant.errors import DiskFull, PersistenceUnavailable

_COLLISION = ("40001", "40P01", "55P03")
_DISK_FULL = "53100"
_READ_ONLY = "25006"
_IO = "58030"
_LOST_CLASSES = ("08", "53", "57P")


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
        return isinstance(error, OSError)
    return state.startswith(_LOST_CLASSES) and state != _DISK_FULL


def is_read_only(error: BaseException) -> bool:
    """Something was written in a read-only transaction or on a standby."""
    return find_state(error) == _READ_ONLY


def outcome_unknown() -> PersistenceUnavailable:
    """The connection broke while COMMIT was under way."""
    return PersistenceUnavailable(
        "The connection to the database broke while saving, so it is not certain that the last "
        "message was saved.",
        retry_after=1.0,
        facts={"outcome": "unknown"},
    )


def find_fault(error: BaseException) -> PersistenceUnavailable | None:
    """The fault when the error means that nothing can be stored, None when it is the work's own."""
    state = find_state(error)
    if state == _DISK_FULL:
        return DiskFull("The database server's disk is full, so messages cannot be saved.")
    if is_read_only(error):
        return PersistenceUnavailable(
            "The database is read-only, so messages cannot be saved.", code="database_read_only"
        )
    if state == _IO:
        return PersistenceUnavailable(
            "The database server's disk reports an error.", facts={"outcome": "unknown"}
        )
    if is_collision(error):
        return PersistenceUnavailable(
            "The database is too busy to save this at the moment.", retry_after=1.0
        )
    if is_lost(error):
        return PersistenceUnavailable(
            "The database server cannot be reached, so messages cannot be saved."
        )
    return None
