"""What the game master decided about a loose thread or a contradiction. Neither is kept itself:
both are found anew from what is written down, so none outlives what it was found in."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, String, Table, UniqueConstraint

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
