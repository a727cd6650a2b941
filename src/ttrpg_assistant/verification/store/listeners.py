"""Who knows a fact: NPCs and player characters of the campaign that the fact is about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, exists, select, union_all

from ttrpg_assistant.campaigns.kinds.character import KIND as CHARACTER
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.tables import fact_audience, known_facts
from ttrpg_assistant.verification.model import Check, Problem
from ttrpg_assistant.verification.store.references import place_of

_c = fact_audience.c
_WHO = ((_c.npc_id, NPC), (_c.told_by_npc_id, NPC), (_c.character_id, CHARACTER))


def _wrong(column: Any, kind: Any) -> Select[Any]:
    """Listeners that name one who is no such thing of the campaign of the fact."""
    other = kind.table.alias("other")
    is_own = exists().where(
        known_facts.c.id == _c.fact_id,
        other.c.id == column,
        other.c.campaign_id == known_facts.c.campaign_id,
    )
    if kind.is_of_kind:
        is_own = is_own.where(other.c.entity_kind == kind.name)
    return select(_c.id).where(and_(column.is_not(None), ~is_own))


def find_strangers(tx: Connection) -> Iterator[Problem]:
    """Listeners from another campaign, or of another kind."""
    for column, kind in _WHO:
        for key in tx.execute(_wrong(column, kind)).scalars():
            sentence = f"{column.name} names no {kind.noun} of the campaign of the fact."
            yield Problem("listeners", place_of(fact_audience, key), sentence, can_mend=True)


def mend_strangers(tx: Connection) -> None:
    """Take the facts from those who cannot know them."""
    wrong = list(tx.execute(union_all(*(_wrong(*one) for one in _WHO))).scalars())
    for start in range(0, len(wrong), 500):
        tx.execute(delete(fact_audience).where(_c.id.in_(wrong[start : start + 500])))


LISTENERS = Check("listeners", find_strangers, mend_strangers)
