"""The names of a campaign, read without its prose: after a change of one they are compared."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make an index for each kind that talk can name."""
    if op.get_bind().dialect.name != "sqlite":
        return
    columns = ["campaign_id", "removed_at", "search_names", "archived_at", "id"]
    for table in ("locations", "npcs", "plot_points"):
        op.create_index(f"ix_{table}_names", table, columns)
