"""A campaign as one reader may see it: the game master, or the players.

Who may see what is asked of `prompts.audience`, thing by thing and field by field. What is not for
the reader is not even made a value, so that no format can write it.

Of an NPC or a location that is not theirs to know, players are given the name where something
that they may read names it, with the facts, relations and pictures that are for them, and nothing
of its sheet: unless its name is the game master's alone, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.campaigns import sheets
from ttrpg_assistant.campaigns.audiences import (
    audience_of,
    audience_of_fact,
    audience_of_game_session,
    audience_of_name,
    kept_audience,
    relation_audience,
)
from ttrpg_assistant.campaigns.canon import canon_of
from ttrpg_assistant.campaigns.declaration import EntityKind, lines_of
from ttrpg_assistant.campaigns.entities import campaign_of
from ttrpg_assistant.campaigns.evenings import tell_in_order
from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.campaigns.kinds.game_session import KIND as GAME_SESSION
from ttrpg_assistant.campaigns.mentions import EntityRef, NameIndex
from ttrpg_assistant.campaigns.model import Campaign, Entity, GameSession, KnownFact, Relation
from ttrpg_assistant.campaigns.registry import list_things
from ttrpg_assistant.campaigns.store import table_log
from ttrpg_assistant.campaigns.store.entities import get_entity, plain_values
from ttrpg_assistant.campaigns.store.knowledge import list_npc_knowledge
from ttrpg_assistant.campaigns.store.naming import list_spelled_names
from ttrpg_assistant.campaigns.store.relation_reading import list_named
from ttrpg_assistant.campaigns.store.relations import ends_of
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.exports.model import (
    Edition,
    Link,
    SeenCampaign,
    SeenFact,
    SeenGameSession,
    SeenNote,
    SeenPicture,
    SeenRelation,
    SeenThing,
)
from ttrpg_assistant.exports.seen_fields import list_seen_fields, name_fact_knowers, name_of
from ttrpg_assistant.exports.store.reading import (
    iterate_entities,
    iterate_facts,
    list_names,
    list_pictures_of,
    list_relations_between,
)
from ttrpg_assistant.pictures.model import Picture
from ttrpg_assistant.prompts.audience import GM, PARTY, Audience, Viewer, may_see

MOST_LINES = 5_000
"""Notes, and events, of one game session that are read: the newest."""


class CampaignReader:
    """Reads one campaign in the caller's transaction. Raises `NotFound` where there is none.

    `with_archived` reads what was archived too; players never see that. `only_heard_of` leaves out
    every thing, and every link to one, whose name is kept from the players, but for the one with
    the id `subject_id`.
    """

    def __init__(
        self,
        tx: Connection,
        campaign_id: str,
        edition: Edition = "gm",
        *,
        with_archived: bool = False,
        only_heard_of: bool = False,
        subject_id: str = "",
    ) -> None:
        self._tx = tx
        self._campaign: Campaign = get_entity(tx, CAMPAIGN, campaign_id)
        self.edition: Edition = edition
        self._viewer: Viewer = GM if edition == "gm" else PARTY
        self._with_archived = with_archived and edition == "gm"
        self._only_heard_of, self._subject_id = only_heard_of, subject_id
        self.links: Mapping[str, Link] = self._find_links()
        self._index = NameIndex(self._list_spellings())

    @property
    def campaign(self) -> SeenCampaign:
        """What there is to say of the campaign itself."""
        own = self._campaign
        known = sheets.world_lines(own, (), ())
        lines = [(label, text, False) for label, text in known]
        if self._sees_all:
            values = plain_values(own)
            lines = [
                line
                for name, one in CAMPAIGN.form_fields.items()
                if name != CAMPAIGN.name_field
                for line in lines_of(one, values.get(name))
            ]
        return SeenCampaign(own.id, own.name, tuple(lines), known, own.revision)

    def iterate_things(self, kind: EntityKind[Any]) -> Iterator[SeenThing]:
        """The things of a kind that the reader may know of, by name."""
        for page in self._pages(kind):
            found = [one for one in page if one.id in self.links]
            ids = [one.id for one in found]
            related = self._list_relations(ids)
            pictured = self._list_pictures(ids)
            for one in found:
                yield self._see(kind, one, related.get(one.id, ()), pictured.get(one.id, ()))

    def get_thing(self, kind: EntityKind[Any], id: str) -> SeenThing:
        """One thing. Raises `NotFound`, also for one that the reader may not know of."""
        thing = get_entity(self._tx, kind, id)
        if id not in self.links or campaign_of(thing) != self._campaign.id:
            raise NotFound(f"There is no such {kind.noun}.", facts={"kind": kind.name, "id": id})
        pictured = self._list_pictures([id]).get(id, ())
        return self._see(kind, thing, self._list_relations([id]).get(id, ()), pictured)

    def list_known_to(self, npc_id: str, most: int) -> list[SeenFact]:
        """The newest facts that this NPC knows, of those that the reader may know."""
        page = list_npc_knowledge(self._tx, npc_id, limit=most)
        known = (one.fact for one in page.items)
        return [
            self._see_fact(one) for one in known if may_see(self._viewer, audience_of_fact(one))
        ]

    def list_aliases(self) -> dict[str, tuple[str, ...]]:
        """The other names of things that the reader is given, by id."""
        if not self._sees_all:
            return {}
        named = list_spelled_names(self._tx, self._campaign.id)
        return {one.id: one.aliases for one in named if one.aliases}

    def iterate_facts(self) -> Iterator[SeenFact]:
        """The facts that the reader may know, newest first."""
        for fact in iterate_facts(self._tx, self._campaign.id):
            if may_see(self._viewer, audience_of_fact(fact)):
                yield self._see_fact(fact)

    def iterate_game_sessions(self) -> Iterator[SeenGameSession]:
        """The game sessions that the reader may know of, by number, with what was noted."""
        for page in self._pages(GAME_SESSION):
            for one in page:
                if may_see(self._viewer, audience_of_game_session(one)):
                    yield self._see_game_session(one)

    def list_named(self, text: str) -> tuple[Link, ...]:
        """The things that a text names, each once, in its order."""
        refs = (ref for one in self._index.find_mentions(text) for ref in one.refs)
        found = (self.links.get(ref.id) for ref in refs)
        return tuple(dict.fromkeys(one for one in found if one is not None))

    @property
    def _sees_all(self) -> bool:
        return self._viewer is GM

    def _pages(self, kind: EntityKind[Any]) -> Iterator[list[Any]]:
        return iterate_entities(
            self._tx, kind, self._campaign.id, with_archived=self._with_archived
        )

    def _see(
        self,
        kind: EntityKind[Any],
        thing: Any,
        related: Sequence[SeenRelation] = (),
        pictured: Sequence[SeenPicture] = (),
    ) -> SeenThing:
        is_seen = may_see(self._viewer, audience_of(thing))
        fields = kind.form_fields if self._sees_all else kind.party_fields if is_seen else {}
        if isinstance(thing, GameSession) and not self._sees_all:
            fields = kind.party_fields
        values = plain_values(thing)
        own_names = values if self._sees_all or "aliases" in fields else {}
        return SeenThing(
            kind=kind,
            id=thing.id,
            name=name_of(kind, thing),
            revision=thing.revision,
            fields=list_seen_fields(kind, values, fields, self.links),
            aliases=tuple(own_names.get("aliases", ())),
            tags=tuple(values.get("tags", ())) if self._sees_all else (),
            is_archived=thing.archived_at is not None,
            is_for_players=may_see(PARTY, audience_of(thing)),
            canon=canon_of(thing) if self._sees_all else "happened",
            relations=tuple(related),
            pictures=tuple(pictured),
            party_fields=frozenset(kind.party_fields),
            own_name=str(getattr(thing, kind.name_field) or "") if self._sees_all else None,
        )

    def _see_fact(self, fact: KnownFact) -> SeenFact:
        sees_all = self._sees_all
        return SeenFact(
            id=fact.id,
            text=fact.text,
            knowers=name_fact_knowers(fact) if sees_all else "",
            is_for_players=may_see(PARTY, audience_of_fact(fact)),
            canon=fact.canon if sees_all else "happened",
            is_false=fact.is_false and sees_all,
            named=self.list_named(fact.text),
        )

    def _see_game_session(self, game: GameSession) -> SeenGameSession:
        notes = table_log.list_newest_notes(self._tx, game.id, MOST_LINES, self._viewer)
        events = (
            table_log.list_newest_events(self._tx, game.id, MOST_LINES) if self._sees_all else []
        )
        lines = [SeenNote(note.at, note.text, note.gm_only) for note in notes]
        for event in events:
            (told,) = tell_in_order((), (event,))
            lines.append(SeenNote(event.at, told.text, True))
        return SeenGameSession(
            thing=self._see(GAME_SESSION, game),
            number=game.session_number,
            played_on=(game.started_at or "")[:10],
            is_for_players=may_see(PARTY, audience_of_game_session(game)),
            notes=tuple(sorted(lines, key=lambda one: one.at)),
        )

    def _list_relations(self, ids: Sequence[str]) -> dict[str, list[SeenRelation]]:
        """By the thing on whose sheet each stands."""
        found: dict[str, list[SeenRelation]] = {}
        between = list_relations_between(self._tx, self._campaign.id, ids) if ids else []
        named = list_named(self._tx, between)
        for one in between:
            start, goal = self.links.get(one.from_id), self.links.get(one.to_id)
            if start is None or goal is None or not self._may_see_relation(one):
                continue
            is_for_players = may_see(PARTY, relation_audience(one)) and all(
                end in named and may_see(PARTY, named[end].audience) for end in ends_of(one)
            )
            for own, other, is_from in ((start, goal, True), (goal, start, False)):
                if own.id in ids:
                    seen = self._see_relation(one, other, is_from, is_for_players)
                    found.setdefault(own.id, []).append(seen)
        return found

    def _may_see_relation(self, relation: Relation) -> bool:
        return may_see(self._viewer, relation_audience(relation))

    def _see_relation(
        self, relation: Relation, other: Link, is_from: bool, is_for_players: bool
    ) -> SeenRelation:
        return SeenRelation(
            id=relation.id,
            is_from=is_from,
            other=other,
            label=relation.label,
            attitude=relation.attitude,
            is_for_players=is_for_players,
            note=relation.note if self._sees_all else "",
        )

    def _list_pictures(self, ids: Sequence[str]) -> dict[str, list[SeenPicture]]:
        found: dict[str, list[SeenPicture]] = {}
        for one in list_pictures_of(self._tx, self._campaign.id, ids) if ids else ():
            if may_see(self._viewer, _audience_of_picture(one)):
                shown = SeenPicture(
                    one.id,
                    one.role == "portrait",
                    one.caption,
                    one.content,
                    may_see(PARTY, _audience_of_picture(one)),
                )
                found.setdefault(one.thing_id, []).append(shown)
        return found

    def _list_spellings(self) -> Iterable[tuple[EntityRef, str]]:
        for link in self.links.values():
            if link.kind != GAME_SESSION.name:
                yield EntityRef(link.kind, link.id), link.name
        if self._sees_all:
            # An alias tells who somebody is: players are not given one by a link either.
            for one in list_spelled_names(self._tx, self._campaign.id):
                for alias in one.aliases:
                    yield EntityRef(one.kind, one.id), alias

    def _find_links(self) -> dict[str, Link]:
        """What the reader may know the name of, by id."""
        if not self._sees_all:
            return self._find_links_of_players()
        links = {
            id: Link(kind.name, id, name)
            for kind in list_things()
            for id, name in self._list_names(kind)
        }
        for page in self._pages(GAME_SESSION):
            for game in page:
                name = f"{game.session_number:02} {name_of(GAME_SESSION, game)}"
                links[game.id] = Link(GAME_SESSION.name, game.id, name)
        return links

    def _list_names(self, kind: EntityKind[Any]) -> Iterable[tuple[str, str]]:
        if not self._only_heard_of:
            return list_names(self._tx, kind, self._campaign.id)
        return [
            (one.id, name_of(kind, one))
            for page in self._pages(kind)
            for one in page
            if one.id == self._subject_id or may_see(PARTY, audience_of_name(one))
        ]

    def _find_links_of_players(self) -> dict[str, Link]:
        known: dict[str, Link] = {}
        by_name: dict[str, Link] = {}
        for kind in list_things():
            for page in self._pages(kind):
                for one in page:
                    link = Link(kind.name, one.id, name_of(kind, one))
                    if may_see(PARTY, audience_of(one)):
                        known[one.id] = link
                    elif may_see(PARTY, audience_of_name(one)):
                        by_name[one.id] = link
        index = NameIndex((EntityRef(one.kind, id), one.name) for id, one in by_name.items())
        named: dict[str, Link] = {}
        for text in self._iterate_texts_of_players(known):
            for mention in index.find_mentions(text):
                named |= {ref.id: by_name[ref.id] for ref in mention.refs}
        named |= self._list_shown(known, by_name)
        return {**known, **named}

    def _iterate_texts_of_players(self, known: Mapping[str, Link]) -> Iterator[str]:
        """Everything that players may read, but for what it names."""
        for kind in list_things():
            for page in self._pages(kind):
                for one in page:
                    if one.id in known:
                        yield from _texts_of_party(kind, one)
        for fact in iterate_facts(self._tx, self._campaign.id):
            if may_see(PARTY, audience_of_fact(fact)):
                yield fact.text
        for page in self._pages(GAME_SESSION):
            for game in page:
                if may_see(PARTY, audience_of_game_session(game)):
                    yield from _texts_of_party(GAME_SESSION, game)
                    notes = table_log.list_newest_notes(self._tx, game.id, MOST_LINES, PARTY)
                    yield from (note.text for note in notes)

    def _list_shown(
        self, known: Mapping[str, Link], by_name: Mapping[str, Link]
    ) -> dict[str, Link]:
        """Of what is known by its name alone, that which a relation or a picture for players
        shows."""
        shown: dict[str, Link] = {}
        for kind in list_things():
            for page in self._pages(kind):
                ids = [one.id for one in page if one.id in by_name]
                for one in list_relations_between(self._tx, self._campaign.id, ids) if ids else ():
                    ends = (one.from_id, one.to_id)
                    if self._may_see_relation(one) and all(
                        end in known or end in by_name for end in ends
                    ):
                        shown |= {end: by_name[end] for end in ends if end in by_name}
                for picture in list_pictures_of(self._tx, self._campaign.id, ids) if ids else ():
                    if may_see(PARTY, _audience_of_picture(picture)):
                        shown[picture.thing_id] = by_name[picture.thing_id]
        return shown


def _texts_of_party(kind: EntityKind[Any], thing: Entity) -> Iterator[str]:
    values = plain_values(thing)
    for name, one in kind.party_fields.items():
        yield from (text for _, text, _ in lines_of(one, values.get(name)))
    yield str(values.get(kind.name_field) or "")


def _audience_of_picture(picture: Picture) -> Audience:
    kept: Any = picture.audience
    return kept_audience(kept)
