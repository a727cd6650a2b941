"""What can be done with an answer besides reading it: choose among its alternatives."""

from __future__ import annotations

from sqlalchemy import Connection

from ttrpg_assistant.conversations.model import Conversation
from ttrpg_assistant.conversations.store import conversations, messages, paths
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database


async def select_reply(database: Database, changes: Changes, message_id: str) -> Conversation:
    """Let the conversation go on from this message: its tip becomes the end of its newest talk."""

    def work(tx: Connection) -> Conversation:
        chosen = messages.get_message(tx, message_id)
        conversations.lock_conversation(tx, chosen.conversation_id)
        tip = paths.find_newest_descendant(tx, chosen)
        return conversations.update_conversation(tx, chosen.conversation_id, tip_message_id=tip)

    selected = await database.write(work)
    changes.announce(
        "conversation",
        {
            "id": selected.id,
            "kind": selected.kind,
            "seq": selected.next_seq - 1,
            "tip_message_id": selected.tip_message_id,
        },
    )
    return selected
