"""Several servers on one PostgreSQL behind round robin, while one is killed every minute.

    python -m bench.fleet --servers 2 --minutes 10 [--pooled]

Every campaign has a writer, pages listen through the balancer, and at the end each server is
asked for everything: what was acknowledged must be there once, in its place. Two probes measure
meanwhile, between servers that live: how late a hint and a word are at another server than at the
one that was asked.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from bench import programs
from bench.postgresql import start_server
from tests.pgbouncer import start_pgbouncer
from ttrpg_assistant.ids import new_id

HEADERS = {"authorization": f"Bearer {programs.TOKEN}"}
LEASE_SECONDS = 25.0
THREAD = {"purpose": "general"}
PUBLIC = "fleet.test"
"""The name that every server answers to, whichever the balancer picks."""


@dataclass
class Node:
    """A server that is killed and started again at the same port."""

    port: int
    place: Path
    database: str
    provider: str
    process: Any = None
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        command = ["serve", "--no-browser", "--port", str(self.port), "--data-dir", str(self.place)]
        variables = programs.environment(self.provider) | {
            "TTRPG_DATABASE_URL": self.database,
            "TTRPG_PUBLIC_URL": f"http://{PUBLIC}",
        }
        line = [sys.executable, "-m", "ttrpg_assistant", *command]
        self.process = await asyncio.to_thread(programs.spawn, line, variables)
        await asyncio.to_thread(programs.read_first_line, self.process)
        self.ready.set()

    def kill(self) -> None:
        self.ready.clear()
        self.process.kill()
        self.process.wait()


class Balancer:
    """TCP round robin over the servers that live."""

    def __init__(self, nodes: list[Node]) -> None:
        self._nodes = nodes
        self._next = 0
        self.port = 0

    async def open(self) -> asyncio.Server:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in self._nodes:
            self._next += 1
            node = self._nodes[self._next % len(self._nodes)]
            if not node.ready.is_set():
                continue
            try:
                there, back = await asyncio.open_connection("127.0.0.1", node.port)
            except OSError:
                continue
            tasks = [
                asyncio.create_task(_pump(reader, back)),
                asyncio.create_task(_pump(there, writer)),
            ]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
            back.close()
            break
        writer.close()


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()


async def events(port: int, path: str, more: str = "") -> AsyncIterator[tuple[str, Any]]:
    """Server-sent events until the connection ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    try:
        head = f"GET {path} HTTP/1.1\r\nHost: {PUBLIC}\r\n{more}"
        writer.write(f"{head}Authorization: Bearer {programs.TOKEN}\r\n\r\n".encode())
        name, status = "", await reader.readline()
        assert not status or b" 200 " in status, status
        while line := await reader.readline():
            if line.startswith(b"event: "):
                name = line[7:].decode().strip()
            elif line.startswith(b"data: "):
                yield name, json.loads(line[6:])
    finally:
        writer.close()


@dataclass
class Figures:
    """What was counted and measured. Seconds."""

    acknowledged: dict[str, tuple[str, int]] = field(default_factory=dict)
    kills: int = 0
    retried: int = 0
    hints: int = 0
    reconnected: int = 0
    other_text: int = 0
    """Replies whose stored text does not begin as it was seen."""
    hint_here: list[float] = field(default_factory=list)
    hint_there: list[float] = field(default_factory=list)
    first_here: list[float] = field(default_factory=list)
    first_there: list[float] = field(default_factory=list)


