"""Chats: the quick chat and each campaign's own, those that ended, what can be done to them.

The operations of the seed's "Global Chat Commands", in the same order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

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
    chats,
    clearing,
    conversations,
    messages,
    removals,
    titles,
    turns,
)
from ttrpg_assistant.conversations.store.links import check_links
from ttrpg_assistant.conversations.store.turns import AskedElsewhere
from ttrpg_assistant.conversations.talk import (
    ConversationPage,
    NewMessage,
    Talk,
    hint_of,
    hint_of_message,
)
from ttrpg_assistant.conversations.turns import TurnRunner
from ttrpg_assistant.errors import Conflict, NotFound
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.live.changes import Changes, Hint
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

    async def get_or_create(self, campaign_id: str | None = None) -> Conversation:
        """The campaign's active chat, without a campaign the quick chat; made now when there is
        none (FR-002, FR-005). Raises `NotFound` for a campaign that does not exist."""

        def look(tx: Connection) -> Conversation | None:
            found = chats.find_active_chat(tx, campaign_id)
            running_id = chats.find_running_game_session(tx, campaign_id)
            return found if found and running_id in (None, found.game_session_id) else None

        found = await self._database.read(look)
        if found is not None:
            return found
        return await self._database.write(lambda tx: chats.get_or_add_active_chat(tx, campaign_id))

    async def find_active(self, campaign_id: str | None = None) -> Conversation | None:
        """The campaign's active chat, without a campaign the quick chat, if there is one."""
        return await self._database.read(lambda tx: chats.find_active_chat(tx, campaign_id))

    async def get(self, chat_session_id: str) -> Conversation:
        """The chat session, active or archived. Raises `NotFound`."""
        return await self._talk.get(chat_session_id)

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

        return await self._changes.write(
            self._database, work, lambda updated: [hint_of_message(updated, "chat")]
        )

    async def link(
        self, chat_session_id: str, *, game_session_id: str | None, campaign_id: str | None
    ) -> Conversation:
        """Let the chat belong to a campaign and game session from now on; their facts join its
        prompts (FR-100). What was said in it elsewhere stays there, in an ended chat.

        Raises `Conflict` while an answer is being written to what would be left behind.
        """

        def hints(done: tuple[Conversation, Conversation | None]) -> list[Hint]:
            linked, left = done
            if left is None:
                return [hint_of(linked)]
            # What was loaded of it is no more in it.
            anew = ("conversation", {"id": linked.id, "restored": True})
            return [hint_of(left), anew, hint_of(linked)]

        linked, _ = await self._changes.write(
            self._database,
            lambda tx: chats.link_chat(tx, chat_session_id, campaign_id, game_session_id),
            hints,
        )
        return linked

    def begin_game_session(
        self, tx: Connection, campaign_id: str, game_session_id: str
    ) -> list[Conversation]:
        """The campaign's chat is this game session's from now on; the chats that changed."""
        return chats.begin_game_session(tx, campaign_id, game_session_id)

    def list_hints(self, changed: Sequence[Conversation]) -> list[Hint]:
        """What is sent to pages when these chats were changed."""
        return [hint_of(chat) for chat in changed]

    async def end_and_spawn_new(self, chat_session_id: str) -> Conversation:
        """Archive this chat and open a new one of the same campaign (FR-008).

        Ending one that has ended already gives the chat that is active now.
        """
        return await self._talk.write(lambda tx: chats.end_chat(tx, chat_session_id))

    async def resume(self, chat_session_id: str) -> Conversation:
        """Make an earlier chat the active one of its campaign; the one active until now is
        archived."""
        return await self._talk.write(lambda tx: chats.resume_chat(tx, chat_session_id))

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
            if clearing.clear_messages(tx, chat.id, now) == 0:
                return Cleared(0, None)
            # Other answers go too; what was shown is what a game master can count.
            count = chat.message_count
            conversations.update_conversation(tx, chat.id, tip_message_id=None, unread_count=0)
            titles.forget_given_title(tx, chat)
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

        def hints(cleared: Cleared) -> list[Hint]:
            told: list[Hint] = [("conversation", {"id": chat_session_id, "tip_message_id": None})]
            if cleared.removal_id is not None:
                told.append(("removal", {"id": cleared.removal_id}))
            return told

        return await self._changes.write(self._database, work, hints)

    async def list_all(
        self, *, limit: int = 50, before: str | None = None, campaign_id: str | None = None
    ) -> ConversationPage:
        """Chat sessions, the latest touched first: of one campaign, or all."""
        return await self._talk.list_page(limit=limit, before=before, campaign_id=campaign_id)

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

        `asked_under` is what the screen showed when it was said. Under another campaign than
        this chat's it was meant for that campaign's chat, and is said there: it may have waited
        on a device since before each campaign had its own.
        """

        async def post(chat_id: str, *, only_here: bool) -> PostedTurn:
            return await self._runner.post(
                chat_id,
                message_id=message_id,
                content=content,
                replaces=replaces,
                asked_under=asked_under,
                kind="chat",
                only_here=only_here,
            )

        try:
            return await post(chat_session_id, only_here=asked_under is None)
        except AskedElsewhere as elsewhere:
            assert asked_under is not None
            chat = await self._find_own(asked_under, elsewhere.conversation, message_id)
        return await post(chat.id, only_here=True)

    async def _find_own(
        self, under: AskedUnder, addressed: Conversation, message_id: str
    ) -> Conversation:
        """The chat of the campaign that a message was asked under; the addressed one where the
        message is already, or where that campaign does not exist."""

        def work(tx: Connection) -> Conversation:
            said = messages.find_message(tx, message_id)
            if said is not None:
                return conversations.get_conversation(tx, said.conversation_id)
            try:
                check_links(tx, asdict(under))
            except NotFound:
                return addressed
            return chats.get_or_add_active_chat(tx, under.campaign_id)

        return await self._database.write(work)
