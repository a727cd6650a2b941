"""Proposals, citations, drafts and decisions, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ttrpg_assistant.suggestions.kinds import Kind
from ttrpg_assistant.suggestions.patch import FieldPatch, Json

SuggestionStatus = Literal[
    "pending", "accepted", "partly_accepted", "rejected", "undone", "conflict"
]
OPEN_STATUSES: tuple[SuggestionStatus, ...] = ("pending", "partly_accepted", "undone", "conflict")
"""What may still be accepted or rejected. `conflict`: an accept met a change and did nothing."""

TargetKind = str
"""The name of a kind of thing or of a record (`records.RECORDS`), or ``wizard``."""
DraftStatus = Literal["draft", "approved", "canonical", "deprecated"]
Trust = Literal["canonical", "derived", "creative", "unverified"]
Verdict = Literal["approved", "rejected", "modified", "applied"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something a model proposed in a message, and what became of it.

    `target_id` is None for a new thing, and when the name it gave could mean several or
    none (`note` says which). `base_values` is what the fields said, at `base_revision`,
    when the proposal was made. `fields` are dotted names to JSON values. `lines` are the words of
    a transcript that it was read from, each with its message; None where it was said in an answer.
    `source` is the other program that proposed it; None where none did.
    """

    id: str
    conversation_id: str
    message_id: str
    ordinal: int
    campaign_id: str | None
    kind: Kind
    target_kind: TargetKind
    target_id: str | None
    target_name: str | None
    title: str
    fields: dict[str, Json]
    rationale: str
    note: str | None
    base_revision: int | None
    base_values: dict[str, Json]
    status: SuggestionStatus
    reason: str | None
    decided_at: str | None
    created_at: str
    updated_at: str
    lines: list[dict[str, str]] | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A source that a message names. `is_verified`: it is a thing of the campaign, or an
    earlier message that the answer was told of, and linked."""

    id: str
    message_id: str
    ordinal: int
    source_name: str
    location: str | None
    excerpt: str | None
    confidence: float | None
    entity_kind: str | None
    entity_id: str | None
    is_verified: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """The life of a proposal as a draft: draft, approved, canonical, deprecated."""

    id: str
    suggestion_id: str | None
    campaign_id: str | None
    entity_type: str
    data: dict[str, Json]
    status: DraftStatus
    trust: Trust
    entity_id: str | None
    created_at: str
    updated_at: str


@dataclass(frozen=True, slots=True)
class DraftStep:
    """One change of a draft's status."""

    from_status: DraftStatus | None
    to_status: DraftStatus
    reason: str | None
    at: str


@dataclass(frozen=True, slots=True)
class AcceptanceEvent:
    """A person's decision. `before` and `after` are what it changed, so that it can be undone.

    `modifications` are the person's own words in place of the model's. `entity_revision` is
    the revision the change made; `has_created` that there was no such thing before.
    """

    id: str
    suggestion_id: str | None
    draft_id: str | None
    decision: Verdict
    reason: str | None
    modifications: dict[str, Json] | None
    entity_kind: str | None
    entity_id: str | None
    entity_revision: int | None
    has_created: bool
    before: dict[str, Json]
    after: dict[str, Json]
    undone_at: str | None
    created_at: str


@dataclass(frozen=True, slots=True)
class Acceptance:
    """How a person takes a proposal.

    `fields` takes only some of them, `edits` puts other values in their place (or adds
    fields), `modes` says append or replace. `target_id` names the thing when the proposal
    could not. `campaign_id` is where a proposal of an unlinked conversation goes.
    `seen_revision` says that the person has seen the thing as it is now: what changed before
    that is no conflict any more.
    """

    fields: tuple[str, ...] | None = None
    edits: dict[str, Json] = field(default_factory=dict)
    modes: dict[str, Literal["replace", "append"]] = field(default_factory=dict)
    target_id: str | None = None
    campaign_id: str | None = None
    seen_revision: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a decision did. `already` says that it had been made before and nothing was done
    now; `kept` names fields an undo left alone because they were changed since; `removal_id` is
    by what a thing that an undo took away can be brought back."""

    suggestion: Suggestion
    event: AcceptanceEvent | None
    entity_kind: str | None = None
    entity_id: str | None = None
    difference: tuple[FieldPatch, ...] = ()
    kept: tuple[str, ...] = ()
    already: bool = False
    removal_id: str | None = None


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """A proposal with the difference it would make now. `target_state`: `gone` was deleted,
    `unknown` has still to be named. `written` is what accepting it has stored so far, by field:
    a person's own words, and of what was added to only what was added."""

    suggestion: Suggestion
    difference: tuple[FieldPatch, ...]
    target_state: Literal["new", "there", "gone", "unknown"]
    target_revision: int | None
    written: dict[str, Json] = field(default_factory=dict)
