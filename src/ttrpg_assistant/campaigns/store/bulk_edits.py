"""Change tags and audience of many things in a few statements, take that back, count tags.

Every function works in the caller's transaction. Rows are locked in the order of their ids, so
that two such edits wait for each other instead of blocking each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Text, bindparam, cast, insert, select, update

from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.registry import KINDS, get_kind, list_things
from ttrpg_assistant.campaigns.store.edits import derive_columns, to_columns
from ttrpg_assistant.campaigns.store.entities import check_campaign, plain_values, read_value
from ttrpg_assistant.campaigns.tables import entity_edits
from ttrpg_assistant.errors import Fault, InvalidInput
from ttrpg_assistant.ids import new_id, utc_now

FIELDS = ("tags", "audience", "known_to")
"""The fields that many things are edited by at once."""


@dataclass(frozen=True, slots=True)
class Picked:
    """A thing, by kind and id."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class MadeEdit:
    """An edit that was made: the thing, and the revision it got by it."""

    kind: str
    id: str
    revision: int


@dataclass(frozen=True, slots=True)
class BulkChange:
    """What is to be changed. `audience` and `known_to` are None where they stay as they are."""

    add_tags: tuple[str, ...] = ()
    remove_tags: frozenset[str] = frozenset()
    audience: str | None = None
    known_to: list[object] | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is asked for."""
        about_audience = self.audience is not None or self.known_to is not None
        return not self.add_tags and not self.remove_tags and not about_audience


@dataclass(frozen=True, slots=True)
class RefusedEdit:
    """A thing that was left alone, and why."""

    kind: str
    id: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What came of it, in the order the things were given."""

    changed: tuple[MadeEdit, ...]
    unchanged: tuple[Picked, ...]
    refused: tuple[RefusedEdit, ...]


@dataclass(frozen=True, slots=True)
class TagCount:
    """A tag, and how many things have it."""

    tag: str
    count: int


Plan = Callable[[EntityKind[Any], str, Mapping[str, Any]], dict[str, object]]
"""From a kind, an id and the plain values: the fields to set. Raises a `Fault` to refuse."""


def edit_many(
    tx: Connection, campaign_id: str, things: Sequence[Picked], change: BulkChange
) -> BulkResult:
    """Change each of these things. Raises `NotFound` without such a campaign."""
    return _change_many(
        tx, campaign_id, things, lambda kind, _, stored: _wanted(kind, stored, change)
    )


def _wanted(
    kind: EntityKind[Any], stored: Mapping[str, Any], change: BulkChange
) -> dict[str, object]:
    given: dict[str, object] = {}
    if change.add_tags or change.remove_tags:
        kept = [tag for tag in stored.get("tags", ()) if tag not in change.remove_tags]
        given["tags"] = [*kept, *(tag for tag in change.add_tags if tag not in kept)]
    if change.audience is not None:
        given["audience"] = change.audience
    if change.known_to is not None:
        given["known_to"] = change.known_to
    for name in given:
        if name not in kind.fields:
            what = "tags" if name == "tags" else "audience of their own"
            raise InvalidInput(f"{kind.plural} have no {what}.", code=f"no_{name}")
    return kind.check_changes(given)


def undo_many(tx: Connection, campaign_id: str, edits: Sequence[MadeEdit]) -> BulkResult:
    """Put back what each of these edits replaced. Raises `NotFound` without such a campaign."""
    history = _read_history(tx, edits)
    made = {(one.kind, one.id): one.revision for one in edits}

    def plan(kind: EntityKind[Any], id: str, stored: Mapping[str, Any]) -> dict[str, object]:
        own, *later = history.get((kind.name, id), [(0, {})])
        revision, before = own
        if revision != made[kind.name, id] or not set(before) <= set(FIELDS):
            raise InvalidInput(f"This edit of the {kind.noun} is not known.", code="unknown_edit")
        if any(not before.keys().isdisjoint(changed) for _, changed in later):
            if all(stored[name] == value for name, value in before.items()):
                return {}  # It was taken back before.
            raise InvalidInput(
                f"The {kind.noun} was changed again since; that stays as it is.",
                code="changed_since",
            )
        return dict(before)

    things = [Picked(one.kind, one.id) for one in edits]
    return _change_many(tx, campaign_id, things, plan)


def _read_history(
    tx: Connection, edits: Sequence[MadeEdit]
) -> dict[tuple[str, str], list[tuple[int, dict[str, Any]]]]:
    """What each edit replaced and what those after it did, oldest first, by kind and id."""
    made = {(one.kind, one.id): one.revision for one in edits}
    columns = entity_edits.c
    query = (
        select(columns.entity_kind, columns.entity_id, columns.revision, columns.before)
        .where(columns.entity_id.in_({one.id for one in edits}))
        .where(columns.revision >= min((one.revision for one in edits), default=0))
        .order_by(columns.revision)
    )
    found: dict[tuple[str, str], list[tuple[int, dict[str, Any]]]] = {}
    for kind, id, revision, before in tx.execute(query):
        if (kind, id) in made and revision >= made[kind, id]:
            found.setdefault((kind, id), []).append((revision, before))
    return found


