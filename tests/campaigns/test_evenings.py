"""A game session as recaps are made from it: in order, and for players without what is hidden."""

from __future__ import annotations

from tests.campaigns.conftest import World
from ttrpg_assistant.campaigns.evenings import CampaignEvenings
from ttrpg_assistant.campaigns.model import GameSession
from ttrpg_assistant.campaigns.registry import list_things

EVENINGS = CampaignEvenings()


async def play(world: World) -> GameSession:
    game = await world.game_sessions.create(
        world.campaign.id, {"title": "Low tide", "plan": "Bell"}
    )
    return await world.game_sessions.start(game.id)


async def lines_for_players(world: World, game: GameSession) -> list[str]:
    evening = await world.database.read(lambda tx: EVENINGS.gather_for_players(tx, game.id))
    return [line.text for line in evening.lines]


async def test_notes_and_events_stand_in_the_order_of_their_time(world: World) -> None:
    game = await play(world)
    at = "2026-11-22T20:{:02}:00Z".format
    await world.game_sessions.add_note(game.id, "third", gm_only=False, at=at(30))
    await world.game_sessions.add_event(game.id, "enters", "Tam", at=at(20))
    await world.game_sessions.add_note(game.id, "first", gm_only=False, at=at(10))
    assert await lines_for_players(world, game) == ["first", "Tam came in.", "third"]


async def test_players_get_no_note_for_the_gm_and_no_plan(world: World) -> None:
    game = await play(world)
    await world.game_sessions.add_note(game.id, "seen", gm_only=False)
    hidden = await world.game_sessions.add_note(game.id, "hidden", gm_only=True)
    assert await lines_for_players(world, game) == ["seen"]
    gm = await world.database.read(lambda tx: EVENINGS.gather_for_gm(tx, game.id))
    assert ([line.text for line in gm.lines], gm.plan) == (["seen", "hidden"], "Bell")
    await world.game_sessions.update_note(hidden.id, hidden.revision, {"gm_only": False})
    assert await lines_for_players(world, game) == ["seen", "hidden"]
    await world.game_sessions.remove_note(hidden.id)
    assert await lines_for_players(world, game) == ["seen"]


async def test_players_get_no_event_about_a_plot_point_they_do_not_know(world: World) -> None:
    game = await play(world)
    made = {}
    for audience in ("gm", "public"):
        fields = {"title": f"The {audience} one", "audience": audience}
        point = await world.plot_points.create(world.campaign.id, fields)
        made[audience] = point
        about = {"entity_kind": "plot_point", "entity_id": point.id}
        await world.game_sessions.add_event(game.id, "happened", point.title, **about)
    assert await lines_for_players(world, game) == ["It happened: The public one."]
    await world.plot_points.update(made["gm"].id, 1, {"audience": "public"})
    assert len(await lines_for_players(world, game)) == 2
    await world.plot_points.remove(made["public"].id)
    assert await lines_for_players(world, game) == ["It happened: The gm one."]


async def test_players_get_no_event_about_a_thing_of_any_kind_that_is_not_for_the_party(
    world: World,
) -> None:
    game = await play(world)
    closed = [kind for kind in list_things() if "audience" in kind.fields]
    heard = ("party", "public", "name")
    assert len(closed) > 5
    wanted = []
    for kind in closed:
        for audience in kind.fields["audience"].shape.choices or {}:
            fields = {kind.name_field: f"A {kind.noun} for {audience}", "audience": audience}
            one = await world.things.of_kind(kind.name).create(world.campaign.id, fields)
            about = {"entity_kind": kind.name, "entity_id": one.id}
            await world.game_sessions.add_event(game.id, "met", fields[kind.name_field], **about)
            wanted += [f"Met: {fields[kind.name_field]}"] if audience in heard else []
    assert await lines_for_players(world, game) == wanted


async def test_an_event_in_a_game_masters_own_words_is_told_as_it_is(world: World) -> None:
    game = await play(world)
    await world.game_sessions.add_event(game.id, "side_quest", "two guards fell")
    await world.game_sessions.add_event(game.id, "met", "They met Mira at the steps.")
    assert await lines_for_players(world, game) == [
        "Side quest: two guards fell",
        "They met Mira at the steps.",
    ]
