"""How the things of a campaign are related, and who knows of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of relations."""
    op.create_table(
        "relations",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("campaign_id", sa.String(36), nullable=False),
        sa.Column("from_kind", sa.String(40), nullable=False),
        sa.Column("from_id", sa.String(36), nullable=False),
        sa.Column("to_kind", sa.String(40), nullable=False),
        sa.Column("to_id", sa.String(36), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("attitude", sa.Integer()),
        sa.Column("audience", sa.String(40), nullable=False),
        sa.Column("known_to", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.String(27)),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("updated_at", sa.String(27), nullable=False),
        sa.CheckConstraint(
            "audience IN ('gm', 'party', 'some', 'public')", name=op.f("ck_relations_audience")
        ),
        sa.CheckConstraint("attitude BETWEEN -2 AND 2", name=op.f("ck_relations_attitude")),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_relations_two_ends")),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_relations_campaign_id_campaigns"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relations")),
    )
    for columns in (
        ("campaign_id", "created_at", "id"),
        ("from_id", "to_id"),
        ("from_id", "updated_at", "id"),
        ("to_id", "updated_at", "id"),
    ):
        op.create_index(f"ix_relations_{'_'.join(columns)}", "relations", list(columns))
