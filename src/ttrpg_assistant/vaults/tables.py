"""The tables of folders that campaigns are synced with. `vaults/store.py` reads and writes
them. They speak of files on this machine, so no archive has them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Float,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from ttrpg_assistant.storage.base import id_column, metadata, moment, reference, structured

vault_links = Table(
    "vault_links",
    metadata,
    id_column(),
    reference("campaign_id", "campaigns.id", on_delete="CASCADE", nullable=False),
    Column("folder", Text, nullable=False),
    Column("state", String(12), nullable=False),
    moment("synced_at", nullable=True),
    structured("report"),
    Column("holder", String(36), nullable=True),
    Column("held_until", Float, nullable=True),
    moment("created_at"),
    UniqueConstraint("campaign_id"),
    CheckConstraint("state IN ('on', 'paused')", name="state"),
)
"""`holder` is the server that looks after the folder, until `held_until` in seconds since 1970."""

vault_notes = Table(
    "vault_notes",
    metadata,
    id_column(),
    reference("link_id", "vault_links.id", on_delete="CASCADE", nullable=False),
    Column("kind", String(40), nullable=False),
    Column("entity_id", String(36), nullable=False),
    Column("path", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("modified_ns", BigInteger, nullable=False),
    Column("read_ns", BigInteger, nullable=False),
    Column("revision", Integer, nullable=False),
    structured("base"),
    structured("file_base"),
    Column("state", String(12), nullable=False),
    UniqueConstraint("link_id", "entity_id"),
    CheckConstraint("state IN ('kept', 'left')", name="state"),
)
