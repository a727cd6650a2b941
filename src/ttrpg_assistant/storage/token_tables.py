"""The tokens of other programs. Only the hash of what they show is stored."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table

from ttrpg_assistant.storage.base import id_column, metadata, moment, reference, structured

access_tokens = Table(
    "access_tokens",
    metadata,
    id_column(),
    reference("campaign_id", "campaigns.id", on_delete="CASCADE", nullable=False),
    Column("name", String(80), nullable=False, unique=True),
    Column("secret_hash", String(64), nullable=False, unique=True),
    structured("scopes"),
    moment("created_at"),
    moment("last_used_at", nullable=True),
    Index(None, "campaign_id"),
)
"""`name` is unique among all campaigns: by it a token is revoked on the command line."""
