"""The values of talk. They know no database and no HTTP.

A conversation is a named tip: its messages are parent-linked rows, and what a person
sees is the path from the tip to the root. Editing and regenerating add a sibling and
move the tip, so nothing that was said is ever rewritten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

import msgspec

from ttrpg_assistant.llm.types import FinishReason
from ttrpg_assistant.prompts.purposes import PURPOSES, Purpose

ConversationKind = Literal["chat", "thread", "npc"]
Role = Literal["user", "assistant", "system"]
Mode = Literal["about", "as"]
MessageStatus = Literal["complete", "streaming", "stopped", "interrupted", "failed"]
ShownStatus = MessageStatus | Literal["unreadable"]
"""`unreadable` is never stored: it says of a message that its row is damaged."""

FINISH_REASONS: frozenset[str] = frozenset(get_args(FinishReason))

TurnState = Literal["queued", "running", "complete", "stopped", "interrupted", "failed"]
TitleBy = Literal["first_line", "model", "person"]
"""Who wrote a title: nobody (the first thing said, cut), a model, or a person, for good."""

SCENE = "scene"
"""The purpose of talk with several NPCs at once."""

REHEARSAL = "rehearsal"
"""The purpose of talk that tries an NPC out; talk of kind `npc` that is neither has none."""

OTHER_TOOLS = "other_tools"
"""The purpose of the thread of a campaign that holds what other programs propose."""

NOTES: Final = "notes"
"""The purpose of a thread that holds the text of notes, to be read by a model (`reviews`). It is no
talk: none of its messages is in a prompt, and no list of conversations has it."""

ROLES = frozenset(get_args(Role))
MODES = frozenset((*get_args(Mode), None))
MESSAGE_STATUSES: frozenset[str] = frozenset(get_args(MessageStatus))
"""What a stored message may say of itself."""

INTERRUPTED_MARK = "[Stream interrupted]"
"""What a reply ends with when the server died in the middle of it (seed, Strategy 5)."""

MESSAGE_CHARACTERS = 200_000
"""The longest message accepted, in characters: about three hours of talk."""

TITLE_CHARACTERS = 200


class MessageError(msgspec.Struct, frozen=True, gc=False):
    """What went wrong with an answer, in the words that were shown when it happened."""

    code: str
    detail: str | None = None
    cure: str | None = None


class Message(msgspec.Struct, frozen=True, gc=False):
    """Something said. `seq` orders a conversation and grows along every path of it.

    In a scene `speaker_npc_id` is who answers, and `audience_npc_id` the only NPC that hears it.
    A struct, because a prompt may read thousands: it is made ten times as fast as a dataclass.

    From `finish_reason` on, the fields describe how an answer was made. They are stored with its
    turns and only filled in where a message is shown (`store.shown`): what builds a prompt, a
    summary or a search never has them. `cost` is in US dollars. `left_out` says that a question
    and its failed answers are shown but not sent to a model.
    """

    id: str
    conversation_id: str
    seq: int
    parent_id: str | None
    role: Role
    content: str
    mode: Mode | None
    status: ShownStatus
    tokens_in: int | None
    tokens_out: int | None
    model: str | None
    error_code: str | None
    origin: str | None
    created_at: str
    updated_at: str
    speaker_npc_id: str | None = None
    audience_npc_id: str | None = None
    finish_reason: FinishReason | None = None
    reasoning: str | None = None
    reasoning_seconds: float | None = None
    tokens_cached: int | None = None
    cost: float | None = None
    error: MessageError | None = None
    left_out: bool = False


class Conversation(msgspec.Struct, frozen=True, gc=False):
    """A chat, a thread or talk with an NPC. A struct, because every send reads one."""

    id: str
    kind: ConversationKind
    campaign_id: str | None
    game_session_id: str | None
    npc_id: str | None
    wizard_id: str | None
    purpose: Purpose | Literal["scene", "rehearsal", "other_tools", "notes"] | None
    title: str | None
    personality: str | None
    branched_from_id: str | None
    tip_message_id: str | None
    next_seq: int
    message_count: int
    unread_count: int
    last_message_at: str | None
    archived_at: str | None
    created_at: str
    updated_at: str
    title_by: TitleBy | None = None

    @property
    def is_scene(self) -> bool:
        """Whether several NPCs take part in it."""
        return self.purpose == SCENE

    @property
    def thread_purpose(self) -> Purpose:
        """What a prompt for it is made for: `general` unless it is a thread with another."""
        return next((one for one in PURPOSES if one == self.purpose), "general")


@dataclass(frozen=True, slots=True)
class MessagePage:
    """Part of the active path, oldest first.

    `siblings` names, for every listed message that has alternatives, all of them
    (itself included), oldest first. `has_more` speaks of the direction asked for.
    """

    messages: list[Message]
    has_more: bool
    next_cursor: int | None
    tip_message_id: str | None
    siblings: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Turn:
    """A model answering: what it answers, where the answer goes, who is running it.

    `part` counts the turns that wrote the same answer: each after the first continues it.
    `user_message_id` is None only for an answer whose question is not here; its turn is over.
    """

    id: str
    conversation_id: str
    user_message_id: str | None
    assistant_message_id: str
    attempt: int
    state: TurnState
    epoch: int
    owner: str | None
    part: int = 0
    continues: dict[str, Any] | None = None
    """What the answer was before, for a part after the first: a `Beginning` as JSON."""


class Beginning(msgspec.Struct, frozen=True):
    """An answer as it stood before it was continued. Without new text it becomes this again.

    `characters` is the length of its text without the mark of an interruption, which `is_marked`
    says it had; `tokens_in` and `tokens_out` are what it had taken until then.
    """

    status: MessageStatus
    characters: int
    is_marked: bool = False
    finish_reason: FinishReason | None = None
    error_code: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    asked_as: str | None = None
    """The caller's own id for this continuation, so that repeating it is harmless."""


@dataclass(frozen=True, slots=True)
class AskedUnder:
    """What was on the screen when a message was sent. None: no campaign, no game session."""

    campaign_id: str | None = None
    game_session_id: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What a game master says, before it is stored: also the id that its answer will have."""

    conversation_id: str
    message_id: str
    answer_id: str
    content: str
    mode: Mode | None = None
    asked_under: AskedUnder | None = None


@dataclass(frozen=True, slots=True)
class PostedTurn:
    """A user message and the place of its answer, as committed.

    `created` is False when the same message had been posted before.
    """

    user_message: Message
    assistant_message: Message
    turn: Turn
    created: bool


@dataclass(frozen=True, slots=True)
class StoredVoice:
    """How the assistant can sound. `words` is the sentence a game master chooses by.

    `is_changed` says of a built-in voice that it is not as it came. `revision` counts from 1.
    `is_waiting`: it came in a file, and is not used before a game master has accepted it.
    """

    id: str
    name: str
    words: str
    instruction: str
    revision: int
    is_built_in: bool = False
    is_changed: bool = False
    is_waiting: bool = False


@dataclass(frozen=True, slots=True)
class Removal:
    """Something a person cleared or deleted and may still bring back."""

    id: str
    kind: str
    subject_id: str
    title: str
    count: int
    created_at: str
    expires_at: str
