"""How much later the first word comes, with the question durably stored first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from bench import programs
from bench.figures import Line, median, ms, percentile, times
from bench.filled import Filler, make_empty
from bench.http_client import Client
from bench.talk import ask_directly, ask_through

SAMPLES = 100
WARM_UP = 10
LONG = 10_000
LARGE = 1_000_000

LIMITS = {2: 2.5, LONG: 4.0, LARGE: 6.0}
"""How many times what a bare proxy adds is wanted, by the messages of the conversation, or of the
whole file around a conversation of two."""


async def measure(place: Path) -> list[Line]:
    """Pairs of a direct question, one by a bare proxy and one through the application, in turns."""
    (place / "usual").mkdir()
    (place / "large").mkdir()
    filler = Filler(await make_empty(place / "usual"))
    short = filler.add_talk([2] * (SAMPLES + WARM_UP))
    # Several, so that a hundred short questions do not become what the model is told.
    longs = filler.add_talk([LONG] * 5)
    filler.finish()
    in_turns = {2: short, LONG: [longs[number % 5] for number in range(len(short))]}
    lines = await _measure(place / "usual", in_turns)
    filler = Filler(await make_empty(place / "large"))
    filler.add_talk([LONG] * (LARGE // LONG))
    threads = filler.add_talk([2] * (SAMPLES + WARM_UP))
    filler.finish()
    return [*lines, *await _measure(place / "large", {LARGE: threads})]


async def _measure(place: Path, threads: Mapping[int, Sequence[str]]) -> list[Line]:
    direct: list[float] = []
    relayed: list[float] = []
    through: dict[int, list[float]] = {size: [] for size in threads}
    async with (
        programs.provider(3) as url,
        programs.serving(place, url) as server,
        programs.bare_proxy(place, url) as proxy,
    ):
        beside, bare, client = Client(url), proxy.connect(), server.connect()
        for number in range(SAMPLES + WARM_UP):
            for size, some in threads.items():
                plain = await ask_directly(beside)
                least = await ask_through(bare, "/api/threads/any/turns")
                told = await ask_through(client, f"/api/threads/{some[number]}/turns")
                if number >= WARM_UP:
                    direct.append(plain.first)
                    relayed.append(least.first)
                    through[size].append(told.first)
    usual = median(direct)
    limit = median(relayed) - usual
    return [_line(size, taken, usual, limit) for size, taken in through.items()]


def _line(size: int, taken: Sequence[float], usual: float, limit: float) -> Line:
    p50, p95 = (percentile(taken, share) - usual for share in (0.5, 0.95))
    where = f"file of {size:,}" if size == LARGE else f"conversation of {size:,}"
    return Line(
        f"added time to first token, {where} messages",
        f"+{ms(p50)} p50, +{ms(p95)} p95",
        f"+{ms(limit)} p50 by a bare proxy; {ms(usual)} direct",
        times(p50, limit),
        f"≤ {LIMITS[size]} × the proxy",
        p50 <= LIMITS[size] * limit,
    )
