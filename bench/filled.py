"""Databases full of made-up talk and campaigns, the same every time: everything comes from SEED.

The schema is made by the application itself; rows are then written in bulk, past its store,
because a million sends would take longer than everything that is measured on them.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ttrpg_assistant.ids import spell_moment
from ttrpg_assistant.storage.engines import create_database

SEED = 20_261_122
HALF_A_MESSAGE = (4, 30)
"""Words. A message is two of 5,000 prepared halves: made quickly, and seldom twice."""

RUN = 20
"""Messages of one conversation that were said one after another, before another goes on."""

_BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
_SYLLABLES = ("ka", "ro", "mi", "vel", "dor", "thu", "an", "ser", "lis", "gor", "ne", "bra")


def database_path(data_dir: Path) -> Path:
    """Where the server looks for its file."""
    return data_dir / "ttrpg_assistant.db"


async def make_empty(data_dir: Path) -> Path:
    """A data folder with a migrated, empty database."""
    database = create_database(database_path(data_dir))
    await database.open()
    await database.close()
    return database_path(data_dir)


class Filler:
    """Writes rows in bulk into a file that nobody has open."""

    def __init__(self, path: Path) -> None:
        self._raw = sqlite3.connect(path, isolation_level=None)
        # Nothing here must survive a crash, so nothing is written twice.
        self._raw.execute("PRAGMA journal_mode=OFF")
        self._raw.execute("PRAGMA synchronous=OFF")
        self._raw.execute("PRAGMA cache_size=-200000")
        self._raw.execute("BEGIN")
        self._random = random.Random(SEED)
        self._count = 0
        self._vocabulary = [self.make_name() for _ in range(4000)]
        self._halves = [self.make_text(HALF_A_MESSAGE) for _ in range(5000)]

    def finish(self) -> None:
        """Commit, give the file its journal again, close."""
        self._raw.execute("COMMIT")
        with closing(self._raw):
            self._raw.execute("PRAGMA journal_mode=WAL")

    def make_id(self) -> str:
        """A UUIDv7 whose time is the order of making."""
        self._count += 1
        stamp = f"{1_600_000_000_000 + self._count:012x}"
        rest = f"{self._random.getrandbits(74):019x}"
        return f"{stamp[:8]}-{stamp[8:]}-7{rest[:3]}-a{rest[3:6]}-{rest[6:18]}"

    def make_name(self) -> str:
        """A word of two to four syllables."""
        return "".join(self._random.choices(_SYLLABLES, k=self._random.randint(2, 4)))

    def make_message(self) -> str:
        """What somebody said: about 240 characters."""
        pick = self._random.random
        halves = self._halves
        return f"{halves[int(pick() * 5000)]} {halves[int(pick() * 5000)]}"

    def make_text(self, words: tuple[int, int]) -> str:
        """So many words of prose."""
        return " ".join(self._random.choices(self._vocabulary, k=self._random.randint(*words)))

    def pick(self, among: Sequence[str]) -> str:
        """One of them."""
        return self._random.choice(among)

    def list_things(self, campaign_id: str) -> list[tuple[str, str]]:
        """The kind and id of everything in a campaign."""
        queries = (
            "SELECT 'npc', id FROM npcs WHERE campaign_id = :id",
            "SELECT 'location', id FROM locations WHERE campaign_id = :id",
            "SELECT 'plot_point', id FROM plot_points WHERE campaign_id = :id",
            "SELECT entity_kind, id FROM things WHERE campaign_id = :id",
        )
        whose = {"id": campaign_id}
        return [row for query in queries for row in self._raw.execute(query, whose)]

    def add_rows(self, table: str, rows: Iterable[dict[str, Any]]) -> None:
        """Insert rows, each with the same columns."""
        rows = iter(rows)
        first = next(rows, None)
        if first is None:
            return
        marks = ", ".join(f":{name}" for name in first)
        statement = f"INSERT INTO {table} ({', '.join(first)}) VALUES ({marks})"
        self._raw.execute(statement, first)
        self._raw.executemany(statement, rows)

    def add_talk(
        self, lengths: Sequence[int], kind: str = "thread", newest: str | None = None, **links: str
    ) -> list[str]:
        """Conversations of these lengths, said in turns; their ids. `newest` is the last text."""
        ids = [self.make_id() for _ in lengths]
        kept = {id: {"id": None, "seq": 0} for id in ids}
        moment = spell_moment(_BEGAN)
        self.add_rows(
            "conversations",
            (
                {
                    "id": id,
                    "kind": kind,
                    "purpose": "general" if kind == "thread" else None,
                    "title": f"Talk {number}",
                    "next_seq": length + 1,
                    "message_count": length,
                    "unread_count": 0,
                    "last_message_at": moment,
                    "created_at": moment,
                    "updated_at": moment,
                    **links,
                }
                for number, (id, length) in enumerate(zip(ids, lengths, strict=True))
            ),
        )
        self.add_rows("messages", self._say(ids, lengths, kept, newest))
        for id in ids:
            self._raw.execute(
                "UPDATE conversations SET tip_message_id = ? WHERE id = ?", (kept[id]["id"], id)
            )
        return ids

    def _say(
        self,
        ids: Sequence[str],
        lengths: Sequence[int],
        kept: dict[str, dict[str, Any]],
        newest: str | None,
    ) -> Iterator[dict[str, Any]]:
        left = dict(zip(ids, lengths, strict=True))
        while left:
            for id in list(left):
                last = kept[id]
                # One moment for what was said in a row: order comes from seq.
                moment = spell_moment(_BEGAN + timedelta(seconds=self._count * 20))
                for _ in range(min(RUN, left[id])):
                    left[id] -= 1
                    seq = last["seq"] + 1
                    row = {
                        "id": self.make_id(),
                        "conversation_id": id,
                        "seq": seq,
                        "parent_id": last["id"],
                        "role": "user" if seq % 2 else "assistant",
                        "status": "complete",
                        "created_at": moment,
                        "updated_at": moment,
                        "content": newest if newest and not left[id] else self.make_message(),
                    }
                    last["id"], last["seq"] = row["id"], seq
                    yield row
                if not left[id]:
                    del left[id]
