"""A reply as fast as it can be had, stored while it streams."""

from __future__ import annotations

from pathlib import Path

from bench import programs
from bench.figures import Line, median, ms, times
from bench.filled import Filler, make_empty
from bench.http_client import Client
from bench.talk import ask_directly, ask_through

CHUNKS, ROUNDS = 2000, 12


async def measure(place: Path) -> list[Line]:
    """Pairs of a direct reply and one through the application, in turns."""
    filler = Filler(await make_empty(place))
    [thread] = filler.add_talk([2])
    filler.finish()
    direct: list[float] = []
    through: list[float] = []
    whole = 0
    async with programs.provider(CHUNKS) as url, programs.serving(place, url) as server:
        beside, client = Client(url), server.connect()
        await ask_through(client, f"/api/threads/{thread}/turns")
        await server.settle()
        before = server.cpu_seconds()
        for _ in range(ROUNDS):
            plain = await ask_directly(beside)
            told = await ask_through(client, f"/api/threads/{thread}/turns")
            whole += told.is_whole(CHUNKS)
            direct.append(plain.last)
            through.append(told.last)
        await server.settle()
        used = server.cpu_seconds() - before
    rate = CHUNKS * ROUNDS / used
    return [
        Line(
            f"a {CHUNKS:,}-chunk burst, stored while it streams",
            f"{rate:,.0f} chunks/CPU-s, {ms(median(through))}, {whole} of {ROUNDS} whole",
            f"{ms(median(direct))} direct",
            times(median(through), median(direct)),
            "≥ 5,000 chunks/CPU-s",
            rate >= 5000 and whole == ROUNDS,
        )
    ]
