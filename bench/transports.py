"""`python -m bench.transports`: our transport beside the library's, in turns, in one run.

Two real servers answer the same questions about the same provider; only what is between
them and the provider's socket differs. Figures go into docs/decisions/0012.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

import uvloop

from bench import machine, programs
from bench.figures import median, percentile
from bench.filled import Filler, make_empty
from bench.http_client import Client
from bench.talk import ask_through

MODULES = {"ours": "ttrpg_assistant", "library": "bench.library_transport"}
PACED, PACED_ROUNDS = 1000, 4
BURST, BURST_ROUNDS = 2000, 16
FIRST_ROUNDS = 100


def start(module: str, data_dir: Path, provider_url: str) -> programs.Server:
    """A server from this module."""
    command = ["serve", "--no-browser", "--port", "0", "--data-dir", str(data_dir)]
    process = programs.spawn(
        [sys.executable, "-m", module, *command],
        programs.environment(provider_url),
        cwd=programs.ROOT,
    )
    line = programs.read_first_line(process)
    return programs.Server(line.removeprefix("Listening on ").partition("/?")[0], process)


async def compare(place: Path, chunks: int, pace: float, rounds: int) -> None:
    """Print what a reply of so many chunks costs with each transport."""
    cpu: dict[str, float] = dict.fromkeys(MODULES, 0.0)
    last: dict[str, list[float]] = {name: [] for name in MODULES}
    first: dict[str, list[float]] = {name: [] for name in MODULES}
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(programs.provider(chunks, pace))
        servers: dict[str, tuple[programs.Server, Client, list[str]]] = {}
        for name, module in MODULES.items():
            folder = place / f"{name}-{chunks}-{pace:.0f}"
            folder.mkdir()
            filler = Filler(await make_empty(folder))
            threads = filler.add_talk([2] * (rounds + 1))
            filler.finish()
            server = await asyncio.to_thread(start, module, folder, url)
            stack.callback(programs.stop, server.process)
            await server.settle()
            servers[name] = (server, server.connect(), threads)
            await ask_through(servers[name][1], f"/api/threads/{threads[rounds]}/turns")
            await server.settle()
        for number in range(rounds):
            order = list(MODULES) if number % 2 else list(reversed(MODULES))
            for name in order:
                server, client, threads = servers[name]
                before = server.cpu_seconds()
                heard = await ask_through(client, f"/api/threads/{threads[number]}/turns")
                if chunks > 10:
                    assert heard.is_whole(chunks)
                    await server.settle()
                cpu[name] += server.cpu_seconds() - before
                last[name].append(heard.last)
                first[name].append(heard.first)
    for name in MODULES:
        print(
            f"{chunks} chunks, pace {pace:.0f}, {name}: {chunks * rounds / cpu[name]:,.0f}"
            f" chunks/CPU-s, first {median(first[name]) * 1000:.2f} ms p50"
            f" {percentile(first[name], 0.95) * 1000:.2f} ms p95,"
            f" whole {median(last[name]) * 1000:.1f} ms",
            flush=True,
        )
    print(f"  cost of the library: {cpu['library'] / cpu['ours']:.2f} ×", flush=True)


async def compare_all() -> None:
    """All three kinds of reply."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        await compare(place, PACED, 200, PACED_ROUNDS)
        await compare(place, BURST, 0, BURST_ROUNDS)
        await compare(place, 3, 0, FIRST_ROUNDS)


if __name__ == "__main__":
    print(machine.describe(), flush=True)
    uvloop.run(compare_all())
