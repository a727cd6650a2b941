"""From the command to the first page, and what an idle server holds."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench import programs
from bench.figures import Line, median
from bench.http_client import Client

ROUNDS = 5
IDLE_SECONDS = 1.0
MIB = 1024 * 1024

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
    return lines


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
