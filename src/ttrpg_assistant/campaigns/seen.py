"""Choosing a few for somebody who may not see all: what is not for them takes no place. Pure.

Whoever reads the newest of what there is and leaves out then what is hidden tells by the gap that
something is. So more is read where something was left out, until there are enough or no more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

WIDENED = 4
"""So many times as much is looked at when what was read holds too little that may be seen."""


def choose_seen(
    read: Callable[[int], Sequence[T]], is_seen: Callable[[T], bool], most: int
) -> list[T]:
    """The first `most` that may be seen, in the order in which `read` gives the first so many."""
    wanted = most
    while True:
        found = read(wanted)
        seen = [one for one in found if is_seen(one)]
        if len(seen) >= most or len(found) < wanted:
            return seen[:most]
        wanted *= WIDENED
