"""The tables of storage itself: the write probe, and preferences."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0000"
down_revision = None


def upgrade() -> None:
    probe = op.create_table(
        "persistence_probe",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_persistence_probe"),
    )
    op.bulk_insert(probe, [{"id": 1, "count": 0}])
    op.create_table(
        "preferences",
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_preferences"),
    )
