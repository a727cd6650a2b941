"""Proposals of other programs, each kept once, for a person to decide on."""

from __future__ import annotations

from dataclasses import replace

from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.live.changes import Changes
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
        named = replace(asked, source=_name_source(token.name, asked.source))
        proposal = check_proposal(named)
        made, is_new = await self._database.write(
            lambda tx: propose(tx, token.campaign_id, named, proposal)
        )
        if is_new:
            self._changes.announce("suggestions", {"id": made.conversation_id})
            self._changes.announce("conversation", {"id": made.conversation_id, "kind": "thread"})
        return made


def _name_source(token_name: str, said: str) -> str:
    """The token's name first: what a program says of itself, anybody can say."""
    words = " ".join(said.split())
    return f"{token_name} ({words[:80]})" if words else token_name
