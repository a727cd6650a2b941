"""Strangers who hold the port, as a program of its own: `python attackers.py PORT`.

A header without an end, again and again; 300 silent connections, opened again when they are
closed; bodies that come a byte at a time. It runs until it is ended.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys

SILENT = 300


async def _endless_header(port: int) -> None:
    while True:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET / HTTP/1.1\r\nX-Endless: ")
            while True:
                writer.write(b"a" * 16_384)
                await writer.drain()
                await asyncio.sleep(0)
        await asyncio.sleep(0.01)


async def _silent(port: int) -> None:
    while True:
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            await reader.read()
            writer.close()
        await asyncio.sleep(0.5)


async def _slow_body(port: int) -> None:
    head = f"POST /api/access HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 9999\r\n"
    while True:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(head.encode() + b"Content-Type: application/json\r\n\r\n")
            while True:
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.1)


async def _everybody(port: int) -> None:
    print("ready", flush=True)
    await asyncio.gather(
        _endless_header(port),
        *(_silent(port) for _ in range(SILENT)),
        *(_slow_body(port) for _ in range(10)),
    )


if __name__ == "__main__":
    asyncio.run(_everybody(int(sys.argv[1])))