class Fleet:
    """One run."""

    def __init__(self, nodes: list[Node], balancer: Balancer, given: argparse.Namespace) -> None:
        self.nodes, self.balancer, self.given = nodes, balancer, given
        self.figures = Figures()
        self.over = asyncio.Event()
        self.pick = random.Random(given.seed)
        self.threads: list[str] = []
        self.client = httpx2.AsyncClient(
            headers=HEADERS, timeout=30, trust_env=False, limits=httpx2.Limits(max_connections=100)
        )

    async def call(self, method: str, path: str, body: Any = None, node: Node | None = None) -> Any:
        """A request that is repeated until a server acknowledges it."""
        while True:
            at = node or self.pick.choice(self.nodes)
            if not at.ready.is_set():
                await asyncio.sleep(0.05)
                continue
            try:
                answer = await self.client.request(method, at.address + path, json=body)
                if answer.status_code < 500:
                    assert answer.is_success, answer.text
                    return answer.json()
            except httpx2.HTTPError:
                pass
            self.figures.retried += 1
            await asyncio.sleep(0.2)

    async def lay(self) -> None:
        for number in range(self.given.campaigns):
            made = await self.call("POST", "/api/campaigns", {"name": f"Campaign {number}"})
            thread = await self.call("POST", "/api/threads", THREAD | {"campaign_id": made["id"]})
            self.threads.append(thread["id"])

    async def write(self, thread: str) -> None:
        await asyncio.sleep(self.pick.uniform(0, self.given.pause))
        while not self.over.is_set():
            message = new_id()
            posted = await self.call(
                "POST",
                f"/api/threads/{thread}/turns",
                {"message_id": message, "content": f"What about {message}?"},
            )
            said = posted["user_message"]
            self.figures.acknowledged[said["id"]] = (thread, said["seq"])
            await self.follow(posted["assistant_message"]["id"])
            await asyncio.sleep(self.pick.uniform(0.5, 1.5) * self.given.pause)

    async def follow(self, reply: str) -> None:
        text = ""
        while True:
            node = self.pick.choice(self.nodes)
            if not node.ready.is_set():
                await asyncio.sleep(0.05)
                continue
            more = f"Last-Event-ID: {len(text)}\r\n" if text else ""
            with suppress(OSError):
                path = f"/api/replies/{reply}/stream"
                async for name, content in events(node.port, path, more):
                    if name == "snapshot":
                        text = content["content"]
                    elif name == "text":
                        text += content["text"]
                    elif name == "done":
                        stored = content["message"]["content"]
                        self.figures.other_text += not stored.startswith(text[:20])
                        return

    async def page(self) -> None:
        while not self.over.is_set():
            with suppress(OSError):
                async for _ in events(self.balancer.port, "/api/changes"):
                    self.figures.hints += 1
            self.figures.reconnected += 1
            await asyncio.sleep(0.5)

    async def kill(self) -> None:
        while not self.over.is_set():
            await asyncio.sleep(self.given.every)
            node = self.pick.choice(self.nodes)
            node.kill()
            self.figures.kills += 1
            await node.start()

    async def probe(self) -> None:
        """From one server that lives to itself and to another."""
        while not self.over.is_set():
            await asyncio.sleep(2)
            living = [node for node in self.nodes if node.ready.is_set()]
            here, there = living[0], living[-1]
            with suppress(OSError, httpx2.HTTPError, TimeoutError, AssertionError):
                async with asyncio.timeout(20):
                    await self._probe_hint(here, there)
                    await self._probe_reply(here, there)

    async def _probe_hint(self, here: Node, there: Node) -> None:
        campaign = await self.call("POST", "/api/campaigns", {"name": "Probe"}, here)
        moments: dict[int, float] = {}

        async def listen(node: Node, at: int) -> None:
            async for name, content in events(node.port, "/api/changes"):
                if name == "persistence":
                    ready[at].set()
                if name == "campaign" and content["id"] == campaign["id"]:
                    moments[at] = time.perf_counter()
                    return

        ready = [asyncio.Event(), asyncio.Event()]
        tasks = [asyncio.create_task(listen(node, at)) for at, node in enumerate((here, there))]
        await asyncio.gather(*(one.wait() for one in ready))
        began = time.perf_counter()
        await self.call("POST", f"/api/campaigns/{campaign['id']}/npcs", {"name": "Mira"}, here)
        await asyncio.gather(*tasks)
        self.figures.hint_here.append(moments[0] - began)
        if here is not there:
            self.figures.hint_there.append(moments[1] - began)

    async def _probe_reply(self, here: Node, there: Node) -> None:
        thread = await self.call("POST", "/api/threads", THREAD, here)
        moments: list[dict[int, float]] = [{}, {}]

        async def listen(node: Node, at: int, reply: str) -> None:
            async for name, _ in events(node.port, f"/api/replies/{reply}/stream"):
                if name == "done":
                    return
                if name in ("text", "snapshot"):
                    seen = len(moments[at])
                    moments[at][seen] = time.perf_counter()

        began = time.perf_counter()
        body = {"message_id": new_id(), "content": "How late?"}
        posted = await self.call("POST", f"/api/threads/{thread['id']}/turns", body, here)
        reply = posted["assistant_message"]["id"]
        await asyncio.gather(listen(here, 0, reply), listen(there, 1, reply))
        firsts = [sorted(one.values())[1] - began for one in moments if len(one) > 1]
        self.figures.first_here.append(firsts[0])
        if here is not there:
            self.figures.first_there.append(firsts[1])

    async def check(self) -> dict[str, int]:
        """Everything that each server shows, against what was acknowledged."""
        found = {"lost": 0, "doubled": 0, "moved": 0, "unended": 0, "differs": 0, "unanswered": 0}
        shown: list[dict[str, list[Any]]] = []
        for node in self.nodes:
            threads: dict[str, list[Any]] = {}
            for thread in self.threads:
                path = f"/api/threads/{thread}/messages?limit=500"
                threads[thread] = (await self.call("GET", path, node=node))["messages"]
            shown.append(threads)
        found["differs"] = sum(one != shown[0] for one in shown)
        there: dict[str, list[tuple[str, int]]] = {}
        for thread, messages in shown[0].items():
            found["unended"] += sum(one["status"] == "streaming" for one in messages)
            parents = {one["parent_id"] for one in messages if one["role"] == "assistant"}
            for one in messages:
                if one["role"] == "user":
                    there.setdefault(one["id"], []).append((thread, one["seq"]))
                    found["unanswered"] += one["id"] not in parents
        for id, place in self.figures.acknowledged.items():
            places = there.get(id, [])
            found["lost"] += not places
            found["doubled"] += len(places) > 1
            found["moved"] += bool(places) and place not in places
        return found

    async def run(self) -> dict[str, int]:
        await self.lay()
        tasks = [asyncio.create_task(self.write(thread)) for thread in self.threads]
        beside = [asyncio.create_task(self.page()) for _ in range(self.given.pages)]
        beside.append(asyncio.create_task(self.probe()))
        if self.given.every:
            beside.append(asyncio.create_task(self.kill()))
        await asyncio.sleep(self.given.minutes * 60)
        self.over.set()
        await asyncio.wait(tasks, timeout=LEASE_SECONDS + 3 * self.given.pause)
        for task in (*tasks, *beside):
            task.cancel()
        await asyncio.gather(*tasks, *beside, return_exceptions=True)
        for node in self.nodes:
            if not node.ready.is_set():
                await node.start()
        await asyncio.sleep(LEASE_SECONDS)
        return await self.check()


