"""A campaign with a thread in it, and replies that propose."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection

from ttrpg_assistant.campaigns.model import Campaign, Entity, KindName
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.store import edits, entities, game_sessions, listing
from ttrpg_assistant.conversations.model import Conversation, Message
from ttrpg_assistant.conversations.store import conversations, messages
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.suggestions.model import Suggestion
from ttrpg_assistant.suggestions.reader import SuggestionReader
from ttrpg_assistant.suggestions.service import Suggestions
from ttrpg_assistant.suggestions.store import proposals


def block(value: object, label: str = "suggestion") -> str:
    return f"```{label}\n{json.dumps(value)}\n```\n"


@dataclass
class Table:
    """Everything a test of this room needs at hand."""

    database: Database
    suggestions: Suggestions
    reader: SuggestionReader
    campaign: Campaign
    thread: Conversation

    async def make(self, kind: KindName, **fields: object) -> Any:
        described = KINDS[kind]
        values = described.check_new(fields)

        def work(tx: Connection) -> Entity:
            if kind == "game_session":
                return game_sessions.add_game_session(tx, self.campaign.id, values)
            return edits.add_entity(tx, described, self.campaign.id, values)  # type: ignore[no-any-return]

        return await self.database.write(work)

    async def edit(self, kind: KindName, id: str, **fields: object) -> Any:
        """Somebody changes a thing by hand."""
        described = KINDS[kind]
        changes = described.check_changes(fields)

        def work(tx: Connection) -> Entity:
            now = entities.get_entity(tx, described, id)
            return edits.edit_entity(tx, described, id, now.revision, changes)  # type: ignore[no-any-return]

        return await self.database.write(work)

    async def remove(self, kind: KindName, id: str) -> None:
        await self.database.write(lambda tx: entities.remove_entity(tx, KINDS[kind], id))

    async def find(self, kind: KindName, id: str) -> Any:
        return await self.database.read(lambda tx: entities.find_entity(tx, KINDS[kind], id))

    async def list_all(self, kind: KindName) -> list[Any]:
        page = await self.database.read(
            lambda tx: listing.list_entities(tx, KINDS[kind], self.campaign.id, limit=500)
        )
        return list(page.items)

    async def say(self, content: str, thread: Conversation | None = None) -> Message:
        """A finished reply, stored but not read."""
        conversation = thread or self.thread

        def work(tx: Connection) -> Message:
            stored, _ = messages.post_message(
                tx, conversation.id, message_id=new_id(), role="assistant", content=content
            )
            return stored

        return await self.database.write(work)

    async def propose(
        self, *values: object, thread: Conversation | None = None
    ) -> list[Suggestion]:
        """A reply with these proposals, read."""
        message = await self.say("Look:\n\n" + "".join(map(block, values)), thread)
        await self.reader.read_reply(message)
        found, _ = await self.suggestions.list_of_messages([message.id])
        return list(found.get(message.id, []))

    async def get(self, suggestion_id: str) -> Suggestion:
        return await self.database.read(lambda tx: proposals.get_suggestion(tx, suggestion_id))

    async def add_thread(self, **links: object) -> Conversation:
        values: Mapping[str, object] = {"purpose": "session_planning", "title": "Prep", **links}
        return await self.database.write(
            lambda tx: conversations.add_conversation(tx, "thread", **values)
        )


async def make_table(database: Database) -> Table:
    changes = Changes()
    fields = KINDS["campaign"].check_new({"name": "The Drowned Valley", "setting": "Rivers"})

    def work(tx: Connection) -> tuple[Campaign, Conversation]:
        campaign = edits.add_entity(tx, KINDS["campaign"], None, fields)
        thread = conversations.add_conversation(
            tx, "thread", campaign_id=campaign.id, purpose="session_planning", title="Prep"
        )
        return campaign, thread

    campaign, thread = await database.write(work)
    return Table(
        database,
        Suggestions(database, changes),
        SuggestionReader(database, changes),
        campaign,
        thread,
    )


@pytest.fixture
async def table(database: Database) -> Table:
    return await make_table(database)
