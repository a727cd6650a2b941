"""How much later the first word comes, with the question durably stored first."""

from __future__ import annotations

from pathlib import Path

from bench import programs
from bench.figures import Line, median, ms, percentile, times
from bench.filled import Filler, make_empty
from bench.http_client import Client
from bench.talk import ask_directly, ask_through

SAMPLES = 100
WARM_UP = 10
LONG = 10_000


async def measure(place: Path) -> list[Line]:
    """Pairs of a direct question and one through the application, in turns."""
    filler = Filler(await make_empty(place))
    short = filler.add_talk([2] * (SAMPLES + WARM_UP))
    # Several, so that a hundred short questions do not become what the model is told.
    longs = filler.add_talk([LONG] * 5)
    filler.finish()
    direct: list[float] = []
    through: dict[int, list[float]] = {2: [], LONG: []}
    async with programs.provider(3) as url, programs.serving(place, url) as server:
        beside, client = Client(url), server.connect()
        for number, thread in enumerate(short):
            for size, conversation in ((2, thread), (LONG, longs[number % 5])):
                plain = await ask_directly(beside)
                told = await ask_through(client, f"/api/threads/{conversation}/turns")
                if number >= WARM_UP:
                    direct.append(plain.first)
                    through[size].append(told.first)
    usual = median(direct)
    lines = []
    for size, taken in through.items():
        p50, p95 = (percentile(taken, share) - usual for share in (0.5, 0.95))
        best = min(taken) - min(direct)
        lines.append(
            Line(
                f"added time to first token, conversation of {size:,} messages",
                f"+{ms(p50)} p50, +{ms(p95)} p95 (best +{ms(best)})",
                f"{ms(usual)} p50, {ms(percentile(direct, 0.95))} p95 direct",
                times(usual + p50, usual),
                "≤ 12 ms p50, ≤ 30 ms p95",
                p50 <= 0.012 and p95 <= 0.030,
            )
        )
    return lines
