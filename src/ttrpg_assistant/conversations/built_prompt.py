"""What a turn sends to a model, and what it would send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ttrpg_assistant.llm.types import ModelRequest
from ttrpg_assistant.prompts.facts import VoiceSheet


@dataclass(frozen=True, slots=True)
class BuiltPrompt:
    """A request, and the record of what went into it."""

    request: ModelRequest
    manifest: dict[str, Any]
    estimated_tokens: int
    voice: VoiceSheet | None = None
    """The NPC that speaks, in talk as one."""


@dataclass(frozen=True, slots=True)
class Measured:
    """About how many tokens a question would send, and whether all of it would be read."""

    tokens: int
    fits: bool
