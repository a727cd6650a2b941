"""How far things and facts are part of the story, and what prompts say of it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.campaigns.conftest import World
from tests.campaigns.test_kinds import fill
from ttrpg_assistant.campaigns.canon import IN_THE_WORLD, WORDS
from ttrpg_assistant.campaigns.facts import CampaignFactSource, GatheredFacts
from ttrpg_assistant.campaigns.registry import KINDS, get_kind, list_things
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.prompts.facts import Mode
from ttrpg_assistant.search.facts import find_facts

THINGS = list_things()


@pytest.mark.parametrize("kind", THINGS, ids=lambda one: one.name)
def test_every_kind_of_thing_says_how_far_it_is_part_of_the_story(kind: Any) -> None:
    field = kind.fields[kind.canon_field]
    assert field.shape.choices == dict(WORDS)
    assert field.is_filter and field.is_column
    assert kind.canon_field in kind.table.c, "lists in prompts leave out what was retconned"
    assert {"game_session_id", "source_message_id"} <= kind.fields.keys()


@given(st.sampled_from(THINGS), st.sampled_from(["brief", "sheet", "quote", "voice"]))
def test_of_what_was_retconned_no_part_of_a_prompt_tells_anything_else(
    kind: Any, part: Any
) -> None:
    values = {**fill(kind), kind.canon_field: "retconned"}
    for name in kind.references:
        values[name] = "Somewhere"
    lines = kind.list_lines(values, part)
    assert [text for _, text, _ in lines] == (
        [] if part == "voice" else ["retconned: this is no longer true"]
    )


@given(st.sampled_from([one for one in THINGS if one.canon_field == "canon"]))
def test_what_has_not_happened_says_so_before_anything_else(kind: Any) -> None:
    for canon, word in (("idea", "only an idea"), ("prepped", "prepared")):
        for part in ("brief", "sheet", "quote"):
            label, text, is_gm_only = kind.list_lines({**fill(kind), "canon": canon}, part)[0]
            assert (label, is_gm_only) == ("Canon", True) and text.startswith(word)
    happened = kind.list_lines({**fill(kind), "canon": "happened"}, "sheet")
    assert all(label != "Canon" for label, _, _ in happened)


async def gather(
    world: World, said: str, npc_id: str | None = None, mode: Mode | None = None
) -> str:
    """Everything a prompt is made of, as one text."""

    def work(tx: Any) -> GatheredFacts:
        return CampaignFactSource(find_facts).gather(
            tx, world.campaign_id, None, [said], npc_id, mode, for_quotes=mode is None
        )

    return msgspec.json.encode(await world.database.read(work)).decode()


async def test_an_npc_that_speaks_never_hears_of_an_idea_or_of_what_was_retconned(
    world: World,
) -> None:
    here = await world.locations.create(world.campaign_id, {"name": "Home"})
    mira = await world.npcs.create(
        world.campaign_id, {"name": "Mira", "location_id": here.id, "is_present": True}
    )
    said = []
    for canon in WORDS:
        await world.facts.add(
            world.campaign_id, {"text": f"fact-{canon}", "audience": "public", "canon": canon}
        )
        await world.facts.add(
            world.campaign_id, {"text": f"told-{canon}", "npc_ids": [mira.id], "canon": canon}
        )
        item = await world.things.of_kind("item").create(
            world.campaign_id, {"name": f"item-{canon}", "audience": "public", "canon": canon}
        )
        await world.npcs.create(
            world.campaign_id, {"name": f"npc-{canon}", "is_present": True, "canon": canon}
        )
        await world.locations.create(
            world.campaign_id, {"name": f"near-{canon}", "parent_id": here.id, "canon": canon}
        )
        await world.relations.create(
            world.campaign_id,
            {
                "from_kind": "npc",
                "from_id": mira.id,
                "to_kind": "item",
                "to_id": item.id,
                "label": f"made-{canon}",
                "audience": "public",
            },
        )
        said.append(f"item-{canon}")
    heard = await gather(world, " ".join(said), mira.id, "as")
    marks = ("fact", "told", "item", "npc", "near", "made")
    told = {canon: [mark for mark in marks if f"{mark}-{canon}" in heard] for canon in WORDS}
    assert told == {canon: list(marks) if canon in IN_THE_WORLD else [] for canon in WORDS}
    known = await world.npcs.list_knowledge(mira.id)
    assert {one.fact.canon for one in known.items} == set(IN_THE_WORLD)


async def test_the_game_masters_prompt_says_what_is_no_longer_true_and_what_is_not_true_yet(
    world: World,
) -> None:
    for canon in WORDS:
        await world.facts.add(
            world.campaign_id, {"text": f"The bell rings {canon}.", "canon": canon}
        )
        await world.npcs.create(
            world.campaign_id, {"name": f"Bell {canon}", "personality": "Loud", "canon": canon}
        )
    told = await gather(world, "What of the bell? Bell retconned?")
    assert '"label":"No longer true","value":"The bell rings retconned."' in told
    assert '"label":"Only an idea, not true yet","value":"The bell rings idea."' in told
    assert '"label":"Prepared, not told at the table yet","value":"The bell rings prepped."' in told
    assert '"label":"Fact","value":"The bell rings happened."' in told
    assert told.count("Loud") == told.count('"label":"Personality"') > 0
    named = [part for part in told.split('"name":"') if part.startswith("Bell retconned")]
    assert named and all("no longer true" in one and "Loud" not in one for one in named)
    unasked = await gather(world, "Good evening.", mode="about")
    assert "Bell retconned" not in unasked and "Bell idea" in unasked


async def test_a_thing_and_a_fact_keep_where_they_come_from(world: World) -> None:
    game = await world.game_sessions.create(world.campaign_id, {})
    other = await world.campaigns.create(None, {"name": "Elsewhere"})
    theirs = await world.game_sessions.create(other.id, {})
    fact = await world.facts.add(world.campaign_id, {"text": "Tomas died.", "canon": "prepped"})
    assert (fact.canon, fact.game_session_id) == ("prepped", None)
    happened = await world.facts.update(
        fact.id, fact.revision, {"canon": "happened", "game_session_id": game.id}
    )
    assert (happened.canon, happened.game_session_id, happened.text) == (
        "happened",
        game.id,
        "Tomas died.",
    )
    listed = await world.facts.list_all(world.campaign_id, game_session_id=game.id)
    assert listed.items == (happened,)
    assert (await world.facts.list_all(world.campaign_id, canon="idea")).items == ()
    with pytest.raises(InvalidInput):
        await world.facts.update(happened.id, happened.revision, {"game_session_id": theirs.id})
    with pytest.raises(InvalidInput):
        await world.facts.add(world.campaign_id, {"text": "No.", "canon": "maybe"})
    npc = await world.npcs.create(
        world.campaign_id, {"name": "Tomas", "canon": "happened", "game_session_id": game.id}
    )
    with pytest.raises(InvalidInput):
        await world.npcs.update(npc.id, npc.revision, {"game_session_id": theirs.id})
    found = await world.npcs.list_all(world.campaign_id, filters={"game_session_id": game.id})
    assert found.items == (npc,)
    assert (await world.npcs.list_all(world.campaign_id, filters={"canon": "idea"})).items == ()


async def test_telling_an_npc_an_idea_takes_it_from_nobody_else(world: World) -> None:
    mira = await world.npcs.create(world.campaign_id, {"name": "Mira"})
    tomas = await world.npcs.create(world.campaign_id, {"name": "Tomas"})
    fact = await world.facts.add(
        world.campaign_id, {"text": "A vault.", "canon": "idea", "npc_ids": [mira.id]}
    )
    await world.npcs.tell(tomas.id, fact_id=fact.id)
    told = await world.facts.get(fact.id)
    assert {one.npc_id for one in told.listeners} == {mira.id, tomas.id}


def test_a_campaign_and_a_game_session_have_no_such_step() -> None:
    for kind in (KINDS["campaign"], KINDS["game_session"]):
        assert get_kind(kind.name).canon_field not in kind.fields
