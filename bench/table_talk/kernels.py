"""What is planted in the talk, and what is asked of it long afterwards.

A kernel is written by hand: lines as they are said at a table, with a star before what answers
the question. `g` is the game master, `a` to `c` are players. Parts divided by `---` are said on
different evenings. Questions are put in other words than the talk, as somebody who remembers half
of it would put them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_KERNELS = Path(__file__).with_suffix(".txt")


@dataclass(frozen=True, slots=True)
class Kernel:
    """`parts` are lines of speaker, text and whether it is evidence, an evening each."""

    category: str
    parts: tuple[tuple[tuple[str, str, bool], ...], ...]
    question: str


def list_kernels() -> list[Kernel]:
    """All of them, in the order in which they are written."""
    return [_read(block) for block in _KERNELS.read_text(encoding="utf-8").strip().split("\n\n")]


def _read(block: str) -> Kernel:
    heading, *lines = block.splitlines()
    parts: list[list[tuple[str, str, bool]]] = [[]]
    question = ""
    for line in lines:
        mark, _, text = line.partition(" ")
        if line == "---":
            parts.append([])
        elif mark == "?":
            question = text
        else:
            parts[-1].append((mark[0], text.replace("*", ""), "*" in text))
    return Kernel(heading.removeprefix("# "), tuple(map(tuple, parts)), question)
