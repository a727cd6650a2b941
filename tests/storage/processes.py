"""Running `child.py`, whole or line by line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

CHILD = str(Path(__file__).with_name("child.py"))


def _environment(extra: dict[str, str]) -> dict[str, str]:
    return {**os.environ, "PYTHONUNBUFFERED": "1", **extra}


def run_child(
    *arguments: object, under: Sequence[str] = (), **extra: str
) -> subprocess.CompletedProcess[str]:
    """Run it to its end, possibly under another program; `extra` is for its environment."""
    return subprocess.run(
        [*under, sys.executable, CHILD, *map(str, arguments)],
        env=_environment(extra),
        capture_output=True,
        text=True,
        timeout=120,
    )


class Child:
    """A running child that is talked to in lines."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def read(self) -> str:
        """Its next line, without log lines; an error when it has ended."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if not line.startswith("20"):
                return line.strip()
        assert self._process.stderr is not None
        raise AssertionError(self._process.stderr.read())

    def hear(self, expected: str) -> None:
        """Read its next line, which must be this one."""
        assert self.read() == expected

    def let_go(self) -> None:
        """Tell the holder of a lock to release it."""
        self.tell()
        self.hear_released()

    def hear_released(self) -> float:
        """Wait for the end of a lock; for how many seconds it was really held."""
        word, seconds = self.read().split()
        assert word == "released"
        return float(seconds)

    def tell(self, line: str = "") -> None:
        """Let it go on, or tell it what to do next."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()


@contextmanager
def child(*arguments: object) -> Iterator[Child]:
    """A child that runs while the block runs, and is killed if it is still there after."""
    process = subprocess.Popen(
        [sys.executable, CHILD, *map(str, arguments)],
        env=_environment({}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Child(process)
    finally:
        process.kill()
        process.communicate()


SHORT_LOCK = 1.4
"""Seconds. A lock of a second that a busy machine made longer than this was no short one."""

LOCKS = 5
"""How often a short lock is tried, while the machine makes each of them a long one."""


def acked(output: str) -> list[int]:
    """The numbers that the child said were stored."""
    # A killed child may leave the last line half written: only ended lines count.
    return [int(number) for number in re.findall(r"^acked (\d+)\n", output, re.MULTILINE)]
