"""What a check finds, and what a check is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `place` is the table and the row; it quotes no content."""

    check: str
    place: str
    sentence: str
    can_mend: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """`find` reads and changes nothing. `mend`, where there is one, is run in a transaction of
    the writer; it deletes no message and changes no word of one."""

    name: str
    find: Callable[[Connection], Iterator[Problem]]
    mend: Callable[[Connection], None] | None = None
