"""Finding one's way within one long conversation, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, update

from ttrpg_assistant.conversations.model import Conversation, Message
from ttrpg_assistant.conversations.store import conversations, messages
from ttrpg_assistant.conversations.store.clearing import clear_messages
from ttrpg_assistant.conversations.tables import messages as message_table
from ttrpg_assistant.errors import InvalidInput, NotFound
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.search.in_conversation import InConversation
from ttrpg_assistant.search.indexing import Indexing
from ttrpg_assistant.search.model import Filters, OpenedDay
from ttrpg_assistant.search.search import Search
from ttrpg_assistant.storage.database import Database


@pytest.fixture
def inside(database: Database) -> InConversation:
    return InConversation(database, Indexing(database, Changes()))


async def new_thread(database: Database, **values: Any) -> Conversation:
    return await database.write(
        lambda tx: conversations.add_conversation(tx, "thread", purpose="general", **values)
    )


async def say(
    database: Database, conversation_id: str, *texts: str, under: str | None = None
) -> list[Message]:
    def work(tx: Connection) -> list[Message]:
        chat = conversations.lock_conversation(tx, conversation_id)
        parent = under or chat.tip_message_id
        said = []
        for text in texts:
            chat = conversations.lock_conversation(tx, conversation_id)
            said.append(
                messages.add_message(
                    tx, chat, message_id=new_id(), role="user", content=text, parent_id=parent
                )
            )
            parent = said[-1].id
        return said

    return await database.write(work)


async def test_words_are_found_in_one_conversation_oldest_first(
    database: Database, inside: InConversation
) -> None:
    thread, other = await new_thread(database), await new_thread(database)
    said = await say(database, thread.id, "a lantern", "nothing", "Lanterns again", "lantern")
    await say(database, other.id, "a lantern elsewhere")
    found = await inside.find(thread.id, "lantern*")
    assert found.message_ids == [said[0].id, said[2].id, said[3].id]
    assert (found.elsewhere, found.is_cut) == (0, False)
    with pytest.raises(InvalidInput):
        await inside.find(thread.id, "-")
    with pytest.raises(NotFound):
        await inside.find(new_id(), "lantern")


async def test_words_in_another_branch_are_counted_and_not_shown(
    database: Database, inside: InConversation
) -> None:
    thread = await new_thread(database)
    said = await say(database, thread.id, "lantern one", "lantern two")
    await say(database, thread.id, "lantern three", under=said[0].id)
    found = await inside.find(thread.id, "lantern")
    assert (len(found.message_ids), found.elsewhere) == (2, 1)
    await database.write(lambda tx: clear_messages(tx, thread.id, utc_now()))
    found = await inside.find(thread.id, "lantern")
    assert (found.message_ids, found.elsewhere) == ([], 0)
    with pytest.raises(NotFound):
        await Search(database, Indexing(database, Changes())).open_hit(said[0].id)


async def test_a_branched_thread_finds_what_was_said_before_it_left(
    database: Database, inside: InConversation
) -> None:
    thread = await new_thread(database)
    said = await say(database, thread.id, "lantern before", "lantern after")
    fork = {"branched_from_id": said[0].id, "tip_message_id": said[0].id, "next_seq": 2}
    branch = await new_thread(database, **fork)
    own = await say(database, branch.id, "lantern own")
    found = await inside.find(branch.id, "lantern")
    assert found.message_ids == [said[0].id, own[0].id]
    assert found.elsewhere == 0
    search = Search(database, Indexing(database, Changes()))
    around = await search.open_hit(said[0].id, within=branch.id)
    assert (around.conversation.id, around.is_on_active_path) == (branch.id, True)
    assert [m.content for m in around.messages] == ["lantern before", "lantern own"]
    around = await search.open_hit(said[1].id, within=branch.id)
    assert (around.conversation.id, around.is_on_active_path) == (thread.id, True)


async def test_a_search_can_be_held_to_one_conversation(
    database: Database, inside: InConversation
) -> None:
    thread, other = await new_thread(database), await new_thread(database)
    said = await say(database, thread.id, "a lantern")
    await say(database, other.id, "a lantern")
    search = Search(database, Indexing(database, Changes()))
    found = await search.search("lantern", Filters(conversation_id=thread.id))
    assert [hit.message_id for hit in found.hits] == [said[0].id]
    assert not (await search.search("lantern", Filters(conversation_id=new_id()))).hits


async def test_a_day_opens_at_its_first_message_or_the_nearest_after(
    database: Database, inside: InConversation
) -> None:
    thread = await new_thread(database)
    assert await inside.open_day(thread.id, "2026-11-20") == OpenedDay(None, None, False)
    said = await say(database, thread.id, "one", "two", "three")
    days = ["2026-11-20T21:00:00.000000Z", "2026-11-20T22:00:00.000000Z"]
    days.append("2026-11-22T20:00:00.000000Z")

    def date(tx: Connection) -> None:
        for message, moment in zip(said, days, strict=True):
            row = message_table.c.id == message.id
            tx.execute(update(message_table).where(row).values(created_at=moment))

    await database.write(date)
    for since, until, number, is_that_day in [
        ("2026-11-20", None, 0, True),
        ("2026-11-20T21:30:00", "2026-11-21T21:30:00", 1, True),
        ("2026-11-21", None, 2, False),
        ("2026-11-22", None, 2, True),
        ("2026-11-23", None, 2, False),
        ("2020", "2020-01-02", 0, False),
    ]:
        day = await inside.open_day(thread.id, since, until)
        assert day == OpenedDay(said[number].id, days[number], is_that_day), since
    with pytest.raises(InvalidInput):
        await inside.open_day(thread.id, "someday")


async def test_a_branch_is_read_in_pages_though_another_is_active(
    database: Database, inside: InConversation
) -> None:
    thread = await new_thread(database)
    said = await say(database, thread.id, *(f"line {n}" for n in range(10)))
    await say(database, thread.id, "other way", "further", under=said[3].id)
    page = await inside.list_branch(said[9].id, limit=3)
    assert [m.content for m in page.messages] == ["line 7", "line 8", "line 9"]
    assert page.has_more
    page = await inside.list_branch(said[9].id, limit=6, before=page.messages[0].seq)
    assert [m.content for m in page.messages] == [f"line {n}" for n in range(1, 7)]
    page = await inside.list_branch(said[9].id, limit=4, after=said[1].seq)
    assert [m.content for m in page.messages] == [f"line {n}" for n in range(2, 6)]
    assert page.siblings[said[4].id][0] == said[4].id
    with pytest.raises(NotFound):
        await inside.list_branch(new_id(), limit=3)
