"""How much of each kind a game master finds in a campaign: for the preview of a file and for what
it became, counted as the lists of the page show it.

What was removed is in an archive too, so that it can be brought back, and is counted nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Select, Table, func, or_, select

from ttrpg_assistant.campaigns import tables as world
from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.store.entities import count_entities
from ttrpg_assistant.campaigns.store.relations import count_relations
from ttrpg_assistant.conversations import tables as talk
from ttrpg_assistant.pictures.tables import pictures
from ttrpg_assistant.suggestions import tables as proposals

_FACTS = world.known_facts
_NOTES = world.session_notes
_TALK = talk.conversations
_SAID = talk.messages
_PROPOSED = proposals.suggestions


@dataclass(frozen=True, slots=True)
class Holdings:
    """Counts by name of the list: `in_use` as it is opened, `archived` what it shows besides when
    archived things are included. A count of 0 is left out."""

    in_use: dict[str, int]
    archived: dict[str, int]


def count_holdings(tx: Connection, campaign_id: str) -> Holdings:
    """What the lists of this campaign show."""
    in_use: dict[str, int] = {}
    archived: dict[str, int] = {}
    for kind in KINDS.values():
        if kind is not CAMPAIGN:
            in_use[kind.list_name] = count_entities(tx, kind, campaign_id)
            archived[kind.list_name] = count_entities(tx, kind, campaign_id, archived=True)
    in_use[world.relations.name] = count_relations(tx, campaign_id)
    shown = (
        _TALK.c.campaign_id == campaign_id,
        _TALK.c.removed_at.is_(None),
        _TALK.c.message_count > 0,
        or_(_TALK.c.npc_id.is_(None), _TALK.c.npc_id.in_(_live(world.npcs, campaign_id))),
    )
    in_sight = (
        _SAID.c.cleared_at.is_(None),
        _SAID.c.conversation_id.in_(select(_TALK.c.id).where(*shown)),
    )
    counted: dict[str, tuple[ColumnElement[bool], ...]] = {
        _FACTS.name: (_FACTS.c.campaign_id == campaign_id, _FACTS.c.removed_at.is_(None)),
        _NOTES.name: (
            _NOTES.c.removed_at.is_(None),
            _NOTES.c.game_session_id.in_(_live(world.game_sessions, campaign_id)),
        ),
        pictures.name: (pictures.c.campaign_id == campaign_id, pictures.c.removed_at.is_(None)),
        _TALK.name: shown,
        _SAID.name: in_sight,
        _PROPOSED.name: (_PROPOSED.c.message_id.in_(select(_SAID.c.id).where(*in_sight)),),
    }
    for name, wanted in counted.items():
        in_use[name] = int(tx.execute(select(func.count()).where(*wanted)).scalar_one())
    return Holdings(_not_none(in_use), _not_none(archived))


def _live(table: Table, campaign_id: str) -> Select[str]:
    return select(table.c.id).where(
        table.c.campaign_id == campaign_id, table.c.removed_at.is_(None)
    )


def _not_none(counts: dict[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count}
