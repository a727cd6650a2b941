"""One server per file."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from ttrpg_assistant.errors import StartupRefused


def lock_file(path: Path) -> FileLock:
    """Hold the file for this process until it ends or releases it.

    The lock stands beside the database, in a file of its own: closing any handle on the
    database itself would drop SQLite's own locks. Makes the folder, readable by its owner
    only, when there is none. Raises `StartupRefused`.
    """
    lock = FileLock(f"{path}.lock", thread_local=False, mode=0o600)
    try:
        if not path.parent.exists():
            path.parent.mkdir(parents=True, mode=0o700)
        lock.acquire(timeout=0)
    except Timeout:
        raise StartupRefused(
            f"Another server is already using {path}.",
            code="database_in_use",
            cure="Use the server that is running, stop it first, or choose another data folder.",
        ) from None
    except OSError as error:
        raise StartupRefused(
            f"The folder {path.parent} cannot be written to ({error.strerror}).",
            code="data_folder_not_writable",
            cure="Give this program permission to write there, or choose another data folder.",
        ) from error
    return lock
