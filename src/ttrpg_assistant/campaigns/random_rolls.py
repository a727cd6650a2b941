"""Rolling on random tables: a list of lines, numbered or not, becomes dice and a result.

A line may say its numbers (`4 Rain`, `1-3: Rain`, `| 66 | Rain |`); without any, every line is as
likely as the others. The dice are what the table says; else the smallest die that reaches the
highest number, and `d66` where only such numbers stand there. `[[Another table]]` in a line rolls
on that one, `[[2d6]]` rolls dice. Everything is bounded: a table that leads to itself ends.
"""

from __future__ import annotations

import random
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from ttrpg_assistant.builtin.dice import roll
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.errors import InvalidInput

MOST_ENTRIES = 2_000
MOST_ROLLS = 60
"""Rolls that one roll may lead to, and names in brackets that are looked up for it."""
MOST_CHARACTERS = 2_000
"""Of one entry; so that what a roll leads to stays short, however often a table leads to itself."""
DEEPEST = 6
"""Tables within tables."""

_NUMBERED = re.compile(r"(\d{1,6})(?:\s?[-–—]\s?(\d{1,6}))?(?:\s?[.:)|]\s?|\s)(?=\S)")
_BULLET = re.compile(r"[-*•+]\s")
_NESTED = re.compile(r"\[\[([^\[\]\n]{1,200})\]\]")
_NO_ENTRY = re.compile(r"[\s|:\-–—]*\Z")
_DICE = (2, 3, 4, 6, 8, 10, 12, 20, 30, 100, 1_000)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a table, and the numbers it stands for; None when it says none."""

    text: str
    numbers: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class RandomTable:
    """A table as it is rolled on. `dice` is empty where every entry is as likely as another."""

    name: str
    dice: str
    entries: tuple[Entry, ...]
    id: str = ""


@dataclass(frozen=True, slots=True)
class TableRoll:
    """One roll on one table. `text` is the entry as it is written; empty when no entry has the
    number."""

    table: str
    dice: str
    total: int
    text: str


@dataclass(frozen=True, slots=True)
class RolledResult:
    """What came of it: the text with everything in it rolled, and every roll on the way."""

    text: str
    rolls: tuple[TableRoll, ...]


FindTable = Callable[[str], RandomTable | None]
"""Gives the table of this name, or None."""


def read_table(name: str, dice: str, text: str) -> RandomTable:
    """A table from its dice and its lines. A heading row and rulers of a Markdown table are none
    of its entries."""
    entries = []
    for line in text.splitlines():
        entry = _read_entry(line)
        if entry is not None:
            entries.append(entry)
        if len(entries) == MOST_ENTRIES:
            break
    if any(entry.numbers for entry in entries):
        entries = [entry for entry in entries if entry.numbers]
    return RandomTable(name, dice.strip() or _guess_dice(entries), tuple(entries))


def _read_entry(line: str) -> Entry | None:
    line = line.strip().strip("|").strip()
    if not line or line.startswith("#") or _NO_ENTRY.match(line):
        return None
    bullet = _BULLET.match(line)
    line = line[bullet.end() :].strip() if bullet else line
    found = _NUMBERED.match(line)
    if found is None:
        return Entry(_one_cell(line), None) if line else None
    low = _number(found[1])
    high = _number(found[2]) if found[2] else low
    text = _one_cell(line[found.end() :].strip().lstrip("|").strip())
    return Entry(text, (min(low, high), max(low, high))) if text else None


def _number(digits: str) -> int:
    """`00` is a hundred, as on ten-sided dice."""
    return 100 if digits == "00" else int(digits)


def _one_cell(text: str) -> str:
    joined = " · ".join(part for cell in text.split("|") if (part := cell.strip()))
    return joined if len(joined) <= MOST_CHARACTERS else cut_text(joined, MOST_CHARACTERS - 1) + "…"


def _guess_dice(entries: list[Entry]) -> str:
    numbers = [number for entry in entries for number in entry.numbers or ()]
    if not numbers:
        return ""
    if min(numbers) >= 11 and all({*str(number)} <= set("123456") for number in numbers):
        return "d66"
    highest = max(numbers)
    return f"d{next((sides for sides in _DICE if sides >= highest), highest)}"


def roll_on(
    table: RandomTable, find_table: FindTable, chance: random.Random | None = None
) -> RolledResult:
    """Roll on a table and on everything the result leads to. Raises `InvalidInput` when the table
    is empty or its dice cannot be read."""
    rolling = _Rolling(find_table, chance or secrets.SystemRandom())
    text = rolling.roll(table)
    return RolledResult(text, tuple(rolling.rolls))


class _Rolling:
    """One roll with all it leads to."""

    def __init__(self, find_table: FindTable, chance: random.Random) -> None:
        self.rolls: list[TableRoll] = []
        self._find_table = find_table
        self._chance = chance
        self._left = MOST_ROLLS - 1

    def roll(self, table: RandomTable, depth: int = 0) -> str:
        """The text of the entry that was rolled, with everything in it rolled."""
        if not table.entries:
            raise InvalidInput(
                f"The table {table.name} has no entries to roll on.",
                code="empty_table",
                cure="Write one entry a line.",
            )
        total, entry = _choose(table, self._chance)
        dice = table.dice or f"d{len(table.entries)}"
        self.rolls.append(TableRoll(table.name, dice, total, entry.text if entry else ""))
        if entry is None:
            return f"Nothing in {table.name} for {total}."
        return _NESTED.sub(lambda found: self._roll_within(found[1], depth), entry.text)

    def _roll_within(self, name: str, depth: int) -> str:
        if self._left == 0 or depth == DEEPEST:
            return name
        self._left -= 1
        inner = self._find_table(name.strip())
        if inner is not None and inner.entries:
            return self.roll(inner, depth + 1)
        try:
            thrown = roll(name, self._chance)
        except InvalidInput:
            return name
        self.rolls.append(TableRoll("", thrown.expression, thrown.total, ""))
        return str(thrown.total)


def _choose(table: RandomTable, chance: random.Random) -> tuple[int, Entry | None]:
    """The number that was rolled, and the entry that stands for it."""
    if not table.dice:
        place = chance.randrange(len(table.entries))
        return place + 1, table.entries[place]
    total = roll(table.dice, chance).total
    if any(entry.numbers for entry in table.entries):
        matching = (one for one in table.entries if one.numbers and _holds(one.numbers, total))
        return total, next(matching, None)
    place = total - _lowest(table.dice)
    return total, table.entries[place] if 0 <= place < len(table.entries) else None


def _holds(numbers: tuple[int, int], total: int) -> bool:
    return numbers[0] <= total <= numbers[1]


class _Lowest(random.Random):
    """Dice that always show their lowest face."""

    def randint(self, a: int, b: int) -> int:
        return a


def _lowest(dice: str) -> int:
    """The lowest number these dice can show: which the first entry stands for."""
    return roll(dice, _Lowest()).total
