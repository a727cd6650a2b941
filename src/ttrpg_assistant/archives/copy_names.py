"""What a campaign from a file is called when there is one of its name already."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import count

from ttrpg_assistant.campaigns.checks import NAME_LENGTH
from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.characters import cut_text

_OPENING = " (imported "


def name_of_copy(name: str, taken: Iterable[str], now: datetime) -> str:
    """The name, with the day of the import added when it is taken: "The Long Road (imported 29 Nov
    2026)". Upper and lower case and accents do not tell names apart.

    `now` is in the time zone whose day is meant. The mark of an earlier import gives way to it; a
    name that is too long with its mark is cut.
    """
    folded = {fold(one) for one in taken}
    if fold(name) not in folded:
        return name
    day = f"{now.day} {now:%b} {now.year}"
    bare = _without_mark(name)
    for number in count(1):
        mark = f"{_OPENING}{day})" if number == 1 else f"{_OPENING}{day}, {number})"
        marked = f"{cut_text(bare, NAME_LENGTH - len(mark)).rstrip()}{mark}"
        if fold(marked) not in folded:
            return marked
    raise AssertionError  # there are more numbers than names


def _without_mark(name: str) -> str:
    bare, opening, rest = name.rpartition(_OPENING)
    return bare if opening and bare and rest.endswith(")") else name
