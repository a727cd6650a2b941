"""What the routes ask of other rooms; `services.py` hands it in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from ttrpg_assistant.api.proposals import Found
from ttrpg_assistant.conversations.model import Message


class Proposals(Protocol):
    """Where suggestions and citations are looked up; the suggestions room's store."""

    async def of_messages(self, messages: Sequence[Message]) -> Found:
        """What these messages propose and cite, where, and what is shown of them."""
        ...


class Meter(Protocol):
    """Who counts requests."""

    def count_request(
        self, method: str, route: str, status: int, seconds: float, *, is_stream: bool
    ) -> None:
        """One request has been answered. `route` is a path with names for what varies."""
        ...


class NpcBrief(Protocol):
    """What a summary needs of an NPC."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str: ...


ListNpcs = Callable[[str], Awaitable[Sequence[NpcBrief]]]
"""Every NPC of a campaign; the campaigns room's, handed in by `app.py`."""
