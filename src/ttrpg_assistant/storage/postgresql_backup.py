"""Backups of a PostgreSQL database that can be trusted, and the way back from one.

`pg_dump` writes one file in its own compressed format, which is read through before it gets its
name. Only the schema that we use is in it. Pictures lie beside it, as beside SQLite's backups.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy.engine import make_url

from ttrpg_assistant.errors import BackupImpossible, InvalidInput, NotFound, StartupRefused
from ttrpg_assistant.storage import backup_pictures, schema, server_rows
from ttrpg_assistant.storage.backup import VerifiedBackup, spell_stamp
from ttrpg_assistant.storage.content_files import (
    ENDINGS,
    RECEIVED,
    Content,
    make_private_folder,
    sync_folder,
)
from ttrpg_assistant.storage.pooling import SETTINGS, refuses_settings
from ttrpg_assistant.storage.postgresql_faults import ENGINE_ERRORS, find_fault
from ttrpg_assistant.storage.postgresql_tools import run_tool

_TIMEOUT: Final = 30.0
_VERSIONS: Final = re.compile(r"^\d+; \d+ \d+ TABLE DATA (.+) alembic_version ", re.MULTILINE)
_REVISION: Final = re.compile(r"^COPY .*alembic_version .*\n(\w{1,32})$", re.MULTILINE)


async def measure(address: str) -> int:
    """The bytes of our tables, which no dump of them exceeds."""
    async with _connected(address) as (connection, place):
        found: int = await connection.fetchval(
            "SELECT coalesce(sum(pg_table_size(oid)), 0)::bigint FROM pg_class"
            " WHERE relnamespace = to_regnamespace($1) AND relkind = 'r'",
            _quote(place),
        )
        return found


async def back_up(
    address: str, data_dir: Path, target: Path, earlier: Path | None = None
) -> VerifiedBackup:
    """Write a backup of the database as of this moment to `target`, for its owner alone.

    The target appears complete and verified, or not at all. `earlier` is a backup in the same
    folder whose pictures may be linked to. Raises `InvalidInput` when the target exists,
    `BackupImpossible`, and `PersistenceUnavailable` when the database cannot be reached.
    """
    async with _connected(address) as (connection, place):
        major = connection.get_server_version().major
        if await _find_revision(connection, place) is None:
            raise NotFound("There is no database of this program at TTRPG_DATABASE_URL yet.")
    part = target.with_name(f"{target.name}.part")
    _make_place(target, part)
    try:
        await run_tool(
            *("pg_dump", address, "--format=custom", "--no-owner", "--no-privileges"),
            *("--lock-wait-timeout=60s", f"--schema={_quote(place)}", f"--file={part}"),
            major=major,
        )
        await _check_dump(address, part)
        async with _connected(address) as (connection, place):
            revision = await _find_revision(connection, place)
            named = await _list_named(connection, place)
            imported = await _list_imported(connection, place)
        files = [*named, *imported]
        await asyncio.to_thread(_finish, part, files, data_dir, target, earlier)
    finally:
        part.unlink(missing_ok=True)
    beside = backup_pictures.pictures_beside(target)
    missing = await asyncio.to_thread(lambda: sum(not beside.is_whole(one) for one in named))
    size = (await asyncio.to_thread(target.stat)).st_size
    return VerifiedBackup(
        target, str(revision), size, {}, pictures=len(named), missing_pictures=missing
    )


def _make_place(target: Path, part: Path) -> None:
    if target.exists():
        raise InvalidInput(f"{target} exists already; choose another name.", code="target_exists")
    make_private_folder(target.parent)
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _finish(
    part: Path, named: list[Content], data_dir: Path, target: Path, earlier: Path | None
) -> None:
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    backup_pictures.take_named_along(named, data_dir, target, earlier)
    part.replace(target)
    sync_folder(target.parent)


async def _check_dump(address: str, path: Path) -> str:
    """Read a whole dump; the schema it is of. Raises `InvalidInput` (`backup_damaged`), and
    `StartupRefused` when a newer program made it."""
    try:
        contents = await run_tool("pg_restore", address, "--list", str(path))
        # Every row is unpacked and spelled as SQL, into nothing.
        await run_tool("pg_restore", address, f"--file={os.devnull}", str(path))
        version = await run_tool(
            *("pg_restore", address, "--data-only", "--table=alembic_version", "--file=-"),
            str(path),
        )
    except BackupImpossible as fault:
        if fault.code != "backup_failed":
            raise
        raise InvalidInput(
            f"{path} cannot be used as a backup: {fault.sentence}", code="backup_damaged"
        ) from fault
    found, revision = _VERSIONS.search(contents), _REVISION.search(version)
    if found is None or revision is None:
        raise InvalidInput(
            f"{path} cannot be used as a backup: it is not a database of this program.",
            code="backup_damaged",
        )
    schema.check_revision(revision[1])
    return found[1]


async def restore(path: Path, address: str, data_dir: Path) -> str | None:
    """Put a backup in the place of what the database holds; the name of the schema where that is
    kept, None when there was nothing.

    Raises `StartupRefused` while anybody else is connected, and the faults of a damaged backup;
    then everything is as it was.
    """
    if not await asyncio.to_thread(path.is_file):
        raise NotFound(f"There is no backup at {path}.")
    dumped = await _check_dump(address, path)
    async with _connected(address) as (connection, place):
        major = connection.get_server_version().major
        if dumped != place:
            raise InvalidInput(
                f"The backup is of the schema {dumped}, and TTRPG_DATABASE_URL leads to {place}.",
                code="backup_of_another_schema",
                cure=f"Add schema={dumped} to the query of TTRPG_DATABASE_URL.",
            )
        if make_url(address).query.get("schema") is None:
            await _check_alone(connection)
        else:
            await _check_unserved(connection, place)
        kept = await _set_aside(connection, place)
        try:
            await run_tool(
                *("pg_restore", address, "--no-owner", "--no-privileges", "--exit-on-error"),
                *("--single-transaction", f"--schema={place}"),
                *(f"--dbname={await connection.fetchval('SELECT current_database()')}", str(path)),
                major=major,
            )
        except BaseException:
            await _put_back(connection, place, kept)
            raise
        # A browser that was signed out since must not be let in again by a backup.
        await connection.execute(f"DELETE FROM {_quote(place)}.credentials")
    await asyncio.to_thread(backup_pictures.bring_back, path, data_dir)
    return kept


async def _check_alone(connection: Any) -> None:
    others = await connection.fetchval(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    if others:
        raise StartupRefused(
            f"{others} other connections use the database.",
            code="database_in_use",
            cure="Stop every server that uses it, then restore again.",
        )


async def _check_unserved(connection: Any, place: str) -> None:
    """Other groups may go on using the other schemas of the database."""
    table = f"{_quote(place)}.servers"
    if await connection.fetchval("SELECT to_regclass($1)", table) is None:
        return
    living = await connection.fetchval(
        f"SELECT count(*) FROM {table}"
        " WHERE seen_at > extract(epoch from clock_timestamp()) - $1::float",
        server_rows.SEEN_SECONDS,
    )
    if living:
        raise StartupRefused(
            f"Servers use the schema {place}: {living}.",
            code="database_in_use",
            cure="Stop every server that uses it, then restore again. One that was killed is"
            f" forgotten after {server_rows.SEEN_SECONDS:g} seconds.",
        )


async def _set_aside(connection: Any, place: str) -> str | None:
    """Rename the schema that is there and make an empty one, both or neither."""
    kept = f"{place}_replaced_{spell_stamp()[:15].replace('-', '_')}"
    if await connection.fetchval("SELECT to_regnamespace($1)", _quote(place)) is None:
        await connection.execute(f"CREATE SCHEMA {_quote(place)}")
    if await _find_revision(connection, place) is None:
        return None
    async with connection.transaction():
        await connection.execute(f"ALTER SCHEMA {_quote(place)} RENAME TO {_quote(kept)}")
        await connection.execute(f"CREATE SCHEMA {_quote(place)}")
    return kept


async def _put_back(connection: Any, place: str, kept: str | None) -> None:
    if kept is not None:
        async with connection.transaction():
            await connection.execute(f"DROP SCHEMA {_quote(place)} CASCADE")
            await connection.execute(f"ALTER SCHEMA {_quote(kept)} RENAME TO {_quote(place)}")


async def _find_revision(connection: Any, place: str) -> str | None:
    table = f"{_quote(place)}.alembic_version"
    if await connection.fetchval("SELECT to_regclass($1)", table) is None:
        return None
    found: str | None = await connection.fetchval(f"SELECT version_num FROM {table}")
    return found


async def _list_named(connection: Any, place: str) -> list[Content]:
    table = f"{_quote(place)}.pictures"
    if await connection.fetchval("SELECT to_regclass($1)", table) is None:
        return []
    rows = await connection.fetch(f"SELECT DISTINCT sha256, media_type FROM {table}")
    return [Content(str(one), str(kind)) for one, kind in rows if kind in ENDINGS]


async def _list_imported(connection: Any, place: str) -> list[Content]:
    table = f"{_quote(place)}.imported_files"
    if await connection.fetchval("SELECT to_regclass($1)", table) is None:
        return []
    rows = await connection.fetch(f"SELECT DISTINCT sha256 FROM {table}")
    return [Content(str(row[0]), RECEIVED) for row in rows]


@asynccontextmanager
async def _connected(address: str) -> AsyncIterator[tuple[Any, str]]:
    """A connection, and the schema that the tables are in. Raises `BackupImpossible` when it leads
    through a pooler: what `pg_dump` sets for itself would then be set for everybody."""
    url = make_url(address)
    named = url.query.get("schema")
    address = url.difference_update_query(["schema"]).render_as_string(hide_password=False)
    try:
        connection = await asyncpg.connect(
            address,
            timeout=_TIMEOUT,
            command_timeout=_TIMEOUT,
            statement_cache_size=0,
            server_settings={"lock_timeout": SETTINGS["lock_timeout"]},
        )
        try:
            if await connection.fetchval("SHOW lock_timeout") != SETTINGS["lock_timeout"]:
                raise _pooled()
            place = named or await connection.fetchval("SELECT current_schema()")
            yield connection, str(place or "public")
        finally:
            await connection.close()
    except ENGINE_ERRORS as error:
        if refuses_settings(error):
            raise _pooled() from error
        fault = find_fault(error)
        if fault is None:
            raise
        raise fault from error


def _pooled() -> BackupImpossible:
    return BackupImpossible(
        "No backup can be made or brought back through a connection pooler.",
        code="backup_through_pooler",
        cure="Set TTRPG_BACKUPS_KEPT=0 here, and run the backup command with the address of"
        " PostgreSQL itself.",
    )


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
