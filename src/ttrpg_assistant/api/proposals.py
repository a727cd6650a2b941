"""Suggestions, citations and notes on what could not be read, beside their messages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from ttrpg_assistant.conversations.model import Message, MessagePage

_FENCE = re.compile("```|~~~")


@dataclass(frozen=True, slots=True)
class Found:
    """What some messages propose and cite, by message id; `notes` say what could not be read."""

    suggestions: Mapping[str, Sequence[Any]]
    citations: Mapping[str, Sequence[Any]]
    notes: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def with_proposals(self, message: Message) -> dict[str, Any]:
        """The message as it is sent in a thread."""
        return {
            **msgspec.to_builtins(message),
            "suggestions": list(self.suggestions.get(message.id, ())),
            "citations": list(self.citations.get(message.id, ())),
            "notes": list(self.notes.get(message.id, ())),
        }


class Proposals(Protocol):
    """Where suggestions and citations are looked up; the suggestions room's store."""

    async def of_messages(self, message_ids: Sequence[str]) -> Found:
        """What these messages propose and cite."""
        ...


async def page_with_proposals(
    proposals: Proposals, page: MessagePage
) -> MessagePage | dict[str, Any]:
    """A page of messages, with what each of them proposes and cites where there is anything.

    Only a reply with a fenced block can propose, so most pages need no look.
    """
    may = [m.id for m in page.messages if m.role == "assistant" and _FENCE.search(m.content)]
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
