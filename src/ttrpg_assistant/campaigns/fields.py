"""A thing of a campaign as labelled fields; each says whether it is for the game master alone."""

from __future__ import annotations

from sqlalchemy import Connection

from ttrpg_assistant.campaigns import quotable, sheets
from ttrpg_assistant.campaigns.model import (
    Campaign,
    EntityKindName,
    GameSession,
    Location,
    Npc,
    PlotPoint,
)
from ttrpg_assistant.campaigns.store import knowledge, table_log
from ttrpg_assistant.campaigns.store.entities import find_entity
from ttrpg_assistant.campaigns.store.kinds import KINDS
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.prompts.entity_facts import GM_ONLY, FactLine


def list_fields(tx: Connection, kind: str, id: str) -> tuple[FactLine, ...]:
    """The fields of it, labelled, in the order of its sheet; those for the game master alone have
    the audience ``gm``. `kind` may also be ``note``, ``event`` or ``fact``. Empty where it is
    gone."""
    try:
        if kind == "note":
            note = table_log.get_session_note(tx, id)
            return _lines(("", note.text, note.gm_only))
        if kind == "event":
            return _lines(("", table_log.get_session_event(tx, id).text, False))
        if kind == "fact":
            fact = knowledge.get_fact(tx, id)
            return _lines(("", fact.text, fact.audience == "gm"))
    except NotFound:
        return ()
    return _of_entity(tx, kind, id)


def _of_entity(tx: Connection, kind: str, id: str) -> tuple[FactLine, ...]:
    names: dict[str, EntityKindName] = {name: name for name in KINDS}
    thing = find_entity(tx, KINDS[names[kind]], id) if kind in names else None
    if isinstance(thing, Npc):
        return quotable.npc_sheet(thing, "").lines
    if isinstance(thing, Location):
        return quotable.location_sheet(thing, "").lines
    if isinstance(thing, PlotPoint):
        is_hidden = thing.audience == "gm"
        return _lines(
            ("Description", thing.description, is_hidden), ("GM notes", thing.gm_notes, True)
        )
    if isinstance(thing, GameSession):
        return _lines(
            ("Plan", thing.plan, True),
            ("Recap for players", thing.recap_players, False),
            ("Recap for the GM", thing.recap_gm, True),
        )
    if isinstance(thing, Campaign):
        fields = _lines(
            ("System", thing.system, False),
            ("Setting", thing.setting, False),
            ("Description", thing.description, False),
        )
        world = (*sheets.list_lines(thing.world_state), *sheets.list_lines(thing.house_rules))
        return (*fields, *world, *_lines(("GM notes", thing.gm_notes, True)))
    return ()


def _lines(*fields: tuple[str, str, bool]) -> tuple[FactLine, ...]:
    return tuple(
        FactLine(label, text, GM_ONLY if gm_only else None)
        for label, text, gm_only in fields
        if text
    )
