"""What was said while a game session ran, on both databases."""

from __future__ import annotations

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.campaigns.store.edits import add_entity
from ttrpg_assistant.conversations.store import chats, conversations, messages
from ttrpg_assistant.conversations.store.evening_talk import list_said_during
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.storage.database import Database


async def test_the_campaigns_own_talk_is_told_and_prep_is_left_out(database: Database) -> None:
    since = utc_now()

    def work(tx: Connection) -> list[str]:
        ours, other = (
            add_entity(tx, CAMPAIGN, None, CAMPAIGN.check_new({"name": name})).id
            for name in ("Ours", "Theirs")
        )
        for content, campaign_id in (("ours", ours), ("theirs", other), ("at the desk", None)):
            chat = chats.get_or_add_active_chat(tx, campaign_id)
            messages.post_message(tx, chat.id, message_id=new_id(), role="user", content=content)
        for purpose in ("world_building", "session_planning"):
            thread = conversations.add_conversation(tx, "thread", campaign_id=ours, purpose=purpose)
            messages.post_message(tx, thread.id, message_id=new_id(), role="user", content=purpose)
        return [one.content for one in list_said_during(tx, ours, since, utc_now())]

    assert await database.write(work) == ["ours", "world_building"]
