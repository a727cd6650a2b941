"""Talk that was cleared and is brought back stands where it was said, whatever came between."""

from __future__ import annotations

import asyncio
import random
from importlib import import_module
from itertools import permutations
from pathlib import Path

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, select

from tests.running import running
from ttrpg_assistant.conversations.chat_sessions import ChatSessions
from ttrpg_assistant.conversations.removals import Removals
from ttrpg_assistant.conversations.replies import select_reply
from ttrpg_assistant.conversations.store import messages, paths, summaries
from ttrpg_assistant.conversations.store.conversations import (
    lock_conversation,
    update_conversation,
)
from ttrpg_assistant.conversations.tables import messages as rows
from ttrpg_assistant.conversations.talk import NewMessage
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.llm.scripted import Gate, ScriptedProvider
from ttrpg_assistant.storage.database import Database


class Cleared:
    """One chat: what is said in it, cleared, and brought back."""

    def __init__(self, database: Database, chat_id: str) -> None:
        self.database, self.chat_id = database, chat_id
        self.changes = Changes()
        self.chats = ChatSessions(database, None, self.changes)
        self.removals = Removals(database, self.changes)
        self.said = 0

    async def say(self, count: int) -> None:
        for _ in range(count):
            self.said += 1
            await self.chats.add_message(self.chat_id, NewMessage("user", f"m{self.said}"))

    async def clear(self) -> str:
        cleared = await self.chats.clear(self.chat_id)
        assert cleared.removal_id is not None
        return cleared.removal_id

    async def say_beside(self, chosen: random.Random) -> None:
        """Say something else in place of a message that is seen."""

        def work(tx: Connection) -> None:
            chat = lock_conversation(tx, self.chat_id)
            path = paths.list_path(tx, chat, limit=500).messages
            if path:
                parent = chosen.choice(path).parent_id
                text = f"beside {new_id()}"
                messages.add_message(
                    tx, chat, message_id=new_id(), role="user", content=text, parent_id=parent
                )

        await self.database.write(work)

    async def look(self) -> list[str]:
        page = await self.chats.get_messages(self.chat_id, limit=500)
        return [message.content for message in page.messages]

    async def check(self) -> None:
        """No link leads to something said later, and everything in sight leads to the root."""
        c = rows.c
        query = select(c.id, c.seq, c.parent_id, c.cleared_at).where(
            c.conversation_id == self.chat_id
        )
        found = (await self.database.read(lambda tx: tx.execute(query))).all()
        numbers = {row.id: row.seq for row in found}
        seen = {row.id for row in found if row.cleared_at is None}
        for row in found:
            assert row.parent_id is None or numbers[row.parent_id] < row.seq
            if row.id in seen:
                assert row.parent_id is None or row.parent_id in seen
        path = await self.chats.get_messages(self.chat_id, limit=500)
        assert {message.id for message in path.messages} <= seen


@pytest.fixture
async def tested(database: Database) -> Cleared:
    """A new chat."""
    chat = await ChatSessions(database, None, Changes()).get_or_create()
    return Cleared(database, chat.id)


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("goes_on", [True, False])
async def test_cleared_three_times_and_brought_back_in_any_order_it_is_one_talk(
    tested: Cleared, order: tuple[int, ...], goes_on: bool
) -> None:
    cleared = []
    for count in (4, 3, 2):
        await tested.say(count)
        cleared.append(await tested.clear())
    if goes_on:
        await tested.say(2)
    for number in order:
        await tested.removals.undo(cleared[number])
        await tested.check()
    await tested.say(1)
    assert await tested.look() == [f"m{number}" for number in range(1, tested.said + 1)]
    chat = await tested.chats.get_or_create()
    tip = chat.tip_message_id
    assert tip is not None
    outline = await tested.database.read(lambda tx: summaries.list_outline(tx, tip, 100))
    assert [one.seq for one in outline] == list(range(tested.said, 0, -1))


