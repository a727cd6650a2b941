"""Which thing of the campaign a found thing is, and what becomes of it. Pure.

It is found by its own id where the file names that, then by what the other program calls it, by
its name, by an alias. Two found things never become one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.registry import get_kind
from ttrpg_assistant.campaigns.store.entities import plain_values
from ttrpg_assistant.imports.fitting import Fitted, fit
from ttrpg_assistant.imports.model import FoundThing
from ttrpg_assistant.imports.store.existing import KnownNames
from ttrpg_assistant.imports.store.sources import Source
from ttrpg_assistant.imports.three_way import FieldChoice, Side, compare

Action = Literal["new", "same", "changed", "conflict"]
FoundBy = Literal["own", "source", "name", "alias"]
"""`own`: the file says which thing it is, and that is in this campaign."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a game master chose in the preview: keys of things to `skip`, another kind by the
    key of a thing, a side by key and field, fields by the headings of columns, numbers of
    conversations to leave out, and by such a number whose lines are the assistant's. `read_notes`:
    notes are not split by their headings, but kept for a model to read. With
    `open_to_players` the party may know of new things that players see where they come from."""

    skip: frozenset[str] = frozenset()
    kinds: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Mapping[str, Side]] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    skip_facts: bool = False
    skip_talk: frozenset[int] = frozenset()
    answers: Mapping[int, frozenset[str]] = field(default_factory=dict)
    read_notes: bool = False
    open_to_players: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A found thing, the kind it becomes, its values, and what it is here already, if anything.
    `source` is what the last import noted of it, `base` what the thing said when the file was
    written, where that is known."""

    thing: FoundThing
    kind: str
    fitted: Fitted
    entity_id: str | None = None
    found_by: FoundBy | None = None
    source: Source | None = None
    base: Mapping[str, Any] | None = None

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.fitted.values.get(get_kind(self.kind).name_field, ""))


@dataclass(frozen=True, slots=True)
class Planned:
    """What becomes of a found thing: `fields` are those it has here and in the file."""

    action: Action
    fields: tuple[FieldChoice, ...] = ()

    @property
    def changes(self) -> dict[str, Any]:
        """The fields that are written."""
        return {one.name: one.value for one in self.fields if one.value != one.here}


def list_kinds_of(things: Iterable[FoundThing], choices: Choices) -> list[str]:
    """The kinds that these things become."""
    return list(dict.fromkeys(choices.kinds.get(one.key, one.kind) for one in things))


def match_things(
    things: Iterable[FoundThing], known: KnownNames, choices: Choices, live: Mapping[str, set[str]]
) -> list[Match]:
    """Each found thing that is not skipped, with what it is here. `live` are the ids that are
    there, by kind, of what `known.sources` names."""
    taken: set[str] = set()
    matches = []
    for thing in things:
        if thing.key in choices.skip:
            continue
        match = _match(thing, known, choices, live, taken)
        if match.entity_id is not None:
            taken.add(match.entity_id)
        matches.append(match)
    return matches


def _match(
    thing: FoundThing,
    known: KnownNames,
    choices: Choices,
    live: Mapping[str, set[str]],
    taken: set[str],
) -> Match:
    wanted = choices.kinds.get(thing.key)
    own_kind = known.own.get(thing.own_id)
    if own_kind is not None and thing.own_id not in taken and wanted in (None, own_kind):
        fitted = fit(thing.kind, thing.values, own_kind)
        return Match(thing, own_kind, fitted, thing.own_id, "own")
    for source in known.sources.get(thing.source_id, ()) if thing.source_id else ():
        is_free = source.entity_id in live.get(source.kind, set()) - taken
        if is_free and wanted in (None, source.kind):
            fitted = fit(thing.kind, thing.values, source.kind)
            return Match(thing, source.kind, fitted, source.entity_id, "source", source)
    kind = wanted or thing.kind
    fitted = fit(thing.kind, thing.values, kind)
    folded = fold(str(fitted.values.get(get_kind(kind).name_field, "")))
    for by, names in (("name", known.by_name), ("alias", known.by_alias)):
        free = [id for id in names.get((kind, folded), ()) if id not in taken]
        if len(free) == 1 and folded:
            found_by: FoundBy = "name" if by == "name" else "alias"
            return Match(thing, kind, fitted, free[0], found_by)
    if choices.open_to_players and thing.is_for_players:
        _open(kind, fitted)
    return Match(thing, kind, fitted)


def _open(kind: str, fitted: Fitted) -> None:
    """Let the party know of it; of a plot point that is everybody."""
    if "audience" in fitted.values:
        words = get_kind(kind).fields["audience"].shape.choices or {}
        fitted.values["audience"] = next(one for one in ("party", "public") if one in words)


def settle(match: Match, current: Any) -> dict[str, Any]:
    """What the file says of it. Of a thing of ours, a field that nobody touched in the file says
    what is here, whatever it was when the file was written."""
    values = dict(match.fitted.values)
    if current is not None:
        # Who may know it is said here, and not by a file.
        values.pop("audience", None)
    if match.found_by == "own" and current is not None:
        here = plain_values(current)
        values |= {name: here[name] for name in match.thing.untouched if name in values}
    return values


def plan(match: Match, current: Any, source: Source | None, choices: Choices) -> Planned:
    """What becomes of it. `current` is the thing as it is now, None for a new one; `source` what
    the last import noted of it."""
    if current is None:
        return Planned("new")
    kind = get_kind(match.kind)
    here = plain_values(current)
    values = settle(match, current)
    if match.found_by == "alias":
        values = {name: one for name, one in values.items() if name != kind.name_field}
    chosen = choices.fields.get(match.thing.key, {})
    base = match.base if match.base is not None else None if source is None else source.base
    compared = compare(kind, base, here, values, chosen)
    fields = tuple(one for one in compared if one.outcome != "same")
    if any(one.outcome == "conflict" and one.name not in chosen for one in fields):
        return Planned("conflict", fields)
    return Planned("changed" if any(one.value != one.here for one in fields) else "same", fields)
