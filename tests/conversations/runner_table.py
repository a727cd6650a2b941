"""One server's turns on a database, without the application around them."""

from __future__ import annotations

import asyncio

from tests.conversations.summary_table import OneModel
from ttrpg_assistant.conversations.answering import AnsweringModel
from ttrpg_assistant.conversations.chat_sessions import ChatSessions
from ttrpg_assistant.conversations.context import ConversationContext
from ttrpg_assistant.conversations.model import Message, PostedTurn
from ttrpg_assistant.conversations.ports import ReplyReader, TurnContext
from ttrpg_assistant.conversations.store import turns
from ttrpg_assistant.conversations.store.shown import get_shown_message
from ttrpg_assistant.conversations.turns import TurnRunner
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.live.replies import LiveReplies
from ttrpg_assistant.llm.scripted import ScriptedProvider
from ttrpg_assistant.storage.database import Database

PATIENCE_SECONDS = 60
"""How long something is waited for that a broken server would never do."""


class ServerTable:
    """A runner with its scripted model, and a chat to talk in."""

    def __init__(
        self,
        database: Database,
        *,
        owner: str | None = None,
        reader: ReplyReader | None = None,
        context: TurnContext | None = None,
    ) -> None:
        self.database = database
        self.model = ScriptedProvider()
        self.live = LiveReplies()
        self.owner = owner or new_id()
        changes = Changes()
        self.runner = TurnRunner(
            database,
            self.live,
            changes,
            AnsweringModel(OneModel(self.model), lambda: "scripted:scripted"),
            context or ConversationContext(database),
            owner=self.owner,
            reply_reader=reader,
        )
        self.chats = ChatSessions(database, self.runner, changes)

    async def open_chat(self) -> str:
        return (await self.chats.get_or_create()).id

    async def say(self, chat_id: str, content: str) -> PostedTurn:
        return await self.chats.say(chat_id, message_id=new_id(), content=content)

    async def post_elsewhere(self, chat_id: str, content: str) -> PostedTurn:
        """As another server stores it that dies before it answers."""
        return await self.database.write(
            lambda tx: turns.post_turn(
                tx, chat_id, message_id=new_id(), content=content, owner=new_id()
            )
        )

    async def wait_for(self, posted: PostedTurn) -> Message:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self.runner.wait_for_end(posted.assistant_message.id)

    async def stored(self, posted: PostedTurn) -> Message:
        return await self.database.read(
            lambda tx: get_shown_message(tx, posted.assistant_message.id)
        )
