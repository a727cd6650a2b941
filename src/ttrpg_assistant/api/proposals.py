"""Suggestions and citations beside the messages they came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from ttrpg_assistant.conversations.model import Message


@dataclass(frozen=True, slots=True)
class Found:
    """What some messages propose and cite, by message id."""

    suggestions: Mapping[str, Sequence[Any]]
    citations: Mapping[str, Sequence[Any]]

    def dress(self, message: Message) -> dict[str, Any]:
        """The message as it is sent in a thread."""
        return {
            **msgspec.to_builtins(message),
            "suggestions": list(self.suggestions.get(message.id, ())),
            "citations": list(self.citations.get(message.id, ())),
        }


class Proposals(Protocol):
    """Where suggestions and citations are looked up; the suggestions room's store."""

    async def of_messages(self, message_ids: Sequence[str]) -> Found:
        """What these messages propose and cite."""
        ...


class NoProposals:
    """For a server without the suggestions room: nothing is proposed."""

    async def of_messages(self, message_ids: Sequence[str]) -> Found:
        """Nothing."""
        return Found({}, {})
