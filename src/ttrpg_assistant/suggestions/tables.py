"""The tables of proposals and decisions, and of wizards.

A proposal belongs to the message it was made in. What a person decided is kept even when the
proposal is gone: acceptance events and drafts lose at most the link.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from ttrpg_assistant.storage.base import id_column, metadata, moment, reference, structured


def _word(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, String(40), nullable=nullable)


def _loose(name: str) -> Column[Any]:
    """An id that outlives what it points to."""
    return Column(name, String(36), nullable=True)


suggestions = Table(
    "suggestions",
    metadata,
    id_column(),
    reference("conversation_id", "conversations.id", on_delete="CASCADE", nullable=False),
    reference("message_id", "messages.id", on_delete="CASCADE", nullable=False),
    Column("ordinal", Integer, nullable=False),
    reference("campaign_id", "campaigns.id", on_delete="SET NULL"),
    _word("kind"),
    _word("target_kind"),
    _loose("target_id"),
    Column("target_name", Text, nullable=True),
    Column("title", Text, nullable=False),
    structured("fields"),
    Column("rationale", Text, nullable=False),
    Column("note", Text, nullable=True),
    Column("base_revision", Integer, nullable=True),
    structured("base_values"),
    _word("status"),
    Column("reason", Text, nullable=True),
    moment("decided_at", nullable=True),
    moment("created_at"),
    moment("updated_at"),
    Column("lines", JSON(none_as_null=True), nullable=True),
    Column("source", String(200), nullable=True),
    UniqueConstraint("message_id", "ordinal"),
    CheckConstraint(
        "status IN ('pending', 'accepted', 'partly_accepted', 'rejected', 'undone', 'conflict')",
        name="status",
    ),
    Index(None, "conversation_id", "status"),
    Index(None, "campaign_id"),
    Index(None, "target_id"),
)

citations = Table(
    "citations",
    metadata,
    id_column(),
    reference("message_id", "messages.id", on_delete="CASCADE", nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("source_name", Text, nullable=False),
    Column("location", Text, nullable=True),
    Column("excerpt", Text, nullable=True),
    Column("confidence", Float, nullable=True),
    _word("entity_kind", nullable=True),
    _loose("entity_id"),
    Column("is_verified", Boolean, nullable=False),
    UniqueConstraint("message_id", "ordinal"),
    CheckConstraint("confidence >= 0 AND confidence <= 1", name="confidence"),
)

reading_notes = Table(
    "reading_notes",
    metadata,
    Column(
        "message_id",
        String(36),
        ForeignKey("messages.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    structured("notes"),
    moment("created_at"),
)
"""What could not be taken from a reply as it was written, as sentences for the game master."""

drafts = Table(
    "drafts",
    metadata,
    id_column(),
    reference("suggestion_id", "suggestions.id", on_delete="SET NULL"),
    reference("campaign_id", "campaigns.id", on_delete="SET NULL"),
    _word("entity_type"),
    structured("data"),
    _word("status"),
    _word("trust"),
    _loose("entity_id"),
    moment("created_at"),
    moment("updated_at"),
    UniqueConstraint("suggestion_id"),
    CheckConstraint("status IN ('draft', 'approved', 'canonical', 'deprecated')", name="status"),
    CheckConstraint("trust IN ('canonical', 'derived', 'creative', 'unverified')", name="trust"),
    Index(None, "campaign_id", "status"),
)

draft_status_log = Table(
    "draft_status_log",
    metadata,
    id_column(),
    reference("draft_id", "drafts.id", on_delete="CASCADE", nullable=False),
    Column("step", Integer, nullable=False),
    _word("from_status", nullable=True),
    _word("to_status"),
    Column("reason", Text, nullable=True),
    moment("at"),
    UniqueConstraint("draft_id", "step"),
)

acceptance_events = Table(
    "acceptance_events",
    metadata,
    id_column(),
    reference("suggestion_id", "suggestions.id", on_delete="SET NULL"),
    reference("draft_id", "drafts.id", on_delete="SET NULL"),
    _word("decision"),
    Column("reason", Text, nullable=True),
    structured("modifications", nullable=True),
    _word("entity_kind", nullable=True),
    _loose("entity_id"),
    Column("entity_revision", Integer, nullable=True),
    Column("has_created", Boolean, nullable=False),
    structured("before"),
    structured("after"),
    moment("undone_at", nullable=True),
    moment("created_at"),
    CheckConstraint("decision IN ('approved', 'rejected', 'modified', 'applied')", name="decision"),
    Index(None, "suggestion_id"),
    Index(None, "entity_id"),
)

wizards = Table(
    "wizards",
    metadata,
    id_column(),
    reference("campaign_id", "campaigns.id", on_delete="SET NULL"),
    reference("thread_id", "conversations.id", on_delete="SET NULL"),
    _word("step"),
    structured("answers"),
    _word("status"),
    Column("revision", Integer, nullable=False),
    moment("finished_at", nullable=True),
    moment("created_at"),
    moment("updated_at"),
    CheckConstraint("status IN ('active', 'finished', 'discarded')", name="status"),
    Index(None, "status", "updated_at"),
)
"""Campaigns in the making. `campaign_id` is the campaign that finishing made."""
