"""Facts and relations as targets of suggestions: what a proposal may make that is no thing.

A relation is proposed by the names of its two ends, because one of them is often proposed beside
it: they are looked up when it is accepted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection

from ttrpg_assistant.campaigns.checks import check_line, check_name, check_prose
from ttrpg_assistant.campaigns.model import Relation
from ttrpg_assistant.campaigns.registry import list_things
from ttrpg_assistant.campaigns.store import knowledge, relations
from ttrpg_assistant.campaigns.store.naming import find_named
from ttrpg_assistant.errors import InvalidInput, NotFound
from ttrpg_assistant.suggestions.patch import Json

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RecordKind:
    """How the gate reads, makes, changes and removes one kind of record. `removal` is what its
    removal is called; `title` names a record in the list of what can be brought back."""

    noun: str
    fields: frozenset[str]
    removal: str
    title: Callable[[Mapping[str, Any]], str]
    find: Callable[[Connection, str], Values | None]
    add: Callable[[Connection, str, Mapping[str, Json], str, str | None], Values]
    edit: Callable[[Connection, str, int, Mapping[str, Json]], Values]
    remove: Callable[[Connection, str], None]


def _find_fact(tx: Connection, id: str) -> Values | None:
    try:
        return _plain(knowledge.get_fact(tx, id))
    except NotFound:
        return None


def _add_fact(
    tx: Connection,
    campaign_id: str,
    fields: Mapping[str, Json],
    message_id: str,
    game_session_id: str | None,
) -> Values:
    text = str(check_prose("text", fields.get("text", "")))
    if not text.strip():
        raise InvalidInput("A fact needs a text.", facts={"field": "text"})
    made = knowledge.add_fact(
        tx,
        campaign_id,
        text,
        "gm",
        source_message_id=message_id,
        game_session_id=game_session_id,
    )
    return _plain(made)


def _edit_fact(tx: Connection, id: str, revision: int, fields: Mapping[str, Json]) -> Values:
    text = str(check_prose("text", fields.get("text", "")))
    return _plain(knowledge.edit_fact(tx, id, revision, text=text))


def _remove_fact(tx: Connection, id: str) -> None:
    knowledge.mark_fact_removed(tx, id, removed=True)


def _find_relation(tx: Connection, id: str) -> Values | None:
    try:
        return _with_ends(relations.get_relation(tx, id))
    except NotFound:
        return None


def _add_relation(
    tx: Connection,
    campaign_id: str,
    fields: Mapping[str, Json],
    message_id: str,
    game_session_id: str | None,
) -> Values:
    """A relation is of no game session: it says how things stand."""
    ends: dict[str, object] = {}
    for end in ("from", "to"):
        kind, id = find_end(tx, campaign_id, fields.get(end))
        ends |= {f"{end}_kind": kind, f"{end}_id": id}
    if ends["from_id"] == ends["to_id"]:
        raise InvalidInput("A thing has no relation to itself.", facts={"field": "to"})
    label = check_line("label", fields.get("label", ""))
    blank: dict[str, object] = {"attitude": None, "audience": "gm", "known_to": [], "note": ""}
    return _with_ends(relations.add_relation(tx, campaign_id, {**ends, "label": label, **blank}))


def _edit_relation(tx: Connection, id: str, revision: int, fields: Mapping[str, Json]) -> Values:
    label = check_line("label", fields.get("label", ""))
    return _with_ends(relations.edit_relation(tx, id, revision, {"label": label}))


def _remove_relation(tx: Connection, id: str) -> None:
    relations.mark_relation_removed(tx, id, removed=True)


def find_end(tx: Connection, campaign_id: str, name: object) -> tuple[str, str]:
    """The kind and the id of the one thing that is called so. Raises `InvalidInput`."""
    said = str(check_name("name", name if isinstance(name, str) else ""))
    found = [
        (kind.name, id)
        for kind in list_things()
        for id, _ in find_named(tx, kind, campaign_id, said)
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        raise InvalidInput(
            f"There is no {said} in this campaign yet; nothing was done.",
            code="relation_end_missing",
            cure=f"Accept or add {said} first, or write another name here.",
            facts={"name": said},
        )
    raise InvalidInput(
        f"Several are called {said}; nothing was done.",
        code="relation_end_shared",
        cure="Write the name or an alias that only one of them has.",
        facts={"name": said},
    )


def _plain(value: object) -> Values:
    return dict(msgspec.to_builtins(value))


def _with_ends(value: Relation) -> Values:
    return {**_plain(value), "from": value.from_name, "to": value.to_name}


RECORDS: Mapping[str, RecordKind] = {
    "fact": RecordKind(
        noun="fact",
        fields=frozenset({"text"}),
        removal="fact_removed",
        title=lambda values: str(values["text"]),
        find=_find_fact,
        add=_add_fact,
        edit=_edit_fact,
        remove=_remove_fact,
    ),
    "relation": RecordKind(
        noun="relation",
        fields=frozenset({"from", "label", "to"}),
        removal="relation_removed",
        title=lambda values: f"{values['from']} → {values['to']}",
        find=_find_relation,
        add=_add_relation,
        edit=_edit_relation,
        remove=_remove_relation,
    ),
}
"""The kinds of record that a suggestion may make, by the name of its target."""
