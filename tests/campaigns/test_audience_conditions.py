"""What a database chooses for a viewer is what the rule would have let it see."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product
from typing import Any, get_args

import pytest
from sqlalchemy import Connection, select

from ttrpg_assistant.campaigns.audiences import (
    audience_of_fact,
    kept_audience,
    note_audience,
)
from ttrpg_assistant.campaigns.folding import fold_group
from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.campaigns.kinds.character import KIND as CHARACTER
from ttrpg_assistant.campaigns.kinds.game_session import KIND as GAME_SESSION
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.model import FactAudience, Knower
from ttrpg_assistant.campaigns.relations import check_relation
from ttrpg_assistant.campaigns.store import edits, game_sessions, knowledge, relations, table_log
from ttrpg_assistant.campaigns.store.audiences import (
    admits_unnamed,
    is_fact_for_listed,
    is_fact_seen,
    is_fact_unnamed,
    may_admit,
)
from ttrpg_assistant.campaigns.store.fact_reading import list_facts_known_to
from ttrpg_assistant.campaigns.tables import known_facts
from ttrpg_assistant.campaigns.tables import relations as relations_table
from ttrpg_assistant.campaigns.wanted import Wanted
from ttrpg_assistant.prompts.audience import (
    Audience,
    AudienceKind,
    Viewer,
    ViewerKind,
    list_admitting_kinds,
    may_see,
)
from ttrpg_assistant.storage.database import Database

GROUPS = ("Watch", "Söhne", "Бой", "Sohne", "ハード")
FACTS, CAMPAIGNS, MANY = 60, 2, 40


class World:
    """Campaigns with facts, relations and notes for anybody at all, made by chance."""

    def __init__(self, tx: Connection, chance: random.Random) -> None:
        self._tx, self._chance = tx, chance
        self.id = edits.add_entity(tx, CAMPAIGN, None, CAMPAIGN.check_new({"name": "Marsh"})).id
        self.npcs = [self._add(NPC) for _ in range(3)]
        self.characters = [self._add(CHARACTER) for _ in range(3)]

    def _add(self, kind: Any) -> str:
        values = kind.check_new({"name": "Somebody"})
        return str(edits.add_entity(self._tx, kind, self.id, values).id)

    def _some(self, among: Any) -> list[str]:
        return self._chance.sample(list(among), self._chance.randint(0, 2))

    def add_facts(self, count: int) -> None:
        for number in range(count):
            fact = knowledge.add_fact(
                self._tx,
                self.id,
                f"Fact {number}",
                self._chance.choice(get_args(FactAudience)),
                npc_ids=self._some(self.npcs),
                character_ids=self._some(self.characters),
                groups=self._some(GROUPS),
            )
            if self._chance.random() < 0.1:
                knowledge.mark_fact_removed(self._tx, fact.id, removed=True)

    def add_relations(self, count: int) -> None:
        for _ in range(count):
            one, other = self._chance.sample(self.npcs, 2)
            known = [{"kind": "npc", "id": id, "group": ""} for id in self._some(self.npcs)]
            known += [{"kind": "group", "id": "", "group": one} for one in self._some(GROUPS)]
            given = {
                "from_kind": "npc",
                "from_id": one,
                "to_kind": "npc",
                "to_id": other,
                "audience": self._chance.choice(get_args(AudienceKind)),
                "known_to": known,
            }
            relations.add_relation(self._tx, self.id, check_relation(given))

    def list_viewers(self) -> Iterator[Viewer]:
        for kind in get_args(ViewerKind):
            ids = {"npc": self.npcs, "character": self.characters}.get(kind, [""])
            for id in ids:
                yield Viewer(kind, id, frozenset(map(fold_group, self._some(GROUPS))))


def compare_facts(tx: Connection, world: World, viewer: Viewer) -> int:
    """Hold the conditions to the rule; gives how many facts were looked at."""
    live = (known_facts.c.campaign_id == world.id, known_facts.c.removed_at.is_(None))
    facts = [
        knowledge.get_fact(tx, id)
        for id in tx.execute(select(known_facts.c.id).where(*live)).scalars()
    ]
    seen = {one.id for one in facts if may_see(viewer, audience_of_fact(one))}

    def chosen(condition: Any) -> set[str]:
        return set(tx.execute(select(known_facts.c.id).where(*live, condition)).scalars())

    assert chosen(is_fact_seen(viewer)) == seen, viewer
    assert chosen(knowledge.is_known_to(viewer, world.id)) == seen
    unnamed = chosen(is_fact_unnamed(viewer))
    assert unnamed <= seen <= unnamed | chosen(is_fact_for_listed(viewer))
    found = list_facts_known_to(tx, viewer, world.id, Wanted(()), FACTS)
    assert {fact.id for fact, _ in found} == seen
    return len(facts)


def compare_relations(tx: Connection, world: World, viewer: Viewer) -> None:
    c = relations_table.c
    rows = tx.execute(select(c.id, c.audience, c.known_to).where(c.campaign_id == world.id)).all()

    def chosen(condition: Any) -> set[str]:
        return set(tx.execute(select(c.id).where(c.campaign_id == world.id, condition)).scalars())

    def audience(row: Any) -> Audience:
        return kept_audience(row.audience, [Knower(**one) for one in row.known_to])

    seen = {row.id for row in rows if may_see(viewer, audience(row))}
    assert (
        chosen(admits_unnamed(viewer, c.audience)) <= seen <= chosen(may_admit(viewer, c.audience))
    )


async def compare(database: Database, count: int, seed: int) -> tuple[int, int]:
    chance, looked, viewers = random.Random(seed), 0, 0

    def work(tx: Connection) -> None:
        nonlocal looked, viewers
        world = World(tx, chance)
        world.add_facts(FACTS)
        world.add_relations(20)
        for viewer in world.list_viewers():
            viewers += 1
            looked += compare_facts(tx, world, viewer)
            compare_relations(tx, world, viewer)

    for _ in range(count):
        await database.write(work)
    return viewers, looked


async def test_the_database_chooses_what_the_rule_lets_a_viewer_see(database: Database) -> None:
    viewers, looked = await compare(database, CAMPAIGNS, seed=1)
    assert viewers == CAMPAIGNS * 9
    assert looked > CAMPAIGNS * 9 * FACTS / 2


@pytest.mark.deep
async def test_it_does_so_for_any_viewer_of_many_campaigns(database: Database) -> None:
    viewers, looked = await compare(database, MANY, seed=2)
    print(f"{viewers} viewers, {looked} facts looked at, 0 chosen otherwise than by the rule")
    assert viewers == MANY * 9


async def test_notes_are_chosen_as_the_rule_says(database: Database) -> None:
    def work(tx: Connection) -> None:
        world = World(tx, random.Random(3))
        values = GAME_SESSION.check_new({"title": "One"})
        game = game_sessions.add_game_session(tx, world.id, values)
        for gm_only in (True, False):
            table_log.add_session_note(tx, game.id, "x", gm_only=gm_only, id=None, at=None)
        for viewer in world.list_viewers():
            found = table_log.list_newest_notes(tx, game.id, 10, viewer)
            wanted = [
                gm_only for gm_only in (True, False) if may_see(viewer, note_audience(gm_only))
            ]
            assert sorted(one.gm_only for one in found) == sorted(wanted)

    await database.write(work)


@pytest.mark.parametrize(("kind", "is_named"), list(product(get_args(AudienceKind), (False, True))))
def test_the_kinds_that_admit_a_viewer_are_those_of_the_rule(
    kind: AudienceKind, is_named: bool
) -> None:
    for viewer_kind in get_args(ViewerKind):
        viewer = Viewer(viewer_kind, "id", frozenset({"watch"}))
        groups = viewer.groups if is_named else frozenset()
        admitting = list_admitting_kinds(viewer)
        admitted = kind in admitting.unnamed or (is_named and kind in admitting.named)
        assert admitted is may_see(viewer, Audience(kind, groups=groups))
