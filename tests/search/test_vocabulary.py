"""Words that nobody wrote are not asked of the index, and no message is missed for it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.search.test_search import new_thread, say
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.search.indexing import Indexing
from ttrpg_assistant.search.model import Term
from ttrpg_assistant.search.store import sqlite, vocabulary
from ttrpg_assistant.storage.engines import create_database

WORDS = ["wait", "waits", "waiter", "Wai", "old", "older", "ol", "café", "cafe", "d20", "Straße"]
WORDS += ["strasse", "o'brien", "42", "naïve", "the mill", "mill"]


async def test_every_message_with_a_word_is_found_whatever_else_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = create_database(tmp_path / "talk.db")
    await database.open()
    try:
        thread, chance = await new_thread(database), random.Random(3)
        for _ in range(40):
            await say(database, thread.id, " ".join(chance.choices(WORDS, k=3)))
        await Indexing(database, Changes()).catch_up()
        spelled = [w for word in WORDS for w in (word.lower(), f"{word.lower()}ing")]
        groups = [
            [Term(tuple(word.replace("'", " ").split())) for word in chance.sample(spelled, 4)]
            for _ in range(60)
        ]
        found = await database.read(lambda tx: sqlite.list_holding(tx, groups, (), 1_000))
        monkeypatch.setattr(sqlite, "keep_known", lambda tx, groups: [tuple(g) for g in groups])
        every = await database.read(lambda tx: sqlite.list_holding(tx, groups, (), 1_000))
        assert found == every
        assert sum(map(bool, found)) > 30
        known = await database.read(
            lambda tx: vocabulary.keep_known(tx, [[Term((word,)) for word in ("waiting", "wait")]])
        )
        assert known == [(Term(("wait",)),)]
    finally:
        await database.close()
