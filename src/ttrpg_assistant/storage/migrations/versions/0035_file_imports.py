"""What was imported from files of other programs, from which file, and with which values."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the three tables."""
    op.create_table(
        "file_imports",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("campaign_id", sa.String(36)),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("format", sa.String(40), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("ended_at", sa.String(27)),
        sa.PrimaryKeyConstraint("id", name="pk_file_imports"),
        sa.CheckConstraint(
            "state IN ('open', 'running', 'done', 'cancelled', 'failed', 'undone')",
            name="ck_file_imports_state",
        ),
        _owner("file_imports"),
    )
    op.create_index("ix_file_imports_campaign_id", "file_imports", ["campaign_id"])
    op.create_table(
        "imported_files",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("import_id", sa.String(36), nullable=False),
        sa.Column("campaign_id", sa.String(36)),
        sa.Column("name", sa.String(500), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_imported_files"),
        _import("imported_files"),
        _owner("imported_files"),
    )
    op.create_index("ix_imported_files_import_id", "imported_files", ["import_id"])
    op.create_index("ix_imported_files_sha256", "imported_files", ["sha256"])
    op.create_table(
        "import_sources",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("import_id", sa.String(36), nullable=False),
        sa.Column("campaign_id", sa.String(36)),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("entity_id", sa.String(36), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("format", sa.String(40), nullable=False),
        sa.Column("source_id", sa.String(300), nullable=False),
        sa.Column("base", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.String(36)),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_import_sources"),
        sa.CheckConstraint(
            "outcome IN ('new', 'changed', 'same')", name="ck_import_sources_outcome"
        ),
        _import("import_sources"),
        _owner("import_sources"),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["imported_files.id"],
            name="fk_import_sources_file_id_imported_files",
            ondelete="SET NULL",
        ),
    )
    op.create_index("ix_import_sources_import_id", "import_sources", ["import_id"])
    op.create_index("ix_import_sources_entity_id", "import_sources", ["entity_id"])
    op.create_index(
        "ix_import_sources_campaign_id_source_id", "import_sources", ["campaign_id", "source_id"]
    )


def _owner(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_campaign_id_campaigns"
    return sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=name, ondelete="CASCADE")


def _import(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_import_id_file_imports"
    return sa.ForeignKeyConstraint(
        ["import_id"], ["file_imports.id"], name=name, ondelete="CASCADE"
    )
