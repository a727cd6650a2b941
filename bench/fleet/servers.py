"""The servers of a fleet, round robin before them, and the streams of both."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import programs

PUBLIC = "fleet.test"
"""The name that every server answers to, whichever the balancer picks."""


@dataclass
class Node:
    """A server that is killed and started again at the same port."""

    port: int
    place: Path
    database: str
    provider: str | None
    process: Any = None
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        command = ["serve", "--no-browser", "--port", str(self.port), "--data-dir", str(self.place)]
        variables = programs.environment(self.provider) | {
            "TTRPG_DATABASE_URL": self.database,
            "TTRPG_PUBLIC_URL": f"http://{PUBLIC}",
            "TTRPG_BACKUPS_KEPT": "0",
        }
        line = [sys.executable, "-m", "ttrpg_assistant", *command]
        self.process = await asyncio.to_thread(programs.spawn, line, variables)
        await asyncio.to_thread(programs.read_first_line, self.process)
        self.ready.set()

    def kill(self) -> float:
        """SIGKILL; the moment."""
        self.ready.clear()
        self.process.kill()
        moment = time.perf_counter()
        self.process.wait()
        return moment


def make_node(place: Path, database: str, provider: str | None) -> Node:
    """One at a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return Node(port, place, database, provider)


class Balancer:
    """TCP round robin over the servers that live."""

    def __init__(self, nodes: list[Node]) -> None:
        self._nodes = nodes
        self._next = 0
        self.port = 0

    async def open(self) -> asyncio.Server:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in self._nodes:
            self._next += 1
            node = self._nodes[self._next % len(self._nodes)]
            if not node.ready.is_set():
                continue
            try:
                there, back = await asyncio.open_connection("127.0.0.1", node.port)
            except OSError:
                continue
            tasks = [
                asyncio.create_task(_pump(reader, back)),
                asyncio.create_task(_pump(there, writer)),
            ]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
            back.close()
            break
        writer.close()


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()


async def follow_events(port: int, path: str, more: str = "") -> AsyncIterator[tuple[str, Any]]:
    """Server-sent events until the connection ends. Raises `ConnectionRefusedError` when the
    server answers anything but a stream."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    try:
        head = f"GET {path} HTTP/1.1\r\nHost: {PUBLIC}\r\n{more}"
        writer.write(f"{head}Authorization: Bearer {programs.TOKEN}\r\n\r\n".encode())
        name, status = "", await reader.readline()
        if status and b" 200 " not in status:
            raise ConnectionRefusedError(status.decode().strip())
        while line := await reader.readline():
            if line.startswith(b"event: "):
                name = line[7:].decode().strip()
            elif line.startswith(b"data: "):
                yield name, json.loads(line[6:])
    finally:
        writer.close()
