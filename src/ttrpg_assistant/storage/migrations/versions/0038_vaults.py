"""Folders that campaigns are synced with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the folders, and what is known of their notes."""
    op.create_table(
        "vault_links",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("campaign_id", sa.String(36), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("synced_at", sa.String(27), nullable=True),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("holder", sa.String(36), nullable=True),
        sa.Column("held_until", sa.Float(), nullable=True),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_vault_links"),
        sa.UniqueConstraint("campaign_id", name="uq_vault_links_campaign_id"),
        sa.CheckConstraint("state IN ('on', 'paused')", name="ck_vault_links_state"),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name="fk_vault_links_campaign_id_campaigns",
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "vault_notes",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("link_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("entity_id", sa.String(36), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("modified_ns", sa.BigInteger(), nullable=False),
        sa.Column("read_ns", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("base", sa.JSON(), nullable=False),
        sa.Column("file_base", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_vault_notes"),
        sa.UniqueConstraint("link_id", "entity_id", name="uq_vault_notes_link_id_entity_id"),
        sa.CheckConstraint("state IN ('kept', 'left')", name="ck_vault_notes_state"),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["vault_links.id"],
            name="fk_vault_notes_link_id_vault_links",
            ondelete="CASCADE",
        ),
    )
