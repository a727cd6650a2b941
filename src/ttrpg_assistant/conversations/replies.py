"""What can be done with a message besides reading it: choose among its alternatives, ask what the
model had in front of it, and where it was said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.conversations.model import Conversation
from ttrpg_assistant.conversations.store import conversations, homes, manifests, messages, paths
from ttrpg_assistant.conversations.store.homes import MessageHome
from ttrpg_assistant.conversations.talk import hint_of
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database


async def select_reply(database: Database, changes: Changes, message_id: str) -> Conversation:
    """Let the conversation go on from this message: its tip becomes the end of its newest talk."""

    def work(tx: Connection) -> Conversation:
        chosen = messages.get_message(tx, message_id)
        conversations.lock_conversation(tx, chosen.conversation_id)
        tip = paths.find_newest_descendant(tx, chosen)
        return conversations.update_conversation(tx, chosen.conversation_id, tip_message_id=tip)

    return await changes.write(database, work, lambda selected: [hint_of(selected)])


async def list_message_homes(database: Database, message_ids: Sequence[str]) -> list[MessageHome]:
    """Where these messages were said; those that are out of sight are left out."""
    return await database.read(lambda tx: homes.list_homes(tx, message_ids))


async def get_prompt_manifest(database: Database, message_id: str) -> dict[str, Any]:
    """What the model read for an answer: names and counts, never texts.

    Raises `NotFound` for a message that does not exist, and with the code ``no_manifest`` for one
    that no model was asked for, or has not been asked for yet.
    """

    def work(tx: Connection) -> Any:
        messages.get_message(tx, message_id)
        return manifests.get_manifest(tx, message_id)

    manifest = await database.read(work)
    if manifest is None:
        raise NotFound("No prompt was recorded for this message.", code="no_manifest")
    found: dict[str, Any] = manifest
    return found
