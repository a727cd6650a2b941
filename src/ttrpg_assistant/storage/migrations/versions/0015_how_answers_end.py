"""How an answer ended, what it cost, what was thought, and answers that are continued.

An answer may take several turns: the first begins it, each later one continues it where it was
cut off. So `turns` is keyed by answer and part instead of by answer alone.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table; a recorded "complete" becomes the contract's "stop"."""
    # Made again below: a table that is copied gets its indexes back in no fixed order.
    op.drop_index("uq_turns_one_running", "turns")
    op.drop_index("ix_turns_active", "turns")
    with op.batch_alter_table("turns") as turns:
        turns.add_column(sa.Column("part", sa.Integer, nullable=False, server_default="0"))
        turns.add_column(sa.Column("tokens_cached", sa.Integer))
        turns.add_column(sa.Column("error_detail", sa.Text))
        turns.add_column(sa.Column("error_cure", sa.Text))
        turns.add_column(sa.Column("continues", sa.JSON))
        turns.alter_column("cost_microcents", type_=sa.BigInteger, existing_type=sa.Integer)
        turns.drop_constraint("uq_turns_assistant_message_id", type_="unique")
        turns.drop_constraint("uq_turns_user_message_id_attempt", type_="unique")
        turns.create_unique_constraint(
            "uq_turns_assistant_message_id_part", ["assistant_message_id", "part"]
        )
        turns.create_unique_constraint(
            "uq_turns_user_message_id_attempt_part", ["user_message_id", "attempt", "part"]
        )
    running, active = sa.text("state = 'running'"), sa.text("state IN ('queued', 'running')")
    op.create_index(
        "uq_turns_one_running",
        "turns",
        ["conversation_id"],
        unique=True,
        sqlite_where=running,
        postgresql_where=running,
    )
    op.create_index(
        "ix_turns_active",
        "turns",
        ["conversation_id", "created_at"],
        sqlite_where=active,
        postgresql_where=active,
    )
    op.execute("UPDATE turns SET finish_reason = 'stop' WHERE finish_reason = 'complete'")
    op.create_table(
        "reasonings",
        sa.Column("turn_id", sa.String(36), nullable=False),
        sa.Column("seconds", sa.Float),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("turn_id", name="pk_reasonings"),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["turns.id"], name="fk_reasonings_turn_id_turns", ondelete="CASCADE"
        ),
    )
