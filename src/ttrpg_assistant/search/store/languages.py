"""In which languages with Latin letters something was said or written.

The indexes answer it: a text of a language has two of its commonest words that others do not
have. Only what is new since the last look is asked for.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from ttrpg_assistant.clock import steady_seconds
from ttrpg_assistant.search.endings import FUNCTION_WORDS
from ttrpg_assistant.storage.work_lock import WorkLock

LOOK_AGAIN_SECONDS = 5.0
"""Things of the world are looked through this often at most: they change in their place."""

_LAST = text("SELECT coalesce(max(number), 0) FROM search_entries")
_TALK = {
    "sqlite": text("""
        SELECT 1 FROM search_talk WHERE search_talk MATCH :query AND rowid > :after LIMIT 1
    """),
    "postgresql": text("""
        SELECT 1 FROM search_entries
        WHERE document @@ to_tsquery('simple', :query) AND number > :after LIMIT 1
    """),
}
_WORLD = {
    "sqlite": text("SELECT 1 FROM search_world WHERE search_world MATCH :query LIMIT 1"),
    "postgresql": text("""
        SELECT 1 FROM search_things WHERE document @@ to_tsquery('simple', :query) LIMIT 1
    """),
}
_INDEXED = text("SELECT through FROM search_progress")


class SpokenLanguages:
    """The languages of one database, as far as they were met. Safe across threads."""

    def __init__(self) -> None:
        self._found: frozenset[str] = frozenset()
        self._through = 0
        self._looked_at = float("-inf")
        self._lock = WorkLock()

    def list_spoken(self, tx: Connection) -> frozenset[str]:
        """Names of languages, keys of `FUNCTION_WORDS`."""
        engine = tx.dialect.name
        with self._lock.hold(tx):
            missing = FUNCTION_WORDS.keys() - self._found
            last = tx.execute(_INDEXED if engine == "sqlite" else _LAST).scalar() or 0
            if last < self._through:
                self._through = 0  # all is indexed again
            found: set[str] = set()
            if last > self._through:
                found = {
                    one
                    for one in missing
                    if tx.execute(
                        _TALK[engine], {"query": _spell(one, engine), "after": self._through}
                    ).first()
                }
                self._through = last
            if steady_seconds() - self._looked_at > LOOK_AGAIN_SECONDS:
                self._looked_at = steady_seconds()
                found |= {
                    one
                    for one in missing - found
                    if tx.execute(_WORLD[engine], {"query": _spell(one, engine)}).first()
                }
            self._found |= found
            return self._found


def _spell(language: str, engine: str) -> str:
    """A word of each list."""
    groups = [words.split() for words in FUNCTION_WORDS[language]]
    if engine == "sqlite":
        return " AND ".join("(" + " OR ".join(f'"{w}"' for w in group) + ")" for group in groups)
    return " & ".join("(" + " | ".join(group) + ")" for group in groups)
