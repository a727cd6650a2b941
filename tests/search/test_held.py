"""What the index answered is kept, and is what it would answer now."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from tests.search.test_recall import recall
from tests.search.test_search import new_thread, say
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.search.asked import list_forms
from ttrpg_assistant.search.indexing import Indexing
from ttrpg_assistant.search.model import Term
from ttrpg_assistant.search.recall import TalkRecall
from ttrpg_assistant.search.store import hits, sqlite
from ttrpg_assistant.search.store.held import HeldWords
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.engines import create_database

WORDS = ["wait", "waits", "Waiter", "old", "café", "d20", "Straße", "o'brien", "mill", "狼が"]
GROUPS = [
    *map(list_forms, ("wait", "old", "cafe", "d20", "strasse", "mill", "nowhere")),
    (Term(("o", "brien")),),
    (Term(("狼", "か")), Term(("狼", "が"))),
    (Term(("old", "mill")),),
    (Term(("wai",), is_prefix=True),),
    (Term(("nobody",), others=(("waits",),)),),
]


async def test_what_is_kept_is_what_the_index_would_answer_now(database: Database) -> None:
    held, thread, chance = HeldWords(), await new_thread(database), random.Random(5)
    for turn in range(25):
        for _ in range(60 if turn == 20 else chance.randrange(3)):
            await say(database, thread.id, " ".join(chance.choices(WORDS, k=2)))
        await Indexing(database, Changes()).catch_up()
        groups = chance.sample(GROUPS, 8)

        def compare(tx: Connection, groups: list[tuple[Term, ...]] = groups) -> None:
            found = held.list_holding(tx, groups, (), 1_000)
            anew = hits.engine_of(tx).list_holding(tx, groups, (), 1_000)
            assert [some.tolist() for some in found] == [sorted(some) for some in anew]

        await database.read(compare)


async def test_the_index_is_asked_again_only_for_words_that_were_said_since(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = create_database(tmp_path / "talk.db")
    await database.open()
    try:
        held, thread, asked = HeldWords(), await new_thread(database), list[Any]()
        ask = sqlite.list_holding

        def note(tx: Connection, groups: list[tuple[Term, ...]], *rest: Any) -> list[list[int]]:
            asked.append([terms[0].words[0] for terms in groups])
            return ask(tx, groups, *rest)

        monkeypatch.setattr(sqlite, "list_holding", note)
        groups = [list_forms("mill"), list_forms("opal")]

        async def list_counts(most: int = 100) -> list[int]:
            await Indexing(database, Changes()).catch_up()
            found = await database.read(lambda tx: held.list_holding(tx, groups, (), most))
            return list(map(len, found))

        await say(database, thread.id, "The old mills.", "An opal?", "Another opal!")
        assert await list_counts() == [1, 2]
        assert await list_counts() == [1, 2]
        await say(database, thread.id, "A fourth thing.", "The mill burns.")
        assert await list_counts() == [2, 2]
        assert asked == [["mill", "opal"], ["mill"]]
        asked.clear()
        await say(database, thread.id, "Opals and mills.")
        assert await list_counts(1) == [1, 1]
        assert await list_counts(2) == [2, 2], "of an answer that was cut more is asked for"
        assert asked == [["mill", "opal"]] * 2
    finally:
        await database.close()


async def test_nothing_of_another_database_is_told(tmp_path: Path) -> None:
    kept = TalkRecall()
    for name, told in (("before", "The opal is in the mill."), ("after", "The opal is lost.")):
        database = create_database(tmp_path / f"{name}.db")
        await database.open()
        try:
            old, now = [await new_thread(database, campaign_id=None) for _ in range(2)]
            await say(database, old.id, told)
            found = await recall(database, now, "What of the opal?", kept=kept)
            assert [one.text for one in found] == [told]
        finally:
            await database.close()
