"""Indexing what was said and written: words are put into the indexes in batches.

SQLite: doing it in the sender's transaction would cost each send several times what storing it
costs (FTS5 writes a segment for every savepoint), so talk waits for `index_some`. FTS5 cuts most
texts into words by itself. Those in which it would cut or fold wrongly (`needs_folding`) are
indexed as `fold_text` spells them, and this is kept in `search_texts`: an index without content
of its own forgets a text only by being given it once more. Things of the world are indexed at
once by triggers; what is to be folded of them follows with `index_some`.

PostgreSQL indexes at once, by its triggers. After a change of `search_fold` the entries up to
`search_progress.last` are made again, those with nothing but ASCII left out.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from ttrpg_assistant.script_words import fold_text, needs_folding

BATCH_CHARACTERS = 60_000
"""Text indexed in one transaction: about 10 ms of the writer's time."""

BATCH_MESSAGES = 400

_WAITING = text("""
    SELECT (SELECT coalesce(max(number), 0) FROM search_entries)
         - (SELECT through FROM search_progress)
         + (SELECT count(*) FROM search_things WHERE NOT is_folded)
""")
_WAITING_AGAIN = text("SELECT last - through FROM search_progress")
_THROUGH = text("SELECT through FROM search_progress")
_LENGTHS = text("""
    SELECT e.number, length(m.content) FROM search_entries e
    LEFT JOIN messages m ON m.id = e.message_id
    WHERE e.number > :through ORDER BY e.number LIMIT :most
""")
_NOT_ASCII = text("""
    SELECT e.number, m.content FROM search_entries e JOIN messages m ON m.id = e.message_id
    WHERE e.number > :through AND e.number <= :last
      AND length(m.content) <> length(CAST(m.content AS BLOB))
""")
_KEEP_FOLDED = text("INSERT OR REPLACE INTO search_texts (number, content) VALUES (:number, :text)")
_INDEX = text("""
    INSERT INTO search_talk (rowid, content, marks)
    SELECT e.number, coalesce(t.content, m.content), m.marks FROM search_entries e
    JOIN search_marked m ON m.id = e.message_id
    LEFT JOIN search_texts t ON t.number = e.number
    WHERE e.number > :through AND e.number <= :last
    ORDER BY e.number
""")
_ADVANCE = text("UPDATE search_progress SET through = :last")

_UNFOLDED = text("""
    SELECT number, name, prose FROM search_things WHERE NOT is_folded ORDER BY number LIMIT :most
""")
_FORGET_THING = text("""
    INSERT INTO search_world (search_world, rowid, name, prose, marks)
    SELECT 'delete', number, :name, :prose, marks FROM search_indexed_things WHERE number = :number
""")
_KEEP_THING = text("""
    INSERT OR REPLACE INTO search_thing_texts (number, name, prose)
    VALUES (:number, :name, :prose)
""")
_INDEX_THING = text("""
    INSERT INTO search_world (rowid, name, prose, marks)
    SELECT number, :name, :prose, marks FROM search_indexed_things WHERE number = :number
""")
_FOLDED = text("UPDATE search_things SET is_folded = TRUE WHERE number = :number")

_AGAIN = text("""
    WITH batch AS (
        SELECT e.number, e.message_id FROM search_entries e
        WHERE e.number > :through AND e.number <= (SELECT last FROM search_progress)
        ORDER BY e.number LIMIT :most
    ), made AS (
        UPDATE search_entries e SET document =
            search_document(m.content, m.conversation_id, m.role, m.created_at)
        FROM batch, messages m
        WHERE e.number = batch.number AND m.id = batch.message_id
          AND octet_length(m.content) <> length(m.content)
    ) SELECT coalesce(max(number), (SELECT last FROM search_progress)) FROM batch
""")


def count_waiting(tx: Connection) -> int:
    """How many messages and things are not indexed yet, at most."""
    if tx.dialect.name != "sqlite":
        return tx.execute(_WAITING_AGAIN).scalar() or 0
    return tx.execute(_WAITING).scalar() or 0


def index_some(
    tx: Connection, characters: int = BATCH_CHARACTERS, most: int = BATCH_MESSAGES
) -> int:
    """Index the next that wait; returns how many entries it went past, 0 at the end."""
    through = tx.execute(_THROUGH).scalar() or 0
    if tx.dialect.name != "sqlite":
        last = tx.execute(_AGAIN, {"through": through, "most": most}).scalar() or through
        if last > through:
            tx.execute(_ADVANCE, {"last": last})
        return last - through
    waiting = tx.execute(_LENGTHS, {"through": through, "most": most}).all()
    last = through
    for number, length in waiting:
        if characters <= 0:
            break
        last = number
        characters -= (length or 0) + 50
    if last > through:
        batch = {"through": through, "last": last}
        folded = [
            {"number": number, "text": fold_text(content)}
            for number, content in tx.execute(_NOT_ASCII, batch)
            if needs_folding(content)
        ]
        if folded:
            tx.execute(_KEEP_FOLDED, folded)
        tx.execute(_INDEX, batch)
        tx.execute(_ADVANCE, {"last": last})
    return last - through + _fold_things(tx, characters, most)


def _fold_things(tx: Connection, characters: int, most: int) -> int:
    """Index the words of things anew whose scripts FTS5 does not cut."""
    done = 0
    for number, name, prose in tx.execute(_UNFOLDED, {"most": most}).all():
        if done and characters <= 0:
            break
        if needs_folding(name) or needs_folding(prose):
            tx.execute(_FORGET_THING, {"number": number, "name": name, "prose": prose})
            folded = {"number": number, "name": fold_text(name), "prose": fold_text(prose)}
            tx.execute(_KEEP_THING, folded)
            tx.execute(_INDEX_THING, folded)
        tx.execute(_FOLDED, {"number": number})
        done += 1
        characters -= len(name) + len(prose) + 50
    return done


def index_everything(tx: Connection) -> int:
    """Index all that waits in one transaction: for databases filled in bulk."""
    total = 0
    while done := index_some(tx, characters=5_000_000, most=20_000):
        total += done
    return total
