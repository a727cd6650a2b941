"""The number of messages stored with a conversation is what it shows.

It counted the rows of the conversation: a branch that shows fifty messages and has none of its own
said 0, and every other answer counted as one message more.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_TIPS = text("SELECT id, tip_message_id, message_count FROM conversations")
_LENGTH = text("""
    WITH RECURSIVE path (id, parent_id, seq) AS (
        SELECT id, parent_id, seq FROM messages WHERE id = :tip
        UNION ALL
        SELECT step.id, step.parent_id, step.seq FROM messages step
        JOIN path ON step.id = path.parent_id WHERE step.seq < path.seq
    ) SELECT count(*) FROM path
""")
_STORE = text("UPDATE conversations SET message_count = :length WHERE id = :id")


def upgrade() -> None:
    """Count every path once."""
    connection = op.get_bind()
    for conversation_id, tip, stored in connection.execute(_TIPS).all():
        length = 0 if tip is None else connection.execute(_LENGTH, {"tip": tip}).scalar_one()
        if length != stored and (length > 0 or tip is None):
            connection.execute(_STORE, {"id": conversation_id, "length": length})
