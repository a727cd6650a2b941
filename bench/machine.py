"""What the figures were taken on."""

from __future__ import annotations

import os
import platform
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil


def describe() -> str:
    """One sentence: processor, cores, memory, system, Python, SQLite."""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {_processor()}, {os.cpu_count()} cores, "
        f"{psutil.virtual_memory().total / 1024**3:.0f} GiB, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}."
    )


def find_load() -> str:
    """How many programs wanted a processor, averaged over the last minute."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "?"


def find_pace() -> str:
    """Seconds that one core takes to add ten million numbers just now, the best of three.

    The same machine is not always equally fast: where others share its processors, or it is
    hot, every absolute time grows with this one.
    """
    best = float("inf")
    for _ in range(3):
        began, total = time.perf_counter(), 0
        for number in range(10_000_000):
            total += number
        best = min(best, time.perf_counter() - began)
    return f"{best:.2f}"


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        for line in facts.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
