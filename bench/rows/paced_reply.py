"""A reply at the speed of a fast model: nothing lost, nothing late, little work."""

from __future__ import annotations

from pathlib import Path

from bench import programs
from bench.figures import Line, median, times
from bench.filled import Filler, make_empty
from bench.http_client import Client
from bench.talk import ask_directly, ask_through

CHUNKS, PACE, ROUNDS = 1000, 200, 3
OF_THE_LIMIT = 12 / 19


async def measure(place: Path) -> list[Line]:
    """Three pairs of a direct reply and one through the application, in turns."""
    filler = Filler(await make_empty(place))
    [thread] = filler.add_talk([2])
    filler.finish()
    direct: list[float] = []
    through: list[float] = []
    whole = 0
    async with (
        programs.provider(CHUNKS, PACE) as url,
        programs.serving(place, url) as server,
        programs.bare_proxy(place, url) as proxy,
    ):
        beside, client, bare = Client(url), server.connect(), proxy.connect()
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
    ratio, rate = median(through) / median(direct), CHUNKS * ROUNDS / used
    limit = CHUNKS * ROUNDS / least
    return [
        Line(
            f"a {CHUNKS:,}-chunk reply paced at {PACE}/s: wall time",
            f"{median(through):.3f} s, {whole} of {ROUNDS} whole",
            f"{median(direct):.3f} s direct",
            f"{ratio:.4f} ×",
            "≤ 1.01 ×, no chunk lost",
            ratio <= 1.01 and whole == ROUNDS,
        ),
        Line(
            "the same: chunks per server CPU-second",
            f"{rate:,.0f} /CPU-s, {PACE / rate:.1%} of a core",
            f"{limit:,.0f} /CPU-s by a bare proxy",
            times(rate, limit),
            f"≥ {OF_THE_LIMIT:.2f} of the proxy's",
            rate >= OF_THE_LIMIT * limit,
        ),
    ]
