"""A proposal as a patch: what it would change, what stands in its way, how to take it back.

Pure. Things are flat views: field names to JSON values, a field inside an object with a dot
(`world_state.weather`), and a name that is not in the view is not there at all. Three views
meet: `base` is what the thing said when the proposal was made, `current` what it says now.

A field that somebody changed since then is a conflict and is never overwritten; lists and
notes are appended to by default, which disturbs nobody's change. Notes are compared and changed by
whole lines (`note_lines`): a line that only begins like another one is another line.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.suggestions.note_lines import append_lines, has_lines, remove_lines

Json = object
View = Mapping[str, Json]
Mode = Literal["replace", "append"]
Outcome = Literal["applied", "unchanged", "conflict"]

APPENDED_TEXTS = frozenset({"gm_notes", "review.notes"})
"""Texts that collect: a new line is put under what is there."""


class _Absent:
    """There is no such entry; taking a patch back takes the entry out again."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()


@dataclass(frozen=True, slots=True)
class FieldPatch:
    """One line of the difference a person sees: `current` becomes `result`, unless in conflict.

    `result` is `current` where nothing is to be done. `base`, `current` and `result` are None
    where there is nothing.
    """

    field: str
    mode: Mode
    outcome: Outcome
    base: Json
    proposed: Json
    current: Json
    result: Json


def default_mode(field: str, proposed: Json) -> Mode:
    """Lists and notes are appended to; everything else is replaced."""
    return "append" if isinstance(proposed, list) or field in APPENDED_TEXTS else "replace"


def choose(
    proposed: View,
    only: Collection[str] | None = None,
    edits: View | None = None,
) -> dict[str, Json]:
    """The part of a proposal that a person takes, with their own words where they changed it.

    Raises `InvalidInput` when `only` names a field that was not proposed.
    """
    edits = edits or {}
    unknown = sorted(set(only or ()) - set(proposed) - set(edits))
    if unknown:
        raise InvalidInput(
            f"The suggestion has no field {unknown[0]}.",
            code="unknown_field",
            facts={"field": unknown[0]},
        )
    taken = {name: value for name, value in proposed.items() if only is None or name in only}
    return {**taken, **edits}


def merge(
    base: View, proposed: View, current: View, modes: Mapping[str, Mode] | None = None
) -> tuple[FieldPatch, ...]:
    """What applying the proposal to the current state would do, field by field."""
    patches = []
    for name, value in proposed.items():
        mode = (modes or {}).get(name) or default_mode(name, value)
        now, then = current.get(name), base.get(name)
        target = _append(now, value) if mode == "append" else value
        outcome: Outcome = "applied"
        if _same(target, now):
            outcome = "unchanged"
        elif mode == "replace" and not _same(then, now):
            outcome = "conflict"
        result = target if outcome == "applied" else now
        patches.append(FieldPatch(name, mode, outcome, then, value, now, result))
    return tuple(patches)


def _append(current: Json, proposed: Json) -> Json:
    if _is_blank(current):
        return proposed
    if isinstance(current, list):
        more = proposed if isinstance(proposed, list) else [proposed]
        return [*current, *(one for one in more if one not in current)]
    if isinstance(current, str) and isinstance(proposed, str):
        return current if has_lines(current, proposed) else append_lines(current, proposed)
    return proposed


def _is_blank(value: Json) -> bool:
    return value is None or value in ("", [], {})


def _same(one: Json, other: Json) -> bool:
    """Whether two values say the same. True is not 1, and all kinds of nothing are alike."""
    if _is_blank(one) and _is_blank(other):
        return True
    if isinstance(one, bool) is not isinstance(other, bool):
        return False
    return one == other


def record(
    patches: Collection[FieldPatch], current: View
) -> tuple[dict[str, Json], dict[str, Json]]:
    """What an accept has to remember: `before` (without entries that were absent) and `after`."""
    applied = [patch for patch in patches if patch.outcome == "applied"]
    before = {patch.field: patch.current for patch in applied if patch.field in current}
    return before, {patch.field: patch.result for patch in applied}


def undo(before: View, after: View, current: View) -> tuple[dict[str, Json], tuple[str, ...]]:
    """Take a patch back: the values to restore, and the fields left alone because somebody
    changed them since. A value `ABSENT` means that the entry goes. Of a list or notes that
    were added to and changed since, only what was added is taken out."""
    restored: dict[str, Json] = {}
    kept: list[str] = []
    for name, value in after.items():
        now, then = current.get(name), before.get(name)
        if _same(now, value) and type(now) is type(value):
            restored[name] = before.get(name, ABSENT)
            continue
        rest = _take_out(name, then, value, now)
        if rest is ABSENT:
            kept.append(name)
        else:
            restored[name] = rest
    return restored, tuple(kept)


def _take_out(field: str, then: Json, added: Json, now: Json) -> Json:
    """`now` without what turned `then` into `added`; ABSENT when that cannot be told."""
    if isinstance(added, list) and isinstance(now, list):
        old = then if isinstance(then, list) else []
        gone = [one for one in added if one not in old]
        if added[: len(old)] == old and gone and all(one in now for one in gone):
            return [one for one in now if one not in gone]
    if isinstance(added, str) and isinstance(now, str):
        text = then if isinstance(then, str) else ""
        if text or field in APPENDED_TEXTS:
            rest = remove_lines(now, text, added)
            return ABSENT if rest is None else rest
    return ABSENT


def added(field: str, before: Json, after: Json) -> Json:
    """What a change put in: of a list or notes that were added to only what is new."""
    if default_mode(field, after) == "append":
        if isinstance(after, list) and isinstance(before, list) and after != before:
            return after[len(before) :] if after[: len(before)] == before else after
        if isinstance(after, str) and isinstance(before, str) and before:
            return after.removeprefix(append_lines(before, ""))
    return after


def view_of(values: View, fields: Collection[str]) -> dict[str, Json]:
    """The flat view of a thing for some fields; what is not there is left out."""
    view: dict[str, Json] = {}
    for name in fields:
        head, _, key = name.partition(".")
        if not key:
            if name in values:
                view[name] = values[name]
        elif isinstance(entries := values.get(head), dict) and key in entries:
            view[name] = entries[key]
    return view


def changes_of(values: View, results: View) -> dict[str, Json]:
    """Flat results as changes of whole fields: entries of an object join the others it has."""
    changes: dict[str, Json] = {}
    for name, value in results.items():
        head, _, key = name.partition(".")
        if not key:
            changes[name] = value
            continue
        entries = changes.get(head, values.get(head))
        entries = dict(entries) if isinstance(entries, dict) else {}
        if value is ABSENT:
            entries.pop(key, None)
        else:
            entries[key] = value
        changes[head] = entries
    return changes
