"""Indexing what was said, on SQLite: words are put into `search_talk` in batches.

Doing it in the sender's transaction would cost each send several times what storing it costs
(FTS5 writes a segment for every savepoint). PostgreSQL indexes at once, by its trigger.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

BATCH_CHARACTERS = 60_000
"""Text indexed in one transaction: about 10 ms of the writer's time."""

BATCH_MESSAGES = 400

_WAITING = text("""
    SELECT (SELECT coalesce(max(number), 0) FROM search_entries)
         - (SELECT through FROM search_progress)
""")
_THROUGH = text("SELECT through FROM search_progress")
_LENGTHS = text("""
    SELECT e.number, length(m.content) FROM search_entries e
    LEFT JOIN messages m ON m.id = e.message_id
    WHERE e.number > :through ORDER BY e.number LIMIT :most
""")
_INDEX = text("""
    INSERT INTO search_talk (rowid, content, marks)
    SELECT e.number, m.content, m.marks FROM search_entries e
    JOIN search_marked m ON m.id = e.message_id
    WHERE e.number > :through AND e.number <= :last
    ORDER BY e.number
""")
_ADVANCE = text("UPDATE search_progress SET through = :last")


def count_waiting(tx: Connection) -> int:
    """How many messages are not indexed yet, at most."""
    if tx.dialect.name != "sqlite":
        return 0
    return tx.execute(_WAITING).scalar() or 0


def index_some(
    tx: Connection, characters: int = BATCH_CHARACTERS, most: int = BATCH_MESSAGES
) -> int:
    """Index the next messages that wait; returns how many entries it went past, 0 at the end."""
    if tx.dialect.name != "sqlite":
        return 0
    through = tx.execute(_THROUGH).scalar() or 0
    waiting = tx.execute(_LENGTHS, {"through": through, "most": most}).all()
    last = through
    for number, length in waiting:
        if characters <= 0:
            break
        last = number
        characters -= (length or 0) + 50
    if last > through:
        tx.execute(_INDEX, {"through": through, "last": last})
        tx.execute(_ADVANCE, {"last": last})
    return last - through


def index_everything(tx: Connection) -> int:
    """Index all that waits in one transaction: for databases filled in bulk."""
    total = 0
    while done := index_some(tx, characters=5_000_000, most=20_000):
        total += done
    return total
