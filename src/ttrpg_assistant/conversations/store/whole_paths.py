"""Which messages lead to a message: remembered, so that pages forward in time cost their length.

Whether a message is on the path is known only from its end. The way back from a message never
changes (a message's parent is written once), so it is walked once and kept for the next page.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock

MOST_KEPT = 4
"""Paths that are remembered at once: 100 bytes a message."""

FIRST_STRIDE, MOST_STRIDE = 8, 512
"""Messages that are read at once on the way back to what is remembered: more with every step."""

Row = tuple[str, int, str | None]
"""A message's id, number and parent."""

Walk = Callable[[str, int], Sequence[Row]]
"""Up to so many messages from this one towards the root, newest first; none when it is gone."""


@dataclass(frozen=True, slots=True)
class WholePath:
    """Every message from the root to one, oldest first."""

    ids: list[str]
    seqs: array[int]

    def list_after(self, seq: int, limit: int) -> list[str]:
        """The first `limit` of them that are numbered above `seq`."""
        start = bisect_right(self.seqs, seq)
        return self.ids[start : start + limit]


class WholePaths:
    """The newest few paths that were asked for. Threads may share it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, WholePath] = OrderedDict()
        self._lock = Lock()

    def get_path(self, tip_id: str, walk: Walk) -> WholePath:
        """The path that ends with this message; `walk` reads what is not remembered."""
        newer: list[Row] = []
        wanted: str | None = tip_id
        older = None
        stride = FIRST_STRIDE
        while wanted is not None and (older := self._find(wanted)) is None:
            rows = walk(wanted, stride)
            stride = min(2 * stride, MOST_STRIDE)
            if not rows or (newer and rows[0][1] >= newer[-1][1]):
                break  # damage: the row is gone, or the link leads to where the walk has been
            for row in rows:
                newer.append(row)
                wanted = row[2]
                if wanted is not None and self._find(wanted) is not None:
                    break
        newer.reverse()
        ids, seqs = ([], array("q")) if older is None else (older.ids[:], older.seqs[:])
        ids += [row[0] for row in newer]
        seqs.extend(row[1] for row in newer)
        return self._keep(tip_id, WholePath(ids, seqs))

    def _find(self, tip_id: str) -> WholePath | None:
        with self._lock:
            return self._kept.get(tip_id)

    def _keep(self, tip_id: str, path: WholePath) -> WholePath:
        with self._lock:
            self._kept[tip_id] = path
            self._kept.move_to_end(tip_id)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return path
