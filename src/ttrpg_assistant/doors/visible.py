"""What a viewer may read of a campaign: things with their lines, relations, and search in them.

Another program that looks as the players do is answered from what the party may see, read for it
alone: what is hidden is not read first and left out then, so neither a count, an error nor the time
an answer takes tells of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.campaigns import sheets
from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.kinds.location import KIND as LOCATION
from ttrpg_assistant.campaigns.registry import KINDS, list_things
from ttrpg_assistant.campaigns.relation_facts import (
    call_end,
    list_known_relations,
    list_relation_lines,
    tell_relation,
)
from ttrpg_assistant.campaigns.store import prompt_reading as reading
from ttrpg_assistant.campaigns.store.fact_reading import list_facts_known_to
from ttrpg_assistant.campaigns.wanted import Wanted
from ttrpg_assistant.doors.store import visible
from ttrpg_assistant.errors import InvalidInput, NotFound
from ttrpg_assistant.ids import check_id
from ttrpg_assistant.prompts.audience import GM_ONLY, Viewer, is_gm_only, may_see
from ttrpg_assistant.prompts.entity_facts import FactLine

MOST_OF_A_KIND = 400
"""Things of a kind that are looked through for a viewer who is not the game master."""

MOST_RECAPS = 60
MOST_NOTES = 400
MOST_RELATIONS = 12


@dataclass(frozen=True, slots=True)
class Seen:
    """A thing as a viewer sees it. `revision` is what a proposal to change it is made from; None
    for who does not see everything, since it counts changes of what is hidden, too."""

    kind: str
    noun: str
    id: str
    name: str
    lines: tuple[FactLine, ...]
    revision: int | None
    is_archived: bool


def is_gm(viewer: Viewer) -> bool:
    """Whether this viewer sees what is the game master's alone."""
    return may_see(viewer, GM_ONLY)


def get_seen(
    tx: Connection, campaign_id: str, viewer: Viewer, kind_name: str | None, id_or_name: str
) -> Seen:
    """The thing of this id or name, whole. Raises `NotFound`, in the same words whether there is
    none or none for this viewer, and `InvalidInput` where several are called so."""
    kinds = list_things() if kind_name is None else _kinds_called(kind_name)
    whose = (campaign_id, viewer)
    found: list[tuple[EntityKind[Any], Any]] = []
    try:
        wanted = check_id(id_or_name.strip())
    except InvalidInput:
        for kind in kinds:
            called = visible.list_visible_called(tx, kind, *whose, id_or_name)
            found += [(kind, one) for one in called]
    else:
        ones = ((kind, visible.find_visible(tx, kind, *whose, wanted)) for kind in kinds)
        found += [(kind, one) for kind, one in ones if one is not None]
    if len(found) > 1:
        ids = ", ".join(f"{kind.name} {one.id}" for kind, one in found)
        raise InvalidInput(
            f"Several things are called so: {ids}.",
            code="name_shared",
            cure="Ask for one of them by its id.",
        )
    if not found:
        raise NotFound("There is no such thing in this campaign.", code="thing_not_found")
    return _see(tx, *found[0], viewer)


def list_seen(
    tx: Connection, campaign_id: str, viewer: Viewer, kind: EntityKind[Any], most: int
) -> list[Seen]:
    """The things of a kind, for the game master the latest used first, for others the newest,
    without their relations."""
    found = visible.list_visible(tx, kind, campaign_id, viewer, most)
    return [_spell(kind, one, viewer, {}) for one in found]


def _kinds_called(name: str) -> list[EntityKind[Any]]:
    wanted = [kind for kind in list_things() if name in (kind.name, kind.noun)]
    if not wanted:
        names = ", ".join(kind.name for kind in list_things())
        raise InvalidInput(f"The kinds of things are {names}.", code="unknown_kind")
    return wanted


