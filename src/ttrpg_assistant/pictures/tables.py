"""The table of pictures. Their bytes are files beside the database (`storage/content_files.py`)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, String, Table, Text

from ttrpg_assistant.storage.base import id_column, metadata, moment, partial_index, reference

pictures = Table(
    "pictures",
    metadata,
    id_column(),
    reference("campaign_id", "campaigns.id", on_delete="CASCADE", nullable=False),
    Column("thing_kind", String(40), nullable=False),
    Column("thing_id", String(36), nullable=False),
    Column("role", String(40), nullable=False),
    Column("caption", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("media_type", String(40), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("audience", Text, nullable=False, server_default="gm"),
    Column("revision", Integer, nullable=False),
    moment("removed_at", nullable=True),
    moment("created_at"),
    moment("updated_at"),
    CheckConstraint("role IN ('portrait', 'picture')", name="role"),
    Index(None, "campaign_id", "thing_id"),
    Index(None, "sha256"),
    partial_index(
        "ix_pictures_one_portrait",
        "campaign_id",
        "thing_kind",
        "thing_id",
        unique=True,
        where="role = 'portrait' AND removed_at IS NULL",
    ),
)
