"""What was played last is known, with a recap or without one; and what was rolled."""

from __future__ import annotations

import pytest

from tests.campaigns.conftest import World
from ttrpg_assistant.campaigns.evenings import CampaignEvenings
from ttrpg_assistant.campaigns.facts import CampaignFactSource
from ttrpg_assistant.campaigns.last_played import MOST_CHARACTERS
from ttrpg_assistant.campaigns.model import GameSession
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.prompts.facts import LAST_TIME, CampaignFacts
from ttrpg_assistant.search.facts import find_facts


async def gather(world: World, game_session_id: str | None = None) -> CampaignFacts:
    source = CampaignFactSource(find_facts)
    found = await world.database.read(
        lambda tx: source.gather(tx, world.campaign.id, game_session_id, ["hello"], None, None)
    )
    assert found.campaign is not None
    return found.campaign


async def play(world: World, *notes: str, **fields: str) -> GameSession:
    """An evening from its start to its end, with these notes."""
    evening = await world.game_sessions.create(world.campaign.id, fields)
    await world.game_sessions.start(evening.id)
    for note in notes:
        await world.game_sessions.add_note(evening.id, note)
    return await world.game_sessions.end(evening.id)


async def test_what_was_noted_stands_in_until_the_recap_is_kept(world: World) -> None:
    assert await world.game_sessions.find_last(world.campaign.id) is None
    evening = await play(world, "They burned the ferry.", "Mira fled north.", title="The Ferry")
    await world.game_sessions.add_event(evening.id, "rang", "The bell rang")
    planned = await world.game_sessions.create(world.campaign.id, {"plan": "Catch Mira."})
    last = await world.game_sessions.find_last(world.campaign.id)
    assert last is not None
    assert (last.game_session_id, last.number, last.source) == (evening.id, 1, "notes")
    assert last.text == "They burned the ferry.\nMira fled north.\nRang: The bell rang"
    for meant in (None, planned.id):
        facts = await gather(world, meant)
        assert facts.recap == last.text
        assert facts.recap_title == last.title
        assert "has no recap yet" in facts.recap_title
        assert "Catch Mira" not in facts.recap

    await world.game_sessions.update(evening.id, 1, {"recap_gm": "The ferry is gone."})
    last = await world.game_sessions.find_last(world.campaign.id)
    assert last is not None and (last.source, last.text) == ("recap", "The ferry is gone.")
    facts = await gather(world, planned.id)
    assert (facts.recap, facts.recap_title) == ("The ferry is gone.", LAST_TIME)


async def test_an_older_recap_does_not_stand_for_a_later_evening(world: World) -> None:
    first = await play(world, "Old news.")
    await world.game_sessions.update(first.id, 1, {"recap_gm": "The first recap."})
    await play(world, "The mill fell.")
    assert (await gather(world)).recap == "The mill fell."
    last = await world.game_sessions.find_last(world.campaign.id, before=2)
    assert last is not None and last.text == "The first recap."


async def test_planning_while_an_evening_runs_knows_that_evening(world: World) -> None:
    await play(world, "Before.")
    running = await world.game_sessions.create(world.campaign.id, {})
    await world.game_sessions.start(running.id)
    planned = await world.game_sessions.create(world.campaign.id, {})
    facts = await gather(world, planned.id)
    assert "is being played now" in facts.recap_title and facts.moment == "preparing"
    assert facts.recap == "There are no notes yet."
    await world.game_sessions.add_note(running.id, "The duke is dead.")
    assert (await gather(world, planned.id)).recap == "The duke is dead."
    # At that table itself the one before it is the last one.
    assert (await gather(world)).recap == "Before."


async def test_of_a_long_evening_the_end_is_kept_within_its_bound(world: World) -> None:
    evening = await play(
        world, *(f"{number} {'x' * 300}" for number in range(30)), "The last line."
    )
    last = await world.game_sessions.find_last(world.campaign.id)
    assert last is not None and last.game_session_id == evening.id
    lines = last.text.split("\n")
    assert len(last.text) <= MOST_CHARACTERS
    assert lines[-1] == "The last line." and lines[0].startswith("19 ")


async def test_nobody_knows_the_last_game_session_of_a_campaign_that_is_not_there(
    world: World,
) -> None:
    with pytest.raises(NotFound):
        await world.game_sessions.find_last(new_id())


async def test_rolls_are_short_in_prompts_and_apart_from_what_happened(world: World) -> None:
    evening = await world.game_sessions.create(world.campaign.id, {})
    await world.game_sessions.add_event(evening.id, "roll", "d20 = 3 [3]")
    await world.game_sessions.start(evening.id)
    for number in range(40):
        await world.game_sessions.add_event(evening.id, "roll", f"2d6+{number} = 9 [4, 5]")
    await world.game_sessions.add_event(evening.id, "rang", "The bell rang.")
    facts = await gather(world)
    assert facts.game_session is not None and facts.game_session.rolls is not None
    [line] = facts.game_session.rolls.lines
    assert line.value.startswith("2d6+20 = 9; ") and line.value.endswith("2d6+39 = 9")
    happened = [*facts.game_session.events, *facts.game_session.latest]
    assert [fact.lines[0].value for fact in happened] == ["The bell rang."]

    async def recaps() -> tuple[list[str], list[str]]:
        evenings = CampaignEvenings()
        gm = await world.database.read(lambda tx: evenings.gather_for_gm(tx, evening.id))
        players = await world.database.read(lambda tx: evenings.gather_for_players(tx, evening.id))
        return [line.text for line in gm.lines], [line.text for line in players.lines]

    for_gm, for_players = await recaps()
    assert for_players == ["The bell rang."]
    assert for_gm[0] == "The bell rang."
    assert for_gm[1].startswith("Dice rolled: 2d6+20 = 9; ") and len(for_gm) == 2

    rolls = await world.game_sessions.list_events(evening.id, kind="roll", limit=500)
    assert len(rolls.items) == 41
    # What is rolled on the days after is none of that evening's.
    await world.game_sessions.end(evening.id)
    await world.game_sessions.add_event(evening.id, "roll", "d4 = 1 [1]")
    for_gm, _ = await recaps()
    assert "d4" not in for_gm[1]
