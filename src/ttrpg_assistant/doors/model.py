"""What another program may do here: a token, and the scopes it was made with.

A scope is a viewer of the one rule of audience (`prompts/audience.py`) or a permission to do
something. No scope accepts, changes or removes anything of a campaign.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, get_args

from ttrpg_assistant.errors import Refused
from ttrpg_assistant.prompts.audience import GM, PARTY, Viewer

TokenScope = Literal["read:players", "read:gm", "propose", "talk"]
SCOPES: tuple[TokenScope, ...] = get_args(TokenScope)
"""`read:players` looks as the party does, `read:gm` as the game master; `propose` makes
suggestions, `talk` talks with NPCs and, together with `read:gm`, with the assistant."""

READING: frozenset[TokenScope] = frozenset({"read:players", "read:gm"})

NAME_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class Token:
    """Another program that may ask about one campaign. What it shows is kept as a hash only."""

    id: str
    campaign_id: str
    campaign_name: str
    name: str
    scopes: tuple[TokenScope, ...]
    created_at: str
    last_used_at: str | None

    @property
    def viewer(self) -> Viewer:
        """As whom it looks. Raises `Refused` when it may not read at all."""
        self.check_any(READING)
        return GM if "read:gm" in self.scopes else PARTY

    def check(self, *wanted: TokenScope) -> None:
        """Raises `Refused` unless the token has every one of these scopes."""
        missing = [scope for scope in wanted if scope not in self.scopes]
        if missing:
            raise _scope_missing(missing)

    def check_any(self, wanted: Collection[TokenScope]) -> None:
        """Raises `Refused` unless the token has one of these scopes."""
        if not set(wanted) & set(self.scopes):
            raise _scope_missing(sorted(wanted))


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token that was made now. `secret` is shown this once and kept nowhere."""

    token: Token
    secret: str


def _scope_missing(scopes: Collection[str]) -> Refused:
    return Refused(
        f"This token may not do this: it needs {' or '.join(scopes)}.",
        code="scope_missing",
        cure="Make a token with this scope under “Other tools” in Settings.",
        facts={"scopes": list(scopes)},
    )
