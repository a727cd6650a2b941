"""Every kind of thing, every field, every relation and fact: an NPC is told what is for it only.

Each field of each declared kind holds a mark that occurs nowhere else, so a kind or a field that
is added is tested here at once. What may be known is worked out in this file, by hand.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any, get_args

import msgspec
import pytest
from sqlalchemy import Connection

from ttrpg_assistant.campaigns.canon import IN_THE_WORLD, WORDS
from ttrpg_assistant.campaigns.declaration import EntityKind, Field
from ttrpg_assistant.campaigns.facts import CampaignFactSource
from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.campaigns.kinds.location import KIND as LOCATION
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.model import FactAudience
from ttrpg_assistant.campaigns.registry import list_things
from ttrpg_assistant.campaigns.relations import check_relation
from ttrpg_assistant.campaigns.store import edits, knowledge, relations
from ttrpg_assistant.prompts.budget import Budget
from ttrpg_assistant.prompts.compose import compose_voice
from ttrpg_assistant.prompts.facts import History, persona_of
from ttrpg_assistant.search.facts import find_facts
from ttrpg_assistant.storage.database import Database

FEW, MANY = 6, 200
GROUPS = ("Watch", "Guild", "Table")
AUDIENCES = ("gm", "party", "some", "public")
OF_THINGS = (*AUDIENCES, "name")
NONCE = "abcdefghij"
OPEN_NAMES = frozenset({"npc", "location"})
"""Kinds whose names the world has: anybody hears one, but for those that are kept back."""
HEARD = frozenset({"name", "party", "public"})
"""With these audiences of theirs."""


@dataclass
class Made:
    """A thing, by its marks: those that it is told itself, those that who may know it is told, and
    those that nobody is; and of a place, what those who live there see, and near
    it."""

    kind: str
    id: str
    name: str
    own: list[str]
    shown: list[str]
    hidden: list[str]
    audience: str
    known_to: list[dict[str, str]]
    groups: list[str] = field(default_factory=list)
    is_in_world: bool = True
    seen_there: list[str] = field(default_factory=list)
    seen_near: list[str] = field(default_factory=list)
    lies_in: str | None = None


@dataclass
class Campaign:
    """Everything of a campaign that was made up. Relations are (from, to, label, audience, known
    to), facts (text, audience, NPCs, groups)."""

    id: str
    things: list[Made] = field(default_factory=list)
    relations: list[tuple[Made, Made, str, str, list[dict[str, str]]]] = field(default_factory=list)
    facts: list[tuple[str, str, list[str], list[str]]] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


class Maker:
    """Makes campaigns; the same seed makes the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def mark(self) -> str:
        return "".join(self._random.choices("abcdefghijklmnopqrstuvwxyz", k=24)).capitalize()

    def make(self, tx: Connection) -> Campaign:
        notes = self.mark()
        values = CAMPAIGN.check_new({"name": self.mark(), "gm_notes": notes})
        made = Campaign(edits.add_entity(tx, CAMPAIGN, None, values).id, hidden=[notes])
        for _ in range(3):
            self._add_thing(tx, made, NPC)
        for kind in list_things():
            if kind is not NPC:
                for _ in range(self._random.randint(1, 2)):
                    self._add_thing(tx, made, kind)
        self._settle(tx, made)
        for _ in range(16):
            self._add_relation(tx, made)
        for _ in range(10):
            self._add_fact(tx, made)
        return made

    def _settle(self, tx: Connection, made: Campaign) -> None:
        """Most NPCs live somewhere, and a place may lie in another."""
        places = [one for one in made.things if one.kind == "location"]
        for one in (*[each for each in made.things if each.kind == "npc"], *places[1:]):
            if self._random.random() < 0.7:
                place = places[0] if one.kind == "location" else self._random.choice(places)
                one.lies_in = place.id
                kind, name = (
                    (LOCATION, "parent_id") if one.kind == "location" else (NPC, "location_id")
                )
                edits.edit_entity(tx, kind, one.id, 1, {name: place.id})

    def _add_thing(self, tx: Connection, made: Campaign, kind: EntityKind[Any]) -> None:
        own: list[str] = []
        shown: list[str] = []
        hidden: list[str] = []
        seen_there: list[str] = []
        seen_near: list[str] = []
        given: dict[str, object] = {}
        name = self.mark()
        for label, one in kind.fields.items():
            if label != kind.name_field:
                marks = hidden if one.is_gm_only else shown if "voice" in one.parts else own
                marks = marks if kind is NPC or marks is shown else hidden
                before = len(marks)
                given[label] = self._fill(one, marks)
                if kind is LOCATION and label in ("features", "kind"):
                    (seen_near if label == "kind" else seen_there).extend(marks[before:])
        given[kind.name_field] = name
        groups = self._random.sample(GROUPS, self._random.randint(0, 2))
        if "groups" in kind.fields:
            given["groups"] = groups
        audience = "gm"
        known_to: list[dict[str, str]] = []
        if "audience" in kind.fields:
            choices = kind.fields["audience"].shape.choices or {}
            audience = self._random.choice([one for one in OF_THINGS if one in choices])
            given["audience"] = audience
        if "known_to" in kind.fields:
            known_to = self._knowers(made)
            given["known_to"] = known_to
        added = edits.add_entity(tx, kind, made.id, kind.check_new(given))
        made.things.append(
            Made(
                kind.name,
                added.id,
                name,
                own,
                shown,
                hidden,
                audience,
                known_to,
                groups,
                given[kind.canon_field] in IN_THE_WORLD,
                seen_there,
                seen_near,
            )
        )

    def _fill(self, one: Field, marks: list[str]) -> object:
        shape, mark = one.shape, self.mark()
        if shape.choices == dict(WORDS):
            return self._choose_canon()
        if shape.choices:
            return self._random.choice(list(shape.choices))
        made: dict[str, object] = {
            "name": mark,
            "line": mark,
            "prose": mark,
            "names": [mark],
            "lines": [mark],
            "secrets": [{"text": mark, "may_hint": False}],
            "connections": [{"target": mark, "relation": mark}],
            "object": {mark: mark},
            "flag": self._random.random() < 0.5,
            "reference": None,
            "related": [],
            "known_to": [],
            "message": None,
        }
        if mark in msgspec.json.encode(made[shape.name]).decode():
            marks.append(mark)
        return made[shape.name]

    def _choose_canon(self) -> str:
        """Mostly what counts, so that there is much to be told."""
        return self._random.choices(list(WORDS), weights=[1, 2, 16, 1])[0]

    def _knowers(self, made: Campaign) -> list[dict[str, str]]:
        npcs = [one.id for one in made.things if one.kind == "npc"]
        named = [
            {"kind": "npc", "id": id, "group": ""}
            for id in self._random.sample(npcs, self._random.randint(0, min(1, len(npcs))))
        ]
        characters = self._characters(made, most=1)
        named += [{"kind": "character", "id": id, "group": ""} for id in characters]
        groups = self._random.sample(GROUPS, self._random.randint(0, 1))
        return named + [{"kind": "group", "id": "", "group": group} for group in groups]

    def _characters(self, made: Campaign, most: int) -> list[str]:
        there = [one.id for one in made.things if one.kind == "character"]
        return self._random.sample(there, self._random.randint(0, min(most, len(there))))

    def _add_relation(self, tx: Connection, made: Campaign) -> None:
        npcs = [one for one in made.things if one.kind == "npc"]
        one = self._random.choice(npcs if self._random.random() < 0.5 else made.things)
        to = self._random.choice([other for other in made.things if other is not one])
        label, note, audience = self.mark(), self.mark(), self._random.choice(AUDIENCES)
        made.hidden.append(note)
        known_to = self._knowers(made)
        values = check_relation(
            {
                "from_kind": one.kind,
                "from_id": one.id,
                "to_kind": to.kind,
                "to_id": to.id,
                "label": label,
                "attitude": self._random.choice([None, -2, -1, 0, 1, 2]),
                "audience": audience,
                "known_to": known_to,
                "note": note,
            }
        )
        relations.add_relation(tx, made.id, values)
        made.relations.append((one, to, label, audience, known_to))

    def _add_fact(self, tx: Connection, made: Campaign) -> None:
        text, audience = self.mark(), self._random.choice(get_args(FactAudience))
        npcs = [one.id for one in made.things if one.kind == "npc"]
        ids = self._random.sample(npcs, self._random.randint(0, 2))
        groups = self._random.sample(GROUPS, self._random.randint(0, 1))
        characters = self._characters(made, most=2)
        canon = self._choose_canon()
        knowledge.add_fact(
            tx,
            made.id,
            text,
            audience,
            npc_ids=ids,
            character_ids=characters,
            groups=groups,
            canon=canon,
        )
        made.facts.append((text, audience if canon in IN_THE_WORLD else "gm", ids, groups))


