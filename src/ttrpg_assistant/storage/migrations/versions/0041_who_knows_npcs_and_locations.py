"""NPCs and locations say who may know of them, as all other things do.

Of those there are, others go on hearing the name, and nothing else.
"""

from __future__ import annotations

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_WORDS = "('gm', 'name', 'party', 'some', 'public')"


def upgrade() -> None:
    """Add the columns, and an index of what is meant for whom."""
    connection = op.get_bind()
    for table in ("locations", "npcs"):
        connection.exec_driver_sql(
            f"ALTER TABLE {table} ADD COLUMN audience VARCHAR(40) DEFAULT 'name' NOT NULL"
            f" CONSTRAINT ck_{table}_audience CHECK (audience IN {_WORDS})"
        )
        connection.exec_driver_sql(
            f"ALTER TABLE {table} ADD COLUMN known_to JSON DEFAULT '[]' NOT NULL"
        )
        op.create_index(
            f"ix_{table}_campaign_id_audience_last_used_at_id",
            table,
            ["campaign_id", "audience", "last_used_at", "id"],
        )
