"""Game sessions number themselves, one runs at a time, and the clock loses no time."""

from __future__ import annotations

import asyncio

import pytest

from tests.campaigns.conftest import World
from tests.machine_clock import MachineClock
from ttrpg_assistant.errors import Conflict, InvalidInput, NotFound
from ttrpg_assistant.ids import new_id


async def test_game_sessions_number_themselves_and_never_reuse_a_number(world: World) -> None:
    made = [await world.game_sessions.create(world.campaign.id, {}) for _ in range(3)]
    assert [one.session_number for one in made] == [1, 2, 3]
    await world.game_sessions.remove(made[2].id)
    assert (await world.game_sessions.create(world.campaign.id, {})).session_number == 4
    restored = await world.game_sessions.restore(made[2].id)
    assert restored.session_number == 3


async def test_game_sessions_made_at_once_get_different_numbers(world: World) -> None:
    making = [world.game_sessions.create(world.campaign.id, {}) for _ in range(6)]
    made = await asyncio.gather(*making)
    assert sorted(one.session_number for one in made) == [1, 2, 3, 4, 5, 6]


async def test_one_runs_at_a_time_in_a_campaign(world: World) -> None:
    first = await world.game_sessions.create(world.campaign.id, {})
    second = await world.game_sessions.create(world.campaign.id, {})
    await world.game_sessions.start(first.id)
    with pytest.raises(Conflict) as refused:
        await world.game_sessions.start(second.id)
    assert refused.value.facts["running_id"] == first.id
    running = await world.game_sessions.find_running(world.campaign.id)
    assert running is not None and running.id == first.id
    await world.game_sessions.end(first.id)
    assert (await world.game_sessions.start(second.id)).status == "running"


async def test_of_two_started_at_once_one_runs(world: World) -> None:
    made = [await world.game_sessions.create(world.campaign.id, {}) for _ in range(2)]
    starting = [world.game_sessions.start(one.id) for one in made]
    ended = await asyncio.gather(*starting, return_exceptions=True)
    assert sum(isinstance(one, Conflict) for one in ended) == 1


async def test_the_clock_adds_up_over_pause_end_and_resume(world: World) -> None:
    planned = await world.game_sessions.create(world.campaign.id, {"title": "Landfall"})
    assert (planned.status, planned.clock_seconds) == ("planned", 0.0)
    started = await world.game_sessions.start(planned.id)
    assert started.running_since == started.started_at is not None
    assert await world.game_sessions.start(planned.id) == started

    paused = await world.game_sessions.pause(planned.id)
    assert (paused.status, paused.running_since) == ("running", None)
    assert paused.clock_seconds > 0

    await world.game_sessions.resume(planned.id)
    ended = await world.game_sessions.end(planned.id)
    assert (ended.status, ended.running_since) == ("ended", None)
    assert ended.clock_seconds > paused.clock_seconds
    assert await world.game_sessions.end(planned.id) == ended

    again = await world.game_sessions.resume(planned.id)
    assert (again.started_at, again.ended_at) == (started.started_at, None)
    assert again.clock_seconds == ended.clock_seconds


