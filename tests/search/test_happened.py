"""What was edited away, answered anew or only rehearsed is not recalled, on both databases."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection

from tests.search.test_search import new_thread
from ttrpg_assistant.campaigns.campaigns import Campaigns
from ttrpg_assistant.campaigns.npcs import Npcs
from ttrpg_assistant.conversations.model import Conversation, Message, Mode, Role
from ttrpg_assistant.conversations.removals import restore_messages
from ttrpg_assistant.conversations.store import conversations, messages
from ttrpg_assistant.conversations.store.clearing import clear_messages
from ttrpg_assistant.conversations.store.removals import add_removal
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.prompts.purposes import Purpose
from ttrpg_assistant.search.indexing import Indexing
from ttrpg_assistant.search.recall import TalkRecall
from ttrpg_assistant.storage.database import Database

removal: Callable[..., str] = add_removal

SECRET = "The passphrase of the lighthouse is gravel."
TELLS = re.compile("passphrase|gravel")
ASKED = "What is the passphrase of the lighthouse?"


class Table:
    """A campaign's talk, and one recall for all of it, as the server has it."""

    def __init__(self, database: Database, campaign_id: str, npc_id: str) -> None:
        self.database, self.campaign_id, self.npc_id = database, campaign_id, npc_id
        self._recall = TalkRecall()

    async def open_thread(self, **values: Any) -> Conversation:
        return await new_thread(self.database, campaign_id=self.campaign_id, **values)

    async def open_talk(self, purpose: Purpose | None = None) -> Conversation:
        return await self.database.write(
            lambda tx: conversations.add_conversation(
                tx, "npc", npc_id=self.npc_id, campaign_id=self.campaign_id, purpose=purpose
            )
        )

    async def say(
        self,
        talk: Conversation,
        content: str,
        *,
        role: Role = "user",
        mode: Mode | None = None,
        beside: Message | None = None,
    ) -> Message:
        """The next message, or one that takes the place of an earlier one."""

        def work(tx: Connection) -> Message:
            now = conversations.lock_conversation(tx, talk.id)
            return messages.add_message(
                tx,
                now,
                message_id=new_id(),
                role=role,
                content=content,
                parent_id=now.tip_message_id if beside is None else beside.parent_id,
                mode=mode,
            )

        return await self.database.write(work)

    async def go_on_from(self, message: Message) -> None:
        await self.database.write(
            lambda tx: conversations.update_conversation(
                tx, message.conversation_id, tip_message_id=message.id
            )
        )

    async def recall(self, talk: Conversation, mode: Mode | None = None) -> list[str]:
        said = await self.say(talk, ASKED, mode=mode)
        await Indexing(self.database, Changes()).catch_up()

        def work(tx: Connection) -> list[str]:
            now = conversations.get_conversation(tx, talk.id)
            found = self._recall.recall(tx, now, said, [], frozenset())
            # What stands beside it comes with it; only what tells of the passphrase counts here.
            return [one.text for one in found if one.text != ASKED and TELLS.search(one.text)]

        return await self.database.read(work)


@pytest.fixture
async def table(database: Database) -> Table:
    campaign = await Campaigns(database, Changes(), removal).create(None, {"name": "Coast"})
    mira = await Npcs(database, Changes(), removal).create(campaign.id, {"name": "Mira"})
    return Table(database, campaign.id, mira.id)


async def test_what_was_edited_away_is_recalled_nowhere(table: Table) -> None:
    old, elsewhere = await table.open_talk(), await table.open_talk()
    told = await table.say(old, SECRET, mode="as")
    await table.say(old, "I shall remember gravel.", role="assistant", mode="as")
    assert SECRET in await table.recall(elsewhere, "as")
    await table.say(old, "Hello there.", mode="as", beside=told)
    await table.say(old, "Good day.", role="assistant", mode="as")
    assert await table.recall(old, "as") == []
    assert await table.recall(elsewhere, "as") == []
    assert await table.recall(await table.open_thread()) == []


async def test_an_answer_that_was_given_anew_is_recalled_only_when_it_is_taken_after_all(
    table: Table,
) -> None:
    old, elsewhere = await table.open_thread(), await table.open_thread()
    await table.say(old, "Make something up.")
    first = await table.say(old, SECRET, role="assistant")
    second = await table.say(
        old, "The passphrase of the lighthouse is sand.", role="assistant", beside=first
    )
    await table.say(old, "Thank you.")
    assert await table.recall(elsewhere) == [second.content]
    assert await table.recall(old) == [second.content]
    await table.go_on_from(first)
    assert await table.recall(elsewhere) == [first.content]


async def test_what_happened_is_found_behind_many_answers_that_did_not(table: Table) -> None:
    old, elsewhere = await table.open_thread(), await table.open_thread()
    await table.say(old, f"{SECRET} Nobody else in the whole wide town was ever told of that.")
    tried = await table.say(old, "The passphrase of the lighthouse is 0.", role="assistant")
    for number in range(1, 60):
        again = f"The passphrase of the lighthouse is {number}."
        await table.say(old, again, role="assistant", beside=tried)
    [last, first] = await table.recall(elsewhere)
    assert (last, SECRET in first) == ("The passphrase of the lighthouse is 59.", True)


async def test_a_branch_recalls_what_led_to_it_even_where_the_talk_went_on_otherwise(
    table: Table,
) -> None:
    old = await table.open_thread()
    await table.say(old, "Make something up.")
    first = await table.say(old, SECRET, role="assistant")
    await table.say(old, "I cannot think of one.", role="assistant", beside=first)
    branch = await table.open_thread(
        branched_from_id=first.id, tip_message_id=first.id, next_seq=first.seq + 1
    )
    assert await table.recall(branch) == [SECRET]
    assert await table.recall(await table.open_thread()) == []


async def test_what_was_cleared_and_brought_back_is_recalled_again(table: Table) -> None:
    chat = await table.database.write(
        lambda tx: conversations.add_conversation(tx, "chat", campaign_id=table.campaign_id)
    )
    elsewhere = await table.open_thread()
    told, moment = await table.say(chat, SECRET), utc_now()

    def clear(tx: Connection) -> None:
        clear_messages(tx, chat.id, moment)
        conversations.update_conversation(tx, chat.id, tip_message_id=None, message_count=0)

    await table.database.write(clear)
    await table.say(chat, "Something else.")
    assert await table.recall(elsewhere) == []
    details = {"cleared_at": moment, "tip_message_id": told.id}
    await table.database.write(lambda tx: restore_messages(tx, chat.id, details))
    assert await table.recall(elsewhere) == [SECRET]


async def test_a_rehearsal_is_remembered_only_in_itself(table: Table) -> None:
    rehearsal, other = await table.open_talk("rehearsal"), await table.open_talk("rehearsal")
    await table.say(rehearsal, SECRET, role="assistant", mode="as")
    real = await table.open_talk()
    assert await table.recall(real, "as") == []
    assert await table.recall(other, "as") == []
    assert await table.recall(await table.open_thread()) == []
    assert await table.recall(rehearsal, "as") == [SECRET]
    await table.say(real, "The lighthouse has a passphrase.", role="assistant", mode="as")
    assert "The lighthouse has a passphrase." in await table.recall(rehearsal, "as")
