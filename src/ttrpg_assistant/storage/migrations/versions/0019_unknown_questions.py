"""The question of an answer may be missing: it was said in other talk and is not here."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_KEYS = {
    "uq_turns_assistant_message_id_part": ["assistant_message_id", "part"],
    "uq_turns_user_message_id_attempt_part": ["user_message_id", "attempt", "part"],
}


def upgrade() -> None:
    """Let `turns.user_message_id` be empty."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("turns", "user_message_id", nullable=True)
        return
    # SQLite copies the table, and then its keys and indexes come back in no fixed order: they
    # are made anew.
    op.drop_index("uq_turns_one_running", "turns")
    op.drop_index("ix_turns_active", "turns")
    with op.batch_alter_table("turns") as turns:
        turns.alter_column("user_message_id", existing_type=sa.String(36), nullable=True)
        for name, columns in _KEYS.items():
            turns.drop_constraint(name, type_="unique")
            turns.create_unique_constraint(name, columns)
    running, active = sa.text("state = 'running'"), sa.text("state IN ('queued', 'running')")
    op.create_index(
        "uq_turns_one_running", "turns", ["conversation_id"], unique=True, sqlite_where=running
    )
    op.create_index(
        "ix_turns_active", "turns", ["conversation_id", "created_at"], sqlite_where=active
    )