async def test_an_hour_on_the_clock_is_3600_seconds(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = MachineClock(monkeypatch)
    made = await world.game_sessions.create(world.campaign.id, {})
    await world.game_sessions.start(made.id)
    machine.pass_time(10)
    await world.game_sessions.pause(made.id)
    machine.pass_time(50)
    await world.game_sessions.resume(made.id)
    machine.pass_time(3600.5)
    running = await world.game_sessions.get(made.id)
    assert (running.clock_seconds, running.played_seconds) == pytest.approx((10, 3610.5))


async def test_a_game_session_that_never_started_cannot_end(world: World) -> None:
    made = await world.game_sessions.create(world.campaign.id, {})
    with pytest.raises(Conflict):
        await world.game_sessions.end(made.id)
    with pytest.raises(Conflict):
        await world.game_sessions.pause(made.id)


async def test_starting_does_not_make_an_open_edit_stale(world: World) -> None:
    made = await world.game_sessions.create(world.campaign.id, {})
    await world.game_sessions.start(made.id)
    edited = await world.game_sessions.update(made.id, made.revision, {"plan": "A storm."})
    assert (edited.plan, edited.status) == ("A storm.", "running")


async def test_a_running_one_that_was_removed_comes_back_ended_if_another_runs(
    world: World,
) -> None:
    first = await world.game_sessions.create(world.campaign.id, {})
    second = await world.game_sessions.create(world.campaign.id, {})
    await world.game_sessions.start(first.id)
    await world.game_sessions.remove(first.id)
    await world.game_sessions.start(second.id)
    restored = await world.game_sessions.restore(first.id)
    assert (restored.status, restored.running_since) == ("ended", None)
    assert restored.ended_at is not None


async def test_notes_keep_their_time_and_their_order(world: World) -> None:
    made = await world.game_sessions.create(world.campaign.id, {})
    late = await world.game_sessions.add_note(made.id, "second", at="2026-01-02T20:00:00+01:00")
    early = await world.game_sessions.add_note(made.id, "first", at="2026-01-02T18:59:00Z")
    assert late.at == "2026-01-02T19:00:00.000000Z"
    assert late.gm_only is True
    page = await world.game_sessions.list_notes(made.id, limit=1)
    assert [note.id for note in page.items] == [early.id]
    rest = await world.game_sessions.list_notes(made.id, after=page.next_cursor)
    assert [note.id for note in rest.items] == [late.id]


async def test_a_note_sent_twice_is_one_note(world: World) -> None:
    made = await world.game_sessions.create(world.campaign.id, {})
    id = new_id()
    first = await world.game_sessions.add_note(made.id, "the bell rang", id=id)
    assert await world.game_sessions.add_note(made.id, "the bell rang", id=id) == first
    assert len((await world.game_sessions.list_notes(made.id)).items) == 1


async def test_a_stale_edit_of_a_note_is_refused_and_a_removed_note_returns(world: World) -> None:
    made = await world.game_sessions.create(world.campaign.id, {})
    note = await world.game_sessions.add_note(made.id, "the bell rang")
    edited = await world.game_sessions.update_note(note.id, 1, {"text": "the bell rang twice"})
    assert edited.revision == 2
    with pytest.raises(Conflict):
        await world.game_sessions.update_note(note.id, 1, {"text": "no bell"})
    await world.game_sessions.remove_note(note.id)
    assert (await world.game_sessions.list_notes(made.id)).items == ()
    await world.game_sessions.restore_note(note.id)
    assert (await world.game_sessions.list_notes(made.id)).items == (edited,)


async def test_an_event_names_an_entity_of_the_campaign(world: World) -> None:
    made = await world.game_sessions.create(world.campaign.id, {})
    npc = await world.npcs.create(world.campaign.id, {"name": "Mira"})
    event = await world.game_sessions.add_event(
        made.id, "met", "They met Mira.", entity_kind="npc", entity_id=npc.id
    )
    assert (await world.game_sessions.list_events(made.id)).items == (event,)
    assert (await world.npcs.get(npc.id)).last_used_at > npc.last_used_at
    for entity_kind, entity_id in (("npc", new_id()), ("dragon", npc.id), ("npc", None)):
        with pytest.raises(InvalidInput):
            await world.game_sessions.add_event(
                made.id, "met", "x", entity_kind=entity_kind, entity_id=entity_id
            )
    await world.game_sessions.remove_event(event.id)
    assert (await world.game_sessions.list_events(made.id)).items == ()


async def test_a_note_needs_a_game_session_and_words(world: World) -> None:
    made = await world.game_sessions.create(world.campaign.id, {})
    with pytest.raises(NotFound):
        await world.game_sessions.add_note(new_id(), "lost")
    with pytest.raises(InvalidInput):
        await world.game_sessions.add_note(made.id, "  \n ")
    with pytest.raises(InvalidInput):
        await world.game_sessions.add_note(made.id, "when?", at="yesterday")
