"""Many replies at the same time."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bench import programs
from bench.figures import Line, median, ms, times
from bench.filled import Filler, make_empty
from bench.http_client import Client
from bench.talk import Told, ask_directly, ask_through

REPLIES, CHUNKS, PACE, ROUNDS = 20, 200, 50, 3
LATE_SECONDS = 0.1
"""A reply is behind when it ends so much later than the slowest direct one."""

APART_SECONDS = 0.05
"""Between two questions: twenty people do not press Enter in the same millisecond."""


async def measure(place: Path) -> list[Line]:
    """Twenty direct replies at once, then twenty through the application; three times."""
    filler = Filler(await make_empty(place))
    threads = filler.add_talk([2] * REPLIES)
    filler.finish()
    direct: list[Told] = []
    through: list[Told] = []
    used: list[float] = []
    async with programs.provider(CHUNKS, PACE) as url, programs.serving(place, url) as server:
        besides = [Client(url) for _ in threads]
        clients = [server.connect() for _ in threads]
        await ask_through(clients[0], f"/api/threads/{threads[0]}/turns")
        for _ in range(ROUNDS):
            direct += await asyncio.gather(*(_direct(n, one) for n, one in enumerate(besides)))
            before = server.cpu_seconds()
            through += await asyncio.gather(
                *(_through(n, one, threads[n]) for n, one in enumerate(clients))
            )
            await server.settle()
            used.append(server.cpu_seconds() - before)
    plain = median([told.first for told in direct])
    added = median([told.first for told in through]) - plain
    limit = max(told.last for told in direct) + LATE_SECONDS
    behind = sum(told.last > limit for told in through)
    lost = sum(not told.is_whole(CHUNKS) for told in through)
    return [
        Line(
            f"{REPLIES} concurrent replies of {CHUNKS} chunks at {PACE}/s",
            f"+{ms(added)} p50 first token, {behind} behind, {lost} lost, {median(used):.2f} CPU-s",
            f"{ms(plain)} p50 direct",
            times(plain + added, plain),
            "≤ 15 ms p50, none behind, none lost, ≤ 1.0 CPU-s",
            added <= 0.015 and behind == lost == 0 and median(used) <= 1.0,
        )
    ]


async def _direct(number: int, client: Client) -> Told:
    await asyncio.sleep(number * APART_SECONDS)
    return await ask_directly(client)


async def _through(number: int, client: Client, thread: str) -> Told:
    await asyncio.sleep(number * APART_SECONDS)
    return await ask_through(client, f"/api/threads/{thread}/turns")
