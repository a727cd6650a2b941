"""The tables of what was imported from files of other programs. `imports/store/` reads and writes
them; archives, backups and `verify` walk them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    func,
    select,
)

from ttrpg_assistant.storage.base import id_column, metadata, moment, reference, structured
from ttrpg_assistant.storage.content_files import RECEIVED, Content

file_imports = Table(
    "file_imports",
    metadata,
    id_column(),
    reference("campaign_id", "campaigns.id", on_delete="CASCADE"),
    Column("title", String(200), nullable=False),
    Column("format", String(40), nullable=False),
    Column("state", String(12), nullable=False),
    structured("report"),
    moment("created_at"),
    moment("ended_at", nullable=True),
    CheckConstraint(
        "state IN ('open', 'running', 'done', 'cancelled', 'failed', 'undone')", name="state"
    ),
    Index(None, "campaign_id"),
)
"""`open` has been looked at and waits for a person. `report` says what became of every part."""

imported_files = Table(
    "imported_files",
    metadata,
    id_column(),
    reference("import_id", "file_imports.id", on_delete="CASCADE", nullable=False),
    reference("campaign_id", "campaigns.id", on_delete="CASCADE"),
    Column("name", String(500), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    moment("created_at"),
    Index(None, "import_id"),
    Index(None, "sha256"),
)
"""The bytes are a file beside the database (`storage/content_files.py`)."""

import_sources = Table(
    "import_sources",
    metadata,
    id_column(),
    reference("import_id", "file_imports.id", on_delete="CASCADE", nullable=False),
    reference("campaign_id", "campaigns.id", on_delete="CASCADE"),
    Column("kind", String(40), nullable=False),
    Column("entity_id", String(36), nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("format", String(40), nullable=False),
    Column("source_id", String(300), nullable=False),
    structured("base"),
    structured("before"),
    structured("kept"),
    Column("revision", Integer, nullable=False),
    reference("file_id", "imported_files.id", on_delete="SET NULL"),
    moment("created_at"),
    CheckConstraint("outcome IN ('new', 'changed', 'same')", name="outcome"),
    Index(None, "import_id"),
    Index(None, "entity_id"),
    Index(None, "campaign_id", "source_id"),
)
"""What came from where. `kind` is a kind of thing, or `fact`, `relation`, `picture` and
`conversation`. `base` are the values as the file had them, `before` those that were replaced,
`revision` is the one the import left behind."""


def iterate_imported(tx: Connection) -> Iterator[tuple[str, Content]]:
    """Every file that rows name, with the id of one of them."""
    c = imported_files.c
    for id, sha256 in tx.execute(select(func.min(c.id), c.sha256).group_by(c.sha256)):
        yield id, Content(sha256, RECEIVED)
