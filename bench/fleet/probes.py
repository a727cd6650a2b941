"""How late a hint and each word of a reply are at another server than at the one that was asked.

Both are also timed at the server that was asked, by the same clock in the same run; with one server
the other one is a second page of the same.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import httpx2

from bench.figures import median, ms, percentile
from bench.fleet.servers import Node, follow_events
from ttrpg_assistant.ids import new_id

PAUSE_SECONDS = 1.0
QUIET_SECONDS = 1.5
"""After this every page has been told what was changed before: a server looks once a second while
nobody listens."""
PATIENCE_SECONDS = 30

Call = Callable[..., Awaitable[Any]]


@dataclass
class Timings:
    """What was measured. Seconds."""

    hint_here: list[float] = field(default_factory=list)
    hint_there: list[float] = field(default_factory=list)
    hint_behind: list[float] = field(default_factory=list)
    """How much later the same hint came at the other server than here."""
    first_here: list[float] = field(default_factory=list)
    first_there: list[float] = field(default_factory=list)
    behind: list[float] = field(default_factory=list)
    """For each piece of text at the other server, how much later it came than here."""
    pause_here: list[float] = field(default_factory=list)
    pause_there: list[float] = field(default_factory=list)
    """Between two pieces of text."""
    failed: Counter[str] = field(default_factory=Counter)

    def spell(self) -> str:
        """A line each."""
        lines = [
            spell("hint at the server that was asked", self.hint_here),
            spell("hint at the other one", self.hint_there),
            spell("a hint at the other one, later than at the first", self.hint_behind),
            spell("first words at the server that was asked", self.first_here),
            spell("first words at the other one", self.first_there),
            spell("words at the other one, later than at the first", self.behind),
            spell("between two pieces, at the server that was asked", self.pause_here),
            spell("between two pieces, at the other one", self.pause_there),
        ]
        failed = ", ".join(f"{count} × {why}" for why, count in self.failed.most_common())
        return "\n".join([*lines, f"probes that failed: {failed or 'none'}"])


def spell(name: str, values: Sequence[float]) -> str:
    """Median and the 95th of a hundred."""
    if len(values) < 20:
        return f"{name}: too few ({len(values)})"
    found = f"{ms(median(values))} p50, {ms(percentile(values, 0.95))} p95"
    return f"{name}: {found}, {ms(max(values))} at most ({len(values)})"


class Probes:
    """Probes between servers that live, one after the other."""

    def __init__(self, nodes: Sequence[Node], call: Call) -> None:
        self._nodes = nodes
        self._call = call
        self.timings = Timings()

    async def run(self) -> None:
        """Until it is cancelled. A probe whose server is killed is counted as failed."""
        turn = 0
        while True:
            await asyncio.sleep(PAUSE_SECONDS)
            living = [node for node in self._nodes if node.ready.is_set()]
            if len(living) < min(2, len(self._nodes)):
                continue
            turn += 1
            here, there = living[turn % len(living)], living[(turn + 1) % len(living)]
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await self._probe(here, there)
            except (OSError, httpx2.HTTPError, TimeoutError, _Unheard, ExceptionGroup) as error:
                lived = here.ready.is_set() and there.ready.is_set()
                self.timings.failed[f"{error!r}" if lived else "server killed"] += 1

    async def _probe(self, here: Node, there: Node) -> None:
        made = await self._call("POST", "/api/campaigns", {"name": "Probe"}, here)
        campaign = made["id"]
        body = {"purpose": "general", "campaign_id": campaign}
        thread = await self._call("POST", "/api/threads", body, here)
        await self._probe_hint(campaign, here, there)
        await self._probe_reply(thread["id"], here, there)

    async def _probe_hint(self, campaign: str, here: Node, there: Node) -> None:
        moments: list[float] = [0.0, 0.0]
        listening = [asyncio.Event(), asyncio.Event()]

        async def listen(node: Node, at: int) -> None:
            async for name, content in follow_events(node.port, "/api/changes"):
                listening[at].set()
                now = time.perf_counter()
                if name == "campaign" and content["id"] == campaign and began and now > began[0]:
                    moments[at] = now
                    return
            raise _Unheard("the stream of hints ended")

        began: list[float] = []
        async with asyncio.TaskGroup() as tasks:
            for at, node in enumerate((here, there)):
                tasks.create_task(listen(node, at))
            for one in listening:
                await one.wait()
            await asyncio.sleep(QUIET_SECONDS)
            began.append(time.perf_counter())
            path = f"/api/campaigns/{campaign}/npcs"
            await self._call("POST", path, {"name": "Mira"}, here)
        self.timings.hint_here.append(moments[0] - began[0])
        self.timings.hint_there.append(moments[1] - began[0])
        self.timings.hint_behind.append(moments[1] - moments[0])

    async def _probe_reply(self, thread: str, here: Node, there: Node) -> None:
        async def listen(node: Node, reply: str) -> list[tuple[int, float]]:
            length, arrivals = 0, []
            async for name, content in follow_events(node.port, f"/api/replies/{reply}/stream"):
                if name == "done":
                    return arrivals
                if name == "snapshot":
                    length = len(content["content"])
                elif name == "text":
                    length += len(content["text"])
                if name in ("snapshot", "text") and length:
                    arrivals.append((length, time.perf_counter()))
            raise _Unheard("the stream of a reply ended")

        began = time.perf_counter()
        body = {"message_id": new_id(), "content": "How late?"}
        posted = await self._call("POST", f"/api/threads/{thread}/turns", body, here)
        reply = posted["assistant_message"]["id"]
        first, other = await asyncio.gather(listen(here, reply), listen(there, reply))
        if not first or not other:
            raise _Unheard("no word came before the end")
        timings = self.timings
        timings.first_here.append(first[0][1] - began)
        timings.first_there.append(other[0][1] - began)
        timings.pause_here += [b[1] - a[1] for a, b in pairwise(first)]
        timings.pause_there += [b[1] - a[1] for a, b in pairwise(other)]
        for length, moment in other:
            earlier = next((when for upto, when in first if upto >= length), None)
            if earlier is not None:
                timings.behind.append(moment - earlier)


class _Unheard(Exception):
    """A probe that heard nothing."""
