"""A branch shares what was proposed before its fork, and nothing else."""

from __future__ import annotations

from sqlalchemy import Connection

from tests.suggestions.conftest import Table, block
from ttrpg_assistant.conversations.model import Conversation, Message
from ttrpg_assistant.conversations.store import conversations, messages

NPC = {"kind": "npc", "fields": {"name": "Mira"}}
PLACE = {"kind": "location", "fields": {"name": "The ford"}}


async def branch(table: Table, message: Message) -> Conversation:
    def work(tx: Connection) -> Conversation:
        return conversations.add_conversation(
            tx,
            "thread",
            campaign_id=table.campaign.id,
            branched_from_id=message.id,
            tip_message_id=message.id,
            next_seq=message.seq + 1,
        )

    return await table.database.write(work)


async def propose(table: Table, value: object, thread: Conversation | None = None) -> Message:
    message = await table.say("Look:\n\n" + block(value), thread)
    await table.reader.read_reply(message)
    return message


async def titles(table: Table, conversation: Conversation) -> list[str]:
    found, _ = await table.suggestions.list_pending(conversation.id)
    return [view.suggestion.title for view in found]


async def test_a_branch_lists_what_was_proposed_before_the_fork(table: Table) -> None:
    before = await propose(table, NPC)
    await table.say("And then?")
    fork = await table.say("Here it parts.")
    await propose(table, PLACE)
    parted = await branch(table, fork)
    assert await titles(table, parted) == ["New NPC: Mira"]
    assert await titles(table, table.thread) == ["New NPC: Mira", "New location: The ford"]
    (view,) = (await table.suggestions.list_pending(parted.id))[0]
    assert view.suggestion.conversation_id == before.conversation_id


async def test_decided_in_one_it_is_decided_in_both(table: Table) -> None:
    fork = await propose(table, NPC)
    parted = await branch(table, fork)
    (view,) = (await table.suggestions.list_pending(parted.id))[0]
    await table.suggestions.accept(view.suggestion.id)
    assert await titles(table, parted) == await titles(table, table.thread) == []
    assert len(await table.list_all("npc")) == 1


async def test_a_branch_of_a_branch_shares_both_forks(table: Table) -> None:
    first = await branch(table, await propose(table, NPC))
    second = await branch(table, await propose(table, PLACE, first))
    await propose(table, {"kind": "npc", "fields": {"name": "Tam"}}, first)
    assert await titles(table, second) == ["New NPC: Mira", "New location: The ford"]


async def test_another_answer_beside_the_path_is_not_shared(table: Table) -> None:
    await table.say("Once upon a time.")
    left = await propose(table, NPC)

    def work(tx: Connection) -> Message:
        beside, _ = messages.post_message(
            tx,
            table.thread.id,
            message_id="0" * 8 + "-0000-7000-8000-" + "0" * 12,
            role="assistant",
            content="Another answer.",
        )
        tx.exec_driver_sql(
            f"UPDATE messages SET parent_id = '{left.parent_id}' WHERE id = '{beside.id}'"
        )
        return beside

    parted = await branch(table, await table.database.write(work))
    assert await titles(table, parted) == []
