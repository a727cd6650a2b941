"""Vectors held in memory, and which of them are nearest to a question."""

from __future__ import annotations

from collections.abc import Collection
from importlib import import_module
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.search.meaning.encoder import DIMENSIONS
from ttrpg_assistant.search.store import meanings
from ttrpg_assistant.storage.work_lock import WorkLock

MOST_HELD = 150_000
"""Passages held, the newest: about 230 MB. Older talk is found by its words alone."""

_PAGE = 5_000
_SCALE = 127.0


class VectorMatrix:
    """The vectors of one database. Safe to use from several threads."""

    def __init__(self) -> None:
        self._np: Any = import_module("numpy")
        self._lock = WorkLock()
        self._vectors: Any = self._np.zeros((1_024, DIMENSIONS), dtype=self._np.float32)
        self._places: Any = self._np.zeros(1_024, dtype=self._np.int32)
        self._messages: list[tuple[str, int]] = []
        self._codes: dict[tuple[str, str | None], int] = {}
        self._through = 0

    def find_nearest(
        self,
        tx: Connection,
        vector: Any,
        conversation_ids: Collection[str],
        mode: str | None,
        most: int,
    ) -> list[tuple[str, int, float]]:
        """Message, part and likeness of the nearest passages of these conversations, best first.

        Only the best passage of a message counts. With a mode, only of messages of that mode.
        """
        np = self._np
        allowed = set(conversation_ids)
        with self._lock.hold(tx):
            self._refresh(tx)
            held = len(self._messages)
            codes = [
                code
                for (conversation_id, said_in), code in self._codes.items()
                if conversation_id in allowed and mode in (None, said_in)
            ]
            if not held or not codes:
                return []
            likeness = self._vectors[:held] @ vector
            passes = np.zeros(len(self._codes), dtype=bool)
            passes[codes] = True
            likeness[~passes[self._places[:held]]] = -2.0
            count = min(held, most * 3)
            best = np.argpartition(-likeness, count - 1)[:count]
            best = best[np.argsort(-likeness[best])]
            found: dict[str, tuple[str, int, float]] = {}
            for at in best.tolist():
                message_id, part = self._messages[at]
                if likeness[at] > -1.5:
                    found.setdefault(message_id, (message_id, part, float(likeness[at])))
        return list(found.values())[:most]

    def refresh(self, tx: Connection) -> None:
        """Take up what was stored since; a long talk takes a second or two the first time."""
        with self._lock.hold(tx):
            self._refresh(tx)

    def _refresh(self, tx: Connection) -> None:
        newest = meanings.find_newest(tx)
        if newest < self._through:  # it was turned off and on again meanwhile
            self._messages.clear()
            self._through = 0
        while self._through < newest:
            rows = meanings.list_vectors(tx, self._through, _PAGE)
            if not rows:
                break
            for number, message_id, part, conversation_id, mode, stored in rows:
                self._put(message_id, part, (conversation_id, mode), stored)
                self._through = number
        surplus = len(self._messages) - MOST_HELD
        if surplus > 0:
            held = len(self._messages)
            self._vectors[: held - surplus] = self._vectors[surplus:held]
            self._places[: held - surplus] = self._places[surplus:held]
            del self._messages[:surplus]

    def _put(self, message_id: str, part: int, place: tuple[str, str | None], one: bytes) -> None:
        np, held = self._np, len(self._messages)
        if held == len(self._places):
            self._vectors = np.concatenate([self._vectors, np.zeros_like(self._vectors)])
            self._places = np.concatenate([self._places, np.zeros_like(self._places)])
        self._vectors[held] = np.frombuffer(one, dtype=np.int8).astype(np.float32) / _SCALE
        self._places[held] = self._codes.setdefault(place, len(self._codes))
        self._messages.append((message_id, part))


def pack(vectors: Any) -> list[bytes]:
    """Vectors as they are stored: a byte a number, which costs no recall worth the name."""
    np = import_module("numpy")
    return [one.tobytes() for one in np.round(vectors * _SCALE).astype(np.int8)]
