"""Campaigns made up by chance with a mark in every field of every kind, and what of it the players
may read, worked out by hand."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection

from tests.need_to_know.test_every_kind import HEARD, OPEN_NAMES, Campaign, Made, Maker
from ttrpg_assistant.campaigns.declaration import Field
from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.campaigns.kinds.game_session import KIND as GAME_SESSION
from ttrpg_assistant.campaigns.store import edits, game_sessions, knowledge, table_log

FOR_PARTY = frozenset({"party", "public"})
READ_BY_PLAYERS = {
    "npc": {"role", "appearance", "aliases"},
    "location": {"kind", "description", "features", "aliases"},
    "character": {"role", "description", "party_knows", "aliases"},
    "faction": {"type", "description", "aliases"},
    "item": {"type", "description", "aliases"},
    "creature": {"description", "aliases"},
    "handout": {"text"},
    "random_table": {"aliases"},
    "plot_point": {"description"},
}
"""Of a thing that players may know of: everything else is the game master's."""


@dataclass
class Drawn:
    """A campaign and its marks: those that players must find, and those that they must not."""

    id: str
    told: set[str] = field(default_factory=set)
    withheld: set[str] = field(default_factory=set)


class PlayersMaker(Maker):
    """Draws campaigns as they are drawn for NPCs, and knows of which field each mark is."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._field_of: dict[str, Field] = {}

    def draw(self, tx: Connection) -> Drawn:
        """Put one into the database."""
        made = super().make(tx)
        drawn = Drawn(made.id, withheld=set(made.hidden))
        values = {one: self.mark() for one in ("system", "setting", "description")}
        world = {"Rumour": self.mark()}
        edits.edit_entity(
            tx, CAMPAIGN, made.id, 1, {**values, "world_state": world, "house_rules": world}
        )
        drawn.told |= {values["system"], values["setting"]}
        drawn.withheld |= {values["description"], world["Rumour"]}
        known = self._sort_things(made, drawn)
        self._sort_relations(made, drawn, known)
        drawn.told |= {text for text, audience, *_ in made.facts if audience in FOR_PARTY}
        drawn.withheld |= {text for text, audience, *_ in made.facts if audience not in FOR_PARTY}
        self._add_named(tx, made, drawn)
        self._add_game_sessions(tx, made, drawn)
        drawn.withheld -= drawn.told
        return drawn

    def _fill(self, one: Field, marks: list[str]) -> object:
        before = len(marks)
        filled = super()._fill(one, marks)
        self._field_of.update(dict.fromkeys(marks[before:], one))
        return filled

    def _sort_things(self, made: Campaign, drawn: Drawn) -> set[str]:
        known = set()
        for one in made.things:
            is_known = one.audience in FOR_PARTY and one.is_in_world
            (drawn.told if is_known else drawn.withheld).add(one.name)
            if is_known:
                known.add(one.id)
            for mark in (*one.own, *one.shown, *one.hidden):
                is_read = is_known and self._name_of(one, mark) in READ_BY_PLAYERS[one.kind]
                (drawn.told if is_read else drawn.withheld).add(mark)
        return known

    def _name_of(self, one: Made, mark: str) -> str:
        from ttrpg_assistant.campaigns.registry import KINDS

        fields = KINDS[one.kind].fields
        return next(name for name, each in fields.items() if each is self._field_of[mark])

    def _sort_relations(self, made: Campaign, drawn: Drawn, known: set[str]) -> None:
        for start, goal, label, audience, _ in made.relations:
            ends_known = all(
                one.id in known
                or (one.kind in OPEN_NAMES and one.audience in HEARD and one.is_in_world)
                for one in (start, goal)
            )
            is_known = audience in FOR_PARTY and ends_known
            (drawn.told if is_known else drawn.withheld).add(label)
            if is_known:
                drawn.told |= {start.name, goal.name}

    def _add_named(self, tx: Connection, made: Campaign, drawn: Drawn) -> None:
        """A fact that names an NPC, and one that names it by an alias."""
        npcs = [one for one in made.things if one.kind == "npc" and one.is_in_world]
        if npcs:
            fact = f"They met {npcs[0].name} at the {self.mark()}."
            knowledge.add_fact(tx, made.id, fact, "party")
            drawn.told |= {npcs[0].name, fact}
        if len(npcs) > 1:
            alias = next(
                mark for mark in npcs[1].shown if self._name_of(npcs[1], mark) == "aliases"
            )
            knowledge.add_fact(tx, made.id, f"Somebody called {alias} left a note.", "party")
            drawn.told.add(alias)

    def _add_game_sessions(self, tx: Connection, made: Campaign, drawn: Drawn) -> None:
        for is_played in (True, False):
            marks = {name: self.mark() for name in GAME_SESSION.fields}
            values: dict[str, object] = dict(marks)
            game = game_sessions.add_game_session(tx, made.id, GAME_SESSION.check_new(values))
            if is_played:
                game_sessions.run_game_session(tx, game.id)
                game_sessions.end_game_session(tx, game.id)
            read = {marks["title"], marks["recap_players"]} if is_played else set()
            for gm_only in (True, False):
                note = self.mark()
                table_log.add_session_note(tx, game.id, note, gm_only=gm_only, id=None, at=None)
                read |= {note} if is_played and not gm_only else set()
                drawn.withheld.add(note)
            drawn.told |= read
            drawn.withheld |= set(marks.values())
