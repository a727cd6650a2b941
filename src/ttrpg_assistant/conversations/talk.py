"""What every kind of conversation has in common: reading a page, adding a message, hints."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from ttrpg_assistant.conversations.model import (
    Conversation,
    ConversationKind,
    Message,
    MessagePage,
    MessageStatus,
    Mode,
    Role,
)
from ttrpg_assistant.conversations.store import conversations, messages, paths
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.live.changes import Changes, Hint
from ttrpg_assistant.storage.database import Database, T, Work


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """Conversations, the latest touched first; `next_cursor` is given as `before`."""

    conversations: list[Conversation]
    has_more: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to be stored without asking for an answer.

    `recovered` marks what was said while nothing could be stored.
    """

    role: Role
    content: str
    message_id: str | None = None
    mode: Mode | None = None
    tokens: tuple[int | None, int | None] = (None, None)
    status: MessageStatus = "complete"
    recovered: bool = False


class Talk:
    """The conversations of one kind."""

    def __init__(self, database: Database, changes: Changes, kind: ConversationKind) -> None:
        self.database = database
        self._changes = changes
        self._kind = kind

    async def get(self, conversation_id: str) -> Conversation:
        """The conversation; `NotFound` when there is none of this kind."""
        return await self.database.read(
            lambda tx: conversations.get_conversation(tx, conversation_id, self._kind)
        )

    async def get_messages(
        self,
        conversation_id: str,
        *,
        limit: int,
        before: int | None = None,
        after: int | None = None,
    ) -> MessagePage:
        """A page of what was said, oldest first: the newest, or those before or after a seq."""

        def work(tx: Connection) -> MessagePage:
            found = conversations.get_conversation(tx, conversation_id, self._kind)
            return paths.list_path(tx, found, limit=limit, before=before, after=after)

        return await self.database.read(work)

    async def add_message(self, conversation_id: str, new: NewMessage) -> tuple[Message, bool]:
        """Store a message without asking for an answer. False: it was stored before."""

        def work(tx: Connection) -> tuple[Message, bool]:
            conversations.get_conversation(tx, conversation_id, self._kind)
            return messages.post_message(
                tx,
                conversation_id,
                message_id=new.message_id or new_id(),
                role=new.role,
                content=new.content,
                mode=new.mode,
                tokens=new.tokens,
                status=new.status,
                origin="recovered" if new.recovered else None,
            )

        return await self._changes.write(
            self.database,
            work,
            lambda done: [hint_of_message(done[0], self._kind)] if done[1] else [],
        )

    async def list_page(
        self, *, limit: int, before: str | None, include_archived: bool = True, **equal: str | None
    ) -> ConversationPage:
        """Conversations of this kind with these column values, the latest touched first."""
        found, has_more = await self.database.read(
            lambda tx: conversations.list_conversations(
                tx,
                limit=limit,
                before=before,
                include_archived=include_archived,
                equal={"kind": self._kind, **equal},
            )
        )
        cursor = conversations.cursor_of(found[-1]) if has_more else None
        return ConversationPage(found, has_more, cursor)

    async def write(self, work: Work[Conversation]) -> Conversation:
        """Make or change a conversation, and tell the pages."""
        return await self.write_told(work, lambda done: [hint_of(done)])

    async def write_told(self, work: Work[T], hints: Callable[[T], Iterable[Hint]]) -> T:
        """Change something, and tell the pages."""
        return await self._changes.write(self.database, work, hints)


def hint_of_message(message: Message, kind: ConversationKind) -> Hint:
    """That a message was added or changed."""
    return (
        "conversation",
        {
            "id": message.conversation_id,
            "kind": kind,
            "seq": message.seq,
            "tip_message_id": message.id,
            "status": message.status,
        },
    )


def hint_of(conversation: Conversation) -> Hint:
    """That a conversation was made or changed."""
    return (
        "conversation",
        {
            "id": conversation.id,
            "kind": conversation.kind,
            "seq": conversation.next_seq - 1,
            "tip_message_id": conversation.tip_message_id,
        },
    )
