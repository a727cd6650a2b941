"""Words found by how they begin, also in a database from before beginnings were indexed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.search.indexing import Indexing
from ttrpg_assistant.search.search import Search
from ttrpg_assistant.storage.engines import create_database
from ttrpg_assistant.storage.schema import upgrade_sqlite


def fill_old(path: Path, *said: str) -> None:
    """A database of the schema before, with talk that is indexed already."""
    upgrade_sqlite(path, "0008")
    talk, now = new_id(), utc_now()
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute(
            "INSERT INTO conversations (id, kind, purpose, next_seq, message_count, unread_count,"
            " created_at, updated_at) VALUES (?, 'thread', 'general', 1, 0, 0, ?, ?)",
            (talk, now, now),
        )
        for seq, content in enumerate(said, start=1):
            raw.execute(
                "INSERT INTO messages (id, conversation_id, seq, role, status, content,"
                " created_at, updated_at) VALUES (?, ?, ?, 'user', 'complete', ?, ?, ?)",
                (new_id(), talk, seq, content, now, now),
            )
        raw.execute(
            "INSERT INTO search_talk (rowid, content, marks) SELECT e.number, m.content, m.marks"
            " FROM search_entries e JOIN search_marked m ON m.id = e.message_id"
        )
        raw.execute("UPDATE search_progress SET through = ?", (len(said),))


async def test_old_talk_is_found_by_how_its_words_begin(tmp_path: Path) -> None:
    fill_old(tmp_path / "old.db", "A dragon sleeps.", "The drawbridge is up.", "Nobody is there.")
    database = create_database(tmp_path / "old.db")
    await database.open()
    try:
        search = Search(database, Indexing(database, Changes()))
        for query, count in (("d*", 2), ("dr*", 2), ("dra*", 2), ("drag*", 1), ("the*", 2)):
            assert len((await search.search(query)).hits) == count, query
        assert (await search.search("nobody")).still_indexing == 0
    finally:
        await database.close()