def _change_many(
    tx: Connection, campaign_id: str, things: Sequence[Picked], plan: Plan
) -> BulkResult:
    check_campaign(tx, campaign_id)
    things = list(dict.fromkeys(things))
    outcomes: dict[Picked, MadeEdit | RefusedEdit | None] = {}
    for name in dict.fromkeys(one.kind for one in things):
        ids = sorted(one.id for one in things if one.kind == name)
        if name in KINDS and KINDS[name].is_thing:
            outcomes.update(_change_kind(tx, campaign_id, KINDS[name], ids, plan))
    found = [(one, outcomes.get(one, _missing(one))) for one in things]
    return BulkResult(
        changed=tuple(came for _, came in found if isinstance(came, MadeEdit)),
        unchanged=tuple(one for one, came in found if came is None),
        refused=tuple(came for _, came in found if isinstance(came, RefusedEdit)),
    )


def _missing(one: Picked) -> RefusedEdit:
    noun = KINDS[one.kind].noun if one.kind in KINDS else "thing"
    return RefusedEdit(one.kind, one.id, "not_found", f"There is no such {noun}.")


def _change_kind(
    tx: Connection, campaign_id: str, kind: EntityKind[Any], ids: Sequence[str], plan: Plan
) -> dict[Picked, MadeEdit | RefusedEdit | None]:
    table = kind.table
    query = (
        select(*kind.columns)
        .where(table.c.id.in_(ids), table.c.campaign_id == campaign_id)
        .where(table.c.removed_at.is_(None), *kind.is_of_kind)
        .order_by(table.c.id)
        .with_for_update()
    )
    outcomes: dict[Picked, MadeEdit | RefusedEdit | None] = {}
    rows: list[dict[str, object]] = []
    history: list[dict[str, object]] = []
    now = utc_now()
    for value in [read_value(kind, row) for row in tx.execute(query).mappings()]:
        stored, one = plain_values(value), Picked(kind.name, value.id)
        try:
            wanted = plan(kind, value.id, stored)
        except Fault as fault:
            outcomes[one] = RefusedEdit(one.kind, one.id, fault.code, fault.sentence)
            continue
        before = {name: stored[name] for name, now_ in wanted.items() if stored[name] != now_}
        if not before:
            outcomes[one] = None
            continue
        revision = value.revision + 1
        outcomes[one] = MadeEdit(kind.name, value.id, revision)
        every = {name: stored[name] for name in FIELDS if name in kind.fields} | wanted
        rows.append(
            {
                **to_columns(kind, every, value.more),
                **derive_columns(kind, {**stored, **wanted}, wanted.keys(), now),
                "revision": revision,
                "updated_at": now,
                "its_id": value.id,
            }
        )
        history.append(
            {
                "id": new_id(),
                "entity_kind": kind.name,
                "entity_id": value.id,
                "revision": revision,
                "before": before,
                "at": now,
            }
        )
    if rows:
        columns: dict[str, Any] = {
            name: bindparam(f"new_{name}") for name in rows[0] if name != "its_id"
        }
        named = [
            {name if name == "its_id" else f"new_{name}": cell for name, cell in row.items()}
            for row in rows
        ]
        tx.execute(update(table).where(table.c.id == bindparam("its_id")).values(columns), named)
        tx.execute(insert(entity_edits), history)
    return outcomes


def count_tags(
    tx: Connection, campaign_id: str, *, kind_name: str | None, search: str, limit: int
) -> tuple[TagCount, ...]:
    """The tags of what is in use in the campaign, the commonest first, at most `limit` of them.
    Raises `NotFound` without such a campaign or kind."""
    check_campaign(tx, campaign_id)
    kinds = list_things() if kind_name is None else [get_kind(kind_name)]
    counts = Counter(tag for kind in kinds for tag in _each_tag(tx, kind, campaign_id))
    wanted = fold(search)
    found = [TagCount(*one) for one in counts.items() if wanted in fold(one[0])]
    return tuple(sorted(found, key=lambda one: (-one.count, fold(one.tag), one.tag))[:limit])


def _each_tag(tx: Connection, kind: EntityKind[Any], campaign_id: str) -> Iterable[str]:
    table = kind.table
    if "tags" not in kind.fields or "tags" not in table.c:
        return
    query = select(table.c.tags).where(
        table.c.campaign_id == campaign_id,
        table.c.removed_at.is_(None),
        table.c.archived_at.is_(None),
        cast(table.c.tags, Text) != "[]",
        *kind.is_of_kind,
    )
    for (tags,) in tx.execute(query):
        yield from dict.fromkeys(tags)
