"""The search index on SQLite against the text it was made from.

PostgreSQL keeps its index in the rows themselves. For talk the words of all messages are counted
again in a temporary index, and compared with what the index says: the work of indexing everything
once, and exact.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from ttrpg_assistant.script_words import fold_text, needs_folding
from ttrpg_assistant.verification.model import Check, Problem

_NO_ENTRY = text("""
    SELECT m.id FROM messages m WHERE m.status <> 'streaming'
    AND NOT EXISTS (SELECT 1 FROM search_entries e WHERE e.message_id = m.id)
""")
_NO_MESSAGE = text("""
    SELECT e.number FROM search_entries e
    WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.id = e.message_id)
""")
_COUNT_ANEW = (
    "CREATE VIRTUAL TABLE temp.verified_talk USING fts5(content, marks, content = '',"
    " tokenize = \"unicode61 remove_diacritics 2 categories 'L* N* Mn Mc'"
    " separators '\ufe0e\ufe0f'\")",
    "CREATE VIRTUAL TABLE temp.verified_words USING fts5vocab(temp, verified_talk, row)",
    "INSERT INTO temp.verified_talk (rowid, content, marks)"
    " SELECT e.number, coalesce(t.content, m.content), m.marks FROM search_entries e"
    " JOIN search_marked m ON m.id = e.message_id"
    " LEFT JOIN search_texts t ON t.number = e.number"
    " WHERE e.number <= (SELECT through FROM search_progress) ORDER BY e.number",
)
_DIFFERING = text("""
    SELECT count(*) FROM (
        SELECT term, doc, cnt FROM temp.verified_words
        EXCEPT SELECT term, doc, cnt FROM search_talk_words
    ) UNION ALL SELECT count(*) FROM (
        SELECT term, doc, cnt FROM search_talk_words
        EXCEPT SELECT term, doc, cnt FROM temp.verified_words
    )
""")
_FORGET = ("DROP TABLE IF EXISTS temp.verified_words", "DROP TABLE IF EXISTS temp.verified_talk")
_CHECK_WORLD = text("INSERT INTO search_world (search_world, rank) VALUES ('integrity-check', 1)")
_KEPT = text("""
    SELECT e.number, m.content, t.content FROM search_entries e
    JOIN messages m ON m.id = e.message_id LEFT JOIN search_texts t ON t.number = e.number
    WHERE e.number <= (SELECT through FROM search_progress)
      AND (t.number IS NOT NULL OR length(m.content) <> length(CAST(m.content AS BLOB)))
""")
_KEPT_FOR_NOTHING = text("""
    SELECT t.number FROM search_texts t
    WHERE NOT EXISTS (SELECT 1 FROM search_entries e WHERE e.number = t.number)
""")
_KEPT_OF_THINGS = text("""
    SELECT s.number, s.name, s.prose, t.name, t.prose FROM search_things s
    LEFT JOIN search_thing_texts t ON t.number = s.number WHERE s.is_folded
""")
_MEND = (
    "DELETE FROM search_entries WHERE NOT EXISTS"
    " (SELECT 1 FROM messages m WHERE m.id = search_entries.message_id)",
    "INSERT INTO search_entries (message_id) SELECT m.id FROM messages m"
    " WHERE m.status <> 'streaming' AND NOT EXISTS"
    " (SELECT 1 FROM search_entries e WHERE e.message_id = m.id) ORDER BY m.created_at, m.id",
    "INSERT INTO search_talk (search_talk) VALUES ('delete-all')",
    "DELETE FROM search_texts",
    "DELETE FROM search_thing_texts",
    "UPDATE search_things SET is_folded = FALSE",
    "UPDATE search_progress SET through = 0",
    "INSERT INTO search_world (search_world) VALUES ('rebuild')",
)


def find_index(tx: Connection) -> Iterator[Problem]:
    """Messages that cannot be found, entries of none, words the index has wrong."""
    if tx.dialect.name != "sqlite":
        return
    for message_id in tx.execute(_NO_ENTRY).scalars():
        yield Problem("index", f"messages {message_id}", "Search cannot find it.", can_mend=True)
    for number in tx.execute(_NO_MESSAGE).scalars():
        yield Problem(
            "index", f"search_entries {number}", "It is of a message that is gone.", can_mend=True
        )
    for place in _list_wrong_texts(tx):
        sentence = "What is kept of its words is not what the text says."
        yield Problem("index", place, sentence, can_mend=True)
    differing = _count_differing_words(tx)
    if differing:
        sentence = f"{differing} words have other counts than in the text."
        yield Problem("index", "search_talk", sentence, can_mend=True)
    try:
        with tx.begin_nested():
            tx.execute(_CHECK_WORLD)
    except DBAPIError:
        sentence = "It does not agree with the campaigns' texts."
        yield Problem("index", "search_world", sentence, can_mend=True)


def _list_wrong_texts(tx: Connection) -> Iterator[str]:
    """Texts that are indexed as another spelling than `fold_text` gives, or as none."""
    for number, content, kept in tx.execute(_KEPT):
        if kept != (fold_text(content) if needs_folding(content) else None):
            yield f"search_texts {number}"
    for number in tx.execute(_KEPT_FOR_NOTHING).scalars():
        yield f"search_texts {number}"
    for number, name, prose, *kept in tx.execute(_KEPT_OF_THINGS):
        is_folded = needs_folding(name) or needs_folding(prose)
        if kept != ([fold_text(name), fold_text(prose)] if is_folded else [None, None]):
            yield f"search_thing_texts {number}"


def _count_differing_words(tx: Connection) -> int:
    _run(tx, _FORGET)
    _run(tx, _COUNT_ANEW)
    try:
        return sum(tx.execute(_DIFFERING).scalars())
    finally:
        _run(tx, _FORGET)


def mend_index(tx: Connection) -> None:
    """Rebuild the index; talk is indexed again in the background after the next start."""
    if tx.dialect.name == "sqlite":
        _run(tx, _MEND)


def _run(tx: Connection, statements: tuple[str, ...]) -> None:
    for statement in statements:
        tx.execute(text(statement))


INDEX = Check("index", find_index, mend_index)
