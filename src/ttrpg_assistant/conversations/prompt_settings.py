"""What is kept for building prompts: the installation's secret, and which conversations send
all of their talk."""

from __future__ import annotations

from sqlalchemy import Connection

from ttrpg_assistant.conversations.store import conversations
from ttrpg_assistant.errors import Fault
from ttrpg_assistant.prompts.fence import new_secret
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.preferences import (
    add_preference,
    find_preference,
    forget_preference,
    put_preference,
)

_SECRET = "prompt_secret"


async def get_prompt_secret(database: Database) -> str:
    """The secret that the nonces of prompts are derived from, made at its first use.

    Where nothing can be stored, one that lasts as long as the caller keeps it.
    """
    made = new_secret()
    try:
        kept = await database.read(lambda tx: find_preference(tx, _SECRET))
        if kept is None:
            kept = await database.write(lambda tx: add_preference(tx, _SECRET, made))
    except Fault:
        return made
    return str(kept)


def find_whole_history(tx: Connection, conversation_id: str) -> bool:
    """Whether all talk that fits is sent, and not only the recent part."""
    return find_preference(tx, _key(conversation_id)) is True


async def choose_whole_history(database: Database, conversation_id: str, whole: bool) -> bool:
    """Send all talk that fits from now on, or the recent part and a summary. Raises
    `NotFound`."""

    def work(tx: Connection) -> bool:
        conversations.get_conversation(tx, conversation_id)
        if whole:
            put_preference(tx, _key(conversation_id), True)
        else:
            forget_preference(tx, _key(conversation_id))
        return whole

    return await database.write(work)


def _key(conversation_id: str) -> str:
    return f"whole_history {conversation_id}"
