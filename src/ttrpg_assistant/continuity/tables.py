"""What the game master decided about a loose thread or a contradiction, and what a model said of
them. What is found without a model is not kept: it is found anew from what is written down."""

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

from ttrpg_assistant.storage.base import id_column, metadata, moment, reference

continuity_marks = Table(
    "continuity_marks",
    metadata,
    id_column(),
    reference("campaign_id", "campaigns.id", on_delete="CASCADE", nullable=False),
    Column("key", String(40), nullable=False),
    Column("state", String(12), nullable=False),
    Column("game_session_id", String(36), nullable=True),
    moment("at"),
    UniqueConstraint("campaign_id", "key"),
    CheckConstraint("state IN ('resting', 'planned', 'both_true')", name="state"),
    Index(None, "game_session_id"),
)
"""`key` names what was found by its kind and the rows it was found in; `game_session_id` is where a
loose thread was planned."""

continuity_looks = Table(
    "continuity_looks",
    metadata,
    id_column(),
    reference("campaign_id", "campaigns.id", on_delete="CASCADE", nullable=False),
    Column("status", String(10), nullable=False),
    Column("made_by", String(120), nullable=False),
    Column("parts", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("left_out", Integer, nullable=False),
    Column("lines_read", Integer, nullable=False),
    Column("lines_all", Integer, nullable=False),
    Column("error_code", String(60), nullable=True),
    Column("error_detail", Text, nullable=True),
    Column("error_cure", Text, nullable=True),
    moment("created_at"),
    moment("updated_at"),
    UniqueConstraint("campaign_id"),
    CheckConstraint("status IN ('reading', 'stopped', 'done')", name="status"),
    Index(None, "status", "updated_at"),
)
"""How far a model is in looking through a campaign; one row a campaign that was looked through."""

continuity_parts = Table(
    "continuity_parts",
    metadata,
    id_column(),
    reference("look_id", "continuity_looks.id", on_delete="CASCADE", nullable=False),
    Column("key", String(40), nullable=False),
    moment("at"),
    UniqueConstraint("look_id", "key"),
)
"""What a model has read: `key` names the words of a part and the model. It is not read again as
long as neither changes."""

continuity_findings = Table(
    "continuity_findings",
    metadata,
    id_column(),
    reference("campaign_id", "campaigns.id", on_delete="CASCADE", nullable=False),
    Column("key", String(40), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("says", String(10), nullable=False),
    Column("text", Text, nullable=False),
    Column("source_kind", String(40), nullable=False),
    Column("source_id", String(36), nullable=False),
    Column("quote", Text, nullable=False),
    Column("old_source_kind", String(40), nullable=True),
    Column("old_source_id", String(36), nullable=True),
    Column("old_quote", Text, nullable=False),
    Column("made_by", String(120), nullable=False),
    moment("at"),
    UniqueConstraint("campaign_id", "key"),
    CheckConstraint(
        "kind IN ('promised', 'owed', 'planted', 'contradiction', 'verdict')", name="kind"
    ),
    CheckConstraint("says IN ('found', 'real', 'settled')", name="says"),
)
"""A model's word on what is open or contradicts itself, with the rows and words it rests on.
`old_*` are the other side of a contradiction, or what settles a loose thread that a model found."""
