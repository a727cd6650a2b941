"""How each kind of removal in this room is undone, for the one list of what can be undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.entities import removal_kind
from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.campaigns.kinds.game_session import KIND as GAME_SESSION
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.store import entities, game_sessions, knowledge, relations

Restore = Callable[[Connection, str, dict[str, Any]], int]
"""Brings back what a removal took away; gives how many things came back."""


def _restorer(kind: EntityKind[Any]) -> Restore:
    def restore(tx: Connection, subject_id: str, _: dict[str, Any]) -> int:
        removed = entities.find_entity(tx, kind, subject_id, even_removed=True)
        if removed is None or not removed.removed_at:
            return 0
        if kind is GAME_SESSION:
            game_sessions.restore_game_session(tx, subject_id)
        else:
            entities.restore_entity(tx, kind, subject_id)
        if kind is not CAMPAIGN:
            return 1
        inside = (one for one in KINDS.values() if one is not CAMPAIGN)
        return 1 + sum(entities.count_entities(tx, one, subject_id) for one in inside)

    return restore


def _restore_fact(tx: Connection, subject_id: str, _: dict[str, Any]) -> int:
    knowledge.mark_fact_removed(tx, subject_id, removed=False)
    return 1


def _restore_relation(tx: Connection, subject_id: str, _: dict[str, Any]) -> int:
    relations.mark_relation_removed(tx, subject_id, removed=False)
    return 1


RESTORERS: Mapping[str, Restore] = {
    **{removal_kind(kind): _restorer(kind) for kind in KINDS.values()},
    "fact_removed": _restore_fact,
    "relation_removed": _restore_relation,
}
