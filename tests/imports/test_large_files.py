"""A large file costs time and not memory: it is written to the disk as it comes."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.faults.server import ServerProcess
from tests.imports.import_table import FILE

MEGABYTE = 1024**2
MOST_TAKEN = 160 * MEGABYTE

LINE = b'{"name": "Mira", "is_user": false, "mes": "%s"}\n' % (b"The bell rings. " * 60)
PIECES: dict[str, bytes] = {
    "zeros.bin": bytes(MEGABYTE),
    "notes.txt": b"The bell rings over the marsh.\n" * (MEGABYTE // 31),
    "card.json": b" " * MEGABYTE,
    "talk.jsonl": LINE * (MEGABYTE // len(LINE)),
}


async def send_pieces(piece: bytes, count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield piece


def read_peak(pid: int) -> int:
    """The most memory that a process has held, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


async def check_memory(folder: Path, name: str, megabytes: int, say: Callable[[str], None]) -> None:
    server = ServerProcess(folder)
    await server.start()
    try:
        async with server.client() as client:
            small = {"filename": "small.md"}
            await client.post("/api/imports", params=small, content=b"# Gull\nTavern", headers=FILE)
            before = read_peak(server.pid)
            answer = await client.post(
                "/api/imports",
                params={"filename": name},
                content=send_pieces(PIECES[name], megabytes),
                headers=FILE,
                timeout=900,
            )
            taken = read_peak(server.pid) - before
        told = answer.json()
        say(f"{name}: {megabytes:,} MB, {taken / MEGABYTE:.0f} MB of memory, {answer.status_code}"
            f" {told.get('detail') or told['talk']}")  # fmt: skip
        assert answer.status_code in (201, 413, 422), answer.text
        assert taken < MOST_TAKEN
    finally:
        await server.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="Memory is read from /proc.")
async def test_a_file_that_is_streamed_takes_little_memory(tmp_path: Path) -> None:
    await check_memory(tmp_path, "zeros.bin", 200, lambda _: None)


@pytest.mark.deep
@pytest.mark.skipif(sys.platform != "linux", reason="Memory is read from /proc.")
@pytest.mark.parametrize("name", PIECES)
async def test_a_gigabyte_takes_little_memory(tmp_path: Path, name: str) -> None:
    await check_memory(tmp_path, name, 1024, print)
