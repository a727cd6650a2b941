"""What this room is handed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from ttrpg_assistant.doors.model import NewToken, Token, TokenScope


class Asked(Protocol):
    """A server that runs (`running_server.RunningServer`)."""

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Its JSON answer. Raises the `Fault` it names."""

    def as_holder(self, secret: str) -> Asked:
        """The same server, asked with this credential."""


class TokenKeeper(Protocol):
    """Makes, lists and revokes tokens: here, or by a server that runs."""

    async def create(self, campaign_id: str, name: str, scopes: Sequence[TokenScope]) -> NewToken:
        """A new token."""

    async def find(self, secret: str) -> Token | None:
        """The token with this secret, or None."""

    async def list_all(self) -> list[Token]:
        """Every token, the newest first."""

    async def revoke(self, token_id: str) -> None:
        """End a token."""
