"""Where things stand within one conversation: its path, its branches, the days of its talk."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, column, select, table, text

from ttrpg_assistant.campaigns.tables import npcs
from ttrpg_assistant.conversations.model import Conversation, Message
from ttrpg_assistant.conversations.tables import conversations, messages

_entries = table("search_entries", column("number"), column("message_id"))
_m, _c = messages.c, conversations.c

_PATH = text("""
    WITH RECURSIVE path (id, parent_id, created_at, seq) AS (
        SELECT id, parent_id, created_at, seq FROM messages WHERE id = :tip
        UNION ALL
        SELECT m.id, m.parent_id, m.created_at, m.seq FROM messages m, path
        WHERE m.id = path.parent_id AND m.seq < path.seq
    ) SELECT id, created_at FROM path ORDER BY seq
""")
_READ = (
    select(_entries.c.number, _m.id, _m.conversation_id)
    .join(messages, _m.id == _entries.c.message_id)
    .where(_entries.c.number.in_(bindparam("numbers", expanding=True)))
)
_PART = 1_000


def list_names(
    tx: Connection, conversation: Conversation, said: Sequence[Message]
) -> dict[str, str]:
    """What the NPCs are called that speak in it or are spoken to, by id."""
    ids = {conversation.npc_id}
    for one in said:
        ids |= {one.speaker_npc_id, one.audience_npc_id}
    ids.discard(None)
    if not ids:
        return {}
    found = tx.execute(select(npcs.c.id, npcs.c.name).where(npcs.c.id.in_(ids)))
    return {row[0]: row[1] for row in found}


def list_path_moments(tx: Connection, tip: str | None) -> list[tuple[str, str]]:
    """The path up to `tip`, oldest first: ids, and when each was said."""
    if tip is None:
        return []
    return [(row[0], row[1]) for row in tx.execute(_PATH, {"tip": tip})]


def list_sources(tx: Connection, conversation: Conversation) -> list[str]:
    """The conversation, and those that it branched from: its path goes through all of them."""
    found = [conversation.id]
    branched_from = conversation.branched_from_id
    while branched_from is not None:
        above = tx.execute(
            select(_c.id, _c.branched_from_id)
            .join(messages, _m.conversation_id == _c.id)
            .where(_m.id == branched_from)
        ).first()
        if above is None or above[0] in found:
            break
        found.append(above[0])
        branched_from = above[1]
    return found


def is_cleared(tx: Connection, message_id: str) -> bool:
    """Whether the message was taken out of its conversation; it may yet be brought back."""
    gone = select(_m.id).where(_m.id == message_id, _m.cleared_at.is_not(None))
    return tx.execute(gone).first() is not None


def read_places(tx: Connection, numbers: Sequence[int]) -> dict[int, tuple[str, str]]:
    """The message and the conversation of each entry of the index."""
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(numbers), _PART):
        part = list(numbers[start : start + _PART])
        found |= {row[0]: (row[1], row[2]) for row in tx.execute(_READ, {"numbers": part})}
    return found
