"""A reply as fast as it can be had, stored while it streams."""

from __future__ import annotations

from pathlib import Path

from bench import programs
from bench.figures import Line, median, ms, times
from bench.filled import Filler, make_empty
from bench.http_client import Client
from bench.talk import ask_directly, ask_through

CHUNKS, ROUNDS = 2000, 12
OF_THE_LIMIT = 0.15 / 1.5


async def measure(place: Path) -> list[Line]:
    """Pairs of a direct reply and one through the application, in turns."""
    filler = Filler(await make_empty(place))
    [thread] = filler.add_talk([2])
    filler.finish()
    direct: list[float] = []
    through: list[float] = []
    whole = 0
    async with (
        programs.provider(CHUNKS) as url,
        programs.serving(place, url) as server,
        programs.bare_proxy(place, url) as proxy,
    ):
        beside, client, bare = Client(url), server.connect(), proxy.connect()
        await ask_through(client, f"/api/threads/{thread}/turns")
        await server.settle()
        before, least_before = server.cpu_seconds(), proxy.cpu_seconds()
        for _ in range(ROUNDS):
            plain = await ask_directly(beside)
            await ask_through(bare, "/api/threads/any/turns")
            told = await ask_through(client, f"/api/threads/{thread}/turns")
            whole += told.is_whole(CHUNKS)
            direct.append(plain.last)
            through.append(told.last)
        await server.settle()
        used, least = server.cpu_seconds() - before, proxy.cpu_seconds() - least_before
    rate, limit = CHUNKS * ROUNDS / used, CHUNKS * ROUNDS / least
    return [
        Line(
            f"a {CHUNKS:,}-chunk burst, stored while it streams",
            f"{rate:,.0f} chunks/CPU-s, {ms(median(through))}, {whole} of {ROUNDS} whole",
            f"{limit:,.0f} chunks/CPU-s by a bare proxy; {ms(median(direct))} direct",
            times(rate, limit),
            f"≥ {OF_THE_LIMIT:.2f} of the proxy's",
            rate >= OF_THE_LIMIT * limit and whole == ROUNDS,
        )
    ]
