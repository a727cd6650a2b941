"""Scenes of several NPCs: who takes part, who speaks, and what only one of them hears."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the members of scenes, and the speaker and the audience of a message."""
    op.create_table(
        "scene_members",
        sa.Column("conversation_id", sa.String(36), nullable=False),
        sa.Column("npc_id", sa.String(36), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "npc_id", name="pk_scene_members"),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{target}.id"],
                name=f"fk_scene_members_{column}_{target}",
                ondelete="CASCADE",
            )
            for column, target in (("conversation_id", "conversations"), ("npc_id", "npcs"))
        ),
    )
    op.add_column("messages", sa.Column("speaker_npc_id", sa.String(36)))
    op.add_column("messages", sa.Column("audience_npc_id", sa.String(36)))
