"""The number of messages that a list names is the number that the conversation shows."""

from __future__ import annotations

import random
from importlib import import_module

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, update

from ttrpg_assistant.conversations.chat_sessions import ChatSessions
from ttrpg_assistant.conversations.removals import Removals
from ttrpg_assistant.conversations.replies import select_reply
from ttrpg_assistant.conversations.store import chats, conversations, paths, turns
from ttrpg_assistant.conversations.store.path_length import list_miscounted
from ttrpg_assistant.conversations.tables import conversations as rows
from ttrpg_assistant.conversations.tables import messages
from ttrpg_assistant.conversations.threads import Threads
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database


def count_shown(tx: Connection, conversation_id: str) -> int:
    """As a reader counts: every page back to the beginning."""
    conversation = conversations.get_conversation(tx, conversation_id)
    shown, before = 0, None
    while True:
        page = paths.list_path(tx, conversation, limit=3, before=before)
        shown += len(page.messages)
        if not page.has_more:
            return shown
        before = page.next_cursor


class Play:
    """A chat and branches of it; each move is one that a game master can make."""

    def __init__(self, database: Database, seed: int) -> None:
        self.database = database
        self.chosen = random.Random(seed)
        self.changes = Changes()
        self.chats = ChatSessions(database, None, self.changes)
        self.threads = Threads(database, None, self.changes)  # type: ignore[arg-type]
        self.removals = Removals(database, self.changes)
        self.open: list[str] = []
        self.cleared: list[str] = []

    async def begin(self) -> None:
        chat = await self.database.write(lambda tx: chats.get_or_add_active_chat(tx))
        self.open = [chat.id]

    async def move(self) -> None:
        moves = [self.ask, self.ask, self.edit, self.answer_anew, self.choose, self.branch]
        moves += [self.clear, self.bring_back]
        await self.chosen.choice(moves)(self.chosen.choice(self.open))

    async def seen(self, conversation_id: str, role: str) -> str | None:
        def work(tx: Connection) -> list[str]:
            talk = conversations.get_conversation(tx, conversation_id)
            page = paths.list_path(tx, talk, limit=9).messages
            return [one.id for one in page if one.role == role and one.conversation_id == talk.id]

        found = await self.database.read(work)
        return self.chosen.choice(found) if found else None

    async def ask(self, conversation_id: str, replaces: str | None = None) -> None:
        def work(tx: Connection) -> None:
            posted = turns.post_turn(
                tx,
                conversation_id,
                message_id=new_id(),
                content="And then?",
                owner="here",
                replaces=replaces,
            )
            finish(tx, posted.assistant_message.id)

        await self.database.write(work)

    async def edit(self, conversation_id: str) -> None:
        own = await self.seen(conversation_id, "user")
        if own is not None:
            await self.ask(conversation_id, replaces=own)

    async def answer_anew(self, conversation_id: str) -> None:
        answer = await self.seen(conversation_id, "assistant")
        if answer is None:
            return

        def work(tx: Connection) -> None:
            posted = turns.regenerate(tx, answer, answer_id=new_id(), owner="here")
            finish(tx, posted.assistant_message.id)

        await self.database.write(work)

    async def choose(self, conversation_id: str) -> None:
        answer = await self.seen(conversation_id, "assistant")
        if answer is None:
            return

        def alternatives(tx: Connection) -> list[str]:
            talk = conversations.get_conversation(tx, conversation_id)
            return paths.list_path(tx, talk, limit=9).siblings.get(answer, [answer])

        other = self.chosen.choice(await self.database.read(alternatives))
        await select_reply(self.database, self.changes, other)

    async def branch(self, conversation_id: str) -> None:
        answer = await self.seen(conversation_id, "assistant")
        if answer is not None and len(self.open) < 5:
            self.open.append((await self.threads.branch(conversation_id, answer)).id)

    async def clear(self, _: str) -> None:
        shown = await self.database.read(lambda tx: count_shown(tx, self.open[0]))
        cleared = await self.chats.clear(self.open[0])
        assert cleared.cleared == shown
        if cleared.removal_id is not None:
            self.cleared.append(cleared.removal_id)

    async def bring_back(self, _: str) -> None:
        if not self.cleared:
            return
        before = await self.database.read(lambda tx: count_shown(tx, self.open[0]))
        restored = await self.removals.undo(self.cleared.pop())
        assert await self.database.read(lambda tx: count_shown(tx, self.open[0])) == (
            before + restored
        )


def finish(tx: Connection, answer_id: str) -> None:
    """The answer is there; nobody has to be asked."""
    values = {"status": "complete", "content": "The bell rings."}
    tx.execute(update(messages).where(messages.c.id == answer_id).values(values))
    tx.execute(
        turns.turns.update()
        .where(turns.turns.c.assistant_message_id == answer_id)
        .values(state="complete")
    )


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_is_done_the_number_is_what_is_shown(database: Database, seed: int) -> None:
    play = Play(database, seed)
    await play.begin()
    for _ in range(40):
        await play.move()
        for conversation_id in play.open:
            talk, shown = await database.read(
                lambda tx, id=conversation_id: (  # type: ignore[misc]
                    conversations.get_conversation(tx, id),
                    count_shown(tx, id),
                )
            )
            assert talk.message_count == shown
    assert await database.read(list_miscounted) == []


async def test_a_branch_counts_what_it_goes_on_from(database: Database) -> None:
    play = Play(database, 1)
    await play.begin()
    for _ in range(3):
        await play.ask(play.open[0])
    answer = await play.seen(play.open[0], "assistant")
    assert answer is not None
    branch = await play.threads.branch(play.open[0], answer)
    shown = await database.read(lambda tx: count_shown(tx, branch.id))
    assert branch.message_count == shown > 0


async def test_files_that_counted_rows_are_counted_anew(database: Database) -> None:
    play = Play(database, 2)
    await play.begin()
    for move in (play.ask, play.ask, play.answer_anew, play.branch, play.edit):
        await move(play.open[0])
    migration = import_module("ttrpg_assistant.storage.migrations.versions.0024_shown_messages")

    def work(tx: Connection) -> None:
        tx.execute(update(rows).values(message_count=99))
        with Operations.context(MigrationContext.configure(tx)):
            migration.upgrade()

    await database.write(work)
    assert len(play.open) == 2
    assert await database.read(list_miscounted) == []
