"""Many replies at the same time, beside a bare proxy that relays as many."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import programs
from bench.figures import Line, median, ms, percentile, times
from bench.filled import Filler, make_empty
from bench.http_client import Client
from bench.programs import Server
from bench.talk import Told, ask_directly, ask_through

CHUNKS, PACE = 200, 50
LATE_SECONDS = 0.1
"""A reply is behind when it ends so much later than the slowest direct one."""

WITHIN_SECONDS = 1.0
"""All ask within so long: twenty people do not press Enter in the same millisecond."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """So many at once, in so many rounds, and what is wanted of them: the added time to the first
    word, and processor time."""

    replies: int
    rounds: int
    added_ms: float
    cpu_seconds: float | None = None


CROWDS = (Crowd(20, 3, 6, 0.35), Crowd(100, 1, 15), Crowd(200, 1, 30))


@dataclass(frozen=True, slots=True)
class Taken:
    """What a crowd was told, and the processor seconds of a round."""

    told: Sequence[Told]
    used: float

    @property
    def lost(self) -> int:
        """How many replies are not whole."""
        return sum(not one.is_whole(CHUNKS) for one in self.told)

    def spell(self, plain: float, limit: float) -> str:
        """Added time to the first word, and what else happened."""
        firsts = [one.first for one in self.told]
        added = [percentile(firsts, share) - plain for share in (0.5, 0.95)]
        behind = sum(one.last > limit for one in self.told)
        return (
            f"+{ms(added[0])} p50, +{ms(added[1])} p95, {behind} behind, {self.lost} lost,"
            f" {self.used:.2f} CPU-s"
        )


async def measure(place: Path) -> list[Line]:
    """As many directly, by the proxy and through the application, one after the other."""
    filler = Filler(await make_empty(place))
    threads = filler.add_talk([2] * max(crowd.replies for crowd in CROWDS))
    filler.finish()
    async with (
        programs.provider(CHUNKS, PACE) as url,
        programs.serving(place, url) as server,
        programs.bare_proxy(place, url) as proxy,
    ):
        await ask_through(server.connect(), f"/api/threads/{threads[0]}/turns")
        await ask_through(proxy.connect(), "/api/threads/any/turns")
        return [await _measure(crowd, threads, url, server, proxy) for crowd in CROWDS]


async def _measure(
    crowd: Crowd, threads: Sequence[str], url: str, server: Server, proxy: Server
) -> Line:
    apart = WITHIN_SECONDS / crowd.replies
    through = [server.connect() for _ in range(crowd.replies)]
    relayed = [proxy.connect() for _ in range(crowd.replies)]
    besides = [Client(url) for _ in range(crowd.replies)]
    direct: list[Told] = []
    ours: list[Taken] = []
    bare: list[Taken] = []
    for _ in range(crowd.rounds):
        asked = (_after(n * apart, ask_directly, one) for n, one in enumerate(besides))
        direct += await asyncio.gather(*asked)
        bare.append(await _ask_all(proxy, relayed, threads, apart))
        ours.append(await _ask_all(server, through, threads, apart))
    for client in (*through, *relayed, *besides):
        client.close()
    plain = median([told.first for told in direct])
    limit = max(told.last for told in direct) + LATE_SECONDS
    mine, least = _join(ours), _join(bare)
    added, beside = (median([t.first for t in taken.told]) - plain for taken in (mine, least))
    behind = sum(told.last > limit for told in mine.told)
    is_spared = crowd.cpu_seconds is None or mine.used <= crowd.cpu_seconds
    spared = "" if crowd.cpu_seconds is None else f", ≤ {crowd.cpu_seconds} CPU-s"
    return Line(
        f"{crowd.replies} concurrent replies of {CHUNKS} chunks at {PACE}/s",
        mine.spell(plain, limit),
        f"bare proxy {least.spell(plain, limit)}; {ms(plain)} p50 direct",
        times(added, beside),
        f"≤ {crowd.added_ms:.0f} ms p50{spared}, none behind, none lost",
        added * 1000 <= crowd.added_ms and behind == mine.lost == 0 and is_spared,
    )


async def _ask_all(
    server: Server, clients: Sequence[Client], threads: Sequence[str], apart: float
) -> Taken:
    before = server.cpu_seconds()
    asked = (
        _after(n * apart, ask_through, one, f"/api/threads/{threads[n]}/turns")
        for n, one in enumerate(clients)
    )
    told = await asyncio.gather(*asked)
    await server.settle()
    return Taken(told, server.cpu_seconds() - before)


async def _after(
    seconds: float, ask: Callable[..., Awaitable[Told]], client: Client, *given: str
) -> Told:
    await asyncio.sleep(seconds)
    return await ask(client, *given)


def _join(rounds: Sequence[Taken]) -> Taken:
    return Taken(
        [told for taken in rounds for told in taken.told], median([taken.used for taken in rounds])
    )
