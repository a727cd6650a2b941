"""Adding messages, walking paths, siblings and clearing, on both databases."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select, text

from ttrpg_assistant.conversations.model import Conversation, Message
from ttrpg_assistant.conversations.store import (
    chats,
    clearing,
    conversations,
    messages,
    paths,
    turns,
)
from ttrpg_assistant.errors import Conflict, NotFound
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.storage.database import Database


async def new_chat(database: Database) -> Conversation:
    return await database.write(chats.get_or_add_active_chat)


async def post(database: Database, conversation_id: str, content: str, **values: str) -> Message:
    def work(tx: Connection) -> Message:
        given_id = {"message_id": new_id(), "role": "user", **values}
        added, _ = messages.post_message(tx, conversation_id, content=content, **given_id)  # type: ignore[arg-type]
        return added

    return await database.write(work)


async def path_texts(database: Database, conversation_id: str, **window: int) -> list[str]:
    def work(tx: Connection) -> list[str]:
        chat = conversations.get_conversation(tx, conversation_id)
        page = paths.list_path(tx, chat, **{"limit": 500, **window})
        return [message.content for message in page.messages]

    return await database.read(work)


async def test_messages_keep_the_order_they_were_stored_in(database: Database) -> None:
    chat = await new_chat(database)
    for number in range(5):
        await post(database, chat.id, f"line {number}")
    assert await path_texts(database, chat.id) == [f"line {number}" for number in range(5)]


async def test_resending_a_message_id_returns_the_first_row(database: Database) -> None:
    chat = await new_chat(database)
    first = await post(database, chat.id, "Hello", message_id=(sent := new_id()))
    again = await post(database, chat.id, "Hello", message_id=sent)
    assert again == first
    assert await path_texts(database, chat.id) == ["Hello"]


async def test_the_same_id_with_other_content_is_a_conflict_and_changes_nothing(
    database: Database,
) -> None:
    chat = await new_chat(database)
    await post(database, chat.id, "Hello", message_id=(sent := new_id()))
    with pytest.raises(Conflict) as caught:
        await post(database, chat.id, "Goodbye", message_id=sent)
    assert caught.value.code == "message_id_reused"
    assert await path_texts(database, chat.id) == ["Hello"]


async def test_many_senders_at_once_get_one_unbroken_order(database: Database) -> None:
    chat = await new_chat(database)
    sent = await asyncio.gather(*(post(database, chat.id, f"m{n}") for n in range(30)))
    assert sorted(message.seq for message in sent) == list(range(1, 31))
    by_seq = [message.content for message in sorted(sent, key=lambda m: m.seq)]
    assert await path_texts(database, chat.id) == by_seq


async def test_two_callers_at_once_get_the_same_active_chat(database: Database) -> None:
    found = await asyncio.gather(*(new_chat(database) for _ in range(8)))
    assert len({chat.id for chat in found}) == 1


async def test_an_archived_conversation_takes_no_new_message_but_knows_the_old_ones(
    database: Database,
) -> None:
    chat = await new_chat(database)
    await post(database, chat.id, "Before", message_id=(sent := new_id()))
    await database.write(
        lambda tx: conversations.update_conversation(
            tx, chat.id, archived_at="2026-01-01T00:00:00.000000Z"
        )
    )
    with pytest.raises(Conflict) as caught:
        await post(database, chat.id, "After")
    assert caught.value.code == "conversation_archived"
    assert (await post(database, chat.id, "Before", message_id=sent)).id == sent


async def test_an_unknown_conversation_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound):
        await post(database, new_id(), "Anyone there?")


async def test_pages_backwards_and_forwards_cover_the_whole_path_once(database: Database) -> None:
    chat = await new_chat(database)
    for number in range(23):
        await post(database, chat.id, str(number))

    def collect_back(tx: Connection) -> list[str]:
        current = conversations.get_conversation(tx, chat.id)
        found: list[str] = []
        before: int | None = None
        while True:
            page = paths.list_path(tx, current, limit=5, before=before)
            found = [message.content for message in page.messages] + found
            if not page.has_more:
                return found
            before = page.next_cursor

    def collect_forward(tx: Connection) -> list[str]:
        current = conversations.get_conversation(tx, chat.id)
        found: list[str] = []
        after: int | None = 0
        while True:
            page = paths.list_path(tx, current, limit=4, after=after)
            found += [message.content for message in page.messages]
            if not page.has_more:
                return found
            after = page.next_cursor

    everything = [str(number) for number in range(23)]
    assert await database.read(collect_back) == everything
    assert await database.read(collect_forward) == everything
    assert await path_texts(database, chat.id, after=20) == ["20", "21", "22"]
    assert await path_texts(database, chat.id, before=3) == ["0", "1"]


async def test_a_sibling_is_named_with_its_alternatives_and_the_old_one_stays(
    database: Database,
) -> None:
    chat = await new_chat(database)
    await post(database, chat.id, "Question")
    old = await post(database, chat.id, "Old answer", role="assistant")

    def add_sibling(tx: Connection) -> Message:
        current = conversations.lock_conversation(tx, chat.id)
        return messages.add_message(
            tx,
            current,
            message_id=new_id(),
            role="assistant",
            content="New answer",
            parent_id=old.parent_id,
        )

    new = await database.write(add_sibling)
    page = await database.read(
        lambda tx: paths.list_path(tx, conversations.get_conversation(tx, chat.id), limit=9)
    )
    assert [message.content for message in page.messages] == ["Question", "New answer"]
    assert page.siblings == {new.id: [old.id, new.id]}
    assert (await database.read(lambda tx: messages.get_message(tx, old.id))).content == old.content


async def test_a_branch_reads_on_into_the_talk_it_came_from(database: Database) -> None:
    source = await new_chat(database)
    said = [await post(database, source.id, f"source {n}") for n in range(6)]
    branch = await database.write(
        lambda tx: conversations.add_conversation(
            tx,
            "thread",
            purpose="general",
            branched_from_id=said[2].id,
            tip_message_id=said[2].id,
            next_seq=said[2].seq + 1,
        )
    )
    for number in range(3):
        await post(database, branch.id, f"branch {number}")
    expected = ["source 0", "source 1", "source 2", "branch 0", "branch 1", "branch 2"]
    assert await path_texts(database, branch.id) == expected
    assert await path_texts(database, source.id) == [f"source {n}" for n in range(6)]
    assert await path_texts(database, branch.id, before=5) == expected[:4]
    assert await path_texts(database, branch.id, before=3) == expected[:2]
    page = await database.read(
        lambda tx: paths.list_path(tx, conversations.get_conversation(tx, branch.id), limit=9)
    )
    assert page.siblings == {}, "the source's next message is no alternative of the branch's"


async def count_seen(database: Database, conversation_id: str) -> int:
    c = messages.messages.c
    seen = select(func.count()).where(c.conversation_id == conversation_id, c.cleared_at.is_(None))
    counted: int = await database.read(lambda tx: tx.execute(seen).scalar_one())
    return counted


async def test_clearing_puts_talk_out_of_sight_and_bringing_back_restores_it(
    database: Database,
) -> None:
    chat = await new_chat(database)
    for number in range(3):
        await post(database, chat.id, f"m{number}")
    now = "2026-05-05T00:00:00.000000Z"
    assert await database.write(lambda tx: clearing.clear_messages(tx, chat.id, now)) == 3
    assert await count_seen(database, chat.id) == 0
    assert await database.write(lambda tx: clearing.unclear_messages(tx, chat.id, now)) == 3
    assert await count_seen(database, chat.id) == 3


async def test_the_views_with_the_names_of_the_seed_answer_its_own_check(
    database: Database,
) -> None:
    chat = await new_chat(database)
    await post(database, chat.id, "The check of the seed")

    def work(tx: Connection) -> list[str]:
        rows = tx.execute(text("SELECT * FROM chat_messages ORDER BY created_at DESC LIMIT 5"))
        found = [row.content for row in rows]
        for view in (
            "global_chat_sessions",
            "conversation_threads",
            "conversation_messages",
            "npc_conversations",
        ):
            tx.execute(text(f"SELECT * FROM {view}")).all()
        return found

    assert await database.read(work) == ["The check of the seed"]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(moves=st.lists(st.integers(min_value=0, max_value=30), min_size=1, max_size=25))
@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_seq_grows_along_every_path_however_the_tip_is_moved(
    database: Database, moves: list[int]
) -> None:
    """Writing after any earlier message, any number of times, keeps every path in order."""

    def work(tx: Connection) -> list[Message]:
        chat = conversations.add_conversation(tx, "thread", purpose="general")
        said: list[Message] = []
        for move in moves:
            parent = said[move % len(said)].id if said and move % 7 else chat.tip_message_id
            current = conversations.lock_conversation(tx, chat.id)
            said.append(
                messages.add_message(
                    tx,
                    current,
                    message_id=new_id(),
                    role="user",
                    content=str(len(said)),
                    parent_id=parent,
                )
            )
        return paths.list_path(tx, conversations.get_conversation(tx, chat.id), limit=500).messages

    found = await database.write(work)
    seqs = [message.seq for message in found]
    assert seqs == sorted(set(seqs))
    parents = [message.parent_id for message in found]
    assert parents == [None, *(message.id for message in found[:-1])]


async def test_the_newest_answers_are_found_after_the_clock_was_set_far_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat, answers = await new_chat(database), []

    def work(tx: Connection) -> str:
        given_id = {"message_id": new_id(), "content": "Who?", "owner": "me"}
        posted = turns.post_turn(tx, chat.id, **given_id)
        turns.end_turn(tx, posted.turn, "complete")
        return posted.assistant_message.id

    for number in range(5):
        # Each id is made by an earlier clock than the one before.
        made = f"{9 - number:08x}-0000-7000-8000-"
        monkeypatch.setattr(turns, "new_id", lambda made=made: made + new_id()[-12:])
        answers.append(await database.write(work))
    found = await database.read(lambda tx: turns.list_newest_answers(tx, 2))
    assert set(found) == set(answers[-2:])
