"""One run of a fleet: who writes, who listens, who kills, and what is found afterwards."""

from __future__ import annotations

import argparse
import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx2

from bench import programs
from bench.fleet.following import Endings, Followed
from bench.fleet.probes import Probes
from bench.fleet.servers import Balancer, Node, follow_events
from ttrpg_assistant.ids import new_id

HEADERS = {"authorization": f"Bearer {programs.TOKEN}"}
LEASE_SECONDS = 25.0
THREAD = {"purpose": "general"}


@dataclass
class Figures:
    """What was counted."""

    acknowledged: dict[str, tuple[str, int]] = field(default_factory=dict)
    kills: list[float] = field(default_factory=list)
    retried: int = 0
    hints: int = 0
    reconnected: int = 0
    endings: Endings = field(default_factory=Endings)
    broken: list[str] = field(default_factory=list)
    """What ended a task of this program before its time: its figures are not all there."""


class Fleet:
    """One run. `answer` is what the model says to everything."""

    def __init__(
        self, nodes: list[Node], balancer: Balancer, given: argparse.Namespace, answer: str
    ) -> None:
        self.nodes, self.balancer, self.given, self.answer = nodes, balancer, given, answer
        self.figures = Figures()
        self.probes = Probes(nodes, self.call)
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
        """To its end, at one server after the other."""
        seen = Followed()
        while True:
            node = self.pick.choice(self.nodes)
            if not node.ready.is_set():
                await asyncio.sleep(0.05)
                continue
            more = f"Last-Event-ID: {len(seen.text)}\r\n" if seen.text else ""
            with suppress(OSError):
                path = f"/api/replies/{reply}/stream"
                async for name, content in follow_events(node.port, path, more):
                    if name == "done":
                        message = content["message"]
                        figures = self.figures
                        figures.endings.note(seen, message, figures.kills, self.answer)
                        return
                    seen.take(name, content)

    async def page(self) -> None:
        while not self.over.is_set():
            with suppress(OSError):
                async for _ in follow_events(self.balancer.port, "/api/changes"):
                    self.figures.hints += 1
            self.figures.reconnected += 1
            await asyncio.sleep(0.5)

    async def kill(self) -> None:
        while not self.over.is_set():
            await asyncio.sleep(self.given.every)
            node = self.pick.choice(self.nodes)
            self.figures.kills.append(await asyncio.to_thread(node.kill))
            await node.start()

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
        beside.append(asyncio.create_task(self.probes.run()))
        if self.given.every:
            beside.append(asyncio.create_task(self.kill()))
        await asyncio.sleep(self.given.minutes * 60)
        self.over.set()
        await asyncio.wait(tasks, timeout=LEASE_SECONDS + 3 * self.given.pause)
        for task in (*tasks, *beside):
            task.cancel()
        ended = await asyncio.gather(*tasks, *beside, return_exceptions=True)
        self.figures.broken += [repr(one) for one in ended if isinstance(one, Exception)]
        for node in self.nodes:
            if not node.ready.is_set():
                await node.start()
        await asyncio.sleep(LEASE_SECONDS)
        return await self.check()
