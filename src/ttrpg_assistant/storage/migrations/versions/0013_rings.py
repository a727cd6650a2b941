"""Talk whose links led in a circle is one path again.

Bringing back cleared talk used to hang the first of it below what was said after it. Along a path
numbers only grow, so every link to a later number of the same conversation is such a mistake: the
message goes after the newest one in sight that is older, or becomes the first.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_WRONG = text("""
    SELECT m.id, m.conversation_id, m.seq FROM messages m
    JOIN messages p ON p.id = m.parent_id AND p.conversation_id = m.conversation_id
    WHERE p.seq >= m.seq ORDER BY m.conversation_id, m.seq
""")
_OLDER = text("""
    SELECT id FROM messages
    WHERE conversation_id = :conversation AND seq < :seq AND cleared_at IS NULL
    ORDER BY seq DESC LIMIT 1
""")
_MEND = text("UPDATE messages SET parent_id = :parent WHERE id = :id")
_END = text("""
    UPDATE conversations SET tip_message_id = (
        SELECT id FROM messages
        WHERE conversation_id = :conversation AND cleared_at IS NULL ORDER BY seq DESC LIMIT 1
    ) WHERE id = :conversation AND tip_message_id = :tip
""")


def upgrade() -> None:
    """Hang every such message where it was said, and let its talk be the one that is seen."""
    connection = op.get_bind()
    for message_id, conversation_id, seq in connection.execute(_WRONG).all():
        older = connection.execute(_OLDER, {"conversation": conversation_id, "seq": seq}).scalar()
        connection.execute(_MEND, {"id": message_id, "parent": older})
        if older is not None:
            # What had gone on from the older one now goes on from here.
            connection.execute(_END, {"conversation": conversation_id, "tip": older})
