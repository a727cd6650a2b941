"""What stretches of older talk came to, layer upon layer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; long talk that is there already is summarised as it goes on."""
    op.create_table(
        "summaries",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("conversation_id", sa.String(36), nullable=False),
        sa.Column("mode", sa.String(5)),
        sa.Column("hearer_npc_id", sa.String(36)),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("after_message_id", sa.String(36)),
        sa.Column("first_message_id", sa.String(36), nullable=False),
        sa.Column("last_message_id", sa.String(36), nullable=False),
        sa.Column("first_seq", sa.Integer, nullable=False),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.Column("message_count", sa.Integer, nullable=False),
        sa.Column("first_at", sa.String(27), nullable=False),
        sa.Column("last_at", sa.String(27), nullable=False),
        sa.Column("made_by", sa.String(120), nullable=False),
        sa.Column("made_at", sa.String(27), nullable=False),
        sa.Column("edited_at", sa.String(27)),
        sa.Column("outdated_at", sa.String(27)),
        sa.Column("made_text", sa.Text, nullable=False),
        sa.Column("own_text", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_summaries"),
        sa.CheckConstraint(
            "mode IS NULL OR mode IN ('about', 'as')", name=op.f("ck_summaries_mode_known")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{target}.id"],
                name=f"fk_summaries_{column}_{target}",
                ondelete="CASCADE",
            )
            for column, target in (
                ("conversation_id", "conversations"),
                ("last_message_id", "messages"),
            )
        ),
    )
    op.create_index(
        "uq_summaries_last_message_id",
        "summaries",
        [
            "last_message_id",
            "level",
            sa.text("coalesce(mode, '')"),
            sa.text("coalesce(hearer_npc_id, '')"),
        ],
        unique=True,
    )
    op.create_index("ix_summaries_conversation_id", "summaries", ["conversation_id", "last_seq"])
