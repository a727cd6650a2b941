"""Short beginnings are read from the newest talk, and found exactly as the index finds them."""

from __future__ import annotations

import random
from itertools import product

import pytest
from sqlalchemy import Connection

from tests.search.test_search import new_thread, say, texts
from ttrpg_assistant.conversations.store import conversations
from ttrpg_assistant.ids import utc_now
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.search.indexing import Indexing
from ttrpg_assistant.search.model import Filters
from ttrpg_assistant.search.query import parse_query
from ttrpg_assistant.search.search import Search
from ttrpg_assistant.search.store import reading
from ttrpg_assistant.search.store.asking import Question
from ttrpg_assistant.search.store.hits import engine_of
from ttrpg_assistant.storage.database import Database

_WORDS = [
    "dra",
    "Drak",
    "élan",
    "Elan",
    "el",
    "e",
    "don't",
    "d",
    "ünder",
    "Dr.",
    "x_dra",
    "-",
    "12",
]
_QUERIES = [
    *("d*", "dr*", "dra*", "e*", "él*", "el*", "un*", "1*", "x*", "xy*", "don*", "t*"),
    *('"dr el*"', '"d e*"', "d* e*", "dr* -elan", "el* -dr*", "e* drak", "d* -x"),
]


@pytest.fixture
def search(database: Database) -> Search:
    return Search(database, Indexing(database, Changes()))


async def test_reading_finds_what_the_index_finds(database: Database, search: Search) -> None:
    chosen = random.Random(3)
    thread = await new_thread(database)
    said = [" ".join(chosen.choices(_WORDS, k=chosen.randint(1, 4))) for _ in range(120)]
    await say(database, thread.id, *said)
    await search.search("dra")  # everything said is in the index now

    def work(tx: Connection) -> None:
        for query, limit in product(_QUERIES, (5, 100)):
            question = Question(parse_query(query), Filters(), "newest", limit)
            assert reading.can_read(question)
            read = reading.find_newest(tx, question)
            assert read == engine_of(tx).list_numbers(tx, question), (query, limit)

    await database.read(work)


async def test_what_only_old_talk_begins_with_is_found_by_the_index(
    database: Database, search: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_READ", 250)
    thread = await new_thread(database)
    await say(database, thread.id, "A quagmire.", *(f"line {n}" for n in range(260)))
    assert texts(await search.search("qu*")) == ["A quagmire."]


async def test_reading_keeps_to_the_filters_and_pages(database: Database, search: Search) -> None:
    ours, theirs = [await new_thread(database, title=title) for title in ("a", "b")]
    await say(database, ours.id, "prow", "prey", "prim", "prow again")
    await say(database, theirs.id, "price")
    await database.write(
        lambda tx: conversations.update_conversation(tx, theirs.id, archived_at=utc_now())
    )
    first = await search.search("pr*", limit=2)
    assert texts(first) == ["prow again", "prim"] and first.has_more
    rest = await search.search("pr*", limit=2, before=first.next_cursor)
    assert texts(rest) == ["prey", "prow"] and not rest.has_more
    own = await search.search("pr*", Filters(role="assistant"))
    assert texts(own) == ["prow again", "prey"]
    assert texts(await search.search("pr*", Filters(kind="chat"))) == []
    assert texts(await search.search("pr*", Filters(since="9000"))) == []
    everything = await search.search("pr*", Filters(with_archived=True))
    assert texts(everything)[0] == "price"
