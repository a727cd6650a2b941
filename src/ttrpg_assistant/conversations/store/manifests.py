"""What went into prompts, as it was recorded with their turns."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from ttrpg_assistant.conversations.tables import turns


def get_manifest(tx: Connection, assistant_message_id: str) -> Any:
    """What went into the prompt of this answer, or None when it was not recorded, or not in a
    form that can still be read."""
    query = select(turns.c.manifest).where(turns.c.assistant_message_id == assistant_message_id)
    try:
        found = tx.execute(query.order_by(turns.c.part.desc()).limit(1)).scalar()
    except ValueError:  # what stands there is no JSON
        return None
    return found if isinstance(found, dict) else None
