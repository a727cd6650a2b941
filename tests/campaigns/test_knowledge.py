"""Who knows what: told, shared in a group, public, or the game master's alone."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.util import await_only

from tests.campaigns.conftest import World
from ttrpg_assistant.campaigns.model import Npc
from ttrpg_assistant.campaigns.restoring import RESTORERS
from ttrpg_assistant.campaigns.store import entities, knowledge
from ttrpg_assistant.errors import Conflict, InvalidInput, NotFound
from ttrpg_assistant.ids import new_id


async def add_npc(world: World, name: str, *groups: str) -> Npc:
    return await world.npcs.create(world.campaign.id, {"name": name, "groups": list(groups)})


async def known_to(world: World, npc: Npc) -> dict[str, str]:
    page = await world.npcs.list_knowledge(npc.id)
    return {one.fact.text: one.because for one in page.items}


async def test_each_npc_knows_what_its_audience_admits(world: World) -> None:
    mira, tomas = await add_npc(world, "Mira", "Lantern Guild"), await add_npc(world, "Tomas")
    add = world.facts.add
    await add(world.campaign.id, {"text": "fog", "audience": "public"})
    await add(world.campaign.id, {"text": "sign", "groups": ["LANTERN guild"]})
    await add(world.campaign.id, {"text": "debt", "npc_ids": [tomas.id]})
    await add(world.campaign.id, {"text": "doom"})
    assert await known_to(world, mira) == {"fog": "public", "sign": "group"}
    assert await known_to(world, tomas) == {"fog": "public", "debt": "told"}


async def test_a_fact_without_an_audience_is_the_game_masters_alone(world: World) -> None:
    fact = await world.facts.add(world.campaign.id, {"text": "doom"})
    assert (fact.audience, fact.listeners) == ("gm", ())


async def test_what_the_party_or_a_character_knows_no_npc_knows_unless_it_is_listed(
    world: World,
) -> None:
    mira, tomas = await add_npc(world, "Mira"), await add_npc(world, "Tomas")
    ana = await world.things.of_kind("character").create(world.campaign.id, {"name": "Ana"})
    add = world.facts.add
    await add(world.campaign.id, {"text": "map", "audience": "party", "npc_ids": [mira.id]})
    dream = await add(world.campaign.id, {"text": "dream", "character_ids": [ana.id]})
    assert dream.audience == "characters"
    assert [one.character_name for one in dream.listeners] == ["Ana"]
    assert await known_to(world, mira) == {"map": "told"}
    assert await known_to(world, tomas) == {}
    await world.npcs.tell(tomas.id, fact_id=dream.id)
    assert await known_to(world, tomas) == {"dream": "told"}
    told = await world.facts.get(dream.id)
    assert told.audience == "characters"
    edited = await world.facts.update(dream.id, told.revision, {"character_ids": []})
    assert [one.npc_name for one in edited.listeners] == ["Tomas"]


async def test_only_a_character_of_the_campaign_is_listed_as_one(world: World) -> None:
    item = await world.things.of_kind("item").create(world.campaign.id, {"name": "Lamp"})
    other = await world.campaigns.create(None, {"name": "Elsewhere"})
    ana = await world.things.of_kind("character").create(other.id, {"name": "Ana"})
    for id, refusal in ((item.id, NotFound), (new_id(), NotFound), (ana.id, InvalidInput)):
        with pytest.raises(refusal):
            await world.facts.add(world.campaign.id, {"text": "dream", "character_ids": [id]})
    assert (await world.facts.list_all(world.campaign.id)).items == ()


async def test_a_character_that_is_gone_is_not_listed_and_comes_back_with_what_it_knew(
    world: World,
) -> None:
    ana = await world.things.of_kind("character").create(world.campaign.id, {"name": "Ana"})
    fact = await world.facts.add(world.campaign.id, {"text": "dream", "character_ids": [ana.id]})
    await world.things.of_kind("character").remove(ana.id)
    assert (await world.facts.get(fact.id)).listeners == ()
    await world.things.of_kind("character").restore(ana.id)
    assert [one.character_id for one in (await world.facts.get(fact.id)).listeners] == [ana.id]


async def test_who_knows_about_the_vault(world: World) -> None:
    mira = await add_npc(world, "Mira")
    await world.facts.add(
        world.campaign.id,
        {"text": "The VAULT opens to the debtless.", "npc_ids": [mira.id], "groups": ["Divers"]},
    )
    await world.facts.add(world.campaign.id, {"text": "Eels are cheap."})
    (found,) = (await world.facts.list_all(world.campaign.id, search="vault opens")).items
    assert [(one.npc_name, one.group_name) for one in found.listeners] == [
        ("Mira", None),
        (None, "Divers"),
    ]


async def test_telling_an_npc_a_secret_lets_it_know_and_nobody_else(world: World) -> None:
    mira, tomas = await add_npc(world, "Mira"), await add_npc(world, "Tomas")
    fact = await world.facts.add(world.campaign.id, {"text": "doom"})
    told = await world.npcs.tell(tomas.id, fact_id=fact.id, told_by_npc_id=mira.id)
    assert told.audience == "npcs"
    assert [(one.npc_id, one.told_by_npc_id) for one in told.listeners] == [(tomas.id, mira.id)]
    assert await known_to(world, tomas) == {"doom": "told"}
    assert await known_to(world, mira) == {}
    assert await world.npcs.tell(tomas.id, fact_id=fact.id) == told
    await world.npcs.untell(tomas.id, fact.id)
    assert await known_to(world, tomas) == {}


async def test_telling_something_new_makes_a_fact_that_teller_and_told_know(world: World) -> None:
    mira, tomas = await add_npc(world, "Mira"), await add_npc(world, "Tomas")
    message_id = new_id()
    await world.npcs.tell(
        tomas.id, text="The ferry leaks.", told_by_npc_id=mira.id, source_message_id=message_id
    )
    assert await known_to(world, tomas) == {"The ferry leaks.": "told"}
    assert await known_to(world, mira) == {"The ferry leaks.": "told"}
    (fact,) = (await world.facts.list_all(world.campaign.id)).items
    assert fact.source_message_id == message_id
    with pytest.raises(InvalidInput):
        await world.npcs.tell(tomas.id)


async def test_making_a_fact_the_game_masters_again_takes_it_from_everyone(world: World) -> None:
    mira = await add_npc(world, "Mira")
    fact = await world.facts.add(world.campaign.id, {"text": "debt", "npc_ids": [mira.id]})
    await world.facts.update(fact.id, 1, {"audience": "gm"})
    assert await known_to(world, mira) == {}
    tomas = await add_npc(world, "Tomas")
    told = await world.npcs.tell(tomas.id, fact_id=fact.id)
    assert [one.npc_id for one in told.listeners] == [tomas.id]


async def test_an_edit_replaces_the_listeners_it_names(world: World) -> None:
    mira, tomas = await add_npc(world, "Mira"), await add_npc(world, "Tomas")
    fact = await world.facts.add(
        world.campaign.id, {"text": "debt", "npc_ids": [mira.id], "groups": ["Divers"]}
    )
    edited = await world.facts.update(fact.id, 1, {"npc_ids": [tomas.id]})
    assert {one.npc_name or one.group_name for one in edited.listeners} == {"Tomas", "Divers"}
    edited = await world.facts.update(fact.id, 2, {"groups": [], "text": "a debt"})
    assert (edited.text, edited.revision) == ("a debt", 3)
    assert [one.npc_name for one in edited.listeners] == ["Tomas"]


async def test_a_stale_edit_of_a_fact_is_a_conflict_with_both_versions(world: World) -> None:
    fact = await world.facts.add(world.campaign.id, {"text": "one"})
    await world.facts.update(fact.id, 1, {"text": "two"})
    with pytest.raises(Conflict) as stale:
        await world.facts.update(fact.id, 1, {"text": "three"})
    assert stale.value.facts["mine"] == {"text": "three"}
    theirs = stale.value.facts["theirs"]
    assert isinstance(theirs, dict) and theirs["text"] == "two"
    assert (await world.facts.get(fact.id)).text == "two"


async def test_an_edit_made_before_an_npc_forgot_does_not_teach_it_again(world: World) -> None:
    mira, bran = await add_npc(world, "Mira"), await add_npc(world, "Bran")
    fact = await world.facts.add(world.campaign.id, {"text": "debt", "npc_ids": [mira.id, bran.id]})
    left = await world.npcs.untell(bran.id, fact.id)
    assert left.revision == fact.revision + 1
    with pytest.raises(Conflict) as stale:
        await world.facts.update(
            fact.id, fact.revision, {"text": "a debt", "npc_ids": [mira.id, bran.id]}
        )
    theirs = stale.value.facts["theirs"]
    assert isinstance(theirs, dict)
    assert (theirs["npc_ids"], theirs["groups"]) == ([mira.id], [])
    assert stale.value.facts["revision"] == left.revision
    assert await known_to(world, bran) == {}


@pytest.mark.parametrize("audience", ["npcs", "group", "public"])
async def test_an_edit_made_before_an_npc_was_told_does_not_undo_the_telling(
    world: World, audience: str
) -> None:
    mira, bran = await add_npc(world, "Mira"), await add_npc(world, "Bran")
    fact = await world.facts.add(
        world.campaign.id,
        {"text": "debt", "audience": audience, "npc_ids": [mira.id], "groups": ["Divers"]},
    )
    told = await world.npcs.tell(bran.id, fact_id=fact.id)
    assert (told.audience, told.revision) == (audience, fact.revision + 1)
    with pytest.raises(Conflict) as stale:
        await world.facts.update(fact.id, fact.revision, {"npc_ids": [mira.id]})
    theirs = stale.value.facts["theirs"]
    assert isinstance(theirs, dict)
    assert (set(theirs["npc_ids"]), theirs["groups"]) == ({mira.id, bran.id}, ["Divers"])
    assert await known_to(world, bran) != {}


async def test_telling_and_taking_back_what_already_holds_is_no_change(world: World) -> None:
    mira, bran = await add_npc(world, "Mira"), await add_npc(world, "Bran")
    fact = await world.facts.add(world.campaign.id, {"text": "debt", "npc_ids": [mira.id]})
    assert await world.npcs.tell(mira.id, fact_id=fact.id) == fact
    assert await world.npcs.untell(bran.id, fact.id) == fact
    edited = await world.facts.update(fact.id, fact.revision, {"text": "a debt"})
    assert edited.text == "a debt"


@pytest.mark.parametrize("engine_name", ["postgresql"])
async def test_of_two_tellings_of_a_secret_at_once_neither_is_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mira, bran = await add_npc(world, "Mira"), await add_npc(world, "Bran")
    fact = await world.facts.add(world.campaign.id, {"text": "doom"})
    has_read, go_on = asyncio.Event(), asyncio.Event()

    def get_slowly(tx: Any, kind: Any, id: str) -> Any:
        if id == bran.id and not has_read.is_set():
            has_read.set()
            await_only(go_on.wait())
        return entities.get_entity(tx, kind, id)

    async def wait_for_a_lock() -> None:
        waiting = text(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        while not await world.database.read(lambda tx: tx.execute(waiting).scalar()):
            pass

    monkeypatch.setattr(knowledge, "get_entity", get_slowly)
    slow = asyncio.create_task(world.npcs.tell(bran.id, fact_id=fact.id))
    await has_read.wait()
    quick = asyncio.create_task(world.npcs.tell(mira.id, fact_id=fact.id))
    locked = asyncio.create_task(wait_for_a_lock())
    await asyncio.wait({quick, locked}, return_when=asyncio.FIRST_COMPLETED)
    go_on.set()
    told = [await slow, await quick]
    locked.cancel()
    assert [one.revision for one in told] == [2, 3]
    assert {one.npc_id for one in (await world.facts.get(fact.id)).listeners} == {mira.id, bran.id}
    assert await known_to(world, mira) == await known_to(world, bran) == {"doom": "told"}


async def test_a_removed_fact_is_known_to_nobody_until_it_is_brought_back(world: World) -> None:
    mira = await add_npc(world, "Mira")
    fact = await world.facts.add(world.campaign.id, {"text": "fog", "audience": "public"})
    await world.facts.remove(fact.id)
    assert await known_to(world, mira) == {}
    with pytest.raises(NotFound):
        await world.facts.get(fact.id)
    restore = RESTORERS["fact_removed"]
    await world.database.write(lambda tx: restore(tx, fact.id, {}))
    assert await known_to(world, mira) == {"fog": "public"}


async def test_facts_stay_within_their_campaign(world: World) -> None:
    other = await world.campaigns.create(None, {"name": "Other"})
    stranger = await world.npcs.create(other.id, {"name": "Stranger"})
    fact = await world.facts.add(world.campaign.id, {"text": "fog", "audience": "public"})
    assert await known_to(world, stranger) == {}
    with pytest.raises(InvalidInput):
        await world.npcs.tell(stranger.id, fact_id=fact.id)
    with pytest.raises(InvalidInput):
        await world.facts.add(world.campaign.id, {"text": "x", "npc_ids": [stranger.id]})


@pytest.mark.parametrize(
    "fields",
    [{}, {"text": " "}, {"text": "x", "audience": "some"}, {"text": "x", "npc_ids": ["7"]}],
)
async def test_a_fact_that_makes_no_sense_is_refused(
    world: World, fields: dict[str, object]
) -> None:
    with pytest.raises(InvalidInput):
        await world.facts.add(world.campaign.id, fields)


async def test_resending_a_fact_makes_only_one(world: World) -> None:
    id = new_id()
    first = await world.facts.add(world.campaign.id, {"text": "fog"}, id=id)
    assert await world.facts.add(world.campaign.id, {"text": "fog"}, id=id) == first
    assert len((await world.facts.list_all(world.campaign.id)).items) == 1
