"""Suggestions, citations and notes on what could not be read, beside their messages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from ttrpg_assistant.conversations.model import Message, MessagePage
from ttrpg_assistant.suggestions.model import Suggestion
from ttrpg_assistant.suggestions.placing import Places

_FENCE = re.compile("```|~~~")


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


class Proposals(Protocol):
    """Where suggestions and citations are looked up; the suggestions room's store."""

    async def of_messages(self, messages: Sequence[Message]) -> Found:
        """What these messages propose and cite, and where."""
        ...


async def page_with_proposals(
    proposals: Proposals, page: MessagePage
) -> MessagePage | dict[str, Any]:
    """A page of messages, with what each of them proposes and cites where there is anything.

    Only a reply with a fenced block can propose, so most pages need no look.
    """
    may = [m for m in page.messages if m.role == "assistant" and _FENCE.search(m.content)]
    if not may:
        return page
    found = await proposals.of_messages(may)
    return {
        "messages": [found.with_proposals(message) for message in page.messages],
        "has_more": page.has_more,
        "next_cursor": page.next_cursor,
        "tip_message_id": page.tip_message_id,
        "siblings": page.siblings,
    }
