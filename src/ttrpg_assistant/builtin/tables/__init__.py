"""The tables, read from the text files beside this one.

A file holds ``[sections]``; in a section one line is one entry, blank lines and lines
that begin with ``#`` say nothing. Lists of short words are separated by commas instead.
Everything in them was written for this application. An entry may have slots such as
``{npc|a rival}``: something of the campaign's own goes there, else the words after the bar.
"""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib.resources import files

_SLOT = re.compile(r"\{(\w+)\|([^{}]*)\}")


@cache
def list_entries(table: str, section: str) -> tuple[str, ...]:
    """The entries of a section, one a line. KeyError when a table has no such section."""
    return _read(table)[section]


@cache
def list_words(table: str, section: str) -> tuple[str, ...]:
    """The entries of a section whose lines are lists separated by commas."""
    words = " ".join(_read(table)[section]).split(",")
    return tuple(word for piece in words if (word := piece.strip()))


def list_sections(table: str) -> tuple[str, ...]:
    """The names of a table's sections, in the order of the file."""
    return tuple(_read(table))


def draw(entries: Sequence[str], count: int, rng: random.Random) -> list[str]:
    """`count` different entries in chance's order; fewer when the table has fewer."""
    return rng.sample(entries, min(count, len(entries)))


def fill(
    entry: str,
    slots: Mapping[str, Sequence[str]],
    rng: random.Random,
    *,
    always: Collection[str] = (),
) -> str:
    """The entry with its slots filled, each from its own list or else with its own words.

    A slot in `always` is filled from its list whenever there is one; any other only half of
    the time, so that not every trouble is about the same three people.
    """

    def choose(found: re.Match[str]) -> str:
        choices = slots.get(found[1], ())
        if choices and (found[1] in always or rng.random() < 0.5):
            return rng.choice(choices)
        return found[2]

    return _SLOT.sub(choose, entry)


@cache
def _read(table: str) -> dict[str, tuple[str, ...]]:
    source = files(__package__).joinpath(f"{table}.txt").read_text(encoding="utf-8")
    sections: dict[str, list[str]] = {}
    entries: list[str] = []
    for line in map(str.strip, source.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            entries = sections.setdefault(line[1:-1], [])
        elif line and not line.startswith("#"):
            entries.append(line)
    return {name: tuple(found) for name, found in sections.items()}