def is_named(npc: Made, audience: str, known_to: list[dict[str, str]]) -> bool:
    """Whether an NPC is in an audience."""
    if audience == "some":
        return any(one["id"] == npc.id or one["group"] in npc.groups for one in known_to)
    return audience == "public"


def sort_marks(made: Campaign, npc: Made) -> tuple[set[str], set[str]]:
    """The marks an NPC must be told when everything is named, and those it must not."""
    told: set[str] = set()
    withheld = set(made.hidden)
    may_hear_of: set[str] = set()
    for one in made.things:
        is_known = is_named(npc, one.audience, one.known_to) and one.is_in_world
        is_heard_of = one.kind in OPEN_NAMES and one.audience in HEARD and one.is_in_world
        if is_known or is_heard_of or (one is npc and one.is_in_world):
            may_hear_of.add(one.id)
        elif one is not npc:
            withheld.add(one.name)
        withheld.update(one.hidden)
        if one is not npc:
            withheld.update(one.own)
            # Of plot points it is told nothing but what they are called.
            is_told = is_known and one.kind != "plot_point"
            (told if is_told else withheld).update(one.shown)
    around = list_around(made, npc, may_hear_of)
    near = {one.id for one in around}
    for one in made.things:
        told.update(one.seen_there if one in around else [])
        is_near = one.lies_in in near and one.id in may_hear_of
        told.update(one.seen_near if one in around or is_near else [])
    withheld -= told
    for start, goal, label, audience, known_to in made.relations:
        is_known = start is npc if audience != "gm" else False
        is_known = is_known or is_named(npc, audience, known_to)
        ends = {start.id, goal.id}
        (told if is_known and ends <= may_hear_of else withheld).add(label)
    for text, audience, ids, groups in made.facts:
        is_listener = npc.id in ids or not set(groups).isdisjoint(npc.groups)
        is_known = audience == "public" or (audience != "gm" and is_listener)
        (told if is_known else withheld).add(text)
    return told, withheld


