"""Rows of `wizards`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, insert, select, update

from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.suggestions.tables import wizards

WizardStatus = Literal["active", "finished", "discarded"]


@dataclass(frozen=True, slots=True)
class Wizard:
    """A campaign in the making. `step` is where the person is; `revision` moves with each save.

    `campaign_id` is the campaign that finishing made.
    """

    id: str
    campaign_id: str | None
    thread_id: str | None
    step: str
    answers: dict[str, Any]
    status: WizardStatus
    revision: int
    finished_at: str | None
    created_at: str
    updated_at: str


_WIZARD = [wizards.c[name] for name in Wizard.__dataclass_fields__]


def find_wizard(tx: Connection, wizard_id: str, *, lock: bool = False) -> Wizard | None:
    """The wizard, or None; with `lock` held until the transaction ends."""
    query = select(*_WIZARD).where(wizards.c.id == wizard_id)
    row = tx.execute(query.with_for_update() if lock else query).first()
    return None if row is None else Wizard(*row)


def get_wizard(tx: Connection, wizard_id: str, *, lock: bool = False) -> Wizard:
    """The wizard. Raises `NotFound`."""
    found = find_wizard(tx, wizard_id, lock=lock)
    if found is None:
        raise NotFound("There is no such wizard.", code="wizard_not_found")
    return found


def add_wizard(tx: Connection, step: str, wizard_id: str | None = None) -> Wizard:
    """A new, empty wizard. Resending an id gives the first one again."""
    if wizard_id is not None and (found := find_wizard(tx, wizard_id)) is not None:
        return found
    now = utc_now()
    made = Wizard(wizard_id or new_id(), None, None, step, {}, "active", 1, None, now, now)
    tx.execute(insert(wizards).values(msgspec.to_builtins(made)))
    return made


def update_wizard(tx: Connection, wizard: Wizard, **values: Any) -> Wizard:
    """Change columns of a wizard this transaction has locked."""
    tx.execute(
        update(wizards)
        .where(wizards.c.id == wizard.id)
        .values(**values, revision=wizard.revision + 1, updated_at=utc_now())
    )
    return get_wizard(tx, wizard.id)


def list_wizards(
    tx: Connection, status: WizardStatus = "active", limit: int = 50
) -> tuple[Wizard, ...]:
    """Wizards of this status, the latest touched first."""
    query = select(*_WIZARD).where(wizards.c.status == status)
    query = query.order_by(wizards.c.updated_at.desc(), wizards.c.id.desc()).limit(limit)
    return tuple(Wizard(*row) for row in tx.execute(query))
