"""The tables of transcript reviews and of the parts they are read in."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from ttrpg_assistant.storage.base import id_column, metadata, moment, reference, structured


def _fault() -> list[Column[str]]:
    return [
        Column("error_code", String(60), nullable=True),
        Column("error_detail", Text, nullable=True),
        Column("error_cure", Text, nullable=True),
    ]


transcript_reviews = Table(
    "transcript_reviews",
    metadata,
    id_column(),
    reference("campaign_id", "campaigns.id", on_delete="CASCADE", nullable=False),
    reference("conversation_id", "conversations.id", on_delete="CASCADE", nullable=False),
    reference("game_session_id", "game_sessions.id", on_delete="SET NULL"),
    Column("status", String(10), nullable=False),
    structured("speakers"),
    *_fault(),
    moment("created_at"),
    moment("updated_at"),
    UniqueConstraint("conversation_id"),
    CheckConstraint("status IN ('ready', 'reading', 'stopped', 'done')", name="status"),
    Index(None, "campaign_id", "created_at"),
    Index(None, "status", "updated_at"),
)
"""One row a transcript that is, or was, read for what happened in it."""

transcript_parts = Table(
    "transcript_parts",
    metadata,
    id_column(),
    reference("review_id", "transcript_reviews.id", on_delete="CASCADE", nullable=False),
    Column("kind", String(10), nullable=False),
    Column("first_seq", Integer, nullable=False),
    Column("first_at", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("last_at", Integer, nullable=False),
    Column("status", String(10), nullable=False),
    Column("summary", Text, nullable=False),
    Column("made_by", String(120), nullable=True),
    Column("proposed", Integer, nullable=False),
    Column("left_out", Integer, nullable=False),
    Column("repeated", Integer, nullable=False),
    *_fault(),
    moment("updated_at"),
    CheckConstraint("kind IN ('lines', 'whole')", name="kind"),
    CheckConstraint("status IN ('waiting', 'done', 'failed')", name="status"),
    Index(None, "review_id", "status"),
)
"""A part of the transcript: from the character `first_at` of the message numbered `first_seq` up
to `last_at` of `last_seq`. The part of the kind `whole` is read last, over all lines."""
