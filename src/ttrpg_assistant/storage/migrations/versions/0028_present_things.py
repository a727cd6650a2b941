"""Who takes part in the scene is found without reading every thing of a kind."""

from __future__ import annotations

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index that NPCs and locations have had from the start."""
    op.create_index(
        "ix_things_campaign_id_entity_kind_is_present_last_used_at_id",
        "things",
        ["campaign_id", "entity_kind", "is_present", "last_used_at", "id"],
    )
