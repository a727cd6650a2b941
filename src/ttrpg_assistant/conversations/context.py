"""What a model is told for a turn: the talk so far and the facts that bear on it.

Everything is read in one view of the database; composing is pure and knows no database.
History is walked from the newest message backwards and only as far as the budget can
reach, so a conversation of ten thousand messages costs no more than one of a hundred.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ttrpg_assistant.llm.types import ModelRequest


@dataclass(frozen=True, slots=True)
class BuiltPrompt:
    """A request, and the record of what went into it."""

    request: ModelRequest
    manifest: dict[str, Any]
