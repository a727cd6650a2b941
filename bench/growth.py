"""What a turn, a page, a search and a hint cost while more and more groups share one PostgreSQL.

    python -m bench.growth [--groups 1 10 100]

A group is a schema of its own. The first one is served by a real server process, directly, and is
what is measured. Up to `SERVED` of the others are served too, idle, by servers that share one more
process (so that they fit onto one machine) and one PgBouncer; the rest only lie there. Each schema
holds the same: the sample campaign with its talk, and some hundred messages.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import psutil
from sqlalchemy import make_url

from bench import machine, programs
from bench.figures import median, ms, percentile
from bench.fleet.servers import Node, follow_events, make_node
from bench.http_client import Client
from bench.postgresql import start_server
from bench.talk import ask_through
from tests.pgbouncer import start_pgbouncer
from ttrpg_assistant.storage.engines import create_database
from ttrpg_assistant.storage.postgresql_tools import run_tool

ROUNDS = 60
MESSAGES = 400
IDLE_SECONDS = 20.0
SETTLE_SECONDS = 8.0
"""A server that has just started reads what was filled in past it."""

POOL = 20
SERVED = 20
ROLE = "measured"
"""The user of PostgreSQL that the measured server connects as, so that its processes are known."""

ROOT = Path(__file__).resolve().parent.parent

COUNTED = """
    SELECT (SELECT count(*) FROM pg_class), pg_database_size(current_database()),
        (SELECT sum(pg_total_relation_size(oid)) FROM pg_class
            WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r')
"""
DONE = """
    SELECT sum(xact_commit + xact_rollback), pg_current_wal_lsn() - '0/0' FROM pg_stat_database
"""


def in_schema(address: str, number: int) -> str:
    """The address of a group."""
    return f"{address}{'&' if '?' in address else '?'}schema=club_{number}"


# The machine's side


@dataclass
class Postgres:
    """The PostgreSQL server as its system sees it."""

    folder: Path

    @property
    def processes(self) -> list[psutil.Process]:
        first = (self.folder / "postmaster.pid").read_text().splitlines()[0]
        parent = psutil.Process(int(first))
        return [parent, *parent.children()]

    def cpu_seconds(self) -> float:
        """Of all its processes, those that have ended too."""
        parent, *children = self.processes
        times = parent.cpu_times()
        total = times.user + times.system + times.children_user + times.children_system
        for child in children:
            try:
                found = child.cpu_times()
            except psutil.Error:
                continue  # It has ended since, and is counted with its parent.
            total += found.user + found.system
        return float(total)

    def count_files(self) -> int:
        """Files of all databases."""
        return sum(1 for path in (self.folder / "base").rglob("*") if path.is_file())


class Backends:
    """The processes of PostgreSQL's that serve one user, those that have ended too."""

    def __init__(self, connection: asyncpg.Connection[Any]) -> None:
        self._connection = connection
        self._used: dict[int, float] = {}

    async def list_processes(self) -> list[psutil.Process]:
        asked = "SELECT pid FROM pg_stat_activity WHERE usename = $1"
        return [psutil.Process(row[0]) for row in await self._connection.fetch(asked, ROLE)]

    async def cpu_seconds(self) -> float:
        for one in await self.list_processes():
            times = one.cpu_times()
            self._used[one.pid] = times.user + times.system
        return sum(self._used.values())


def private_bytes(pid: int) -> int:
    """The memory that a process has for itself."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    return 1024 * sum(int(one.split()[1]) for one in lines if one.startswith("Private"))


async def walk(address: str, groups: int) -> int:
    """The memory of one connection that has served so many groups, as a pooler's does: it has
    looked at each of their tables."""
    connection = await asyncpg.connect(address)
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = $1"
    for number in range(groups):
        await connection.execute(f"SET search_path = club_{number}")
        for row in await connection.fetch(tables, f"club_{number}"):
            await connection.execute(f"SELECT 1 FROM {row[0]} LIMIT 1")
    found = private_bytes(connection.get_server_pid())
    await connection.close()
    return found


@dataclass
class Cost:
    """Of one operation. Seconds."""

    walls: list[float]
    server: float
    postgres: float

    def spell(self) -> str:
        return (
            f"{ms(median(self.walls))} p50, {ms(percentile(self.walls, 0.95))} p95,"
            f" {ms(self.server)} CPU here, {ms(self.postgres)} CPU in PostgreSQL"
        )


# The groups


async def make_first(address: str, number: int) -> float:
    """Make a schema and migrate it as a server does; seconds."""
    connection = await asyncpg.connect(address)
    await connection.execute(f"CREATE SCHEMA club_{number}")
    await connection.close()
    began = time.perf_counter()
    database = create_database(in_schema(address, number))
    await database.open()
    await database.close()
    return time.perf_counter() - began


async def copy_first(address: str, first: int, until: int) -> None:
    """More groups, each with what the first one holds."""
    dump = await run_tool("pg_dump", address, "--schema=club_0", "--no-owner")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "dump.sql")
        for number in range(first, until):
            renamed = dump.replace("club_0", f"club_{number}")
            await asyncio.to_thread(path.write_text, renamed)
            told = ("--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--file={path}")
            await run_tool("psql", address, *told)
    connection = await asyncpg.connect(address)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


async def fill_first(client: Client) -> None:
    """The sample campaign with its talk, and messages to search in."""
    await client.ask("POST", "/api/sample-campaign", {})
    _, thread = await open_talk(client)
    for number in range(MESSAGES):
        said = f"On day {number} the heron keeper counts {number * 7} lanterns at the old mill."
        path = f"/api/threads/{thread}/messages"
        (await client.ask("POST", path, {"role": "user", "content": said})).json()


async def open_talk(client: Client) -> tuple[str, str]:
    """A campaign and a new thread in it."""
    campaigns = (await client.ask("GET", "/api/campaigns")).json()["campaigns"]
    body = {"purpose": "general", "campaign_id": campaigns[0]["id"]}
    made = (await client.ask("POST", "/api/threads", body)).json()
    return str(campaigns[0]["id"]), str(made["id"])


async def serve_neighbours(address: str, first: int, until: int, place: Path) -> None:
    """Servers of other groups, all in this process, until it is ended."""
    from tests.running import running

    async with AsyncExitStack() as stack:
        for number in range(first, until):
            where = in_schema(address, number)
            await stack.enter_async_context(
                running(place / f"n{number}", database_url=where, backups_kept=0)
            )
        print("serving", flush=True)
        await asyncio.Event().wait()


# What is measured


class Measured:
    """The group that is measured, and what its operations cost."""

    def __init__(self, node: Node, backends: Backends) -> None:
        self.node, self.backends = node, backends
        self.client = Client(node.address, programs.TOKEN)
        self.process = psutil.Process(node.process.pid)
        self._idle = (0.0, 0.0)

    async def _cpu(self) -> tuple[float, float]:
        used = self.process.cpu_times()
        return used.user + used.system, await self.backends.cpu_seconds()

    async def rest(self, seconds: float = IDLE_SECONDS) -> tuple[float, float]:
        """Seconds of processor time a second that nobody asks for: here, in PostgreSQL."""
        before = await self._cpu()
        await asyncio.sleep(seconds)
        after = await self._cpu()
        self._idle = ((after[0] - before[0]) / seconds, (after[1] - before[1]) / seconds)
        return self._idle

    async def cost(self, work: Callable[[int], Awaitable[float]]) -> Cost:
        """Of an operation, which gives the seconds that it took."""
        for number in range(3):
            await work(-1 - number)
        before, began = await self._cpu(), time.perf_counter()
        walls = [await work(number) for number in range(ROUNDS)]
        await asyncio.sleep(1)  # What is done after the answer counts too.
        spent, after = time.perf_counter() - began, await self._cpu()
        each = [(after[at] - before[at] - self._idle[at] * spent) / ROUNDS for at in (0, 1)]
        return Cost(walls, each[0], each[1])

    async def measure(self) -> dict[str, Cost]:
        """All four operations."""
        campaign, thread = await open_talk(self.client)
        pages = (
            "/api/campaigns",
            f"/api/campaigns/{campaign}",
            f"/api/campaigns/{campaign}/conversations",
            f"/api/threads/{thread}/messages?limit=50",
        )

        async def turn(_: int) -> float:
            return (await ask_through(self.client, f"/api/threads/{thread}/turns")).last

        async def page(_: int) -> float:
            began = time.perf_counter()
            for path in pages:
                (await self.client.ask("GET", path)).json()
            return time.perf_counter() - began

        async def search(number: int) -> float:
            words = f"lanterns%20{abs(number) * 7}"
            heard = await self.client.ask("GET", f"/api/search?q={words}")
            assert heard.json()
            return heard.ended_at - heard.asked_at

        found = {"turn": await self.cost(turn), "page": await self.cost(page)}
        found["search"] = await self.cost(search)
        found["hint"] = await self._cost_hint(campaign)
        return found

    async def _cost_hint(self, campaign: str) -> Cost:
        heard: asyncio.Queue[float] = asyncio.Queue()

        async def listen() -> None:
            async for name, content in follow_events(self.node.port, "/api/changes"):
                if name == "campaign" and content["id"] == campaign:
                    heard.put_nowait(time.perf_counter())

        async def hint(number: int) -> float:
            while not heard.empty():
                heard.get_nowait()
            began = time.perf_counter()
            body = {"name": f"Mira {number} {time.monotonic()}"}
            await self.client.ask("POST", f"/api/campaigns/{campaign}/npcs", body)
            return await asyncio.wait_for(heard.get(), 10) - began

        listening = asyncio.create_task(listen())
        try:
            await asyncio.sleep(0.5)
            return await self.cost(hint)
        finally:
            listening.cancel()


async def measure_with(
    groups: int, address: str, pooled: str, node: Node, postgres: Postgres, place: Path
) -> None:
    """Print what everything costs with so many groups."""
    print(f"\n{groups} groups, load {machine.find_load()}, pace {machine.find_pace()}", flush=True)
    with ExitStack() as until_end:
        neighbours: Any = None
        served = min(groups, SERVED + 1)
        if served > 1:
            which = ["--neighbours", pooled, "1", str(served), "--place", str(place)]
            command = [sys.executable, "-m", "bench.growth", *which]
            neighbours = programs.spawn(command, programs.environment(None), cwd=ROOT)
            until_end.callback(programs.stop, neighbours)
            await asyncio.to_thread(programs.read_first_line, neighbours)
        print(f"  {served - 1} of the others are served", flush=True)
        connection = await asyncpg.connect(address)
        measured = Measured(node, Backends(connection))
        await asyncio.sleep(SETTLE_SECONDS)
        relations, size, catalogue = map(float, await connection.fetchrow(COUNTED))
        print(
            f"  {relations:,.0f} relations, {postgres.count_files():,} files,"
            f" {size / 1e6:,.0f} MB, catalogue {catalogue / 1e6:,.1f} MB"
        )
        before, all_before = await connection.fetchrow(DONE), postgres.cpu_seconds()
        used = psutil.Process(neighbours.pid).cpu_times() if neighbours else None
        here, there = await measured.rest()
        after = await connection.fetchrow(DONE)
        all_there = (postgres.cpu_seconds() - all_before) / IDLE_SECONDS
        commits, logged = (float(after[at] - before[at]) / IDLE_SECONDS for at in (0, 1))
        print(
            f"  idle, CPU-ms a second: {here * 1e3:.1f} here, {there * 1e3:.1f} in its connections,"
            f" {all_there * 1e3:.1f} in all of PostgreSQL;"
            f" {commits:.1f} transactions and {logged / 1e3:.1f} kB of log a second"
        )
        if neighbours and used:
            now = psutil.Process(neighbours.pid).cpu_times()
            spent = now.user + now.system - used.user - used.system
            each = spent / IDLE_SECONDS / (served - 1)
            print(f"  one of the others: {each * 1e3:.1f} CPU-ms a second")
        for name, cost in (await measured.measure()).items():
            print(f"  {name}: {cost.spell()}", flush=True)
        own = [private_bytes(one.pid) for one in await measured.backends.list_processes()]
        walked, resident = await walk(address, groups), programs.resident_bytes(node.process)
        print(
            f"  {len(own)} connections of {median(own) / 1e6:.1f} MB; one for all groups"
            f" {walked / 1e6:.1f} MB; the server {resident / 1e6:.0f} MB",
            flush=True,
        )
        await connection.close()
        measured.client.close()


async def run(given: argparse.Namespace, address: str, pooled: str, place: Path) -> None:
    """Everything, with more and more groups."""
    postgres, made = Postgres(place / "postgresql"), 1
    print(machine.describe())
    async with programs.provider(3) as provider:
        print(f"a new schema: {await make_first(address, 0):.2f} s")
        connection = await asyncpg.connect(address)
        await connection.execute(f"CREATE ROLE {ROLE} SUPERUSER LOGIN")
        await connection.close()
        own = make_url(address).set(username=ROLE).render_as_string(hide_password=False)
        node = make_node(place / ROLE, in_schema(own, 0), provider)
        await node.start()
        try:
            client = Client(node.address, programs.TOKEN)
            await fill_first(client)
            client.close()
            for groups in given.groups:
                await copy_first(address, made, groups)
                made = max(made, groups)
                await measure_with(groups, address, pooled, node, postgres, place)
        finally:
            programs.stop(node.process)


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--groups", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--neighbours", nargs=3, metavar=("ADDRESS", "FIRST", "UNTIL"))
    parser.add_argument("--place", type=Path)
    given = parser.parse_args()
    if given.neighbours:
        address, first, until = given.neighbours
        asyncio.run(serve_neighbours(address, int(first), int(until), given.place))
        return
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ttrpg-growth-")))
        address = stack.enter_context(start_server(place / "postgresql"))
        pooled = stack.enter_context(start_pgbouncer(address, pool=POOL))
        asyncio.run(run(given, address, pooled, place))


if __name__ == "__main__":
    main()
