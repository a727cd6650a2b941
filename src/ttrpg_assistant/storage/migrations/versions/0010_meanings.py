"""Vectors of meaning beside the words: filled only where finding by meaning is turned on."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table. A message has one row a passage; the rows go with their message."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    key = "INTEGER PRIMARY KEY AUTOINCREMENT"
    vector = "BLOB"
    if not is_sqlite:
        key, vector = "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "BYTEA"
    op.get_bind().exec_driver_sql(
        f"CREATE TABLE search_meanings (number {key},"
        " message_id VARCHAR(36) NOT NULL REFERENCES messages (id) ON DELETE CASCADE,"
        f" part INTEGER NOT NULL, vector {vector} NOT NULL, UNIQUE (message_id, part))"
    )
