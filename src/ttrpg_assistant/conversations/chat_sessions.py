"""The quick chat: one active chat session, the ones before it, and what can be done to them.

The operations of the seed's "Global Chat Commands", in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from ttrpg_assistant.conversations.model import (
    AskedUnder,
    Conversation,
    Message,
    MessagePage,
    MessageStatus,
    PostedTurn,
)
from ttrpg_assistant.conversations.store import (
    clearing,
    conversations,
    messages,
    removals,
    turns,
)
from ttrpg_assistant.conversations.talk import ConversationPage, NewMessage, Talk
from ttrpg_assistant.conversations.turns import TurnRunner
from ttrpg_assistant.errors import Conflict
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database


@dataclass(frozen=True, slots=True)
class Cleared:
    """How many messages were put out of sight, and what to name to bring them back."""

    cleared: int
    removal_id: str | None


class ChatSessions:
    """What a game master does with the quick chat."""

    def __init__(self, database: Database, runner: TurnRunner, changes: Changes) -> None:
        self._database = database
        self._runner = runner
        self._changes = changes
        self._talk = Talk(database, changes, "chat")

    async def get_or_create(self) -> Conversation:
        """The active chat session, made now when there is none (FR-002, FR-005)."""
        found = await self.find_active()
        if found is not None:
            return found
        return await self._database.write(conversations.get_or_add_active_chat)

    async def find_active(self) -> Conversation | None:
        """The active chat session, if there is one."""
        return await self._database.read(conversations.find_active_chat)

    async def get_messages(
        self,
        chat_session_id: str,
        *,
        limit: int = 100,
        before: int | None = None,
        after: int | None = None,
    ) -> MessagePage:
        """A page of what was said, oldest first: the newest, or those before or after a seq."""

        return await self._talk.get_messages(
            chat_session_id, limit=limit, before=before, after=after
        )

    async def add_message(self, chat_session_id: str, new: NewMessage) -> tuple[Message, bool]:
        """Store a message without asking for an answer. False: it was stored before."""
        return await self._talk.add_message(chat_session_id, new)

    async def update_message(
        self,
        message_id: str,
        *,
        content: str,
        tokens: tuple[int | None, int | None] = (None, None),
        is_streaming: bool = False,
    ) -> Message:
        """Write an unfinished message in place; a finished one keeps its text in a sibling.

        Returns the message that now holds the content: for a finished one that is a new
        message beside it, and the conversation goes on from there.
        """

        def work(tx: Connection) -> Message:
            found = messages.get_message(tx, message_id)
            chat = conversations.lock_conversation(tx, found.conversation_id)
            if chat.kind != "chat":
                conversations.get_conversation(tx, chat.id, "chat")
            status: MessageStatus = "streaming" if is_streaming else "complete"
            if messages.write_streaming(
                tx, message_id, content=content, status=status, tokens=tokens
            ):
                return messages.get_message(tx, message_id)
            if found.content == content:
                return found
            if is_streaming:
                raise Conflict("This message is finished.", code="message_complete")
            return messages.add_message(
                tx,
                chat,
                message_id=new_id(),
                role=found.role,
                content=content,
                parent_id=found.parent_id,
                mode=found.mode,
                tokens=tokens,
                model=found.model,
            )

        updated = await self._database.write(work)
        self._talk.announce_message(updated)
        return updated

    async def link(
        self, chat_session_id: str, *, game_session_id: str | None, campaign_id: str | None
    ) -> Conversation:
        """Tie the chat to a campaign and game session; their facts join its prompts (FR-100)."""

        def work(tx: Connection) -> Conversation:
            conversations.get_conversation(tx, chat_session_id, "chat")
            return conversations.update_conversation(
                tx, chat_session_id, game_session_id=game_session_id, campaign_id=campaign_id
            )

        linked = await self._database.write(work)
        self._talk.announce(linked)
        return linked

    async def end_and_spawn_new(self, chat_session_id: str) -> Conversation:
        """Archive this chat and open a new one with the same links (FR-008).

        Ending one that has ended already gives the chat that is active now.
        """

        def work(tx: Connection) -> Conversation:
            ended = conversations.lock_conversation(tx, chat_session_id)
            conversations.get_conversation(tx, chat_session_id, "chat")
            if ended.archived_at is None:
                conversations.update_conversation(tx, ended.id, archived_at=utc_now())
            return conversations.get_or_add_active_chat(
                tx, campaign_id=ended.campaign_id, game_session_id=ended.game_session_id
            )

        spawned = await self._database.write(work)
        self._talk.announce(spawned)
        return spawned

    async def resume(self, chat_session_id: str) -> Conversation:
        """Make an earlier chat the active one; the one active until now is archived."""

        def work(tx: Connection) -> Conversation:
            chat = conversations.get_conversation(tx, chat_session_id, "chat")
            active = conversations.find_active_chat(tx)
            if active is not None and active.id != chat.id:
                conversations.update_conversation(tx, active.id, archived_at=utc_now())
            return conversations.update_conversation(tx, chat.id, archived_at=None)

        resumed = await self._database.write(work)
        self._talk.announce(resumed)
        return resumed

    async def clear(self, chat_session_id: str) -> Cleared:
        """Put everything said in this chat out of sight; it can be brought back for 30 days.

        Replies that run or wait are stopped first: nobody could see them, nor stop them, and
        what is said next would wait for their end.
        """
        waiting = await self._database.read(lambda tx: turns.list_active_turns(tx, chat_session_id))
        for turn in reversed(waiting):  # the running one last, or the next would begin
            await self._runner.stop(turn.assistant_message_id)

        def work(tx: Connection) -> Cleared:
            chat = conversations.lock_conversation(tx, chat_session_id)
            conversations.get_conversation(tx, chat_session_id, "chat")
            now = utc_now()
            count = clearing.clear_messages(tx, chat.id, now)
            if count == 0:
                return Cleared(0, None)
            conversations.update_conversation(
                tx, chat.id, tip_message_id=None, message_count=0, unread_count=0
            )
            removal_id = removals.add_removal(
                tx,
                "messages_cleared",
                chat.id,
                title=chat.title or "Chat",
                count=count,
                details={"cleared_at": now, "tip_message_id": chat.tip_message_id},
                now=now,
            )
            return Cleared(count, removal_id)

        cleared = await self._database.write(work)
        self._changes.announce("conversation", {"id": chat_session_id, "tip_message_id": None})
        if cleared.removal_id is not None:
            self._changes.announce("removal", {"id": cleared.removal_id})
        return cleared

    async def list_all(self, *, limit: int = 50, before: str | None = None) -> ConversationPage:
        """Chat sessions, the latest touched first."""
        return await self._talk.list_page(limit=limit, before=before)

    async def list_for_game(
        self, game_session_id: str, *, limit: int = 50, before: str | None = None
    ) -> ConversationPage:
        """Chat sessions tied to one game session."""
        return await self._talk.list_page(
            limit=limit, before=before, game_session_id=game_session_id
        )

    async def say(
        self,
        chat_session_id: str,
        *,
        message_id: str,
        content: str,
        replaces: str | None = None,
        asked_under: AskedUnder | None = None,
    ) -> PostedTurn:
        """Say something and have it answered; returns as soon as it is stored (FR-001).

        `asked_under` is what the screen showed when it was said; without it the chat's links
        at the time of answering count.
        """
        await self._talk.get(chat_session_id)
        return await self._runner.post(
            chat_session_id,
            message_id=message_id,
            content=content,
            replaces=replaces,
            asked_under=asked_under,
        )
