"""The one gate from a proposal to the campaign: accept, reject, undo.

Each works in one transaction: the change itself, where it came from, the draft and its log,
the acceptance event and the proposal's status are stored together or not at all. Whoever
asks, from however many tabs, a proposal is applied once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.store.sources import add_sources
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.errors import Conflict, InvalidInput, NotFound
from ttrpg_assistant.failpoints import hit
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.suggestions.applying import (
    TargetNow,
    add_target,
    check_edits,
    check_target,
    edit_target,
    find_brought_back,
    is_as_left,
    read_target,
)
from ttrpg_assistant.suggestions.existing import hold_by_now, without_own_name
from ttrpg_assistant.suggestions.model import (
    Acceptance,
    AcceptanceEvent,
    Decision,
    Suggestion,
    SuggestionStatus,
    Verdict,
)
from ttrpg_assistant.suggestions.patch import FieldPatch, Json, choose, merge, record, view_of
from ttrpg_assistant.suggestions.store import decisions, proposals

REASON_CHARACTERS = 2_000


def accept_suggestion(
    tx: Connection, suggestion_id: str, how: Acceptance, message_id: str | None = None
) -> Decision:
    """Apply a proposal. A decision whose `difference` holds a conflict applied nothing.

    Raises `NotFound`; `Conflict` when it was rejected or otherwise decided, or its target is
    gone; `InvalidInput` when a value does not fit or it is not clear what it is for.
    """
    suggestion = _get(tx, suggestion_id, message_id)
    events = decisions.list_events(tx, suggestion_id)
    applied = {name for event in events for name in event.after}
    if _was_decided(suggestion, how, events, applied):
        last = events[-1]
        return Decision(suggestion, last, last.entity_kind, last.entity_id, already=True)
    check_edits(suggestion.target_kind, how.edits)
    open_fields = {name: one for name, one in suggestion.fields.items() if name not in applied}
    only = None if how.fields is None else set(how.fields) - applied
    chosen = choose(open_fields, only, how.edits)
    if not chosen:
        raise _nothing_chosen()
    hit("accept_read")
    brought_back = find_brought_back(tx, suggestion)
    target_id = suggestion.target_id or how.target_id or brought_back
    found = None
    if suggestion.target_kind == "campaign":
        target_id = target_id or how.campaign_id
    if target_id is None:
        found = hold_by_now(tx, suggestion, how.edits, how.campaign_id)
    target = read_target(tx, suggestion.target_kind, target_id or found, lock=True)
    check_target(suggestion, how, target)
    if found is not None and how.seen_revision != target.revision:
        raise _exists_by_now(target)
    if brought_back is None:
        open_fields = without_own_name(suggestion, open_fields, target)
        chosen = without_own_name(suggestion, chosen, target)
        if not chosen:
            raise _nothing_chosen()
    current = view_of(target.values or {}, chosen)
    is_seen = how.seen_revision is not None and how.seen_revision == target.revision
    difference = merge(current if is_seen else suggestion.base_values, chosen, current, how.modes)
    if any(patch.outcome == "conflict" for patch in difference):
        met = "conflict" if suggestion.status != "partly_accepted" else "partly_accepted"
        suggestion = proposals.update_suggestion(tx, suggestion_id, status=met)
        return Decision(suggestion, None, target.kind, target.id, difference)
    written, before, after = _write(tx, suggestion, how, target, difference, current)
    has_created = target.id is None
    is_brought_back = target.id is not None and target.id == brought_back
    if is_brought_back and is_as_left(tx, suggestion, target):
        # It counts as made once more: from here it came, and an undo takes it away again.
        has_created, after = True, view_of(written.values or {}, chosen)
    hit("accept_entity")
    is_whole = open_fields.keys() <= chosen.keys()
    return _conclude(tx, suggestion, how, written, difference, before, after, has_created, is_whole)


def _get(tx: Connection, suggestion_id: str, message_id: str | None) -> Suggestion:
    suggestion = proposals.get_suggestion(tx, suggestion_id, lock=True)
    if message_id is not None and message_id != suggestion.message_id:
        raise NotFound("This message makes no such suggestion.", code="suggestion_not_found")
    return suggestion


def _was_decided(
    suggestion: Suggestion, how: Acceptance, events: list[AcceptanceEvent], applied: set[str]
) -> bool:
    """Whether the very same was accepted before. Raises `Conflict` when something else was."""
    if suggestion.status == "rejected":
        raise _decided(suggestion, "This suggestion was rejected; nothing was done.")
    edits_before = {k: v for event in events for k, v in (event.modifications or {}).items()}
    is_repeated = all(k in edits_before and edits_before[k] == v for k, v in how.edits.items())
    if suggestion.status == "accepted":
        if not is_repeated:
            raise _decided(suggestion, "This suggestion was already accepted with other words.")
        return bool(events)
    wanted = set(how.fields or ()) | set(how.edits)
    return bool(wanted) and how.fields is not None and wanted <= applied and is_repeated


def _decided(suggestion: Suggestion, sentence: str) -> Conflict:
    return Conflict(
        sentence,
        code="suggestion_decided",
        cure="Undo the decision first.",
        facts={"id": suggestion.id, "status": suggestion.status},
    )


def _nothing_chosen() -> InvalidInput:
    return InvalidInput("Nothing was chosen to be accepted.", code="nothing_chosen")


def _exists_by_now(target: TargetNow) -> Conflict:
    """It was decided on as something new, and is not: a person looks at it as a change first."""
    assert target.values is not None
    name = target.values[KINDS[target.kind].name_field]
    return Conflict(
        f"{name} exists by now; nothing was done.",
        code="exists_by_now",
        cure="Check what this would change there and accept that, or give it another name.",
        facts={"kind": target.kind, "id": target.id, "revision": target.revision},
    )


def _write(
    tx: Connection,
    suggestion: Suggestion,
    how: Acceptance,
    target: TargetNow,
    difference: tuple[FieldPatch, ...],
    current: Mapping[str, Json],
) -> tuple[TargetNow, dict[str, Json], dict[str, Json]]:
    """Apply the difference; the thing as stored, and what an undo has to know."""
    before, results = record(difference, current)
    if target.id is None:
        campaign_id = suggestion.campaign_id or how.campaign_id
        assert campaign_id is not None
        written = add_target(tx, suggestion, campaign_id, results)
    else:
        written = edit_target(tx, target, results) if results else target
    # Checks may tidy a value (spaces in a name): what was stored is what an undo compares.
    return written, before, view_of(written.values or {}, results)


def _conclude(
    tx: Connection,
    suggestion: Suggestion,
    how: Acceptance,
    written: TargetNow,
    difference: tuple[FieldPatch, ...],
    before: dict[str, Json],
    after: dict[str, Json],
    has_created: bool,
    is_whole: bool,
) -> Decision:
    """Write down everything that goes with the change."""
    if written.kind != "wizard" and written.id is not None:
        add_sources(
            tx,
            written.kind,
            written.id,
            sorted({name.partition(".")[0] for name in after}),
            message_id=suggestion.message_id,
            suggestion_id=suggestion.id,
        )
    hit("accept_sources")
    draft = decisions.find_draft(tx, suggestion.id) or decisions.add_draft(tx, suggestion)
    decisions.move_draft(
        tx,
        draft,
        "approved",
        "canonical",
        data={**draft.data, **after},
        trust="canonical",
        entity_id=written.id,
    )
    hit("accept_draft")
    verdict: Verdict = "modified" if how.edits else ("applied" if after else "approved")
    event = decisions.add_event(
        tx,
        AcceptanceEvent(
            id=new_id(),
            suggestion_id=suggestion.id,
            draft_id=draft.id,
            decision=verdict,
            reason=None,
            modifications=dict(how.edits) or None,
            entity_kind=written.kind,
            entity_id=written.id,
            entity_revision=written.revision,
            has_created=has_created,
            before=before,
            after=after,
            undone_at=None,
            created_at=utc_now(),
        ),
    )
    hit("accept_event")
    status: SuggestionStatus = "accepted" if is_whole else "partly_accepted"
    suggestion = proposals.update_suggestion(
        tx,
        suggestion.id,
        status=status,
        target_id=written.id,
        campaign_id=suggestion.campaign_id or how.campaign_id,
        decided_at=utc_now(),
        reason=None,
    )
    hit("accept_status")
    return Decision(suggestion, event, written.kind, written.id, difference)


def reject_suggestion(
    tx: Connection, suggestion_id: str, reason: str | None = None, message_id: str | None = None
) -> Decision:
    """Turn a proposal down and keep the reason. Rejecting twice is rejecting once.

    Raises `NotFound`; `Conflict` when it was accepted, wholly or in part.
    """
    suggestion = _get(tx, suggestion_id, message_id)
    events = decisions.list_events(tx, suggestion_id)
    if suggestion.status == "rejected":
        return Decision(suggestion, events[-1] if events else None, already=True)
    if suggestion.status in ("accepted", "partly_accepted"):
        raise _decided(suggestion, "This suggestion was already accepted; nothing was done.")
    said = cut_text((reason or "").strip(), REASON_CHARACTERS) or None
    draft = decisions.find_draft(tx, suggestion_id) or decisions.add_draft(tx, suggestion)
    decisions.move_draft(tx, draft, "deprecated", reason=said)
    hit("reject_draft")
    event = decisions.add_event(
        tx,
        AcceptanceEvent(
            id=new_id(),
            suggestion_id=suggestion_id,
            draft_id=draft.id,
            decision="rejected",
            reason=said,
            modifications=None,
            entity_kind=suggestion.target_kind,
            entity_id=suggestion.target_id,
            entity_revision=None,
            has_created=False,
            before={},
            after={},
            undone_at=None,
            created_at=utc_now(),
        ),
    )
    hit("reject_event")
    suggestion = proposals.update_suggestion(
        tx, suggestion_id, status="rejected", reason=said, decided_at=utc_now()
    )
    return replace(Decision(suggestion, event), entity_kind=suggestion.target_kind)
