"""Suggestions, citations and notes on what could not be read, beside their messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from ttrpg_assistant.conversations.model import Message
from ttrpg_assistant.suggestions.model import Suggestion
from ttrpg_assistant.suggestions.placing import Places


@dataclass(frozen=True, slots=True)
class Found:
    """What some messages propose and cite, by message id; `notes` say what could not be read,
    `places` where in the text that was."""

    suggestions: Mapping[str, Sequence[Suggestion]]
    citations: Mapping[str, Sequence[Any]]
    notes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    places: Mapping[str, Places] = field(default_factory=dict)

    def with_proposals(self, message: Message) -> dict[str, Any]:
        """The message as it is sent in a thread."""
        places = self.places.get(message.id) or Places({}, ())
        return {
            **msgspec.to_builtins(message),
            "suggestions": [
                {**msgspec.to_builtins(one), "place": places.suggestions.get(one.id)}
                for one in self.suggestions.get(message.id, ())
            ],
            "citations": list(self.citations.get(message.id, ())),
            "notes": list(self.notes.get(message.id, ())),
            "notes_in_place": list(places.notes),
        }
