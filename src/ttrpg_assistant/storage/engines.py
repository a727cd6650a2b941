"""Which database an address or a path means."""

from __future__ import annotations

from pathlib import Path

from ttrpg_assistant.storage.database import Database, Patience


def create_database(
    url_or_path: str | Path, *, backups: Path | None = None, patience: Patience | None = None
) -> Database:
    """The database for a `postgresql://` address or for the path of an SQLite file.

    `backups` is where the copies made before migrations go (SQLite only); by default a
    folder `backups` beside the file.
    """
    address = str(url_or_path)
    if address.startswith(("postgresql:", "postgresql+asyncpg:", "postgres:")):
        from ttrpg_assistant.storage.postgresql import PostgresDatabase

        return PostgresDatabase(address, patience or Patience())
    from ttrpg_assistant.storage.sqlite import SqliteDatabase

    path = Path(address.removeprefix("sqlite:///")).expanduser().absolute()
    return SqliteDatabase(path, backups or path.parent / "backups", patience or Patience())
