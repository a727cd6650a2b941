"""Takes a decision back: what was changed is as it was, what was made is gone again.

A field that somebody changed since keeps that change, and is named in the answer. What was made
is among the things that were removed, and can be brought back like anything deleted.
"""

from __future__ import annotations

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.entities import removal_kind
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.conversations.store.removals import add_removal
from ttrpg_assistant.errors import Conflict
from ttrpg_assistant.failpoints import hit
from ttrpg_assistant.ids import utc_now
from ttrpg_assistant.suggestions.applying import (
    TargetNow,
    edit_target,
    read_target,
    remove_target,
)
from ttrpg_assistant.suggestions.existing import without_own_name
from ttrpg_assistant.suggestions.model import (
    AcceptanceEvent,
    Decision,
    Suggestion,
    SuggestionStatus,
)
from ttrpg_assistant.suggestions.patch import undo, view_of
from ttrpg_assistant.suggestions.records import RECORDS
from ttrpg_assistant.suggestions.store import decisions, proposals, targets

TITLE_CHARACTERS = 80
"""Of a fact or relation, in the list of what can be brought back."""


def undo_suggestion(tx: Connection, suggestion_id: str) -> Decision:
    """Take back everything decided about a proposal; it is open again. Twice is once.

    Raises `NotFound`; `Conflict` when nothing was decided, when the thing is gone, or when
    everything it changed was changed since.
    """
    suggestion = proposals.get_suggestion(tx, suggestion_id, lock=True)
    events = decisions.list_events(tx, suggestion_id)
    if not events:
        if suggestion.status == "undone":
            return Decision(suggestion, None, already=True)
        raise Conflict("Nothing was decided about this suggestion.", code="nothing_to_undo")
    kept: list[str] = []
    target: TargetNow | None = None
    removal_id: str | None = None
    has_created = any(event.has_created for event in events)
    if suggestion.status != "rejected":
        target = read_target(tx, suggestion.target_kind, events[-1].entity_id, lock=True)
        if target.is_gone:
            raise Conflict(
                "What this suggestion changed no longer exists; nothing was undone.",
                code="target_gone",
                facts={"kind": target.kind, "id": target.id},
            )
        if has_created:
            _check_untouched(events, target)
            remove_target(tx, target)
            removal_id = _record_removal(tx, target)
            _forget(tx, suggestion, events, ())
        else:
            target, kept = _restore(tx, suggestion, events, target)
    hit("undo_entity")
    for event in events:
        decisions.mark_undone(tx, event.id)
    hit("undo_event")
    draft = decisions.find_draft(tx, suggestion_id)
    if draft is not None:
        decisions.move_draft(
            tx, draft, "draft", reason="undone", trust="creative", entity_id=None,
            data=suggestion.fields,
        )  # fmt: skip
    status: SuggestionStatus = "pending" if suggestion.status == "rejected" else "undone"
    values: dict[str, object] = {"status": status, "decided_at": None, "reason": None}
    if has_created:
        values.update(target_id=None, base_revision=None, base_values={})
    elif target is not None:
        fields = without_own_name(suggestion, suggestion.fields, target)
        base = view_of(target.values or {}, fields)
        values.update(base_revision=target.revision, base_values=base)
    suggestion = proposals.update_suggestion(tx, suggestion_id, **values)
    hit("undo_status")
    last = events[-1]
    return Decision(
        suggestion,
        last,
        last.entity_kind,
        last.entity_id,
        kept=tuple(kept),
        removal_id=removal_id,
    )


def _record_removal(tx: Connection, target: TargetNow) -> str:
    """What accepting had made can be brought back for 30 days, like anything deleted."""
    assert target.id is not None and target.values is not None and target.kind != "wizard"
    if target.kind in RECORDS:
        record = RECORDS[target.kind]
        removal, title = record.removal, cut_text(record.title(target.values), TITLE_CHARACTERS)
    else:
        kind = KINDS[target.kind]
        removal = removal_kind(kind)
        title = str(target.values[kind.name_field]) or kind.noun.capitalize()
    return add_removal(tx, removal, target.id, title=title, count=1, details={}, now=utc_now())


def _check_untouched(events: list[AcceptanceEvent], target: TargetNow) -> None:
    """What was made may go only while nobody else has worked on it.

    The revisions tell: each later acceptance of this proposal takes one step if it wrote
    anything, and a step that none of them took is somebody's work in between.
    """
    revision = events[0].entity_revision
    for event in events[1:]:
        revision = None if revision is None else revision + _has_written(event)
        if event.entity_revision != revision:
            break
    else:
        if target.revision == revision:
            return
    raise Conflict(
        "What this suggestion created was changed since; nothing was undone.",
        code="changed_since",
        cure="Delete it yourself if you do not want it; that can be undone too.",
        facts={"kind": target.kind, "id": target.id, "revision": target.revision},
    )


def _has_written(event: AcceptanceEvent) -> bool:
    """Whether the acceptance changed what is stored; saying again what it says is no edit."""
    return any(
        name not in event.before or event.before[name] != value
        for name, value in event.after.items()
    )


def _restore(
    tx: Connection, suggestion: Suggestion, events: list[AcceptanceEvent], target: TargetNow
) -> tuple[TargetNow, list[str]]:
    """Put the fields back, the latest change first."""
    kept: list[str] = []
    has_restored = not any(event.after for event in events)
    for event in reversed(events):
        current = view_of(target.values or {}, event.after)
        restored, left = undo(event.before, event.after, current)
        if restored:
            has_restored = True
            target = edit_target(tx, target, restored)
        kept.extend(left)
    if not has_restored:
        raise Conflict(
            "Everything this suggestion changed was changed again since; nothing was undone.",
            code="changed_since",
            facts={"fields": kept},
        )
    _forget(tx, suggestion, events, kept)
    return target, kept


def _forget(
    tx: Connection,
    suggestion: Suggestion,
    events: list[AcceptanceEvent],
    kept: list[str] | tuple[()],
) -> None:
    heads = {name.partition(".")[0] for event in events for name in event.after}
    targets.forget_sources(tx, suggestion.id, heads - {name.partition(".")[0] for name in kept})