def spell(name: str, values: list[float]) -> str:
    """Median and the 95th of a hundred, in milliseconds."""
    if len(values) < 2:
        return f"{name}: too few"
    last = statistics.quantiles(values, n=20)[-1]
    middle = statistics.median(values)
    return f"{name}: {middle * 1e3:.0f} ms p50, {last * 1e3:.0f} ms p95 ({len(values)})"


async def measure(given: argparse.Namespace, database: str, place: Path) -> None:
    """Lay, run, check, print."""
    async with programs.provider(40, 20) as provider:
        nodes = []
        for number in range(given.servers):
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            nodes.append(Node(port, place / str(number), database, provider))
        await asyncio.gather(*(node.start() for node in nodes))
        balancer = Balancer(nodes)
        serving = await balancer.open()
        fleet = Fleet(nodes, balancer, given)
        try:
            found = await fleet.run()
        finally:
            serving.close()
            for node in nodes:
                programs.stop(node.process)
    figures = fleet.figures
    print(f"{given.servers} servers, pooled={given.pooled}, {given.minutes} minutes")
    print(f"{figures.kills} kills, retried {figures.retried}")
    print(f"acknowledged {len(figures.acknowledged)}: {found}")
    print(f"replies that read otherwise {figures.other_text}")
    print(f"hints {figures.hints}, pages reconnected {figures.reconnected}")
    print(spell("hint at the server itself", figures.hint_here))
    print(spell("hint at another server", figures.hint_there))
    print(spell("first word at the server itself", figures.first_here))
    print(spell("first word at another server", figures.first_there))


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--servers", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--campaigns", type=int, default=50)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--every", type=float, default=60, help="seconds between kills; 0: none")
    parser.add_argument("--pause", type=float, default=10, help="seconds between two questions")
    parser.add_argument("--pooled", action="store_true", help="through PgBouncer")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ttrpg-fleet-")))
        database = stack.enter_context(start_server(place / "postgresql"))
        if given.pooled:
            database = stack.enter_context(start_pgbouncer(database, pool=20))
        asyncio.run(measure(given, database, place))


if __name__ == "__main__":
    main()
