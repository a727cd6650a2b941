"""The machine's clock is set while somebody plays, forward and back, by seconds and by years.

What was said when is as the clock showed it. How long something lasts is not: nobody waits longer
than they should, nothing ends early, nothing lasts for ever. `house/test_moments.py` lists every
place that this is about.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.campaigns.conftest import World, world
from tests.conversations.runner_table import ServerTable
from tests.machine_clock import MachineClock
from tests.npc_table import make_campaign, make_npc, open_talk, post, speak
from tests.running import running
from ttrpg_assistant import clock
from ttrpg_assistant.browser_start import FOLDER, OLD_SECONDS, StartPage
from ttrpg_assistant.clock import DAY_SECONDS, elapsed_seconds, has_passed, note_moment
from ttrpg_assistant.conversations.npc_conversations import MODE_COOLDOWN_SECONDS
from ttrpg_assistant.conversations.recovery import JUMP_SECONDS, LeaseClock
from ttrpg_assistant.conversations.store import leases, turns
from ttrpg_assistant.conversations.store.leases import LEASE_SECONDS
from ttrpg_assistant.conversations.store.removals import add_removal, list_removals
from ttrpg_assistant.credentials import Credentials
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.llm.error_bodies import find_wait
from ttrpg_assistant.llm.scripted import ScriptedProvider
from ttrpg_assistant.storage import backup
from ttrpg_assistant.storage.database import Database

__all__ = ["world"]

HOUR = 3_600.0
YEAR = 365 * DAY_SECONDS
JUMPS = [-10 * YEAR, -DAY_SECONDS, -HOUR, HOUR, DAY_SECONDS, 10 * YEAR]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> MachineClock:
    return MachineClock(monkeypatch)


@given(
    steps=st.lists(st.tuples(st.floats(0, 1e6), st.floats(-1e9, 1e9)), max_size=20),
    at_most=st.floats(0, 1e7),
)
def test_what_begins_here_is_counted_whatever_the_clock_shows(
    steps: list[tuple[float, float]], at_most: float
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        machine = MachineClock(patched)
        began = utc_now()
        note_moment(began)
        passed = 0.0
        for seconds, jump in steps:
            machine.pass_time(seconds)
            machine.set_forward(jump)
            passed += seconds
            assert elapsed_seconds(began, at_most=at_most) == pytest.approx(
                min(passed, at_most),
                abs=1e-6,  # a moment is kept to the microsecond
            )


@given(jump=st.floats(-1e9, 1e9), later=st.floats(0, 1e6), at_most=st.floats(0, 1e7))
def test_what_an_earlier_process_began_lasts_between_nothing_and_the_bound(
    jump: float, later: float, at_most: float
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        machine = MachineClock(patched)
        began = utc_now()
        machine.restart()
        machine.set_forward(jump)
        first = elapsed_seconds(began, at_most=at_most)
        assert 0 <= first <= at_most
        machine.pass_time(later)
        machine.set_forward(-jump)
        assert elapsed_seconds(began, at_most=at_most) == pytest.approx(min(first + later, at_most))


@pytest.mark.parametrize("jump", JUMPS)
async def test_an_evening_is_as_long_as_it_was_played(
    world: World, machine: MachineClock, jump: float
) -> None:
    made = await world.game_sessions.create(world.campaign.id, {})
    await world.game_sessions.start(made.id)
    machine.pass_time(HOUR)
    machine.set_forward(jump)
    assert (await world.game_sessions.get(made.id)).played_seconds == pytest.approx(HOUR)
    machine.pass_time(HOUR)
    paused = await world.game_sessions.pause(made.id)
    assert paused.clock_seconds == paused.played_seconds == pytest.approx(2 * HOUR)
    machine.set_forward(-jump)
    await world.game_sessions.resume(made.id)
    machine.set_forward(jump)
    machine.pass_time(60)
    assert (await world.game_sessions.end(made.id)).clock_seconds == pytest.approx(2 * HOUR + 60)


@pytest.mark.parametrize("jump", JUMPS)
async def test_an_evening_over_a_restart_counts_a_day_at_most_and_never_backwards(
    world: World, machine: MachineClock, jump: float
) -> None:
    made = await world.game_sessions.create(world.campaign.id, {})
    await world.game_sessions.start(made.id)
    machine.pass_time(HOUR)
    await world.game_sessions.pause(made.id)
    await world.game_sessions.resume(made.id)
    machine.restart()
    machine.set_forward(jump)
    ended = await world.game_sessions.end(made.id)
    assert HOUR - 1 <= ended.clock_seconds <= HOUR + DAY_SECONDS


@pytest.mark.parametrize("jump", JUMPS)
async def test_the_pause_before_the_other_voice_is_five_seconds(
    tmp_path: Path, machine: MachineClock, jump: float
) -> None:
    async with running(tmp_path, [ScriptedProvider(default=["Aye."])]) as app:
        talk = await open_talk(app, await make_npc(app, await make_campaign(app), "Mira"))
        await speak(app, talk, "Who is she?", "about")
        machine.pass_time(1)
        machine.set_forward(jump)
        refused = await post(app, talk, "Who are you?", "as", status=409)
        assert refused["seconds_left"] == MODE_COOLDOWN_SECONDS - 1
        machine.pass_time(MODE_COOLDOWN_SECONDS - 1)
        await speak(app, talk, "Who are you?", "as")
        machine.restart()
        machine.set_forward(-jump)
        body = {"message_id": new_id(), "content": "Is she old?", "mode": "about"}
        answer = await app.client.post(f"/api/npc-conversations/{talk}/turns", json=body)
        assert answer.status_code == 202 or answer.json()["seconds_left"] <= MODE_COOLDOWN_SECONDS
        machine.pass_time(MODE_COOLDOWN_SECONDS)
        await speak(app, talk, "Has she a brother?", "about")


@pytest.mark.parametrize("jump", JUMPS)
async def test_a_credential_lives_for_thirty_days_without_use_on_any_clock(
    database: Database, machine: MachineClock, jump: float
) -> None:
    kept = Credentials(database, None, shared=False)
    await kept.load()
    used, unused = [await kept.give(name, for_token=False) for name in ("A", "B")]
    machine.set_forward(jump)
    machine.pass_time(29 * DAY_SECONDS)
    assert kept.find(used)
    await kept.write_down()
    machine.set_forward(-jump)
    machine.pass_time(2 * DAY_SECONDS)
    assert kept.find(used) and kept.find(unused) is None
    await kept.write_down()
    machine.restart()
    later = Credentials(database, None, shared=False)
    await later.load()
    assert later.find(used) and later.find(unused) is None


@pytest.mark.parametrize("jump", [-DAY_SECONDS, -HOUR, HOUR, DAY_SECONDS])
async def test_a_clock_set_while_nothing_runs_ends_no_credential_and_keeps_none_for_ever(
    database: Database, machine: MachineClock, jump: float
) -> None:
    kept = Credentials(database, None, shared=False)
    await kept.load()
    given = await kept.give("A", for_token=False)
    machine.restart()
    machine.set_forward(jump)
    later = Credentials(database, None, shared=False)
    await later.load()
    assert [one.device for one in later.list()] == ["A"]
    await later.write_down()
    machine.pass_time(31 * DAY_SECONDS)
    assert later.find(given) is None


@pytest.mark.parametrize("jump", JUMPS)
def test_after_the_databases_clock_was_set_no_lease_is_judged_until_all_are_renewed(
    machine: MachineClock, jump: float
) -> None:
    seen = LeaseClock()
    databases = 1_800_000_000.0
    assert seen.can_judge(databases)
    machine.pass_time(5)
    assert seen.can_judge(databases + 5 + JUMP_SECONDS / 2)
    machine.pass_time(5)
    assert not seen.can_judge(databases + 10 + jump)
    machine.pass_time(LEASE_SECONDS - 5)
    assert not seen.can_judge(databases + 5 + LEASE_SECONDS + jump)
    machine.pass_time(5)
    assert seen.can_judge(databases + 10 + LEASE_SECONDS + jump)


async def test_a_lease_from_before_the_clock_was_set_back_holds_nothing_up(
    database: Database,
) -> None:
    server = ServerTable(database)
    chat_id = await server.open_chat()
    await server.post_elsewhere(chat_id, "First")

    async def list_orphans() -> int:
        return len(
            await database.read(
                lambda tx: leases.list_orphans(tx, owner=server.owner, only_expired=True)
            )
        )

    assert await list_orphans() == 0
    await database.write(
        lambda tx: (
            tx.exec_driver_sql(
                "UPDATE turns SET lease_expires_at = lease_expires_at + 86400"
            ).rowcount
        )
    )
    assert await list_orphans() == 1


async def test_questions_are_answered_in_the_order_in_which_they_were_asked(
    database: Database, machine: MachineClock
) -> None:
    server = ServerTable(database)
    chat_id = await server.open_chat()
    asked = []
    for jump in (DAY_SECONDS, -2 * DAY_SECONDS, HOUR, -YEAR):
        asked.append(await server.post_elsewhere(chat_id, f"{jump}"))
        machine.set_forward(jump)
    active = await database.read(lambda tx: turns.list_active_turns(tx, chat_id))
    assert [turn.id for turn in active] == [posted.turn.id for posted in asked]


@pytest.mark.parametrize("jump", [-YEAR, -DAY_SECONDS, DAY_SECONDS])
async def test_what_was_removed_can_be_brought_back_for_thirty_days(
    database: Database, machine: MachineClock, jump: float
) -> None:
    removal_id = await database.write(
        lambda tx: add_removal(
            tx, "chat", new_id(), title="A chat", count=1, details={}, now=utc_now()
        )
    )
    machine.set_forward(jump)
    listed = await database.read(list_removals)
    assert [one.id for one in listed] == [removal_id]
    left = clock.epoch_of(listed[0].expires_at) - machine.time()
    assert 0 < left <= 30 * DAY_SECONDS + 0.001


def test_of_the_backups_before_migrations_the_one_just_made_is_kept(
    tmp_path: Path, machine: MachineClock
) -> None:
    for _ in range(backup.KEPT):
        (tmp_path / backup.name_before_migration("0001")).touch()
        machine.pass_time(HOUR)
    machine.set_forward(-YEAR)
    made = tmp_path / backup.name_before_migration("0002")
    made.touch()
    backup.keep_newest(tmp_path, made)
    assert made.exists() and len(list(tmp_path.iterdir())) == backup.KEPT


@pytest.mark.parametrize("jump", [-YEAR, -DAY_SECONDS, DAY_SECONDS])
def test_a_start_page_left_by_a_killed_server_is_removed_and_a_fresh_one_is_not(
    tmp_path: Path, machine: MachineClock, jump: float
) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    fresh, left = folder / "open-fresh.html", folder / "open-left.html"
    for path, age in ((fresh, 1.0), (left, jump)):
        path.touch()
        os.utime(path, (machine.time() - age,) * 2)
    assert abs(jump) > OLD_SECONDS
    StartPage(tmp_path)._remove_left_ones()
    assert list(folder.iterdir()) == [fresh]


@pytest.mark.parametrize("jump", JUMPS)
def test_a_moment_that_a_provider_names_is_one_of_the_providers_clock(
    machine: MachineClock, jump: float
) -> None:
    headers = {
        "date": "Sun, 29 Nov 2026 12:00:00 GMT",
        "retry-after": "Sun, 29 Nov 2026 12:00:20 GMT",
    }
    machine.set_forward(jump)
    assert find_wait(headers, None, "") == 20


def test_something_dated_further_ahead_than_it_can_live_is_over(machine: MachineClock) -> None:
    now = machine.time()
    assert not has_passed(now - 59, 60) and not has_passed(now + 59, 60)
    assert has_passed(now - 61, 60) and has_passed(now + 61, 60)
    assert has_passed(None, 60) and has_passed("no moment", 60)
