"""What a prompt was made of, for a game master who wants to know what the model read.

Stored with the turn as JSON; holds names and counts, never the text of a fact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import msgspec

from ttrpg_assistant.prompts.entity_facts import EntityKind, Why

NAMES_LEFT_OUT = 50
"""Left-out things listed by name in one section; beyond, only their number is kept."""


@dataclass(frozen=True, slots=True)
class EntityUse:
    """One thing that went in (or did not), and why it was considered."""

    kind: EntityKind
    id: str
    name: str
    why: Why


@dataclass(frozen=True, slots=True)
class SectionRecord:
    """One part of the prompt, what stands in it and what would have, given more room."""

    name: str
    title: str
    tokens: int
    entities: tuple[EntityUse, ...] = ()
    left_out: tuple[EntityUse, ...] = ()
    left_out_count: int = 0


@dataclass(frozen=True, slots=True)
class HistoryRecord:
    """How much of the talk went in. `first_kept_seq` is None when nothing did.

    Without `whole_history` only recent talk is sent, however much the model could read.
    """

    kept: int
    dropped: int
    first_kept_seq: int | None
    tokens: int
    is_cut: bool = False
    whole_history: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """All of it. Token counts are estimates. `cut` says in plain words what was left out."""

    purpose: str
    model: str
    context_tokens: int
    answer_tokens: int
    prompt_tokens: int
    total_tokens: int
    new_message_tokens: int
    is_new_message_cut: bool
    sections: tuple[SectionRecord, ...]
    history: HistoryRecord
    cut: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Plain JSON values."""
        return cast("dict[str, object]", msgspec.to_builtins(self))
