"""How far every thing and every fact is part of the story, and where it comes from.

What there was counts as having happened, as it was told until now. A plot point has had its status
and its game session from the start.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_TABLES = ("locations", "npcs", "things", "known_facts")


def upgrade() -> None:
    """Add the columns, and an index of what came up in a game session."""
    for table in _TABLES:
        op.add_column(
            table, sa.Column("canon", sa.String(40), nullable=False, server_default="happened")
        )
        op.add_column(table, sa.Column("game_session_id", sa.String(36)))
        op.create_index(f"ix_{table}_game_session_id", table, ["game_session_id"])
    for table in ("locations", "npcs", "plot_points", "things"):
        op.add_column(table, sa.Column("source_message_id", sa.String(36)))
