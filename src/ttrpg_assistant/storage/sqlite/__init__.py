"""SQLite: one writer thread that commits in groups, a few readers, one server per file."""

from ttrpg_assistant.storage.sqlite.database import SqliteDatabase

__all__ = ["SqliteDatabase"]
