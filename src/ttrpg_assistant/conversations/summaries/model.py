"""The values of summaries, and how talk is cut into the stretches they are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ttrpg_assistant.conversations.model import (
    NOTES,
    OTHER_TOOLS,
    Conversation,
    Mode,
    Role,
    ShownStatus,
)
from ttrpg_assistant.ids import new_id, utc_now

STRETCH_MESSAGES = 24
STRETCH_CHARACTERS = 9_000
"""A stretch is summarised once it holds so much: it fits the smallest models whole."""

GROUP = 8
"""So many summaries are summarised again, into one of the next level."""

LEVELS = 4
"""With four, a hundred thousand messages come to about thirty texts."""

SUMMARY_CHARACTERS = 2_000
"""The longest text of a model that is kept."""

OWN_CHARACTERS = 8_000
"""The longest text of a person's own."""

MadeBy = Literal["model", "offline", "off"]
"""Who tells what older talk came to: the model that answers, the built-in one, nobody."""

BUILT_IN = "offline"
"""`made_by` of what the built-in model picked out."""


@dataclass(frozen=True, slots=True)
class Listener:
    """For whose prompts a summary is: chats and threads have no mode, talk with an NPC has two
    that never mix, and in a scene each NPC has what it heard itself."""

    mode: Mode | None = None
    npc_id: str | None = None


@dataclass(frozen=True, slots=True)
class StoredSummary:
    """What a stretch of talk came to. See `tables.summaries`."""

    id: str
    conversation_id: str
    mode: Mode | None
    hearer_npc_id: str | None
    level: int
    after_message_id: str | None
    first_message_id: str
    last_message_id: str
    first_seq: int
    last_seq: int
    message_count: int
    first_at: str
    last_at: str
    made_by: str
    made_at: str
    edited_at: str | None
    outdated_at: str | None
    made_text: str
    own_text: str | None

    @property
    def text(self) -> str:
        """What prompts are told."""
        return self.made_text if self.own_text is None else self.own_text

    @property
    def listener(self) -> Listener:
        """For whom it is."""
        return Listener(self.mode, self.hearer_npc_id)

    @property
    def is_current(self) -> bool:
        """Whether it may stand for what it was made of. A person's own text always may."""
        return self.outdated_at is None or self.own_text is not None


@dataclass(frozen=True, slots=True)
class Outline:
    """A message without its text."""

    id: str
    parent_id: str | None
    conversation_id: str
    seq: int
    role: Role
    mode: Mode | None
    status: ShownStatus
    audience_npc_id: str | None
    created_at: str
    length: int

    def is_heard_by(self, listener: Listener) -> bool:
        """Whether it is part of the talk that this listener's prompts are told."""
        if self.role == "system" or self.length == 0 or self.status in ("failed", "unreadable"):
            return False
        if self.mode != listener.mode:
            return False
        return listener.npc_id is None or self.audience_npc_id in (None, listener.npc_id)


def list_listeners(conversation: Conversation, members: Iterable[str] = ()) -> list[Listener]:
    """For whom a conversation is summarised; `members` are the NPCs of a scene."""
    if conversation.purpose in (OTHER_TOOLS, NOTES):
        return []  # What programs send there costs no call of a model, and notes are no talk.
    if conversation.kind != "npc":
        return [Listener()]
    if conversation.is_scene:
        return [Listener("as", npc_id) for npc_id in members]
    return [Listener("about"), Listener("as")]


def cut_stretches(oldest_first: Iterable[Outline]) -> Iterator[list[Outline]]:
    """Whole stretches, in order. What does not fill one yet is left for later.

    Where a cut falls depends on nothing but the talk before it, so branches share what they
    share, and making everything again cuts in the same places.
    """
    stretch: list[Outline] = []
    characters = 0
    for message in oldest_first:
        if message.status == "streaming":
            return  # it may still be said otherwise
        stretch.append(message)
        characters += message.length
        if len(stretch) == STRETCH_MESSAGES or characters >= STRETCH_CHARACTERS:
            yield stretch
            stretch, characters = [], 0


def find_group(cover: Iterable[StoredSummary]) -> list[StoredSummary] | None:
    """The oldest summaries of one level that are enough for one of the next, if any are.

    `cover` is oldest first, so its levels fall.
    """
    levels: dict[int, list[StoredSummary]] = {}
    for summary in cover:
        levels.setdefault(summary.level, []).append(summary)
    for level, same_level in sorted(levels.items()):
        if level < LEVELS and len(same_level) >= GROUP:
            return same_level[:GROUP]
    return None


def summary_of_stretch(
    listener: Listener, after_id: str | None, stretch: Sequence[Outline], text: str, made_by: str
) -> StoredSummary:
    """A new one of the first level; `after_id` is where the stretch before ends."""
    first, last = stretch[0], stretch[-1]
    return StoredSummary(
        id=new_id(),
        conversation_id=last.conversation_id,
        mode=listener.mode,
        hearer_npc_id=listener.npc_id,
        level=1,
        after_message_id=after_id,
        first_message_id=first.id,
        last_message_id=last.id,
        first_seq=first.seq,
        last_seq=last.seq,
        message_count=len(stretch),
        first_at=first.created_at,
        last_at=last.created_at,
        made_by=made_by,
        made_at=utc_now(),
        edited_at=None,
        outdated_at=None,
        made_text=text,
        own_text=None,
    )


def summary_of_group(group: Sequence[StoredSummary], text: str, made_by: str) -> StoredSummary:
    """A new one of the next level, made of these, oldest first."""
    first = group[0]
    return replace(
        group[-1],
        id=new_id(),
        level=first.level + 1,
        after_message_id=first.after_message_id,
        first_message_id=first.first_message_id,
        first_seq=first.first_seq,
        first_at=first.first_at,
        message_count=sum(one.message_count for one in group),
        made_by=made_by,
        made_at=utc_now(),
        edited_at=None,
        outdated_at=None,
        made_text=text,
        own_text=None,
    )
