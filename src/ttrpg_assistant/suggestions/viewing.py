"""A proposal as a person sees it: with the difference that accepting it would make now."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.suggestions.applying import find_brought_back, read_target
from ttrpg_assistant.suggestions.existing import (
    find_by_now,
    is_found_by_name,
    note_now,
    what_was_written,
    without_own_name,
)
from ttrpg_assistant.suggestions.model import OPEN_STATUSES, Suggestion, SuggestionView
from ttrpg_assistant.suggestions.patch import Json, merge, view_of
from ttrpg_assistant.suggestions.records import RECORDS
from ttrpg_assistant.suggestions.store import decisions

_NAMELESS = frozenset({"game_session", *RECORDS})
"""What a suggestion makes without a name."""


def view_suggestion(tx: Connection, suggestion: Suggestion) -> SuggestionView:
    """The proposal beside what it speaks of. Fields that were accepted before are no part of
    the difference: they are a person's now."""
    suggestion = _with_name(suggestion)
    is_open = suggestion.status in OPEN_STATUSES
    written = _find_written(tx, suggestion)
    brought_back = find_brought_back(tx, suggestion)
    target_id = suggestion.target_id or brought_back
    found = find_by_now(tx, suggestion) if is_open and target_id is None else None
    target = read_target(tx, suggestion.target_kind, target_id or found)
    if target.is_gone:
        return SuggestionView(suggestion, (), "gone", None, written)
    fields = suggestion.fields
    if is_open:
        fields = {name: one for name, one in fields.items() if name not in written}
    if (
        brought_back is None
        and is_found_by_name(target.kind)
        and KINDS[target.kind].name_field not in written
    ):
        fields = without_own_name(suggestion, fields, target)
    difference = merge(suggestion.base_values, fields, view_of(target.values or {}, fields))
    if target.values is not None:
        if is_open and is_found_by_name(target.kind):
            own_name = str(target.values[KINDS[target.kind].name_field])
            note = note_now(
                suggestion, own_name, is_found=found is not None, brings_anything=bool(difference)
            )
            name = own_name if found is not None else suggestion.target_name
            suggestion = replace(suggestion, note=note, target_name=name)
        return SuggestionView(suggestion, difference, "there", target.revision, written)
    kind = suggestion.target_kind
    is_new = kind in _NAMELESS or {"name", "title"} & suggestion.fields.keys()
    if kind == "campaign" or not is_new:
        return SuggestionView(suggestion, difference, "unknown", None, written)
    return SuggestionView(suggestion, difference, "new", None, written)


def _with_name(suggestion: Suggestion) -> Suggestion:
    """Programs name what they mean by its id, which tells a person nothing."""
    id, name = suggestion.target_id, suggestion.target_name
    if not id or not name:
        return suggestion
    return replace(suggestion, title=suggestion.title.replace(id, name))


def _find_written(tx: Connection, suggestion: Suggestion) -> dict[str, Json]:
    if suggestion.decided_at is None:
        return {}
    try:
        return what_was_written(decisions.list_events(tx, suggestion.id))
    except ValueError:
        return {}  # a decision damaged in the database hides no proposal
