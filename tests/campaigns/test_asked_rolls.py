"""Rolls that a message asks for: which table is meant, and what asks for none."""

from __future__ import annotations

import random

import pytest

from tests.campaigns.conftest import World
from ttrpg_assistant.campaigns import asked_rolls, random_tables
from ttrpg_assistant.campaigns.asked_rolls import TableRoller, roll_asked
from ttrpg_assistant.errors import InvalidInput

TABLES = {
    "Rumours of the Marsh": "The ferryman is a [[Beasts]]",
    "Beasts": "marsh cat",
    "Marsh Weather": "fog",
    "Salt and Iron": "a nail",
    "The Table": "wood",
    "Empty": "",
}


@pytest.fixture
async def marsh(world: World) -> World:
    for name, entries in TABLES.items():
        fields = {"name": name, "entries": entries, "aliases": [f"{name} again"]}
        await world.things.of_kind("random_table").create(world.campaign_id, fields)
    return world


async def ask(world: World, text: str) -> list[str]:
    def work(tx: object) -> list[str]:
        rolled = roll_asked(tx, world.campaign_id, text, random.Random(7))  # type: ignore[arg-type]
        return [
            f"{table.name}: {one.sentence if isinstance(one, InvalidInput) else one.text}"
            for table, one in rolled
        ]

    return await world.database.read(work)


RUMOURS = "Rumours of the Marsh: The ferryman is a marsh cat"


@pytest.mark.parametrize(
    ("said", "rolled"),
    [
        ("roll on Rumours of the Marsh", [RUMOURS]),
        ("/roll rumours of the marsh", [RUMOURS]),
        ("Please roll for me on the RUMOURS OF THE MARSH table, please!", [RUMOURS]),
        ("Can you roll on rumours?", [RUMOURS]),
        ("/r Rumours", [RUMOURS]),
        ("Roll Beasts", ["Beasts: marsh cat"]),
        ("reroll on beasts", ["Beasts: marsh cat"]),
        ("roll on Salt and Iron", ["Salt and Iron: a nail"]),
        ("roll on Beasts and Marsh Weather", ["Beasts: marsh cat", "Marsh Weather: fog"]),
        ("roll on the table", ["The Table: wood"]),
        ("roll on Empty", ["Empty: The table Empty has no entries to roll on."]),
        ("roll on marsh", []),  # Two tables have that in their names.
        ("roll weather", []),  # Without "on", only a whole name is a table.
        ("roll 2d6+3", []),
        ("/roll d20", []),
        ("roll on", []),
        ("roll", []),
        ("What would we roll on Beasts for?", []),
        ("The dice roll on Beasts was a marsh cat.", []),
        ("roll on Beasts " + "x" * 300, []),
        ("", []),
    ],
)
async def test_the_table_that_is_named_is_rolled_on(
    marsh: World, said: str, rolled: list[str]
) -> None:
    assert await ask(marsh, said) == rolled


async def test_another_campaigns_table_is_not_rolled_on(marsh: World) -> None:
    other = await marsh.campaigns.create(None, {"name": "Elsewhere"})
    fields = {"name": "Secrets", "entries": "the king is dead"}
    await marsh.things.of_kind("random_table").create(other.id, fields)
    assert await ask(marsh, "roll on Secrets") == []


async def test_few_names_are_looked_up_whatever_is_said(
    marsh: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[str] = []
    for name in ("find_table", "find_table_by_part"):
        real = getattr(random_tables, name)

        def counted(tx: object, campaign_id: str, said: str, *, real: object = real) -> object:
            looked_up.append(said)
            return real(tx, campaign_id, said)  # type: ignore[operator]

        monkeypatch.setattr(asked_rolls, name, counted)
    for said in (
        "roll on " + " and ".join("abcdefghijklmnop"),
        "roll on " + ", ".join(["the x table please"] * 3),
        "/roll " + "a and " * 40,
        "roll on the " + "table " * 40,
    ):
        looked_up.clear()
        assert await ask(marsh, said) == []
        assert len(looked_up) <= 16


async def test_the_same_chance_gives_the_same_roll(marsh: World) -> None:
    lines = "\n".join(map(str, range(1000)))
    fields = {"name": "Numbers", "entries": lines.replace("\n", " a\n")}
    await marsh.things.of_kind("random_table").create(marsh.campaign_id, fields)
    roller = TableRoller()

    async def roll(seed: int) -> object:
        return await marsh.database.read(
            lambda tx: roller.roll_asked(
                tx, marsh.campaign_id, "roll on Numbers", random.Random(seed)
            )
        )

    assert await roll(1) == await roll(1)
    assert len({str(await roll(seed)) for seed in range(5)}) > 1
