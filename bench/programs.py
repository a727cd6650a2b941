"""The two programs beside the bench: the real server, and a provider for it to ask.

Both run in processes of their own, so that neither borrows the other's time.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.http_client import Client

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "a-launch-token-for-the-bench"
MODEL = "stub"
START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs."""

    address: str
    process: subprocess.Popen[str]

    def connect(self) -> Client:
        """A connection with the launch token."""
        return Client(self.address, TOKEN)

    def cpu_seconds(self) -> float:
        """Processor time it has used since it was started, user and system."""
        used = psutil.Process(self.process.pid).cpu_times()
        return float(used.user + used.system)

    async def settle(self) -> None:
        """Until it has nothing left to do: a server first reads what was filled in past it."""
        before = -1.0
        while self.cpu_seconds() - before > 0.02:
            before = self.cpu_seconds()
            await asyncio.sleep(0.5)

    def kill(self) -> None:
        """SIGKILL: no cleanup, no flush."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def environment(provider_url: str | None) -> dict[str, str]:
    """The environment of a server that knows one provider, or only the built-in model."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TTRPG_")}
    clean |= {"TTRPG_TOKEN": TOKEN, "OLLAMA_HOST": "http://127.0.0.1:9"}
    if provider_url is not None:
        clean |= {
            "TTRPG_MODEL": f"openai-compatible:{MODEL}",
            "TTRPG_COMPATIBLE_BASE_URL": provider_url,
        }
    return clean


def start(data_dir: Path, provider_url: str | None = None) -> Server:
    """Start the server and wait for its line."""
    command = ["serve", "--no-browser", "--port", "0", "--data-dir", str(data_dir)]
    process = spawn([sys.executable, "-m", "ttrpg_assistant", *command], environment(provider_url))
    line = read_first_line(process)
    address = line.removeprefix("Listening on ").partition("/?")[0]
    return Server(address, process)


def stop(process: subprocess.Popen[str]) -> None:
    """SIGTERM, and SIGKILL when that does not help."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@asynccontextmanager
async def serving(data_dir: Path, provider_url: str | None = None) -> AsyncIterator[Server]:
    """The server, until the block ends."""
    server = await asyncio.to_thread(start, data_dir, provider_url)
    try:
        await server.settle()
        yield server
    finally:
        await asyncio.to_thread(stop, server.process)


@asynccontextmanager
async def provider(chunks: int, pace: float = 0) -> AsyncIterator[str]:
    """A provider that speaks OpenAI's wire format; its base URL. `pace` is chunks a second."""
    command = [sys.executable, "-m", "bench.provider", "--model", MODEL]
    process = spawn(
        [*command, "--chunks", str(chunks), "--pace", str(pace)], dict(os.environ), cwd=ROOT
    )
    try:
        yield await asyncio.to_thread(read_first_line, process)
    finally:
        await asyncio.to_thread(stop, process)


@asynccontextmanager
async def bare_proxy(place: Path, provider_url: str) -> AsyncIterator[Server]:
    """The least that keeps a question safe and relays its answer (`bench.proxy`)."""
    command = [sys.executable, "-m", "bench.proxy", "--provider", provider_url]
    process = spawn([*command, "--journal", str(place / "journal")], dict(os.environ), cwd=ROOT)
    try:
        yield Server(await asyncio.to_thread(read_first_line, process), process)
    finally:
        await asyncio.to_thread(stop, process)


def resident_bytes(process: subprocess.Popen[str]) -> int:
    """Memory it holds now."""
    return int(psutil.Process(process.pid).memory_info().rss)


def peak_bytes(process: subprocess.Popen[str]) -> int:
    """The most memory it has held so far."""
    status = Path(f"/proc/{process.pid}/status")
    if not status.exists():
        return resident_bytes(process)
    line = next(one for one in status.read_text().splitlines() if one.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def spawn(
    command: list[str], variables: Mapping[str, str], cwd: Path | None = None
) -> subprocess.Popen[str]:
    """Start a program and do not wait for it."""
    return subprocess.Popen(
        command,
        env=dict(variables),
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def read_first_line(process: subprocess.Popen[str]) -> str:
    """The line a program prints when it listens; fails when it ends instead."""
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    assert line, f"{process.args!r} ended before it listened"
    return line