@pytest.mark.parametrize(
    "seed", [*range(3), *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(3, 12))]
)
async def test_whatever_is_cleared_and_brought_back_nothing_leads_in_a_circle(
    tested: Cleared, seed: int
) -> None:
    chosen = random.Random(seed)
    waiting: list[str] = []
    for _ in range(25):
        match chosen.choice(["say", "say", "beside", "clear", "undo", "choose"]):
            case "say":
                await tested.say(chosen.randint(1, 3))
            case "beside":
                await tested.say_beside(chosen)
            case "clear" if await tested.look():
                waiting.append(await tested.clear())
            case "undo" if waiting:
                await tested.removals.undo(waiting.pop(chosen.randrange(len(waiting))))
            case "choose":
                page = await tested.chats.get_messages(tested.chat_id, limit=500)
                beside = [id for family in page.siblings.values() for id in family]
                if beside:
                    await select_reply(tested.database, tested.changes, chosen.choice(beside))
        await tested.check()
    for removal_id in waiting:
        await tested.removals.undo(removal_id)
        await tested.check()


async def test_another_wording_of_what_comes_after_goes_with_it(tested: Cleared) -> None:
    await tested.say(2)
    cleared = await tested.clear()
    await tested.say(1)
    await tested.say_beside(random.Random(0))
    (second,) = await tested.look()
    await tested.removals.undo(cleared)
    assert await tested.look() == ["m1", "m2", second]
    page = await tested.chats.get_messages(tested.chat_id)
    (family,) = page.siblings.values()
    await select_reply(tested.database, tested.changes, family[0])
    assert await tested.look() == ["m1", "m2", "m3"]


async def test_a_reply_that_runs_is_stopped_and_those_that_wait_never_begin(
    tmp_path: Path,
) -> None:
    model = ScriptedProvider(default=["At once."])
    gate = Gate()
    model.enqueue(["A long ", gate, "tale."])
    async with running(tmp_path, [model]) as app:
        chat_id = await app.open_chat()
        for content in ("Tell me", "And then?"):
            await app.say(chat_id, content)
        async with asyncio.timeout(60):
            await gate.reached.wait()
            cleared = await app.services.chats.clear(chat_id)
            assert cleared.cleared == 4
            said = await app.say(chat_id, "Something else")
            assert (await app.read_reply(said["assistant_message"]["id"]))["content"] == "At once."
        assert len(model.history) == 2 and model.stopped == 1
        assert cleared.removal_id is not None
        await app.services.removals.undo(cleared.removal_id)
        statuses = [message["status"] for message in await app.history(chat_id)]
    assert statuses == ["complete", "stopped", "complete", "stopped", "complete", "complete"]


async def test_the_end_of_a_talk_whose_links_lead_in_a_circle_is_found(
    tested: Cleared,
) -> None:
    await tested.say(3)
    page = await tested.chats.get_messages(tested.chat_id)
    first, last = page.messages[0], page.messages[-1]
    await tested.database.write(
        lambda tx: tx.execute(rows.update().where(rows.c.id == first.id).values(parent_id=last.id))
    )
    end = await tested.database.read(lambda tx: paths.find_newest_descendant(tx, first))
    assert end == last.id


async def test_talk_that_was_hung_in_a_circle_by_an_earlier_edition_is_mended(
    tested: Cleared,
) -> None:
    await tested.say(4)
    cleared = await tested.clear()
    await tested.say(4)
    await tested.removals.undo(cleared)
    page = await tested.chats.get_messages(tested.chat_id)
    ids = [message.id for message in page.messages]

    def hang_and_mend(tx: Connection) -> None:
        for first in (0, 4):
            tx.execute(rows.update().where(rows.c.id == ids[first]).values(parent_id=ids[7]))
        update_conversation(tx, tested.chat_id, tip_message_id=ids[3])
        with Operations.context(MigrationContext.configure(tx)):
            import_module("ttrpg_assistant.storage.migrations.versions.0013_rings").upgrade()

    await tested.database.write(hang_and_mend)
    await tested.check()
    assert await tested.look() == [f"m{number}" for number in range(1, 9)]
