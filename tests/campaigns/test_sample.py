"""The sample campaign is complete, loads once, and leaves in one step."""

from __future__ import annotations

import asyncio

import pytest

from tests.campaigns.conftest import World
from ttrpg_assistant.campaigns.sample import SAMPLE_CAMPAIGN_ID, read_sample_talk, sample_id
from ttrpg_assistant.campaigns.sample.load import SampleCampaign
from ttrpg_assistant.errors import NotFound


def sample_of(world: World) -> SampleCampaign:
    return SampleCampaign(world.database, world.changes, world.campaigns)


async def test_the_sample_shows_everything_a_newcomer_should_see(world: World) -> None:
    sample = await sample_of(world).load()
    assert sample.world_state and sample.house_rules
    npcs = (await world.npcs.list_all(sample.id)).items
    assert len(npcs) >= 8
    for npc in npcs:
        assert npc.sample_lines and npc.mannerisms and npc.never_says and npc.secrets
        assert len(npc.voice_card) == 3 and npc.speaking_style and npc.location_id
    assert len((await world.locations.list_all(sample.id)).items) >= 6
    assert len((await world.plot_points.list_all(sample.id)).items) >= 6
    games = (await world.game_sessions.list_all(sample.id)).items
    assert [(game.session_number, game.status) for game in games] == [
        (3, "planned"),
        (2, "ended"),
        (1, "ended"),
    ]
    for game in games[1:]:
        assert game.recap_gm and game.recap_players and game.clock_seconds > 3600
        assert (await world.game_sessions.list_notes(game.id)).items
        assert (await world.game_sessions.list_events(game.id)).items
    audiences = {fact.audience for fact in (await world.facts.list_all(sample.id)).items}
    assert audiences == {"gm", "npcs", "group", "public"}


async def test_loading_twice_and_at_once_is_loading_once(world: World) -> None:
    one, other = await asyncio.gather(sample_of(world).load(), sample_of(world).load())
    assert one == other == await sample_of(world).load()
    names = [campaign.name for campaign in (await world.campaigns.list_all()).items]
    assert names.count("The Ninth Tide") == 1


async def test_a_removed_sample_is_gone_and_loads_again_as_it_was_left(world: World) -> None:
    await sample_of(world).load()
    mira = await world.npcs.get(sample_id("npc", "mira"))
    edited = await world.npcs.update(mira.id, mira.revision, {"status": "rich"})
    removed = await sample_of(world).remove()
    assert removed.count > 25
    with pytest.raises(NotFound):
        await world.campaigns.get(SAMPLE_CAMPAIGN_ID)
    await sample_of(world).load()
    assert await world.npcs.get(mira.id) == edited


async def test_the_next_game_session_goes_on_counting(world: World) -> None:
    await sample_of(world).load()
    assert (await world.game_sessions.create(SAMPLE_CAMPAIGN_ID, {})).session_number == 4


def test_the_sample_talk_is_a_chat_and_a_planning_thread() -> None:
    talk = read_sample_talk()
    assert talk == read_sample_talk()
    assert talk.thread.purpose == "session_planning"
    ids = [message.id for one in (talk.chat, talk.thread) for message in one.messages]
    assert len(set(ids)) == len(ids) >= 8
    for conversation in (talk.chat, talk.thread):
        roles = [message.role for message in conversation.messages]
        assert roles == ["user", "assistant"] * (len(roles) // 2)
