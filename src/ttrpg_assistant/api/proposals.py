"""What is shown of messages, and what stands beside them: suggestions, citations, and notes on what
could not be read."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from ttrpg_assistant.conversations.model import Message
from ttrpg_assistant.suggestions.model import Citation, Suggestion
from ttrpg_assistant.suggestions.placing import (
    NOWHERE,
    Places,
    find_places,
    show_beginning,
)


@dataclass(frozen=True, slots=True)
class Found:
    """What some messages propose and cite, by message id; `notes` say what could not be read,
    `places` where in the text that was, and what is shown of it."""

    suggestions: Mapping[str, Sequence[Suggestion]]
    citations: Mapping[str, Sequence[Citation]]
    notes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    places: Mapping[str, Places] = field(default_factory=dict)

    def with_proposals(self, message: Message) -> dict[str, Any]:
        """The message as it is sent where it proposes or cites."""
        places = self.places.get(message.id, NOWHERE)
        return {
            **msgspec.to_builtins(message),
            "shown": places.shown,
            "suggestions": [
                {**msgspec.to_builtins(one), "place": places.suggestions.get(one.id)}
                for one in self.suggestions.get(message.id, ())
            ],
            "citations": [
                {**msgspec.to_builtins(one), "place": places.citations.get(one.id)}
                for one in self.citations.get(message.id, ())
            ],
            "notes": list(self.notes.get(message.id, ())),
            "notes_in_place": list(places.notes),
        }


class NothingRead:
    """Says what is shown of messages while nothing can be looked up."""

    async def of_messages(self, messages: Sequence[Message]) -> Found:
        """What is shown of these messages, and where their blocks are."""
        return Found({}, {}, {}, await asyncio.to_thread(place_all, messages, {}, {}))


def place_all(
    messages: Sequence[Message],
    proposed: Mapping[str, Sequence[Suggestion]],
    cited: Mapping[str, Sequence[Citation]],
) -> dict[str, Places]:
    """What is shown of each message, and where in it that was proposed and cited."""
    return {
        each.id: show_beginning(each.content)
        if each.status == "streaming"
        else find_places(each.content, proposed.get(each.id, ()), cited.get(each.id, ()))
        for each in messages
    }
