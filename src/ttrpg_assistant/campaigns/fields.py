"""A thing of a campaign as labelled fields; each says whether it is for the game master alone."""

from __future__ import annotations

from sqlalchemy import Connection

from ttrpg_assistant.campaigns import sheets
from ttrpg_assistant.campaigns.audiences import audience_of_fact, note_audience
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.store import knowledge, table_log
from ttrpg_assistant.campaigns.store.entities import find_entity
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.prompts.audience import Audience
from ttrpg_assistant.prompts.entity_facts import FactLine


def list_fields(tx: Connection, kind: str, id: str) -> tuple[FactLine, ...]:
    """The fields of it, labelled, in the order of its sheet; those for the game master alone have
    the audience ``gm``. `kind` may also be ``note``, ``event`` or ``fact``. Empty where it is
    gone."""
    try:
        if kind == "note":
            note = table_log.get_session_note(tx, id)
            return _line(note.text, note_audience(note.gm_only))
        if kind == "event":
            return _line(table_log.get_session_event(tx, id).text, None)
        if kind == "fact":
            fact = knowledge.get_fact(tx, id)
            return _line(fact.text, audience_of_fact(fact))
    except NotFound:
        return ()
    if kind not in KINDS or (thing := find_entity(tx, KINDS[kind], id)) is None:
        return ()
    return sheets.list_fact_lines(KINDS[kind], thing, "quote")


def _line(text: str, audience: Audience | None) -> tuple[FactLine, ...]:
    return (FactLine("", text, audience),) if text else ()
