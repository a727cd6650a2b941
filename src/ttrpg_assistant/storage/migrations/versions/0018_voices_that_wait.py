"""A voice that came in a file waits until a game master has accepted it."""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the moment since when a voice waits; the voices that are here do not."""
    op.get_bind().exec_driver_sql("ALTER TABLE voices ADD COLUMN waiting_since VARCHAR(27)")
