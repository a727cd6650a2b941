"""What was said while a game session ran, on both databases."""

from __future__ import annotations

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.store.edits import add_entity
from ttrpg_assistant.campaigns.store.kinds import CAMPAIGN
from ttrpg_assistant.conversations.model import AskedUnder, Conversation
from ttrpg_assistant.conversations.store import conversations, messages, turns
from ttrpg_assistant.conversations.store.evening_talk import list_said_during
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.storage.database import Database

GAME = new_id()


def say(tx: Connection, talk: Conversation, content: str, under: str | None = None) -> None:
    """Something said in a chat, with a campaign on the screen, and the place of its answer."""
    turns.post_turn(
        tx,
        talk.id,
        message_id=new_id(),
        content=content,
        owner="o",
        asked_under=AskedUnder(under, None),
    )


async def test_what_was_on_the_screen_decides_and_prep_is_left_out(database: Database) -> None:
    since = utc_now()

    def work(tx: Connection) -> list[str]:
        ours, other = (
            add_entity(tx, CAMPAIGN, None, CAMPAIGN.check_new({"name": name})).id
            for name in ("Ours", "Theirs")
        )
        for content, linked, screen in (
            ("theirs on the screen", ours, other),
            ("ours on the screen", other, ours),
        ):
            chat = conversations.add_conversation(tx, "chat", campaign_id=linked)
            say(tx, chat, content, screen)
            conversations.update_conversation(tx, chat.id, archived_at=utc_now())
        for purpose in ("world_building", "session_planning"):
            thread = conversations.add_conversation(tx, "thread", campaign_id=ours, purpose=purpose)
            messages.post_message(tx, thread.id, message_id=new_id(), role="user", content=purpose)
        return [one.content for one in list_said_during(tx, ours, GAME, since, utc_now())]

    assert await database.write(work) == ["ours on the screen", "world_building"]
