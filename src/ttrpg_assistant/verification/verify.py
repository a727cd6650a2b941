"""All checks in order, over a database that no server uses meanwhile.

They run in one transaction of the writer, because checking the index needs one; finding changes
nothing.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

# The checks read every table there is.
import ttrpg_assistant.campaigns.tables
import ttrpg_assistant.continuity.tables
import ttrpg_assistant.conversations.tables
import ttrpg_assistant.pictures.tables
import ttrpg_assistant.reviews.tables
import ttrpg_assistant.storage.credential_rows
import ttrpg_assistant.storage.import_tables
import ttrpg_assistant.storage.model_rows
import ttrpg_assistant.storage.preferences
import ttrpg_assistant.storage.probe
import ttrpg_assistant.storage.server_rows
import ttrpg_assistant.storage.token_tables
import ttrpg_assistant.suggestions.tables
import ttrpg_assistant.vaults.tables  # noqa: F401
from ttrpg_assistant.errors import StartupRefused
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.engines import create_database
from ttrpg_assistant.storage.inspection import inspect
from ttrpg_assistant.verification.folder_files import list_folders
from ttrpg_assistant.verification.model import Check, Problem
from ttrpg_assistant.verification.row_checks import ROW_CHECKS
from ttrpg_assistant.verification.store.index import INDEX

CHECKS: tuple[Check, ...] = (*ROW_CHECKS, INDEX)


def list_problems(tx: Connection) -> list[Problem]:
    """Everything that is wrong, in the order of the checks."""
    return [problem for check in CHECKS for problem in check.find(tx)]


def mend(tx: Connection) -> list[Problem]:
    """Mend what can be mended; what is wrong after that."""
    for check in CHECKS:
        if check.mend is not None and any(problem.can_mend for problem in check.find(tx)):
            check.mend(tx)
    return list_problems(tx)


async def verify(
    address: Path | str, *, mending: bool = False, data_dir: Path | None = None
) -> list[Problem]:
    """Walk the database at this address, and the pictures and imported files in the data folder: by
    default the folder of an SQLite file. Raises `StartupRefused` when it cannot be walked: a
    server uses it, or it has the schema of another version."""
    if isinstance(address, Path):
        _check_openable(address)
        data_dir = data_dir or address.parent
    folders = list_folders(data_dir)

    def work(tx: Connection) -> list[Problem]:
        problems = mend(tx) if mending else list_problems(tx)
        for folder in folders:
            if mending:
                folder.mend(tx)
            problems += folder.find(tx)
        return problems

    database: Database = create_database(address)
    await database.open()
    try:
        return await database.write(work)
    finally:
        await database.close()


def _check_openable(path: Path) -> None:
    found = inspect(path)
    if not found.exists:
        raise StartupRefused(
            f"There is no database at {path}.",
            code="database_missing",
            cure="Start the application once, or name another data folder with --data-dir.",
        )
    if found.in_use:
        raise StartupRefused(
            "A running server uses this database.",
            code="database_in_use",
            cure="Stop the server, then run this again.",
        )
    if found.revision != found.needed_revision:
        raise StartupRefused(
            f"The database has schema {found.revision}, and this program needs "
            f"{found.needed_revision}.",
            code="schema_differs",
            cure="Run the migrate command with this version, or use the version that made it.",
        )
