"""From the command to the first page, and what an idle server holds."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from bench import programs
from bench.figures import Line, median
from bench.filled import Filler, database_path, make_empty
from bench.http_client import Client

ROUNDS = 5
IDLE_SECONDS = 1.0
MIB = 1024 * 1024
FEW, MILLION = (100,) * 10, (1_000,) * 1_000
"""Lengths of the conversations in a file."""
LIMITS = {FEW: 0.8, MILLION: 1.0}
"""Seconds."""

BARE = """
import socket, sys, fastapi, uvicorn
app = fastapi.FastAPI()
app.get("/")(lambda: "ok")
listener = socket.create_server(("127.0.0.1", 0))
print("Listening on http://127.0.0.1:%d/?" % listener.getsockname()[1], flush=True)
config = uvicorn.Config(app, log_config=None, access_log=False)
uvicorn.Server(config).run(sockets=[listener])
"""


@dataclass(frozen=True, slots=True)
class Start:
    """One start: seconds to the first page, bytes held when idle."""

    seconds: float
    resident: int


async def measure(place: Path) -> list[Line]:
    """Starts of a bare web server, with an empty data folder and with a used one, in turns."""
    bare: list[Start] = []
    first: list[Start] = []
    again: list[Start] = []
    for number in range(ROUNDS):
        bare.append(await _start([sys.executable, "-c", BARE]))
        folder = place / str(number)
        first.append(await _start(_serve(folder)))
        again.append(await _start(_serve(folder)))
    beside = median([start.seconds for start in bare])
    beside_mib = median([start.resident for start in bare]) / MIB
    lines = []
    for what, starts in (("a used data folder", again), ("an empty data folder", first)):
        seconds = median([start.seconds for start in starts])
        held = median([start.resident for start in starts]) / MIB
        lines.append(
            Line(
                f"cold start to the first page, {what}",
                f"{seconds:.2f} s, {held:.0f} MiB idle",
                f"{beside:.2f} s, {beside_mib:.0f} MiB for one bare FastAPI route",
                f"{seconds / beside:.2f} ×",
                "≤ 1.2 s, ≤ 100 MiB",
                seconds <= 1.2 and held <= 100,
            )
        )
    return lines + [line async for line in _measure_sizes(place)]


async def _measure_sizes(place: Path) -> AsyncIterator[Line]:
    """Starts with few and with a million messages in the file, in turns."""
    folders = {lengths: place / f"of {len(lengths)}" for lengths in (FEW, MILLION)}
    for lengths, folder in folders.items():
        filler = Filler(await make_empty(folder))
        filler.add_talk(lengths)
        filler.finish()
        async with programs.serving(folder):
            pass  # a first start makes ready what a file filled past the server lacks
    taken: dict[tuple[tuple[int, ...], bool], list[Start]] = {}
    for _ in range(ROUNDS):
        for lengths, folder in folders.items():
            for is_cold in (False, True):
                if is_cold:
                    _forget(database_path(folder))
                taken.setdefault((lengths, is_cold), []).append(await _start(_serve(folder)))
    few = median([start.seconds for start in taken[FEW, False]])
    for (lengths, is_cold), starts in taken.items():
        seconds = median([start.seconds for start in starts])
        held = median([start.resident for start in starts]) / MIB
        cached = "nothing of the file in memory" if is_cold else "its file in memory"
        limit = LIMITS[lengths]
        yield Line(
            f"cold start to the first page, {sum(lengths):,} messages, {cached}",
            f"{seconds:.2f} s, {held:.0f} MiB idle",
            f"{few:.2f} s with {sum(FEW):,} messages in memory",
            f"{seconds / few:.2f} ×",
            f"≤ {limit:.1f} s",
            seconds <= limit,
        )


def _forget(path: Path) -> None:
    """Drop the file from the system's memory, as after the machine was started."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)


def _serve(folder: Path) -> list[str]:
    command = ["serve", "--no-browser", "--port", "0", "--data-dir", str(folder)]
    return [sys.executable, "-m", "ttrpg_assistant", *command]


async def _start(command: list[str]) -> Start:
    began = time.perf_counter()
    process = programs.spawn(command, programs.environment(None))
    try:
        line = await asyncio.to_thread(programs.read_first_line, process)
        address = line.removeprefix("Listening on ").partition("/?")[0]
        client = Client(address)
        page = await client.ask("GET", "/")
        assert page.status == 200, page.body
        seconds = page.ended_at - began
        client.close()
        await asyncio.sleep(IDLE_SECONDS)
        return Start(seconds, programs.resident_bytes(process))
    finally:
        await asyncio.to_thread(programs.stop, process)
