"""What the screen knew when a message was sent: its campaign and game session, with the turn."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; turns from before have none and go by their conversation's links."""
    op.add_column("turns", sa.Column("asked_under", sa.JSON))