def list_around(made: Campaign, npc: Made, may_hear_of: set[str]) -> list[Made]:
    """Where the NPC lives and what that is in, as far as it may hear of it."""
    by_id = {one.id: one for one in made.things}
    found: list[Made] = []
    wanted = npc.lies_in
    while wanted is not None and wanted in may_hear_of:
        found.append(by_id[wanted])
        wanted = by_id[wanted].lies_in
    return found


def list_told(tx: Connection, source: CampaignFactSource, made: Campaign, npc: Made) -> list[str]:
    """Everything an NPC's prompt holds when all that there is is named: what the composer makes
    of it, in a large and in a small context, and what the built-in model speaks from."""
    naming = ", ".join(one.name for one in made.things)
    voice = source.gather(tx, made.id, None, [naming], npc.id, "as").voice
    assert voice is not None
    texts = [msgspec.json.encode(voice).decode(), "\n".join(persona_of(voice).knows)]
    for tokens in (200_000, 8_000):
        prompt = compose_voice(
            sheet=voice,
            history=History(),
            new_message="Well?",
            budget=Budget.for_context(tokens),
            nonce=NONCE,
        )
        texts.append("\n".join([prompt.system, *(one.content for one in prompt.messages)]))
    return texts


def what_is(made: Campaign, mark: str) -> str:
    """What a mark stands for."""
    for one in made.things:
        if mark in (one.name, *one.own, *one.shown, *one.hidden):
            return f"a {one.kind} for {one.audience}: {mark}"
    for start, goal, label, audience, _ in made.relations:
        if mark == label:
            return f"a relation of {start.kind} to {goal.kind} for {audience}: {mark}"
    return mark


def check(tx: Connection, made: Campaign) -> tuple[int, int, int]:
    """Hold the rule for every NPC; gives prompts read, marks told, and marks withheld."""
    source, counts = CampaignFactSource(find_facts), [0, 0, 0]
    for npc in (one for one in made.things if one.kind == "npc"):
        told, withheld = sort_marks(made, npc)
        texts = list_told(tx, source, made, npc)
        for text in texts:
            leaked = sorted(mark for mark in withheld if mark.casefold() in text.casefold())
            assert not leaked, [what_is(made, mark) for mark in leaked[:3]]
        missing = sorted(mark for mark in told if mark.casefold() not in texts[0].casefold())
        assert not missing, [what_is(made, mark) for mark in missing[:3]]
        counts = [counts[0] + len(texts), counts[1] + len(told), counts[2] + len(withheld)]
    return counts[0], counts[1], counts[2]


async def check_campaigns(database: Database, count: int, seed: int) -> tuple[int, int, int]:
    """The same of so many campaigns."""
    maker, sums = Maker(seed), (0, 0, 0)
    for _ in range(count):
        made = await database.write(maker.make)
        found = await database.read(lambda tx, made=made: check(tx, made))  # type: ignore[misc]
        sums = (sums[0] + found[0], sums[1] + found[1], sums[2] + found[2])
    return sums


async def test_of_every_kind_an_npc_is_told_what_is_for_it_and_nothing_else(
    database: Database,
) -> None:
    prompts, told, withheld = await check_campaigns(database, FEW, seed=20261130)
    assert prompts == FEW * 3 * 4
    assert told > FEW * 3 * 10
    assert withheld > FEW * 3 * 50


@pytest.mark.deep
async def test_two_hundred_campaigns_of_every_kind_tell_no_npc_what_is_not_for_it(
    database: Database,
) -> None:
    prompts, told, withheld = await check_campaigns(database, MANY, seed=7)
    print(f"{MANY} campaigns, {prompts} prompts, {told} marks told, {withheld} withheld, 0 found")
    assert prompts == MANY * 3 * 4
