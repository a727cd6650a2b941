"""Conversations with NPCs, on both databases."""

from __future__ import annotations

import asyncio
from typing import cast

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.npcs import get_campaign_id
from ttrpg_assistant.campaigns.store.edits import add_entity
from ttrpg_assistant.conversations.npc_conversations import NpcConversations
from ttrpg_assistant.conversations.turns import TurnRunner
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database


def add_npc(tx: Connection) -> str:
    campaign = add_entity(tx, CAMPAIGN, None, CAMPAIGN.check_new({"name": "The Salt Road"}))
    return str(add_entity(tx, NPC, campaign.id, NPC.check_new({"name": "Mira"})).id)


async def test_talk_with_an_npc_that_is_opened_by_many_at_once_is_one(database: Database) -> None:
    nobody = cast("TurnRunner", None)  # nothing is answered here
    talk = NpcConversations(database, nobody, Changes(), lambda text: None, get_campaign_id)
    npc_id = await database.write(add_npc)
    opened = await asyncio.gather(*(talk.get_or_create(npc_id, None) for _ in range(6)))
    assert len({one.id for one in opened}) == 1
    assert [one.id for one in await talk.list_for_npc(npc_id)] == [opened[0].id]
