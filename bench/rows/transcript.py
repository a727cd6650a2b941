"""Taking in transcripts of 100,000 lines: time, memory, and how much the file grows.

The file is measured after its journal was written back, with every word indexed. Beside it stands
a bare table of nothing but the lines, written in the same pieces.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from bench import programs
from bench.figures import Line, times
from bench.filled import SEED, make_empty
from bench.http_client import Client

LINES = 100_000
LENGTHS = {"short": 6, "spoken": 14, "told": 40, "long": 80}
"""Words a line, about; 40 words are what a game master says at once."""

PIECE = 500
MOST_GROWTH, MOST_BYTES = 3.0, 32 * 1024**2
"""Memory while it is taken in; what reads the talk afterwards is shown and not held to it."""

NAMES = ("GM", "Mira", "Tom", "Assistant")
_SYLLABLES = ("ka", "ro", "mi", "vel", "dor", "thu", "an", "ser", "lis", "gor", "ne", "bra")


@dataclass(frozen=True, slots=True)
class Taken:
    """How an import went. Seconds; bytes."""

    seconds: float
    indexed_after: float
    steps: int
    peak: int
    peak_after: int
    growth: int


async def measure(place: Path) -> list[Line]:
    """One import for each length of line, each into a server of its own."""
    lines = []
    for name, words in LENGTHS.items():
        text = make_transcript(words)
        folder = place / name
        folder.mkdir()
        taken = await _take_in(folder, text)
        bare_seconds, bare_growth = await asyncio.to_thread(_take_in_barely, folder, text)
        growth = taken.growth / len(text)
        lines.append(
            Line(
                f"transcript of {LINES:,} {name} lines ({len(text) // LINES} bytes each)",
                f"{growth:.2f} × the text on the disk, {taken.seconds:.1f} s,"
                f" +{taken.peak / 1024**2:.0f} MiB at most, {taken.steps} steps told; found"
                f" {taken.indexed_after:.1f} s later, with +{taken.peak_after / 1024**2:.0f} MiB",
                f"{bare_growth / len(text):.2f} ×, {bare_seconds:.1f} s as a bare table",
                times(taken.growth, bare_growth),
                f"≤ {MOST_GROWTH:g} × the text, ≤ +{MOST_BYTES // 1024**2} MiB",
                growth <= MOST_GROWTH and taken.peak <= MOST_BYTES,
            )
        )
    return lines


def make_transcript(words: int) -> bytes:
    """So many words a line, the common ones often, as in speech."""
    chosen = random.Random(SEED)
    vocabulary = ["".join(chosen.choices(_SYLLABLES, k=chosen.randint(2, 4))) for _ in range(4_000)]
    weights = [1 / (rank + 1) for rank in range(len(vocabulary))]
    drawn = chosen.choices(vocabulary, weights, k=LINES * words)
    lines, at = [], 0
    for _ in range(LINES):
        count = min(max(1, int(chosen.gauss(words, words / 3))), 2 * words)
        piece = [drawn[n % len(drawn)] for n in range(at, at + count)]
        lines.append(f"{chosen.choice(NAMES)}: {' '.join(piece)}\n")
        at += count
    return "".join(lines).encode()


async def _take_in(folder: Path, text: bytes) -> Taken:
    path = await make_empty(folder)
    empty = _size(path)
    async with programs.serving(folder) as server:
        client = server.connect()
        before, began = programs.peak_bytes(server.process), time.perf_counter()
        asked = urlencode({"title": "A transcript"})
        now = (await client.ask("POST", f"/api/transcripts?{asked}", text)).json()
        steps: set[int] = set()
        while now["state"] == "running":
            await asyncio.sleep(0.05)
            now = (await client.ask("GET", f"/api/imports/{now['id']}")).json()
            steps.add(now["messages"])
        assert (now["state"], now["messages"]) == ("done", LINES), now
        seconds = time.perf_counter() - began
        peak = programs.peak_bytes(server.process) - before
        indexed_after = await _wait_indexed(client) - began - seconds
        peak_after = programs.peak_bytes(server.process) - before
        client.close()
    return Taken(seconds, indexed_after, len(steps), peak, peak_after, _size(path) - empty)


async def _wait_indexed(client: Client) -> float:
    """The moment at which all of it is found."""
    waiting = True
    while waiting:
        found = await client.ask("GET", "/api/search?q=nothing")
        waiting = found.json()["still_indexing"] > 0
    return time.perf_counter()


def _size(path: Path) -> int:
    """The file, with everything that stands in its journal."""
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.stat().st_size


def _take_in_barely(folder: Path, text: bytes) -> tuple[float, int]:
    path = folder / "bare.db"
    began = time.perf_counter()
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("CREATE TABLE said (line TEXT)")
        lines = text.decode().splitlines()
        for start in range(0, len(lines), PIECE):
            raw.execute("BEGIN")
            piece = [(line,) for line in lines[start : start + PIECE]]
            raw.executemany("INSERT INTO said VALUES (?)", piece)
            raw.execute("COMMIT")
    return time.perf_counter() - began, _size(path)
