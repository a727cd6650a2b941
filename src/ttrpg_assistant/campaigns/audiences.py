"""What is kept of who may know something, as the values that `prompts.audience` compares. Pure.

Who is in an audience is decided there and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import get_args

from ttrpg_assistant.campaigns.canon import canon_of, is_in_the_world
from ttrpg_assistant.campaigns.folding import fold_group
from ttrpg_assistant.campaigns.model import (
    Entity,
    FactAudience,
    GameSession,
    Knower,
    KnownFact,
    Listener,
    Location,
    Npc,
    PlotPoint,
    Relation,
    Thing,
)
from ttrpg_assistant.prompts.audience import (
    GM_ONLY,
    PUBLIC,
    Audience,
    AudienceKind,
    Viewer,
    is_gm_only,
)

FACT_KINDS: Mapping[FactAudience, AudienceKind] = {
    "gm": "gm",
    "party": "party",
    "characters": "some",
    "npcs": "some",
    "group": "some",
    "public": "public",
}
"""What the words mean that are kept with a fact: of those listed, which one is said is only how
the list began."""

THING_KINDS: Mapping[str, AudienceKind] = {
    "gm": "gm",
    "name": "gm",
    "party": "party",
    "some": "some",
    "public": "public",
}
"""What the words mean that are kept with things, relations, pictures and plot points. ``name`` is
kept with NPCs and locations alone."""

_NAMES_HEARD: Mapping[str, AudienceKind] = {
    "gm": "gm",
    "name": "public",
    "party": "public",
    "some": "some",
    "public": "public",
}
"""What the same words mean for the name of an NPC or a location: the world has names for them, so
others hear what one is called unless it is the game master's alone or only for those named."""


def audience_of(thing: Entity) -> Audience:
    """Who may know of a thing at all. What says nothing of it is the game master's alone, and so
    is what is only an idea or was retconned."""
    if not is_in_the_world(canon_of(thing)):
        return GM_ONLY
    if isinstance(thing, PlotPoint):
        return kept_audience(thing.audience)
    if isinstance(thing, Thing | Npc | Location):
        return kept_audience(thing.audience, thing.known_to)
    return GM_ONLY


def audience_of_name(thing: Entity) -> Audience:
    """Who may hear what a thing is called, where something they may read names it."""
    if isinstance(thing, Npc | Location) and is_in_the_world(canon_of(thing)):
        return kept_audience_of_name(type(thing), thing.audience, thing.known_to)
    return audience_of(thing)


def list_name_words(value: type[Entity]) -> Mapping[str, AudienceKind]:
    """What the words that are kept with things of this type mean for their names."""
    return _NAMES_HEARD if issubclass(value, Npc | Location) else THING_KINDS


def audience_of_game_session(game: GameSession) -> Audience:
    """Who may read what of a game session is for players: anybody, once it is played. What is only
    planned is the game master's alone."""
    return GM_ONLY if game.status == "planned" else PUBLIC


def kept_audience(word: str, known_to: Iterable[Knower] = ()) -> Audience:
    """An audience as it is kept with a thing or a relation; only ``some`` names anybody."""
    return _read_kept(THING_KINDS, word, known_to)


def kept_audience_of_name(
    value: type[Entity], word: str, known_to: Iterable[Knower] = ()
) -> Audience:
    """Who may hear the name of a thing of this type, by the audience that is kept with it."""
    return _read_kept(list_name_words(value), word, known_to)


def closed_word(blank: object) -> str:
    """The word for what the game master did not yet say who may know of, of a kind whose blank
    this is: its blank where that opens nothing, else ``gm``."""
    word = str(blank)
    return word if is_gm_only(kept_audience(word)) else "gm"


_NOBODY_NAMED: Mapping[AudienceKind, Audience] = {
    kind: Audience(kind) for kind in get_args(AudienceKind)
}


def _read_kept(
    words: Mapping[str, AudienceKind], word: str, known_to: Iterable[Knower]
) -> Audience:
    kind = words.get(word, "gm")
    if kind != "some":
        return _NOBODY_NAMED[kind]
    known = tuple(known_to)
    return Audience(
        kind,
        npcs=frozenset(one.id for one in known if one.kind == "npc"),
        characters=frozenset(one.id for one in known if one.kind == "character"),
        groups=frozenset(fold_group(one.group) for one in known if one.kind == "group"),
    )


def relation_audience(relation: Relation) -> Audience:
    """Who may know of a relation: those it is meant for, and the one who has it, since everybody
    knows how they feel about others. Where it is the game master's alone, not even that one."""
    kept = kept_audience(relation.audience, relation.known_to)
    own = frozenset({relation.from_id})
    return Audience(
        kept.kind,
        npcs=kept.npcs | own if relation.from_kind == "npc" else kept.npcs,
        characters=kept.characters | own if relation.from_kind == "character" else kept.characters,
        groups=kept.groups,
    )


def audience_of_fact(fact: KnownFact, listeners: Iterable[Listener] | None = None) -> Audience:
    """Who may know a fact; `listeners` where they are not with it. One that is only an idea or was
    retconned is the game master's alone."""
    if not is_in_the_world(fact.canon):
        return GM_ONLY
    return kept_audience_of_fact(fact, listeners)


def kept_audience_of_fact(fact: KnownFact, listeners: Iterable[Listener] | None = None) -> Audience:
    """Who a fact is meant for, however far it is part of the story."""
    kind = FACT_KINDS.get(fact.audience, "gm")
    heard = tuple(fact.listeners if listeners is None else listeners)
    return Audience(
        kind,
        npcs=frozenset(one.npc_id for one in heard if one.npc_id is not None),
        characters=frozenset(one.character_id for one in heard if one.character_id is not None),
        groups=frozenset(fold_group(one.group_name) for one in heard if one.group_name),
    )


def note_audience(gm_only: bool) -> Audience:
    """Who may read a note taken at the table."""
    return GM_ONLY if gm_only else PUBLIC


def viewer_of(npc: Npc) -> Viewer:
    """An NPC as one who looks."""
    return Viewer("npc", npc.id, frozenset(map(fold_group, npc.groups)))