def _see(tx: Connection, kind: EntityKind[Any], thing: Any, viewer: Viewer) -> Seen:
    pointing = [name for name, target in kind.references.items() if target == LOCATION.name]
    ids = [id for name in pointing if (id := getattr(thing, name, None)) is not None]
    names = {}
    if is_gm(viewer):
        names = {place.id: place.name for place in reading.list_by_id(tx, LOCATION, ids)}
    seen = _spell(kind, thing, viewer, names)
    related = _relations(tx, thing.id, viewer)
    lines = (*seen.lines, *related)
    return Seen(seen.kind, seen.noun, seen.id, seen.name, lines, seen.revision, seen.is_archived)


def _spell(kind: EntityKind[Any], thing: Any, viewer: Viewer, names: dict[str, str]) -> Seen:
    lines = sheets.list_fact_lines(kind, thing, "sheet" if is_gm(viewer) else "voice", names)
    if not is_gm(viewer):
        lines = tuple(line for line in lines if not is_gm_only(line.audience))
    return Seen(
        kind.name,
        kind.noun,
        thing.id,
        str(getattr(thing, kind.name_field)),
        lines,
        thing.revision if is_gm(viewer) else None,
        thing.archived_at is not None,
    )


def _relations(tx: Connection, id: str, viewer: Viewer) -> tuple[FactLine, ...]:
    if is_gm(viewer):
        return list_relation_lines(tx, [id]).get(id, ())
    lines = []
    for one, named in list_known_relations(tx, [id], viewer)[:MOST_RELATIONS]:
        is_own = one.from_id == id
        other = named[(one.to_kind, one.to_id) if is_own else (one.from_kind, one.from_id)]
        label = f"Relation {'to' if is_own else 'from'} {call_end(other)}"
        lines.append(FactLine(label, tell_relation(one)))
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class Match:
    """Something that a search found: what it is, and the line in which it stands."""

    kind: str
    id: str
    name: str
    label: str
    text: str
    score: int


def search_seen(
    tx: Connection, campaign_id: str, viewer: Viewer, query: str, most: int
) -> list[Match]:
    """What the viewer may see that holds the words of the query, best first. For viewers who are
    not the game master: the index holds what is not for them."""
    wanted = Wanted.of(query)
    if not wanted.words:
        raise InvalidInput(
            "There is no word to look for in this.",
            code="search_empty",
            cure="Name somebody or something, or say what it is about.",
        )
    found: list[Match] = []
    for kind in list_things():
        for one in list_seen(tx, campaign_id, viewer, kind, MOST_OF_A_KIND):
            found += _match_thing(one, wanted)
    for fact, score in list_facts_known_to(tx, viewer, campaign_id, wanted, most):
        if score:
            found.append(Match("fact", fact.id, "", "Fact", fact.text, score))
    for game in visible.list_played(tx, campaign_id, MOST_RECAPS):
        if score := wanted.score(fold(game.recap_players)):
            name = f"Game session {game.session_number}"
            found.append(Match("game_session", game.id, name, "Recap", game.recap_players, score))
    for note in visible.list_visible_notes(tx, campaign_id, viewer, MOST_NOTES):
        if score := wanted.score(fold(note.text)):
            found.append(Match("note", note.id, "", "Note", note.text, score))
    found.sort(key=lambda one: -one.score)
    return found[:most]


def _match_thing(one: Seen, wanted: Wanted) -> Sequence[Match]:
    by_name = wanted.score(fold(one.name))
    best = max(
        ((wanted.score(fold(line.value)), -at, line) for at, line in enumerate(one.lines)),
        key=lambda scored: scored[:2],
        default=(0, 0, FactLine("", "")),
    )
    if not (by_name or best[0]):
        return ()
    line = best[2]
    return (Match(one.kind, one.id, one.name, line.label, line.value, 2 * by_name + best[0]),)


def count_seen(tx: Connection, campaign_id: str, viewer: Viewer) -> dict[str, int]:
    """How many things of each kind there are for this viewer, up to `MOST_OF_A_KIND`; none of a
    kind is left out."""
    counted = {
        kind.plural: len(visible.list_visible(tx, kind, campaign_id, viewer, MOST_OF_A_KIND))
        for kind in KINDS.values()
        if kind.is_thing
    }
    return {plural: count for plural, count in counted.items() if count}
