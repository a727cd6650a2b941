"""What a model says of loose threads and contradictions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the looks, what they have read, and what was found."""
    op.create_table(
        "continuity_looks",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("campaign_id", sa.String(36), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("made_by", sa.String(120), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("parts", "done", "failed", "left_out", "lines_read", "lines_all")
        ),
        sa.Column("error_code", sa.String(60)),
        sa.Column("error_detail", sa.Text()),
        sa.Column("error_cure", sa.Text()),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("updated_at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_continuity_looks"),
        sa.UniqueConstraint("campaign_id", name="uq_continuity_looks_campaign_id"),
        sa.CheckConstraint(
            "status IN ('reading', 'stopped', 'done')", name="ck_continuity_looks_status"
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name="fk_continuity_looks_campaign_id_campaigns",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "ix_continuity_looks_status_updated_at", "continuity_looks", ["status", "updated_at"]
    )
    op.create_table(
        "continuity_parts",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("look_id", sa.String(36), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_continuity_parts"),
        sa.UniqueConstraint("look_id", "key", name="uq_continuity_parts_look_id_key"),
        sa.ForeignKeyConstraint(
            ["look_id"],
            ["continuity_looks.id"],
            name="fk_continuity_parts_look_id_continuity_looks",
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "continuity_findings",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("campaign_id", sa.String(36), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("says", sa.String(10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source_kind", sa.String(40), nullable=False),
        sa.Column("source_id", sa.String(36), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("old_source_kind", sa.String(40)),
        sa.Column("old_source_id", sa.String(36)),
        sa.Column("old_quote", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(120), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_continuity_findings"),
        sa.UniqueConstraint("campaign_id", "key", name="uq_continuity_findings_campaign_id_key"),
        sa.CheckConstraint(
            "kind IN ('promised', 'owed', 'planted', 'contradiction', 'verdict')",
            name="ck_continuity_findings_kind",
        ),
        sa.CheckConstraint(
            "says IN ('found', 'real', 'settled')", name="ck_continuity_findings_says"
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name="fk_continuity_findings_campaign_id_campaigns",
            ondelete="CASCADE",
        ),
    )
