"""A long run of things in parts of a size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def in_parts(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """All of them in their order, `size` at a time."""
    left = iter(things)
    while part := list(islice(left, size)):
        yield part
