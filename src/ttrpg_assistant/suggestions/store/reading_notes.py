"""Rows of `reading_notes`: what could not be taken from a reply as it was written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Text, delete, select, type_coerce

from ttrpg_assistant.ids import utc_now
from ttrpg_assistant.storage.inserting import insert_into
from ttrpg_assistant.suggestions.tables import reading_notes


def add_notes(tx: Connection, message_id: str, notes: Sequence[str]) -> bool:
    """Keep the notes on a reply once: False when there are some already."""
    row = {"message_id": message_id, "notes": list(notes), "created_at": utc_now()}
    made = insert_into(tx, reading_notes).values(row)
    return tx.execute(made.on_conflict_do_nothing(index_elements=["message_id"])).rowcount == 1


def forget_notes(tx: Connection, message_id: str) -> None:
    """Remove the notes on a reply: it is read again."""
    tx.execute(delete(reading_notes).where(reading_notes.c.message_id == message_id))


def list_notes(tx: Connection, message_ids: Sequence[str]) -> Mapping[str, list[str]]:
    """The notes on these messages, by message; those without any are left out, and so are
    notes that are damaged in the database: they must not hide the message."""
    wanted = reading_notes.c.message_id.in_(list(message_ids))
    as_text = type_coerce(reading_notes.c.notes, Text)
    rows = tx.execute(select(reading_notes.c.message_id, as_text).where(wanted)).all()
    found = {row[0]: _read(row[1]) for row in rows}
    return {message_id: notes for message_id, notes in found.items() if notes}


def _read(stored: Any) -> list[str]:
    try:
        # PostgreSQL's driver has decoded it already, and keeps no broken JSON.
        notes = json.loads(stored) if isinstance(stored, str) else stored
    except ValueError:
        return []
    return [note for note in notes if isinstance(note, str)] if isinstance(notes, list) else []
