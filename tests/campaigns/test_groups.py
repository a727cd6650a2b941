"""Groups of NPCs: one group however its name is typed, another one by any mark that counts."""

from __future__ import annotations

from importlib import import_module

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, select

from tests.campaigns.conftest import World
from ttrpg_assistant.campaigns.facts import CampaignFactSource
from ttrpg_assistant.campaigns.tables import fact_audience, npcs
from ttrpg_assistant.search.facts import find_facts


async def hears(world: World, said_to: str, member_of: str) -> bool:
    """Whether an NPC of one group knows what the other was told."""
    npc = await world.npcs.create(world.campaign.id, {"name": "Mira", "groups": [member_of]})
    await world.facts.add(world.campaign.id, {"text": "doom", "groups": [said_to]})
    source = CampaignFactSource(find_facts)
    gathered = await world.database.read(
        lambda tx: source.gather(tx, world.campaign.id, None, ["Well?"], npc.id, "as")
    )
    assert gathered.voice is not None
    is_listed = bool((await world.npcs.list_knowledge(npc.id)).items)
    assert bool(gathered.voice.knows) is is_listed
    return is_listed


@pytest.mark.parametrize(
    ("said_to", "member_of"),
    [("ハード", "ハート"), ("Бой", "Бои"), ("Söhne", "Sohne"), ("Guild", "Guilds")],
)
async def test_what_one_group_was_told_another_with_like_marks_does_not_hear(
    world: World, said_to: str, member_of: str
) -> None:
    assert not await hears(world, said_to, member_of)


@pytest.mark.parametrize(
    ("said_to", "member_of"),
    [("Lantern Guild", " lantern  GUILD"), ("Söhne", "SO\u0308HNE"), ("ハード", "ﾊｰﾄﾞ")],
)
async def test_a_group_is_the_same_in_any_case_and_any_spelling_of_its_letters(
    world: World, said_to: str, member_of: str
) -> None:
    assert await hears(world, said_to, member_of)


async def test_groups_of_an_earlier_edition_are_told_apart_afterwards(world: World) -> None:
    npc = await world.npcs.create(world.campaign.id, {"name": "Mira", "groups": ["ハート"]})
    await world.facts.add(world.campaign.id, {"text": "doom", "groups": ["ハード", "Guild"]})

    def fold_and_mend(tx: Connection) -> None:
        tx.execute(npcs.update().values(group_keys="\nハート\n"))
        hard = fact_audience.c.group_name == "ハード"
        tx.execute(fact_audience.update().where(hard).values(group_key="ハート"))
        with Operations.context(MigrationContext.configure(tx)):
            import_module("ttrpg_assistant.storage.migrations.versions.0014_groups").upgrade()
        keys = tx.execute(select(fact_audience.c.group_key)).scalars()
        assert set(keys) == {"ハード", "guild"}
        assert tx.execute(select(npcs.c.group_keys)).scalar_one() == "\nハート\n"

    await world.database.write(fold_and_mend)
    assert (await world.npcs.list_knowledge(npc.id)).items == ()
