"""A campaign, and programs with tokens for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection

from ttrpg_assistant.campaigns.model import Entity
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.store.edits import add_entity, edit_entity
from ttrpg_assistant.campaigns.store.entities import get_entity
from ttrpg_assistant.campaigns.store.game_sessions import add_game_session
from ttrpg_assistant.doors.model import Token, TokenScope
from ttrpg_assistant.doors.proposals import OutsideProposals
from ttrpg_assistant.doors.tokens import Tokens
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.suggestions.model import SuggestionView
from ttrpg_assistant.suggestions.outside import OutsideProposal
from ttrpg_assistant.suggestions.service import Suggestions


@dataclass
class Tools:
    """Everything a test of proposals needs at hand."""

    database: Database
    tokens: Tokens
    proposals: OutsideProposals
    suggestions: Suggestions
    campaign_id: str

    async def make(self, kind: str, **fields: object) -> Any:
        values = KINDS[kind].check_new(fields)
        parent: Any = None if kind == "campaign" else self.campaign_id
        if kind == "game_session":
            return await self.database.write(lambda tx: add_game_session(tx, parent, values))
        return await self.database.write(lambda tx: add_entity(tx, KINDS[kind], parent, values))

    async def edit(self, kind: str, id: str, **fields: object) -> Any:
        """Somebody changes a thing by hand."""
        changes = KINDS[kind].check_changes(fields)

        def work(tx: Connection) -> Entity:
            now = get_entity(tx, KINDS[kind], id)
            edited: Entity = edit_entity(tx, KINDS[kind], id, now.revision, changes)
            return edited

        return await self.database.write(work)

    async def get(self, kind: str, id: str) -> Any:
        return await self.database.read(lambda tx: get_entity(tx, KINDS[kind], id))

    async def token(self, name: str, *scopes: TokenScope) -> Token:
        chosen = scopes or ("propose",)
        return (await self.tokens.create(self.campaign_id, name, chosen)).token

    async def propose(self, token: Token, kind: str, **said: Any) -> SuggestionView:
        """Propose, and the suggestion as a person sees it."""
        asked = OutsideProposal(id=said.pop("id", None) or new_id(), kind=kind, **said)
        made = await self.proposals.propose(token, asked)
        return await self.suggestions.get(made.id)

    async def list_all(self) -> list[SuggestionView]:
        found, _ = await self.suggestions.list_all(
            campaign_id=self.campaign_id, from_tools=True, limit=500
        )
        return found


@pytest.fixture
async def tools(database: Database) -> Tools:
    changes = Changes()
    made = Tools(
        database,
        Tokens(database, changes),
        OutsideProposals(database, changes),
        Suggestions(database, changes),
        "",
    )
    made.campaign_id = (await made.make("campaign", name="Vale")).id
    return made
