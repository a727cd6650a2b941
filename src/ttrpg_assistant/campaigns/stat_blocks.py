"""Numbers found in a free-form stat block: armour, hit points, speed, attributes, attacks.

A stat block is text in the words of any game, one value or ability a line. What is found is shown
beside it and never written back. The patterns know the common English ways to write such values and
take linear time; a line that none of them knows is simply a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

MOST_READ = 20_000
"""Characters of a stat block that are read."""
MOST_LINE = 300
"""Characters of a line that are read."""
MOST_STATS = 24
MOST_ROLLS = 60

_DICE = re.compile(
    r"(?<![\w.])(?:\d{1,3})?d(?:\d{1,4}|%)(?:k[hl]?\d{1,2})?(?:\s?[-+−–]\s?\d{1,4})?(?![\w])", re.I
)
_ATTACK = re.compile(
    r"(?<![\w.+])([+−–-]\s?\d{1,3})\s(?:to\s(?:hit|attack)|attack|vs\.?\s?AC)\b", re.I
)

_NO_MARKS = str.maketrans("", "", "*_`")
"""Marks of Markdown around names."""

_VALUE = r"\b\s?(?:\([^()]{0,40}\)\s?)?[:=]?\s?"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("AC", re.compile(rf"\b(?:AC|armou?r class|defen[cs]e){_VALUE}(\d{{1,3}})\b(?!d)", re.I)),
    (
        "HP",
        re.compile(rf"\b(?:HP|hit points?|hits|health|wounds?){_VALUE}(\d{{1,5}})\b(?!d)", re.I),
    ),
    (
        "HD",
        re.compile(
            rf"\b(?:HD|hit dice|hit die){_VALUE}(\d{{1,3}}(?:d\d{{1,3}})?(?:[+-]\d{{1,3}})?)", re.I
        ),
    ),
    (
        "Speed",
        re.compile(
            rf"\b(?:speed|move(?:ment)?|MV){_VALUE}"
            r"(\d{1,4}(?:['’]|\s?(?:ft|feet|metres|meters|m)\b)?)",
            re.I,
        ),
    ),
    ("Initiative", re.compile(rf"\b(?:init|initiative){_VALUE}([-+−–]?\d{{1,3}})\b(?!d)", re.I)),
    ("CR", re.compile(rf"\b(?:CR|challenge(?: rating)?){_VALUE}(\d{{1,2}}(?:/\d)?)\b", re.I)),
    ("Level", re.compile(rf"\b(?:level|LV){_VALUE}(\d{{1,2}})\b", re.I)),
    (
        "Perception",
        re.compile(rf"\b(?:passive )?perception{_VALUE}([-+−–]?\d{{1,3}})\b(?!d)", re.I),
    ),
    ("Morale", re.compile(rf"\b(?:morale|ML){_VALUE}(\d{{1,3}})\b(?!d)", re.I)),
)
"""What a number is called, and how it is written."""

_ATTRIBUTES: tuple[tuple[str, str], ...] = (
    ("STR", "str(?:ength)?"),
    ("DEX", "dex(?:terity)?"),
    ("CON", "con(?:stitution)?"),
    ("INT", "int(?:elligence)?"),
    ("WIS", "wis(?:dom)?"),
    ("CHA", "cha(?:risma)?"),
    ("POW", "pow(?:er)?"),
    ("SIZ", "siz(?:e)?"),
)
_SCORE = r"\s?[:=]?\s?([-+−–]?\d{1,3})\b(?!d)(?:\s?\(([-+−–]\s?\d{1,2})\))?"
_ATTRIBUTE_PATTERNS = tuple(
    (name, re.compile(rf"(?<![\w/]){words}{_SCORE}", re.I)) for name, words in _ATTRIBUTES
)
_ALL = (*_PATTERNS, *_ATTRIBUTE_PATTERNS)


@dataclass(frozen=True, slots=True)
class Stat:
    """A number that was found: ``Stat("AC", "15")``."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class StatRoll:
    """Dice that stand in a line, and what they are for: ``StatRoll("Bite", "1d6+2")``."""

    label: str
    dice: str


@dataclass(frozen=True, slots=True)
class StatBlock:
    """What was found in a stat block: each number once, at its first place."""

    stats: tuple[Stat, ...]
    rolls: tuple[StatRoll, ...]


@lru_cache(maxsize=512)
def read_stat_block(text: str) -> StatBlock:
    """The numbers and dice in a stat block, in the order they are shown."""
    found: dict[str, str] = {}
    rolls: dict[tuple[str, str], StatRoll] = {}
    lines = [line[:MOST_LINE] for line in text[:MOST_READ].split("\n")]
    heading: list[str] = []
    for line in (line.translate(_NO_MARKS).strip() for line in lines):
        has_number = any(map(str.isdecimal, line))
        for name, pattern in _ALL if has_number else ():
            if name not in found and (match := pattern.search(line)):
                found[name] = _spell(match)
        heading = _read_row(line, heading, found)
        for roll in _list_rolls(line) if has_number else ():
            rolls.setdefault((roll.label, roll.dice), roll)
    order = [name for name, _ in _ALL]
    stats = [Stat(name, found[name]) for name in order if name in found]
    return StatBlock(tuple(stats[:MOST_STATS]), tuple(rolls.values())[:MOST_ROLLS])


def _spell(match: re.Match[str]) -> str:
    value = " ".join(match[1].split()).rstrip(".")
    return f"{value} ({''.join(match[2].split())})" if match.re.groups > 1 and match[2] else value


def _read_row(line: str, heading: list[str], found: dict[str, str]) -> list[str]:
    """Attributes whose names stand in one line and their numbers in the next. Returns the names
    that this line is."""
    cells = line.replace("|", " ").split()
    names = [name for cell in cells if (name := _attribute(cell))]
    if len(names) >= 3 and len(names) == len(cells):
        return names
    if heading:
        # "16 (+3)" is one cell, written as two.
        scores = [cell for cell in cells if cell.lstrip("+-−–").isdecimal()]
        if len(scores) == len(heading):
            for name, score in zip(heading, scores, strict=True):
                found.setdefault(name, score)
            return []
        if all(set(cell) <= set("-:") for cell in cells):
            return heading
    return []


def _attribute(cell: str) -> str | None:
    word = cell.strip(":").upper()
    return next((name for name, _ in _ATTRIBUTES if word == name), None)


def _list_rolls(line: str) -> list[StatRoll]:
    label = _label(line)
    attacks = [StatRoll(label, f"d20{_sign(match[1])}") for match in _ATTACK.finditer(line)]
    dice = [StatRoll(label, _plain(match[0])) for match in _DICE.finditer(line)]
    return [*attacks, *dice]


def _label(line: str) -> str:
    """What a line is about: the words before its first dot, colon, bracket or number."""
    words = line.lstrip("-•| ")
    end = next((at for at, sign in enumerate(words) if sign in ".:([+0123456789|,;"), len(words))
    return words[:end].strip()[:60]


def _sign(number: str) -> str:
    plain = _plain(number)
    return plain if plain.startswith(("+", "-")) else f"+{plain}"


def _plain(dice: str) -> str:
    return "".join(dice.split()).replace("−", "-").replace("–", "-")
