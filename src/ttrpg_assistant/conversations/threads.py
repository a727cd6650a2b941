"""Purpose-driven conversations beside the quick chat (seed, "Conversation Thread Commands")."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.conversations.model import (
    Conversation,
    Message,
    MessagePage,
    PostedTurn,
)
from ttrpg_assistant.conversations.ports import ReplyReader
from ttrpg_assistant.conversations.store import (
    conversations,
    messages,
    reading,
    voices,
)
from ttrpg_assistant.conversations.talk import ConversationPage, NewMessage, Talk, hint_of
from ttrpg_assistant.conversations.turns import TurnRunner
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.prompts.purposes import PURPOSES, Purpose
from ttrpg_assistant.storage.database import Database


@dataclass(frozen=True, slots=True)
class NewThread:
    """What a thread is for. Everything but the purpose may be left out."""

    purpose: Purpose
    campaign_id: str | None = None
    game_session_id: str | None = None
    wizard_id: str | None = None
    title: str | None = None
    personality: str | None = None
    """The id of the voice the assistant speaks in here; None and "" are as usual."""
    thread_id: str | None = None
    """Made by the client, so that asking twice makes one thread."""


class Threads:
    """What a game master does with threads."""

    def __init__(
        self,
        database: Database,
        runner: TurnRunner,
        changes: Changes,
        reply_reader: ReplyReader | None = None,
    ) -> None:
        self._reply_reader = reply_reader
        self._database = database
        self._runner = runner
        self._talk = Talk(database, changes, "thread")

    async def create(self, new: NewThread) -> Conversation:
        """A new thread; the one there is when its id was used before."""

        def work(tx: Connection) -> Conversation:
            if new.thread_id is not None:
                found = conversations.find_conversation(tx, new.thread_id)
                if found is not None:
                    return conversations.get_conversation(tx, found.id, "thread")
            _check_voice(tx, new.personality)
            return conversations.add_conversation(
                tx,
                "thread",
                id=new.thread_id or new_id(),
                purpose=new.purpose,
                title=new.title,
                title_by=None if new.title is None else "person",
                personality=new.personality or None,
                wizard_id=new.wizard_id,
                campaign_id=new.campaign_id,
                game_session_id=new.game_session_id,
            )

        return await self._talk.write(work)

    async def get(self, thread_id: str) -> Conversation:
        """The thread."""
        return await self._talk.get(thread_id)

    async def list_all(
        self,
        *,
        campaign_id: str | None = None,
        purpose: Purpose | None = None,
        include_archived: bool = False,
        limit: int = 50,
        before: str | None = None,
    ) -> ConversationPage:
        """Threads, the latest touched first."""
        return await self._talk.list_page(
            limit=limit,
            before=before,
            include_archived=include_archived,
            campaign_id=campaign_id,
            purpose=purpose,
        )

    async def archive(self, thread_id: str) -> Conversation:
        """Close the thread: it stays readable and takes no new messages."""
        return await self._update(thread_id, archived_at=utc_now())

    async def restore(self, thread_id: str) -> Conversation:
        """Open an archived thread again."""
        return await self._update(thread_id, archived_at=None)

    async def update(
        self, thread_id: str, *, title: str | None = None, personality: str | None = None
    ) -> Conversation:
        """Give the thread another title, or the assistant another voice in it ("": as usual).

        Raises `NotFound`, and `InvalidInput` for a voice that is not there.
        """
        values: dict[str, str | None] = {}
        if title is not None:
            values |= {"title": title, "title_by": "person"}
        if personality is not None:
            values["personality"] = personality or None

        def work(tx: Connection) -> Conversation:
            conversations.get_conversation(tx, thread_id, "thread")
            _check_voice(tx, personality)
            return conversations.update_conversation(tx, thread_id, **values)

        return await self._talk.write(work)

    async def mark_read(self, thread_id: str) -> int:
        """Every answer of this thread has been seen; returns how many were unread."""

        def work(tx: Connection) -> Conversation:
            found = conversations.get_conversation(tx, thread_id, "thread")
            reading.mark_read(tx, found.id)
            return found

        read = await self._talk.write_told(
            work, lambda read: [hint_of(read)] if read.unread_count else []
        )
        return read.unread_count

    async def get_messages(
        self, thread_id: str, *, limit: int, before: int | None = None, after: int | None = None
    ) -> MessagePage:
        """A page of what was said, oldest first."""
        return await self._talk.get_messages(thread_id, limit=limit, before=before, after=after)

    async def add_message(self, thread_id: str, new: NewMessage) -> tuple[Message, bool]:
        """Store a message without asking for an answer, and read it as a reply when it is one.
        False: it was stored before."""
        message, created = await self._talk.add_message(thread_id, new)
        if self._reply_reader is not None and message.status == "complete":
            # Also when it was stored before: reading twice is reading once.
            await self._reply_reader.read_reply(message)
        return message, created

    async def say(
        self, thread_id: str, *, message_id: str, content: str, replaces: str | None = None
    ) -> PostedTurn:
        """Say something and have it answered; returns as soon as it is stored."""
        return await self._runner.post(
            thread_id, message_id=message_id, content=content, replaces=replaces, kind="thread"
        )

    async def say_and_wait(self, thread_id: str, *, message_id: str, content: str) -> PostedTurn:
        """Say something and return when its answer has ended."""
        posted = await self.say(thread_id, message_id=message_id, content=content)
        ended = await self._runner.wait_for_end(posted.assistant_message.id)
        return PostedTurn(posted.user_message, ended, posted.turn, posted.created)

    async def branch(
        self, source_thread_id: str, message_id: str, title: str | None = None
    ) -> Conversation:
        """A new thread that goes on from a message of another; nothing is copied."""

        def work(tx: Connection) -> Conversation:
            source = conversations.get_conversation(tx, source_thread_id)
            message = messages.get_message(tx, message_id)
            if not _is_reachable(tx, source, message):
                raise InvalidInput(
                    "This message is not part of that conversation.", code="cannot_branch"
                )
            if message.status == "streaming":
                raise InvalidInput(
                    "This answer is still being written.", code="cannot_branch_streaming"
                )
            return conversations.add_conversation(
                tx,
                "thread",
                purpose=source.thread_purpose,
                campaign_id=source.campaign_id,
                game_session_id=source.game_session_id,
                personality=source.personality,
                title=title or _branch_title(source),
                branched_from_id=message.id,
                tip_message_id=message.id,
                next_seq=message.seq + 1,
                last_message_at=message.created_at,
            )

        return await self._talk.write(work)

    async def list_by_purpose(self, campaign_id: str) -> dict[Purpose, list[Conversation]]:
        """A campaign's threads under each purpose, the latest touched first (FR-107)."""
        page = await self._talk.list_page(limit=500, before=None, campaign_id=campaign_id)
        grouped: dict[Purpose, list[Conversation]] = {purpose: [] for purpose in PURPOSES}
        for thread in page.conversations:
            grouped[thread.thread_purpose].append(thread)
        return grouped

    async def _update(self, thread_id: str, **values: str | None) -> Conversation:
        def work(tx: Connection) -> Conversation:
            conversations.get_conversation(tx, thread_id, "thread")
            return conversations.update_conversation(tx, thread_id, **values)

        return await self._talk.write(work)


def _check_voice(tx: Connection, voice_id: str | None) -> None:
    if voice_id and voices.find_voice(tx, voice_id) is None:
        raise InvalidInput("There is no such voice.", code="voice_not_found")


def _branch_title(source: Conversation) -> str:
    return cut_text(f"{source.title or 'Thread'} (branch)", 200)


def _is_reachable(tx: Connection, source: Conversation, message: Message) -> bool:
    """Whether the message belongs to the conversation, or to one that it branched from."""
    current: Conversation | None = source
    while current is not None:
        if message.conversation_id == current.id:
            return True
        if current.branched_from_id is None:
            return False
        origin = messages.find_message(tx, current.branched_from_id)
        if origin is None:
            return False
        if message.conversation_id == origin.conversation_id and message.seq > origin.seq:
            return False
        current = conversations.find_conversation(tx, origin.conversation_id)
    return False
