"""Writes an accepted patch into the thing it is for: an entity of a campaign, or a wizard.

Works in the caller's transaction and through the campaigns' own store, so that every rule of
theirs (revisions, checks, references, names) holds here too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.store.edits import add_entity, edit_entity
from ttrpg_assistant.campaigns.store.entities import plain_values, remove_entity
from ttrpg_assistant.campaigns.store.game_sessions import (
    add_game_session,
    find_running_game_session,
    remove_game_session,
)
from ttrpg_assistant.conversations.model import NOTES
from ttrpg_assistant.conversations.store.conversations import find_conversation
from ttrpg_assistant.errors import Conflict, InvalidInput
from ttrpg_assistant.suggestions.model import Acceptance, Suggestion, TargetKind
from ttrpg_assistant.suggestions.patch import Json, changes_of
from ttrpg_assistant.suggestions.records import RECORDS
from ttrpg_assistant.suggestions.store import decisions, targets, wizards
from ttrpg_assistant.suggestions.wizard_steps import check_answers


@dataclass(frozen=True, slots=True)
class TargetNow:
    """The thing as it is now. `values` None: it is new (no `id`) or gone."""

    kind: TargetKind
    id: str | None
    values: dict[str, Any] | None
    revision: int | None

    @property
    def is_gone(self) -> bool:
        return self.id is not None and self.values is None


def read_target(
    tx: Connection, kind: TargetKind, id: str | None, *, lock: bool = False
) -> TargetNow:
    """The thing a proposal is for, held against other writers when asked."""
    if id is None:
        return TargetNow(kind, None, None, None)
    if kind == "wizard":
        wizard = wizards.find_wizard(tx, id, lock=lock)
        if wizard is None or wizard.status != "active":
            return TargetNow(kind, id, None, None)
        return TargetNow(kind, id, wizard.answers, wizard.revision)
    values = _find_values(tx, kind, id, lock=lock)
    return TargetNow(kind, id, values, None if values is None else int(values["revision"]))


def _find_values(
    tx: Connection, kind: TargetKind, id: str, *, lock: bool = False
) -> dict[str, Any] | None:
    """A record is not held: its revision is compared when it is written."""
    if kind in RECORDS:
        return RECORDS[kind].find(tx, id)
    return targets.find_values(tx, kind, id, lock=lock)


def find_brought_back(tx: Connection, suggestion: Suggestion) -> str | None:
    """The id of what the proposal made earlier, when an undo took it away and a person has
    brought it back since; None otherwise. Accepting again must not make it twice."""
    if suggestion.target_id is not None or suggestion.target_kind == "wizard":
        return None
    events = decisions.list_events(tx, suggestion.id, even_undone=True)
    made = [one.entity_id for one in events if one.has_created and one.entity_id is not None]
    if not made:
        return None
    values = _find_values(tx, suggestion.target_kind, made[-1])
    return None if values is None else made[-1]


def is_as_left(tx: Connection, suggestion: Suggestion, target: TargetNow) -> bool:
    """Whether nobody has worked on what was brought back since the proposal last wrote it."""
    events = decisions.list_events(tx, suggestion.id, even_undone=True)
    last = [one.entity_revision for one in events if one.entity_id == target.id]
    return bool(last) and last[-1] == target.revision


def check_edits(kind: TargetKind, edits: Mapping[str, Json]) -> None:
    """Whether a person's own words are for fields there are. Raises `InvalidInput`."""
    if kind == "wizard":
        check_answers(edits)
        return
    is_record = kind in RECORDS
    fields = RECORDS[kind].fields if is_record else KINDS[kind].fields.keys()
    one = f"a {RECORDS[kind].noun}" if is_record else KINDS[kind].one
    unknown = sorted({name.partition(".")[0] for name in edits} - fields)
    if unknown:
        raise InvalidInput(
            f"There is no field {unknown[0]} of {one} that can be changed.",
            code="unknown_field",
            facts={"field": unknown[0]},
        )


def check_target(suggestion: Suggestion, how: Acceptance, target: TargetNow) -> None:
    """Whether the proposal can be applied there. Raises `Conflict`, `InvalidInput`."""
    campaign_id = suggestion.campaign_id or how.campaign_id
    if target.is_gone:
        raise Conflict(
            "What this suggestion would change no longer exists; nothing was done.",
            code="target_gone",
            facts={"kind": target.kind, "id": target.id},
        )
    if target.kind == "wizard":
        return
    if campaign_id is None:
        raise InvalidInput(
            "This conversation belongs to no campaign.",
            code="campaign_needed",
            cure="Choose the campaign that the suggestion is for.",
        )
    if target.values is not None and _campaign_of(target) != campaign_id:
        raise InvalidInput("This belongs to another campaign.", code="wrong_campaign")


