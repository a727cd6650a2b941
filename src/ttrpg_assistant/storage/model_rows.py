"""What was learned about models, and what a game master set for them. No keys are in here."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, String, Table, delete, select

from ttrpg_assistant.ids import utc_now
from ttrpg_assistant.storage.base import metadata, moment, structured
from ttrpg_assistant.storage.inserting import insert_into

learned_models = Table(
    "learned_models",
    metadata,
    Column("address", String(500), primary_key=True),
    Column("model", String(300), primary_key=True),
    structured("learned"),
    moment("updated_at"),
)
"""What the refusals of a model at an address have taught (`llm.memory.Learned`)."""

model_settings = Table(
    "model_settings",
    metadata,
    Column("choice", String(300), primary_key=True),
    structured("settings"),
    moment("updated_at"),
)
"""Sizes, effort and price that a game master set for a choice, `provider:name`."""


def list_learned(tx: Connection) -> list[tuple[str, str, Any]]:
    """Everything learned: `(address, model, JSON value)`."""
    rows = select(learned_models.c.address, learned_models.c.model, learned_models.c.learned)
    return [(address, model, learned) for address, model, learned in tx.execute(rows)]


def put_learned(tx: Connection, address: str, model: str, learned: Any) -> None:
    """Keep what was learned about a model at an address, in place of what was known."""
    row = {"learned": learned, "updated_at": utc_now()}
    statement = insert_into(tx, learned_models).values(address=address, model=model, **row)
    tx.execute(statement.on_conflict_do_update(index_elements=["address", "model"], set_=row))


def delete_learned(tx: Connection, address: str, model: str) -> None:
    """Forget what was learned about a model at an address."""
    wanted = (learned_models.c.address == address, learned_models.c.model == model)
    tx.execute(delete(learned_models).where(*wanted))


def list_model_settings(tx: Connection) -> list[tuple[str, Any]]:
    """Everything set: `(choice, JSON value)`."""
    rows = select(model_settings.c.choice, model_settings.c.settings)
    return [(choice, settings) for choice, settings in tx.execute(rows)]


def put_model_settings(tx: Connection, choice: str, settings: Any) -> None:
    """Keep what was set for a choice; an empty value removes it."""
    if not settings:
        tx.execute(delete(model_settings).where(model_settings.c.choice == choice))
        return
    row = {"settings": settings, "updated_at": utc_now()}
    statement = insert_into(tx, model_settings).values(choice=choice, **row)
    tx.execute(statement.on_conflict_do_update(index_elements=["choice"], set_=row))
