"""Finding by name, in every campaign, on both databases."""

from __future__ import annotations

import pytest

from ttrpg_assistant.campaigns.campaigns import Campaigns
from ttrpg_assistant.campaigns.npcs import Npcs
from ttrpg_assistant.conversations.store import conversations
from ttrpg_assistant.conversations.store.removals import add_removal
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.search.indexing import Indexing
from ttrpg_assistant.search.model import NameHit
from ttrpg_assistant.search.search import Search
from ttrpg_assistant.storage.database import Database


@pytest.fixture
def search(database: Database) -> Search:
    return Search(database, Indexing(database, Changes()))


def world(database: Database) -> tuple[Campaigns, Npcs]:
    return Campaigns(database, Changes(), add_removal), Npcs(database, Changes(), add_removal)


def named(found: list[NameHit]) -> list[tuple[str, str]]:
    return [(hit.kind, hit.name) for hit in found]


async def test_a_name_is_found_in_the_ninth_campaign_as_in_the_first(
    database: Database, search: Search
) -> None:
    campaigns, npcs = world(database)
    for number in range(9):
        campaign = await campaigns.create(None, {"name": f"Coast {number}"})
        await npcs.create(campaign.id, {"name": f"Keeper {number}"})
    found = await search.list_named("keeper 0")
    assert named(found) == [("npc", "Keeper 0")]
    assert found[0].campaign_name == "Coast 0"
    assert len(await search.list_named("keeper", limit=50)) == 9


async def test_names_that_begin_so_come_first_and_then_those_at_hand(
    database: Database, search: Search
) -> None:
    campaigns, npcs = world(database)
    far, near = [(await campaigns.create(None, {"name": name})).id for name in ("Far", "Near")]
    await npcs.create(far, {"name": "Mira of the far coast"})
    await npcs.create(near, {"name": "Mira Voss"})
    await npcs.create(near, {"name": "Almira"})
    await npcs.create(far, {"name": "Josef", "aliases": ["Mirador"]})
    found = await search.list_named("MÍRA", near=near)
    assert named(found) == [
        ("npc", "Mira Voss"),
        ("npc", "Josef"),
        ("npc", "Mira of the far coast"),
        ("npc", "Almira"),
    ]


async def test_a_conversation_is_found_by_its_title_and_nothing_removed_is(
    database: Database, search: Search
) -> None:
    campaigns, npcs = world(database)
    campaign = await campaigns.create(None, {"name": "Salt Road"})
    gone = await npcs.create(campaign.id, {"name": "Salter"})
    await npcs.remove(gone.id)
    thread = await database.write(
        lambda tx: conversations.add_conversation(
            tx, "thread", purpose="general", campaign_id=campaign.id, title="What salt costs"
        )
    )
    found = await search.list_named("salt")
    assert named(found) == [("campaign", "Salt Road"), ("thread", "What salt costs")]
    assert (found[1].id, found[1].campaign_id) == (thread.id, campaign.id)
    assert await search.list_named("100%_") == []


async def test_names_are_found_in_every_script_in_other_forms_and_decorated(
    database: Database, search: Search
) -> None:
    campaigns, npcs = world(database)
    campaign = await campaigns.create(None, {"name": "Каменный берег"})
    for name in ("Дракон Ярл", "白素貞", "ﾄﾞﾗｺﾞﾝ", "Łucja"):
        await npcs.create(campaign.id, {"name": name})
    for title in ("Ночной Дозор", "Élan vital", "赤い竜"):
        await database.write(
            lambda tx, title=title: conversations.add_conversation(  # type: ignore[misc]
                tx, "thread", purpose="general", title=title
            )
        )
    for query, name in (
        ("драконы", "Дракон Ярл"),
        ("драконом", "Дракон Ярл"),
        ("素貞", "白素貞"),
        ("ドラゴン", "ﾄﾞﾗｺﾞﾝ"),
        ("lucja", "Łucja"),
        ("ночной дозор", "Ночной Дозор"),
        ("elan", "Élan vital"),
        ("竜", "赤い竜"),
    ):
        assert name in [hit.name for hit in await search.list_named(query)], query
    assert await search.list_named("drago") == []
