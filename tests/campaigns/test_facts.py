"""A prompt gets what bears on the talk; an NPC gets only what it knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from tests.campaigns.conftest import World
from ttrpg_assistant.campaigns.facts import CampaignFactSource, GatheredFacts
from ttrpg_assistant.campaigns.model import KnownFact
from ttrpg_assistant.campaigns.sample import SAMPLE_CAMPAIGN_ID, sample_id
from ttrpg_assistant.campaigns.sample.load import add_sample
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.prompts.facts import CampaignFacts, Mode, VoiceSheet
from ttrpg_assistant.search.facts import find_facts


@pytest.fixture
async def sample(world: World) -> World:
    await world.database.write(add_sample)
    return world


async def gather(
    world: World,
    *texts: str,
    source: CampaignFactSource | None = None,
    game_session_id: str | None = None,
    npc_id: str | None = None,
    mode: Mode | None = None,
    campaign_id: str | None = SAMPLE_CAMPAIGN_ID,
) -> GatheredFacts:
    source = source or CampaignFactSource(find_facts)
    return await world.database.read(
        lambda tx: source.gather(tx, campaign_id, game_session_id, texts, npc_id, mode)
    )


async def gather_campaign(world: World, *texts: str) -> CampaignFacts:
    campaign = (await gather(world, *texts)).campaign
    assert campaign is not None
    return campaign


async def gather_voice(world: World, npc_id: str, *texts: str) -> VoiceSheet:
    gathered = await gather(world, *texts, npc_id=npc_id, mode="as")
    assert gathered.campaign is None
    assert gathered.subject is None
    assert gathered.voice is not None
    return gathered.voice


async def test_a_linked_chat_knows_every_npc_and_place_of_a_small_campaign(sample: World) -> None:
    facts = await gather_campaign(sample, "Who are the NPCs in this campaign?")
    npcs = (await sample.npcs.list_all(SAMPLE_CAMPAIGN_ID)).items
    assert {fact.name for fact in facts.npcs} == {npc.name for npc in npcs}
    assert facts.npc_count == len(npcs)
    assert facts.location_count == len(facts.locations)
    assert facts.name == "The Ninth Tide"
    assert "Month" in {line.label for line in facts.world_state}
    assert "Death" in {line.label for line in facts.house_rules}


async def test_who_is_named_comes_first_and_with_the_fuller_sheet(sample: World) -> None:
    facts = await gather_campaign(sample, "What does KORRIN want at the glassworks?", "And Ysolde?")
    assert [fact.name for fact in facts.mentioned[:3]] == [
        "Korrin Dask",
        "Crane Glassworks",
        "Ysolde Quill",
    ]
    assert "Secret" in {line.label for line in facts.mentioned[0].lines}


async def test_no_question_changes_what_stands_in_every_prompt(sample: World) -> None:
    quiet = await gather_campaign(sample, "hello")
    asked = await gather_campaign(sample, "What does KORRIN want at the glassworks?", "Ysolde?")
    assert replace(asked, mentioned=()) == replace(quiet, mentioned=())
    for npc in ("mira", "tomas"):
        voices = [
            await gather_voice(sample, sample_id("npc", npc), question)
            for question in ("hello", "What of the slate and of Korrin?")
        ]
        assert voices[0] == voices[1]


async def test_what_the_party_and_its_characters_know_stands_in_every_prompt(world: World) -> None:
    id, add = world.campaign.id, world.facts.add
    ana = await world.things.of_kind("character").create(id, {"name": "Ana"})
    mira = await world.npcs.create(id, {"name": "Mira"})
    await add(id, {"text": "The map is false.", "audience": "party", "npc_ids": [mira.id]})
    await add(id, {"text": "She dreams of fire.", "character_ids": [ana.id]})
    await add(id, {"text": "The guild lies.", "groups": ["Guild"]})
    await add(id, {"text": "Fog comes.", "audience": "public"})
    await add(id, {"text": "The king is dead."})
    for question, npc_id in (("Hello?", None), ("Hello?", mira.id), ("The map?", None)):
        facts = (await gather(world, question, npc_id=npc_id, campaign_id=id)).campaign
        assert facts is not None
        known = next(told for title, told in facts.others if title == "What the party knows")
        assert [[line.value for line in one.lines] for one in known] == [
            ["The map is false.", "the party, Mira"],
            ["She dreams of fire.", "Ana"],
        ]
    voice = (await gather(world, "Well?", npc_id=mira.id, mode="as")).voice
    assert voice is not None
    told = [dict(one.lines).get("Fact") for one in voice.knows]
    assert set(filter(None, told)) == {"Fog comes.", "The map is false."}


async def test_present_npcs_are_there_before_those_used_lately(world: World) -> None:
    campaign = (await world.campaigns.create(None, {"name": "Many"})).id
    present = await world.npcs.create(campaign, {"name": "Ada", "is_present": True})
    for number in range(30):
        await world.npcs.create(campaign, {"name": f"Npc {number}"})
    facts = (await gather(world, "hello", campaign_id=campaign)).campaign
    assert facts is not None
    assert (facts.npcs[0].id, facts.npcs[0].why) == (present.id, "present")
    assert len(facts.npcs) == 20 and facts.npc_count == 31


async def test_the_present_of_the_sample_are_marked(sample: World) -> None:
    facts = await gather_campaign(sample, "hello")
    assert {fact.name for fact in facts.npcs if fact.why == "present"} == {
        "Mira Vale",
        "Tomas Reed",
        "Pip Sparrow",
    }


async def test_an_archived_npc_is_left_out_until_it_is_named(sample: World) -> None:
    await sample.npcs.archive(sample_id("npc", "korrin"))
    facts = await gather_campaign(sample, "hello")
    assert "Korrin Dask" not in {fact.name for fact in facts.npcs}
    facts = await gather_campaign(sample, "remember Korrin?")
    assert facts.mentioned[0].name == "Korrin Dask"


async def test_a_removed_npc_is_never_found(sample: World) -> None:
    await sample.npcs.remove(sample_id("npc", "korrin"))
    facts = await gather_campaign(sample, "remember Korrin Dask?")
    assert "Korrin Dask" not in {fact.name for fact in (*facts.mentioned, *facts.npcs)}


async def test_a_new_name_is_known_at_once(sample: World) -> None:
    source = CampaignFactSource(find_facts)
    await gather(sample, "Gaffer Hobb", source=source)
    hobb = await sample.npcs.create(SAMPLE_CAMPAIGN_ID, {"name": "Hobb", "aliases": ["Gaffer"]})
    found = (await gather(sample, "the Gaffer again", source=source)).campaign
    assert found is not None and found.mentioned[0].id == hobb.id
    await sample.npcs.update(hobb.id, 1, {"aliases": []})
    found = (await gather(sample, "the Gaffer again", source=source)).campaign
    assert found is not None and not found.mentioned
    count = found.npc_count
    await sample.npcs.remove(hobb.id)
    found = (await gather(sample, "Hobb", source=source)).campaign
    assert found is not None and not found.mentioned
    assert count is not None and found.npc_count == count - 1


async def test_the_running_game_session_brings_its_notes_and_the_recap_before_it(
    sample: World,
) -> None:
    facts = await gather_campaign(sample, "hello")
    assert facts.game_session is None
    assert "Favour" not in facts.recap and "forgery" in facts.recap

    planned = sample_id("game_session", "down-to-the-vault")
    await sample.game_sessions.start(planned)
    await sample.game_sessions.add_note(planned, "The slate has their names.")
    await sample.game_sessions.add_event(planned, "rang", "The bell rang.")
    facts = await gather_campaign(sample, "hello")
    assert facts.game_session is not None
    assert (facts.game_session.number, facts.game_session.status) == (3, "running")
    assert facts.moment == "at_table"
    latest = [fact.lines[0].value for fact in facts.game_session.latest]
    assert latest == ["The slate has their names.", "The bell rang."]
    assert "forgery" in facts.recap


async def test_notes_join_what_stays_the_same_eight_at_once(sample: World) -> None:
    planned = sample_id("game_session", "down-to-the-vault")
    await sample.game_sessions.start(planned)
    settled: list[tuple[str, ...]] = []
    for number in range(50):
        await sample.game_sessions.add_note(planned, f"Note {number}.")
        game = (await gather_campaign(sample, "hello")).game_session
        assert game is not None
        notes = tuple(fact.lines[0].value for fact in game.notes)
        latest = tuple(fact.lines[0].value for fact in game.latest)
        expected = tuple(f"Note {at}." for at in range(number + 1))
        assert (*notes, *latest) == expected[-len(notes) - len(latest) :]
        assert len(latest) < 8
        settled.append(notes)
    assert len(set(settled)) == 50 // 8 + 1


async def test_a_planning_thread_sees_the_session_it_plans(sample: World) -> None:
    planned = sample_id("game_session", "down-to-the-vault")
    gathered = await gather(sample, "hello", game_session_id=planned)
    assert gathered.campaign is not None and gathered.campaign.game_session is not None
    assert "Strong start" in gathered.campaign.game_session.plan


async def test_plot_points_are_the_open_ones(sample: World) -> None:
    facts = await gather_campaign(sample, "hello")
    names = {fact.name for fact in facts.plot_points}
    assert "The missing harbour master" in names
    assert not names & {"The false registers", "The wreck of the Plover"}


async def test_talk_about_an_npc_sees_its_secrets_and_what_it_knows(sample: World) -> None:
    gathered = await gather(sample, "Who is she?", npc_id=sample_id("npc", "mira"), mode="about")
    assert gathered.subject is not None and gathered.campaign is not None
    assert len(gathered.subject.secrets) == 2
    assert gathered.subject.gm_notes
    knows = [line.value for line in gathered.subject.more if line.label == "Knows"]
    assert any("third seat" in text for text in knows)


async def test_an_npc_speaks_from_what_it_was_told_its_groups_and_what_is_public(
    sample: World,
) -> None:
    voice = await gather_voice(sample, sample_id("npc", "tomas"), "What of the slate?")
    said = [value for fact in voice.knows for _, value in fact.lines]
    for part in ("ninth tide", "wiped off the slate", "behind the cider"):
        assert any(part in text for text in said), part
    for part in ("green beads", "three short whistles", "third seat", "lonely"):
        assert not any(part in text.lower() for text in said), part
    assert "The Low Lantern" in voice.situation
    world_known = dict(voice.world)
    assert "estuary city" in world_known["Setting"]
    assert "The Low Lantern (inn)" in world_known["You live at"]
    assert "Ostrel (city)" in world_known["Which is in"]
    assert "Heron's Landing (ferry landing)" in world_known["Places near you"]
    assert "sluice fails" not in str(voice.world) and "older than the inn" not in str(voice.world)
    assert set(voice.present) == {"Mira Vale", "Pip Sparrow"}


async def add_facts(world: World, campaign_id: str, count: int, text: str, **more: object) -> None:
    for number in range(count):
        await world.facts.add(campaign_id, {"text": f"{text} {number}.", **more})


def told(facts: CampaignFacts) -> list[str]:
    return [one.lines[0].value for one in facts.mentioned if one.name == "Known fact"]


async def test_what_an_npc_was_told_itself_outlasts_any_number_of_newer_facts(
    world: World,
) -> None:
    campaign = (await world.campaigns.create(None, {"name": "Many"})).id
    kip = await world.npcs.create(campaign, {"name": "Kip", "groups": ["Watch"]})
    own = {"audience": "npcs", "npc_ids": [kip.id]}
    group = {"audience": "group", "groups": ["Watch"]}
    await world.facts.add(campaign, {"text": "The vault opens to the word gravel.", **own})
    await world.facts.add(campaign, {"text": "Kip fears the tide.", **own})
    await world.facts.add(campaign, {"text": "The Watch meets at dusk.", **group})
    await world.facts.add(campaign, {"text": "The harp was stolen.", "audience": "public"})
    await world.facts.add(campaign, {"text": "The vault is empty.", "audience": "gm"})
    await add_facts(world, campaign, 310, "Everybody has seen the herons", audience="public")

    async def known(question: str) -> list[str]:
        voice = await gather_voice(world, kip.id, question)
        by_question = sorted(voice.knows, key=lambda fact: fact.is_lasting)
        return [value for fact in by_question for _, value in fact.lines]

    assert (await known("Hello."))[:3] == [
        "Kip fears the tide.",
        "The vault opens to the word gravel.",
        "The Watch meets at dusk.",
    ]
    vault = await known("What is the word that opens the vault?")
    assert "The vault opens to the word gravel." in vault[:3]
    assert "The vault is empty." not in vault
    assert (await known("Who was stealing the harps?"))[0] == "The harp was stolen."
    assert "The Watch meets at dusk." in (await known("What of the Watch?"))[:3]


async def test_the_game_master_is_told_the_facts_that_the_question_is_about(world: World) -> None:
    campaign = (await world.campaigns.create(None, {"name": "Many"})).id
    mira = await world.npcs.create(campaign, {"name": "Mira Voss"})
    tam = await world.npcs.create(campaign, {"name": "Tam"})
    await world.facts.add(campaign, {"text": "The vault is empty.", "audience": "gm"})
    only_tam = {"audience": "npcs", "npc_ids": [tam.id]}
    await world.facts.add(campaign, {"text": "Below the vault runs a river.", **only_tam})
    only_mira = {"audience": "npcs", "npc_ids": [mira.id]}
    await world.facts.add(campaign, {"text": "The bells are cracked.", **only_mira})
    await world.facts.add(campaign, {"text": "Mira Voss sold the harbour.", "audience": "gm"})
    await add_facts(world, campaign, 310, "Everybody has seen the herons", audience="public")

    async def asked(question: str, **more: Any) -> list[str]:
        gathered = await gather(world, question, campaign_id=campaign, **more)
        assert gathered.campaign is not None
        return told(gathered.campaign)

    vault = ["Below the vault runs a river.", "The vault is empty."]
    assert await asked("Which facts about the vault exist?") == vault
    assert await asked("What does Mira Voss know?") == [
        "Mira Voss sold the harbour.",
        "The bells are cracked.",
    ]
    about = {"npc_id": mira.id, "mode": "about"}
    assert await asked("What is it about the vault?", **about) == [
        *vault,
        "Mira Voss sold the harbour.",
    ]


async def test_many_facts_about_a_name_leave_room_for_what_the_named_one_knows(
    world: World,
) -> None:
    campaign = (await world.campaigns.create(None, {"name": "Many"})).id
    mira = await world.npcs.create(campaign, {"name": "Mira"})
    only_mira = {"audience": "npcs", "npc_ids": [mira.id]}
    await world.facts.add(campaign, {"text": "The bells are cracked.", **only_mira})
    await add_facts(world, campaign, 60, "Mira has a debt", audience="gm")
    gathered = await gather(world, "What does Mira know?", campaign_id=campaign)
    assert gathered.campaign is not None
    facts = told(gathered.campaign)
    assert "The bells are cracked." in facts and len(facts) == 40


async def test_a_hint_is_given_only_where_the_game_master_released_it(sample: World) -> None:
    mira = await gather_voice(sample, sample_id("npc", "mira"), "hello")
    assert len(mira.hints) == 1 and "lamps lit" in mira.hints[0]
    tomas = await gather_voice(sample, sample_id("npc", "tomas"), "hello")
    assert tomas.hints == ()


async def test_an_npc_that_does_not_exist_cannot_speak(sample: World) -> None:
    with pytest.raises(NotFound):
        await gather(sample, "hello", npc_id=sample_id("npc", "nobody"), mode="as")


async def test_without_a_campaign_there_are_no_facts(world: World) -> None:
    assert await gather(world, "hello", campaign_id=None) == GatheredFacts()
    assert await gather(world, "hello") == GatheredFacts()


def windows(texts: Sequence[str], length: int = 20) -> Iterator[str]:
    for text in texts:
        folded = " ".join(text.casefold().split())
        for at in range(max(1, len(folded) - length + 1)):
            yield folded[at : at + length]


def knows(fact: KnownFact, npc_id: str, groups: Sequence[str]) -> bool:
    """The rule, said a second time and in other words than the store's."""
    if fact.audience in ("gm", "public"):
        return fact.audience == "public"
    return any(one.npc_id == npc_id or one.group_name in groups for one in fact.listeners)


