"""The write probe: one row whose count goes up, to show that things can really be stored."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Integer, Table, update

from ttrpg_assistant.storage.base import metadata

persistence_probe = Table(
    "persistence_probe",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("count", Integer, nullable=False),
)


def touch(tx: Connection) -> None:
    """The smallest real write."""
    tx.execute(update(persistence_probe).values(count=persistence_probe.c.count + 1))
