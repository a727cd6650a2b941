"""Proposals of other programs, each kept once, for a person to decide on."""

from __future__ import annotations

from dataclasses import replace

from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.live.changes import Changes, Hint
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.suggestions.model import Suggestion
from ttrpg_assistant.suggestions.outside import OutsideProposal, check_proposal, propose


class OutsideProposals:
    """What tokens propose. Accepting is for a person, on the page."""

    def __init__(self, database: Database, changes: Changes) -> None:
        self._database = database
        self._changes = changes

    async def propose(self, token: Token, asked: OutsideProposal) -> Suggestion:
        """Keep a proposal in the token's campaign. The same again gives the first one.

        Raises `Refused` without the scope, `InvalidInput` for what cannot be read, `Conflict`
        when the id was used for something else or too many wait."""
        token.check("propose")
        named = replace(asked, source=_name_source(token.name, asked.source), tool=token.name)
        proposal = check_proposal(named)
        made, _ = await self._changes.write(
            self._database, lambda tx: propose(tx, token.campaign_id, named, proposal), _list_hints
        )
        return made


def _list_hints(done: tuple[Suggestion, bool]) -> list[Hint]:
    made, is_new = done
    if not is_new:
        return []
    return [
        ("suggestions", {"id": made.conversation_id}),
        ("conversation", {"id": made.conversation_id, "kind": "thread"}),
    ]


def _name_source(token_name: str, said: str) -> str:
    """The token's name first: what a program says of itself, anybody can say."""
    words = " ".join(said.split())
    return f"{token_name} ({words[:80]})" if words else token_name