def _campaign_of(target: TargetNow) -> object:
    assert target.values is not None
    return target.id if target.kind == "campaign" else target.values["campaign_id"]


def add_target(
    tx: Connection, suggestion: Suggestion, campaign_id: str, fields: Mapping[str, Json]
) -> TargetNow:
    """Make the new thing. Raises `InvalidInput` when it has no name."""
    assert suggestion.target_kind != "wizard"
    if suggestion.target_kind in RECORDS:
        record = RECORDS[suggestion.target_kind]
        game_session_id = _find_read_game_session(tx, suggestion)
        values = record.add(tx, campaign_id, fields, suggestion.message_id, game_session_id)
        return TargetNow(suggestion.target_kind, values["id"], values, values["revision"])
    kind = KINDS[suggestion.target_kind]
    if kind.name_field not in fields and kind.name != "game_session":
        raise InvalidInput(
            f"It is not clear which {kind.noun} this is for.",
            code="target_needed",
            cure=f"Choose the {kind.noun}, or give the new one a {kind.name_field}.",
        )
    given = changes_of({}, fields)
    checked = kind.check_new({**_where_from(tx, kind, suggestion, campaign_id), **given})
    if kind.name == "game_session":
        made: Any = add_game_session(tx, campaign_id, checked)
    else:
        made = add_entity(tx, kind, campaign_id, checked)
    return TargetNow(suggestion.target_kind, made.id, plain_values(made), made.revision)


def _where_from(
    tx: Connection, kind: EntityKind[Any], suggestion: Suggestion, campaign_id: str
) -> dict[str, Json]:
    """The message a new thing comes from, and how far it is part of the story: what is accepted
    at the table, or read in a transcript, came up there; everything else is prepared. A plot point
    says it itself."""
    if not kind.is_thing:
        return {}
    told: dict[str, Json] = {"source_message_id": suggestion.message_id}
    game_session_id = _find_read_game_session(tx, suggestion)
    if kind.canon_field == "canon":
        if game_session_id is None and suggestion.lines is None:
            running = find_running_game_session(tx, campaign_id)
            game_session_id = None if running is None else running.id
        is_played = game_session_id is not None or _is_from_transcript(tx, suggestion)
        told["canon"] = "happened" if is_played else "prepped"
        told["game_session_id"] = game_session_id
    elif game_session_id is not None:
        told["game_session_id"] = game_session_id
    return told


def _is_from_transcript(tx: Connection, suggestion: Suggestion) -> bool:
    """Whether it was read in what was said at a table; what notes say is prepared."""
    if suggestion.lines is None:
        return False
    conversation = find_conversation(tx, suggestion.conversation_id)
    return conversation is None or conversation.purpose != NOTES


def _find_read_game_session(tx: Connection, suggestion: Suggestion) -> str | None:
    """The id of the game session whose transcript a suggestion was read in, if any."""
    if suggestion.lines is None:
        return None
    conversation = find_conversation(tx, suggestion.conversation_id)
    id = None if conversation is None else conversation.game_session_id
    return id if id is not None and targets.find_values(tx, "game_session", id) else None


def edit_target(tx: Connection, target: TargetNow, results: Mapping[str, Json]) -> TargetNow:
    """Write flat results into a thing that exists. Raises `InvalidInput`, `Conflict`."""
    assert target.id is not None and target.values is not None and target.revision is not None
    changes = changes_of(target.values, results)
    if target.kind == "wizard":
        check_answers({name: one for name, one in results.items() if not _is_absent(changes, name)})
        wizard = wizards.get_wizard(tx, target.id, lock=True)
        saved = wizards.update_wizard(tx, wizard, answers={**wizard.answers, **changes})
        return TargetNow("wizard", target.id, saved.answers, saved.revision)
    if target.kind in RECORDS:
        values = RECORDS[target.kind].edit(tx, target.id, target.revision, results)
        return TargetNow(target.kind, target.id, values, values["revision"])
    kind = KINDS[target.kind]
    edited = edit_entity(tx, kind, target.id, target.revision, kind.check_changes(changes))
    return TargetNow(target.kind, target.id, plain_values(edited), edited.revision)


def _is_absent(changes: Mapping[str, Any], name: str) -> bool:
    head, _, key = name.partition(".")
    return key not in changes[head]


def remove_target(tx: Connection, target: TargetNow) -> None:
    """Take back a thing that accepting had made; it can still be restored."""
    assert target.id is not None and target.kind != "wizard"
    if target.kind in RECORDS:
        RECORDS[target.kind].remove(tx, target.id)
    elif target.kind == "game_session":
        remove_game_session(tx, target.id)
    else:
        remove_entity(tx, KINDS[target.kind], target.id)
