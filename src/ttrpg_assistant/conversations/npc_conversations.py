"""Talk about an NPC and as an NPC (seed, Part 3): many conversations each, the latest resumed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from ttrpg_assistant.clock import elapsed_seconds, note_moment
from ttrpg_assistant.conversations.model import (
    Conversation,
    Message,
    MessagePage,
    Mode,
    PostedTurn,
)
from ttrpg_assistant.conversations.npc.checking import check_aside
from ttrpg_assistant.conversations.store import (
    conversations,
    messages,
    npc_talk,
    paths,
    reading,
)
from ttrpg_assistant.conversations.talk import NewMessage, Talk, hint_of
from ttrpg_assistant.conversations.turns import TurnRunner
from ttrpg_assistant.errors import Conflict, InvalidInput, NotFound
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database

MODE_COOLDOWN_SECONDS = 5.0
"""The pause before the other mode may be used (seed, "Guard mode switch")."""


@dataclass(frozen=True, slots=True)
class NpcTalk:
    """What there is of talk with one NPC. `unread_count` counts its answers only (FR-206)."""

    npc_id: str
    conversation_count: int
    message_count: int
    unread_count: int
    last_message_at: str | None


class NpcConversations:
    """What a game master does with talk about and as NPCs.

    `check_input` raises `Blocked` for what must not be said to a speaking NPC;
    `get_campaign_id` gives the campaign of an NPC and raises `NotFound` without one.
    """

    def __init__(
        self,
        database: Database,
        runner: TurnRunner,
        changes: Changes,
        check_input: Callable[[str], None],
        get_campaign_id: Callable[[Connection, str], str],
    ) -> None:
        self._database = database
        self._runner = runner
        self._talk = Talk(database, changes, "npc")
        self._check_input = check_input
        self._get_campaign_id = get_campaign_id

    async def list_for_campaign(self, campaign_id: str) -> list[Conversation]:
        """Every conversation with an NPC of the campaign, the latest touched first."""
        page = await self._talk.list_page(limit=500, before=None, campaign_id=campaign_id)
        return [found for found in page.conversations if not found.is_scene]

    async def list_for_npc(self, npc_id: str) -> list[Conversation]:
        """Every conversation with this NPC, the latest touched first (FR-202)."""
        return (await self._talk.list_page(limit=500, before=None, npc_id=npc_id)).conversations

    async def get(self, npc_id: str) -> Conversation:
        """The latest conversation with this NPC; `NotFound` when there is none."""
        return await self._database.read(lambda tx: _get_latest(tx, npc_id))

    async def get_or_create(
        self, npc_id: str, campaign_id: str | None, title: str | None = None
    ) -> Conversation:
        """The latest conversation with this NPC, made now when there is none (FR-203).

        `title` names one that is made; one that is there keeps its own.
        """

        def work(tx: Connection) -> Conversation:
            npc_talk.lock_npc(tx, npc_id)
            return _find_latest(tx, npc_id) or self._add(tx, npc_id, campaign_id, title)

        found = await self._database.read(lambda tx: _find_latest(tx, npc_id))
        if found is None:
            found = await self._talk.write(work)
        return found

    async def create(
        self,
        npc_id: str,
        campaign_id: str | None,
        title: str | None = None,
        purpose: str | None = None,
    ) -> Conversation:
        """A new conversation with this NPC, beside the ones there are."""
        return await self._talk.write(lambda tx: self._add(tx, npc_id, campaign_id, title, purpose))

    async def rename(self, conversation_id: str, title: str) -> Conversation:
        """Call a conversation with an NPC, or a scene, something else. Raises `NotFound`."""

        def work(tx: Connection) -> Conversation:
            conversations.get_conversation(tx, conversation_id, "npc")
            return conversations.update_conversation(
                tx, conversation_id, title=title, title_by="person"
            )

        return await self._talk.write(work)

    def _add(
        self,
        tx: Connection,
        npc_id: str,
        campaign_id: str | None,
        title: str | None = None,
        purpose: str | None = None,
    ) -> Conversation:
        # Without its campaign the talk would be missing from the campaign's lists.
        campaign_id = campaign_id or self._get_campaign_id(tx, npc_id)
        return conversations.add_conversation(
            tx,
            "npc",
            id=new_id(),
            title=title,
            purpose=purpose,
            npc_id=npc_id,
            campaign_id=campaign_id,
        )

    async def get_messages(
        self,
        conversation_id: str,
        *,
        limit: int,
        before: int | None = None,
        after: int | None = None,
    ) -> MessagePage:
        """A page of what was said in both modes, oldest first."""
        return await self._talk.get_messages(
            conversation_id, limit=limit, before=before, after=after
        )

    async def add_message(self, conversation_id: str, new: NewMessage) -> tuple[Message, bool]:
        """Store a message without asking for an answer. False: it was stored before.

        Every message has a mode. Without one, what a person said is said to the NPC, and an
        answer is about it: the NPC's own prompts must not hold what nobody vouched for.
        """
        if new.mode is None:
            new = replace(new, mode="as" if new.role == "user" else "about")
        return await self._talk.add_message(conversation_id, new)

    async def mark_read(self, npc_id: str) -> int:
        """Every answer of this NPC has been seen; returns how many were unread."""

        def work(tx: Connection) -> list[Conversation]:
            found, _ = conversations.list_conversations(
                tx, limit=500, equal={"kind": "npc", "npc_id": npc_id}
            )
            unread = [conversation for conversation in found if conversation.unread_count]
            for conversation in unread:
                reading.mark_read(tx, conversation.id)
            return unread

        read = await self._talk.write_told(
            work, lambda read: [hint_of(conversation) for conversation in read]
        )
        return sum(conversation.unread_count for conversation in read)

    async def list_talk(self, campaign_id: str) -> list[NpcTalk]:
        """Count, unread and last date of the talk with each NPC of the campaign (FR-202)."""
        rows = await self._database.read(lambda tx: npc_talk.sum_talk(tx, campaign_id))
        return [NpcTalk(*row) for row in rows]

    async def say(
        self,
        conversation_id: str,
        *,
        message_id: str,
        content: str,
        mode: Mode,
        replaces: str | None = None,
    ) -> PostedTurn:
        """Say something about or to the NPC and have it answered; returns when it is stored.

        Raises `Blocked` for an as-mode input that tries to override its instructions, and
        `Conflict` within five seconds of talk in the other mode. Nothing is stored then.
        """

        def check(tx: Connection) -> Mode:
            conversation = conversations.get_conversation(tx, conversation_id, "npc")
            if conversation.is_scene:
                raise InvalidInput(
                    "In a scene, a message is for everyone in it.", code="is_a_scene"
                )
            stored = messages.find_message(tx, message_id)
            if stored is None:
                _check_cooldown(tx, conversation, mode)
                return mode
            return stored.mode or mode

        if await self._database.read(check) == "as":
            # Also for what was stored without an answer: nothing reaches the model unchecked.
            await check_aside(self._check_input, content)
        posted = await self._runner.post(
            conversation_id,
            message_id=message_id,
            content=content,
            mode=mode,
            replaces=replaces,
        )
        if posted.created:
            note_moment(posted.assistant_message.created_at)
        return posted

    async def reply_as(self, npc_id: str) -> Message:
        """The NPC's answer to what was said last, when it has ended (seed, `reply_as_npc`).

        What waits is a message that was added without asking for an answer.
        """
        conversation = await self.get(npc_id)
        page = await self.get_messages(conversation.id, limit=1)
        if not page.messages or page.messages[-1].role != "user":
            raise InvalidInput("There is nothing to answer yet.", code="nothing_to_answer")
        said = page.messages[-1]
        if said.mode != "about":
            await check_aside(self._check_input, said.content)
        posted = await self._runner.post(
            conversation.id, message_id=said.id, content=said.content, mode=said.mode or "as"
        )
        return await self._runner.wait_for_end(posted.assistant_message.id)


def _find_latest(tx: Connection, npc_id: str) -> Conversation | None:
    found = npc_talk.find_latest(tx, npc_id)
    return conversations.get_conversation(tx, found) if found is not None else None


def _get_latest(tx: Connection, npc_id: str) -> Conversation:
    found = _find_latest(tx, npc_id)
    if found is None:
        raise NotFound("There is no conversation with this NPC yet.", code="conversation_not_found")
    return found


def _check_cooldown(tx: Connection, conversation: Conversation, mode: Mode) -> None:
    newest = paths.list_newest(tx, conversation.tip_message_id, 1)
    if not newest or newest[0].mode in (None, mode):
        return
    try:
        since = elapsed_seconds(newest[0].created_at, at_most=MODE_COOLDOWN_SECONDS)
    except (TypeError, ValueError):
        return  # a damaged moment must not close the conversation
    left = MODE_COOLDOWN_SECONDS - since
    if left > 0:
        raise Conflict(
            f"Wait {math.ceil(left)} seconds before switching the mode.",
            code="mode_cooldown",
            facts={"seconds_left": round(left, 1)},
        )
