"""What a suggestion that was accepted, or an import, has written."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from ttrpg_assistant.continuity.brought import Writer, Written
from ttrpg_assistant.conversations.tables import messages
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.storage.import_tables import file_imports, import_sources
from ttrpg_assistant.suggestions.store import decisions, proposals

AT_ONCE = 500

_i, _s, _m = file_imports.c, import_sources.c, messages.c


def list_written(tx: Connection, campaign_id: str, writer: Writer) -> list[Written]:
    """The rows that it wrote in this campaign. Raises `NotFound` for a suggestion or an import
    that is not of it."""
    if writer.kind == "suggestion":
        return _list_of_suggestion(tx, campaign_id, writer.id)
    if writer.kind == "import":
        return _list_of_import(tx, campaign_id, writer.id)
    return [Written(writer.kind, writer.id)]


def _list_of_suggestion(tx: Connection, campaign_id: str, id: str) -> list[Written]:
    if proposals.get_suggestion(tx, id).campaign_id != campaign_id:
        raise NotFound("There is no such suggestion in this campaign.", facts={"id": id})
    return [
        Written(
            event.entity_kind,
            event.entity_id,
            None if event.has_created else _first_names(event.after),
        )
        for event in decisions.list_events(tx, id)
        if event.entity_kind is not None and event.entity_id is not None and event.after
    ]


def _list_of_import(tx: Connection, campaign_id: str, id: str) -> list[Written]:
    found = tx.execute(select(_i.campaign_id).where(_i.id == id)).first()
    if found is None or found[0] != campaign_id:
        raise NotFound("There is no such import in this campaign.", facts={"id": id})
    query = select(_s.kind, _s.entity_id, _s.outcome, _s.before).where(
        _s.import_id == id, _s.outcome != "same"
    )
    return [
        Written(kind, entity_id, None if outcome == "new" else _first_names(before))
        for kind, entity_id, outcome, before in tx.execute(query)
    ]


def _first_names(fields: Iterable[str]) -> frozenset[str]:
    return frozenset(name.partition(".")[0] for name in fields)


def find_conversations(tx: Connection, message_ids: Iterable[str]) -> dict[str, str]:
    """In which conversation each of these messages is."""
    ids = sorted(set(message_ids))
    found: dict[str, str] = {}
    for start in range(0, len(ids), AT_ONCE):
        query = select(_m.id, _m.conversation_id).where(_m.id.in_(ids[start : start + AT_ONCE]))
        found.update((id, conversation_id) for id, conversation_id in tx.execute(query))
    return found
