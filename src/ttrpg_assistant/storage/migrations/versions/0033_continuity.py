"""What is decided about loose threads and contradictions, and facts that are believed falsely."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of decisions, and the flag of a fact."""
    op.create_table(
        "continuity_marks",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("campaign_id", sa.String(36), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("game_session_id", sa.String(36)),
        sa.Column("at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_continuity_marks"),
        sa.UniqueConstraint("campaign_id", "key", name="uq_continuity_marks_campaign_id_key"),
        sa.CheckConstraint(
            "state IN ('resting', 'planned', 'both_true')", name="ck_continuity_marks_state"
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name="fk_continuity_marks_campaign_id_campaigns",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_continuity_marks_game_session_id", "continuity_marks", ["game_session_id"])
    op.add_column(
        "known_facts",
        sa.Column("is_false", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