async def test_no_twenty_characters_of_what_it_does_not_know_reach_any_npc(sample: World) -> None:
    npcs = (await sample.npcs.list_all(SAMPLE_CAMPAIGN_ID)).items
    places = (await sample.locations.list_all(SAMPLE_CAMPAIGN_ID)).items
    points = (await sample.plot_points.list_all(SAMPLE_CAMPAIGN_ID)).items
    games = (await sample.game_sessions.list_all(SAMPLE_CAMPAIGN_ID)).items
    facts = (await sample.facts.list_all(SAMPLE_CAMPAIGN_ID)).items
    hidden = [sample_text for one in (*npcs, *places) for sample_text in (one.gm_notes,)]
    hidden += [secret.text for place in places for secret in place.secrets]
    hidden += [point.gm_notes for point in points] + [game.recap_gm + game.plan for game in games]
    hidden += [point.description for point in points if point.audience == "gm"]
    everything = " ".join([npc.name for npc in npcs] + [place.name for place in places])
    for npc in npcs:
        secrets = [
            secret.text
            for other in npcs
            for secret in other.secrets
            if other.id != npc.id or not secret.may_hint
        ]
        unknown = [fact.text for fact in facts if not knows(fact, npc.id, npc.groups)]
        voice = await gather_voice(sample, npc.id, everything, "What is behind the green door?")
        seen = " ".join(msgspec.json.encode(voice).decode().casefold().split())
        leaked = {one for one in windows([*hidden, *secrets, *unknown]) if one and one in seen}
        assert not leaked, npc.name
        about = await gather(sample, everything, npc_id=npc.id, mode="about")
        seen_about = msgspec.json.encode(about).decode()
        assert all(secret.text in seen_about for secret in npc.secrets)
