"""The values of search. They know no database and no HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ttrpg_assistant.conversations.model import (
    Conversation,
    ConversationKind,
    Message,
    MessageStatus,
    Mode,
    Role,
)
from ttrpg_assistant.prompts.purposes import Purpose

Order = Literal["newest", "best"]
ThingKind = str
"""The name of a kind of thing, or ``note``, ``event``, ``fact``."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """Forms of a word in one language: they count in a text that has one of the `signs` too."""

    forms: tuple[str, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that must be in a text: a word, or several that follow each other.

    `is_prefix` lets the last word go on. `is_excluded`: it must not be in the text. `others`
    count as the words too: other forms of them (`forms.widen`), none of what `is_quoted`. So does
    what is `foreign`, on its condition.
    """

    words: tuple[str, ...]
    is_prefix: bool = False
    is_excluded: bool = False
    is_quoted: bool = False
    others: tuple[tuple[str, ...], ...] = ()
    foreign: tuple[Foreign, ...] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """What talk is looked at; None does not filter. Moments are `ids.utc_now` text or a
    beginning of it (`2026-11`, `2026-11-22`); `until` includes what begins with it.
    """

    campaign_id: str | None = None
    kind: ConversationKind | None = None
    npc_id: str | None = None
    purpose: Purpose | None = None
    role: Role | None = None
    since: str | None = None
    until: str | None = None
    with_archived: bool = False
    mode: Mode | None = None
    conversation_id: str | None = None
    unlinked: bool = False
    """Only talk that belongs to no campaign."""
    only_rehearsal: str | None = None
    """Of all rehearsals only this conversation, should it be one."""


@dataclass(frozen=True, slots=True)
class SnippetPart:
    """A piece of a snippet; `hit` pieces are what was looked for."""

    text: str
    hit: bool


@dataclass(frozen=True, slots=True)
class TalkHit:
    """A message that was found, and where it stands.

    `is_on_active_path` is None when finding out would have taken too long; `open_search_hit`
    always knows. Names are None when the thing is gone or was never linked.
    """

    message_id: str
    conversation_id: str
    kind: ConversationKind
    seq: int
    role: Role
    mode: Mode | None
    status: MessageStatus
    said_at: str
    snippet: tuple[SnippetPart, ...]
    is_on_active_path: bool | None
    title: str | None
    purpose: Purpose | None
    is_archived: bool
    campaign_id: str | None
    campaign_name: str | None
    npc_id: str | None
    npc_name: str | None
    game_session_id: str | None


@dataclass(frozen=True, slots=True)
class ThingHit:
    """Something of the campaign world that was found. Notes, events and facts have no name.

    The snippet is out of one field: `field` is what it is called ("Motivations"), empty where
    that says nothing. `is_gm_only`: what the snippet shows is for the game master alone.
    """

    kind: ThingKind
    id: str
    campaign_id: str
    campaign_name: str
    name: str
    snippet: tuple[SnippetPart, ...]
    is_archived: bool
    field: str = ""
    is_gm_only: bool = False


NamedKind = str
"""The name of a kind of thing, or ``thread``, ``npc_talk``, ``chat``."""


@dataclass(frozen=True, slots=True)
class NameHit:
    """Something that goes by the name looked for. `npc_id` is the NPC of an `npc_talk`,
    `session_number` the number of a game session."""

    kind: NamedKind
    id: str
    name: str
    campaign_id: str | None
    campaign_name: str | None
    npc_id: str | None = None
    session_number: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found. `things` come with the first page only."""

    hits: list[TalkHit]
    things: list[ThingHit]
    has_more: bool
    next_cursor: str | None
    still_indexing: int
    """Messages not indexed yet: the first time after an upgrade or a large import."""


@dataclass(frozen=True, slots=True)
class Around:
    """A message among its neighbours, in its own branch; messages are oldest first.

    `branch_tip_id` is the end of the branch shown: `select_reply` on it makes the branch the
    active one.
    """

    conversation: Conversation
    message_id: str
    messages: list[Message]
    is_on_active_path: bool
    branch_tip_id: str
    has_older: bool
    has_newer: bool
    older_cursor: int | None
    newer_cursor: int | None
    siblings: dict[str, list[str]]
    names: dict[str, str]
    """What the NPCs are called that speak here or are spoken to, by id."""


@dataclass(frozen=True, slots=True)
class FoundInside:
    """Messages of one conversation with the words looked for: those of its active path, oldest
    first, and how many of its own stand in other branches. `is_cut`: there are more. `words` are
    the other forms of what was looked for, folded, each a sequence of words."""

    message_ids: list[str]
    elsewhere: int
    is_cut: bool
    words: list[list[str]]


@dataclass(frozen=True, slots=True)
class OpenedDay:
    """Where a day of a conversation begins; None where nothing was said at all."""

    message_id: str | None
    said_at: str | None
    is_that_day: bool
