"""Suggestions, citations, drafts and their log, acceptance events, wizards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _word(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(40), nullable=nullable)


def _id(name: str, *, nullable: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.String(36), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(27), nullable=nullable)


def _json(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.JSON, nullable=nullable)


def _link(table: str, column: str, target: str, on_delete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}", ondelete=on_delete
    )


def upgrade() -> None:
    """Make the tables of proposals, decisions and wizards."""
    _suggestions()
    _citations()
    _drafts()
    _acceptance_events()
    _wizards()


def _suggestions() -> None:
    op.create_table(
        "suggestions",
        _id("id", nullable=False),
        _id("conversation_id", nullable=False),
        _id("message_id", nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        _id("campaign_id"),
        _word("kind"),
        _word("target_kind"),
        _id("target_id"),
        _text("target_name", nullable=True),
        _text("title"),
        _json("fields"),
        _text("rationale"),
        _text("note", nullable=True),
        sa.Column("base_revision", sa.Integer),
        _json("base_values"),
        _word("status"),
        _text("reason", nullable=True),
        _moment("decided_at", nullable=True),
        _moment("created_at"),
        _moment("updated_at"),
        sa.PrimaryKeyConstraint("id", name="pk_suggestions"),
        sa.UniqueConstraint("message_id", "ordinal", name="uq_suggestions_message_id_ordinal"),
        sa.CheckConstraint(
            "status IN ('pending', 'accepted', 'partly_accepted', 'rejected', 'undone',"
            " 'conflict')",
            name=op.f("ck_suggestions_status"),
        ),
        _link("suggestions", "conversation_id", "conversations", "CASCADE"),
        _link("suggestions", "message_id", "messages", "CASCADE"),
        _link("suggestions", "campaign_id", "campaigns", "SET NULL"),
    )
    op.create_index(
        "ix_suggestions_conversation_id_status", "suggestions", ["conversation_id", "status"]
    )
    op.create_index("ix_suggestions_campaign_id", "suggestions", ["campaign_id"])
    op.create_index("ix_suggestions_target_id", "suggestions", ["target_id"])


def _citations() -> None:
    op.create_table(
        "citations",
        _id("id", nullable=False),
        _id("message_id", nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        _text("source_name"),
        _text("location", nullable=True),
        _text("excerpt", nullable=True),
        sa.Column("confidence", sa.Float),
        _word("entity_kind", nullable=True),
        _id("entity_id"),
        sa.Column("is_verified", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_citations"),
        sa.UniqueConstraint("message_id", "ordinal", name="uq_citations_message_id_ordinal"),
        sa.CheckConstraint(
            "confidence >= 0 AND confidence <= 1", name=op.f("ck_citations_confidence")
        ),
        _link("citations", "message_id", "messages", "CASCADE"),
    )


def _drafts() -> None:
    op.create_table(
        "drafts",
        _id("id", nullable=False),
        _id("suggestion_id"),
        _id("campaign_id"),
        _word("entity_type"),
        _json("data"),
        _word("status"),
        _word("trust"),
        _id("entity_id"),
        _moment("created_at"),
        _moment("updated_at"),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
        sa.UniqueConstraint("suggestion_id", name="uq_drafts_suggestion_id"),
        sa.CheckConstraint(
            "status IN ('draft', 'approved', 'canonical', 'deprecated')",
            name=op.f("ck_drafts_status"),
        ),
        sa.CheckConstraint(
            "trust IN ('canonical', 'derived', 'creative', 'unverified')",
            name=op.f("ck_drafts_trust"),
        ),
        _link("drafts", "suggestion_id", "suggestions", "SET NULL"),
        _link("drafts", "campaign_id", "campaigns", "SET NULL"),
    )
    op.create_index("ix_drafts_campaign_id_status", "drafts", ["campaign_id", "status"])
    op.create_table(
        "draft_status_log",
        _id("id", nullable=False),
        _id("draft_id", nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        _word("from_status", nullable=True),
        _word("to_status"),
        _text("reason", nullable=True),
        _moment("at"),
        sa.PrimaryKeyConstraint("id", name="pk_draft_status_log"),
        sa.UniqueConstraint("draft_id", "step", name="uq_draft_status_log_draft_id_step"),
        _link("draft_status_log", "draft_id", "drafts", "CASCADE"),
    )


def _acceptance_events() -> None:
    op.create_table(
        "acceptance_events",
        _id("id", nullable=False),
        _id("suggestion_id"),
        _id("draft_id"),
        _word("decision"),
        _text("reason", nullable=True),
        _json("modifications", nullable=True),
        _word("entity_kind", nullable=True),
        _id("entity_id"),
        sa.Column("entity_revision", sa.Integer),
        sa.Column("has_created", sa.Boolean, nullable=False),
        _json("before"),
        _json("after"),
        _moment("undone_at", nullable=True),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_acceptance_events"),
        sa.CheckConstraint(
            "decision IN ('approved', 'rejected', 'modified', 'applied')",
            name=op.f("ck_acceptance_events_decision"),
        ),
        _link("acceptance_events", "suggestion_id", "suggestions", "SET NULL"),
        _link("acceptance_events", "draft_id", "drafts", "SET NULL"),
    )
    op.create_index("ix_acceptance_events_suggestion_id", "acceptance_events", ["suggestion_id"])
    op.create_index("ix_acceptance_events_entity_id", "acceptance_events", ["entity_id"])


def _wizards() -> None:
    op.create_table(
        "wizards",
        _id("id", nullable=False),
        _id("campaign_id"),
        _id("thread_id"),
        _word("step"),
        _json("answers"),
        _word("status"),
        sa.Column("revision", sa.Integer, nullable=False),
        _moment("finished_at", nullable=True),
        _moment("created_at"),
        _moment("updated_at"),
        sa.PrimaryKeyConstraint("id", name="pk_wizards"),
        sa.CheckConstraint(
            "status IN ('active', 'finished', 'discarded')", name=op.f("ck_wizards_status")
        ),
        _link("wizards", "campaign_id", "campaigns", "SET NULL"),
        _link("wizards", "thread_id", "conversations", "SET NULL"),
    )
    op.create_index("ix_wizards_status_updated_at", "wizards", ["status", "updated_at"])


def downgrade() -> None:
    """Take them away again."""
    for table in (
        "wizards",
        "acceptance_events",
        "draft_status_log",
        "drafts",
        "citations",
        "suggestions",
    ):
        op.drop_table(table)
