"""The best matches are the best, however few of them are looked at first."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import Connection

from tests.search.test_search import new_thread, say, texts
from ttrpg_assistant.conversations.store import conversations
from ttrpg_assistant.ids import utc_now
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.search.indexing import Indexing
from ttrpg_assistant.search.model import Filters
from ttrpg_assistant.search.search import Search
from ttrpg_assistant.search.store import asking, sqlite
from ttrpg_assistant.storage.database import Database

WORDS = ("harbour", "harbours", "lantern", "lanterns", "oath", "tide", "vault", "mill", "ferry")


@pytest.fixture
async def talk(database: Database) -> Database:
    """Six threads of random words, half of them archived."""
    chance = random.Random(7)
    for number in range(6):
        thread = await new_thread(database)
        said = [" ".join(chance.choices(WORDS, k=chance.randrange(1, 9))) for _ in range(30)]
        await say(database, thread.id, *said)
        if number % 2:
            await database.write(lambda tx, id=thread.id: _archive(tx, id))  # type: ignore[misc]
    return database


def _archive(tx: Connection, conversation_id: str) -> None:
    conversations.update_conversation(tx, conversation_id, archived_at=utc_now())


async def list_pages(database: Database, query: str, filters: Filters, limit: int) -> list[str]:
    search = Search(database, Indexing(database, Changes()))
    found: list[str] = []
    before = None
    while True:
        page = await search.search(query, filters, order="best", limit=limit, before=before)
        found += [
            f"{hit.message_id} {text}" for hit, text in zip(page.hits, texts(page), strict=True)
        ]
        if page.next_cursor is None:
            return found
        before = page.next_cursor


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("named", [0, 200])
@pytest.mark.parametrize(
    "filters", [Filters(), Filters(role="assistant"), Filters(with_archived=True)]
)
async def test_looking_at_few_first_gives_the_same_pages(
    talk: Database, monkeypatch: pytest.MonkeyPatch, filters: Filters, named: int
) -> None:
    monkeypatch.setattr(asking, "MARKED_CONVERSATIONS", named)
    for query in ("harbour", "lantern tide", "oath -mill", "vault*"):
        pages = []
        for looked_at, limit in ((1, 7), (3, 5), (10_000, 500)):
            monkeypatch.setattr(sqlite, "_LOOKED_AT", looked_at)
            pages.append(await list_pages(talk, query, filters, limit))
        assert pages[0] == pages[1] == pages[2]
        assert pages[0]


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_a_form_that_nobody_wrote_changes_no_order(
    talk: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_forms = await list_pages(talk, "harbour", Filters(), 500)
    monkeypatch.setattr(sqlite, "_without_unwritten", lambda tx, terms: terms)
    assert await list_pages(talk, "harbour", Filters(), 500) == with_forms
    assert any("harbours" in one for one in with_forms)
