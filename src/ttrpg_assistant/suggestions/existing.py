"""What a proposal called new meets once something of that name is there.

Names are resolved when a reply is read (`resolve`); between that and a decision somebody may
have made the very thing, often by accepting the same proposal of an earlier reply. It is then
a change to what is there, so that nobody is doubled.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.store.naming import find_named
from ttrpg_assistant.suggestions.applying import TargetNow
from ttrpg_assistant.suggestions.model import AcceptanceEvent, Suggestion
from ttrpg_assistant.suggestions.patch import Json, added
from ttrpg_assistant.suggestions.resolve import (
    said_existing,
    said_missing,
    said_nothing_new,
    said_shared,
)
from ttrpg_assistant.suggestions.store.proposals import DAMAGED
from ttrpg_assistant.suggestions.store.targets import find_values


def is_found_by_name(kind: str) -> bool:
    """Whether a proposal finds a thing of this kind by its name alone."""
    return kind in KINDS and KINDS[kind].is_thing


def find_by_now(
    tx: Connection,
    suggestion: Suggestion,
    edits: Mapping[str, Json] | None = None,
    campaign_id: str | None = None,
) -> str | None:
    """The id of the one thing that by now has the name of a new one; None when none or several
    have it. `edits` are a person's own words, whose name counts before the proposed one."""
    campaign_id = suggestion.campaign_id or campaign_id
    kind = suggestion.target_kind
    if not is_found_by_name(kind):
        return None
    if campaign_id is None or suggestion.target_id is not None:
        return None
    name_field = KINDS[kind].name_field
    name = {**suggestion.fields, **(edits or {})}.get(name_field)
    found = find_named(tx, KINDS[kind], campaign_id, name) if isinstance(name, str) else []
    return found[0][0] if len(found) == 1 else None


def hold_by_now(
    tx: Connection, suggestion: Suggestion, edits: Mapping[str, Json], campaign_id: str | None
) -> str | None:
    """`find_by_now` for one who would make the thing: nobody else makes it until the
    transaction ends, so that two acceptances at once do not double it."""
    found = find_by_now(tx, suggestion, edits, campaign_id)
    campaign_id = suggestion.campaign_id or campaign_id
    if found is None and campaign_id is not None and is_found_by_name(suggestion.target_kind):
        find_values(tx, "campaign", campaign_id, lock=True)
        found = find_by_now(tx, suggestion, edits, campaign_id)
    return found


def without_own_name(
    suggestion: Suggestion, fields: Mapping[str, Json], target: TargetNow
) -> dict[str, Json]:
    """The fields without the name by which the target was found: that is no change. A name
    proposed for a target that was known is one, if only of its spelling."""
    if not is_found_by_name(target.kind) or target.values is None:
        return dict(fields)
    name_field = KINDS[suggestion.target_kind].name_field
    own, said = str(target.values[name_field]), str(fields.get(name_field))
    is_own = name_field not in suggestion.base_values and fold(own) == fold(said)
    return {name: one for name, one in fields.items() if not (is_own and name == name_field)}


def what_was_written(events: list[AcceptanceEvent]) -> dict[str, Json]:
    """What these acceptances stored, by field; of what was added to only what they added."""
    return {
        name: added(name, event.before.get(name), value)
        for event in events
        for name, value in event.after.items()
    }


def note_now(
    suggestion: Suggestion, own_name: str, *, is_found: bool, brings_anything: bool
) -> str | None:
    """The note beside a proposal whose target is there, without what no longer holds."""
    note = suggestion.note or ""
    if note == DAMAGED:
        return note
    existing = said_existing(own_name)
    is_told = is_found or existing in note
    for name in {suggestion.target_name or own_name, own_name}:
        for said in (said_missing, said_shared, said_existing, said_nothing_new):
            note = note.replace(said(name), "").strip()
    if not brings_anything:
        note = f"{note} {said_nothing_new(own_name)}"
    elif is_told:
        note = f"{note} {existing}"
    return note.strip() or None
