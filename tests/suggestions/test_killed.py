"""Killed between any two steps, a decision has happened wholly or not at all."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest

from tests.databases import run_apart
from tests.suggestions.conftest import Table, block, make_table
from tests.suggestions.test_wizard import ANSWERS
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.engines import create_database
from ttrpg_assistant.suggestions.wizard import Wizards

COMMITS = ["before_commit", "after_commit"]

pytestmark = [pytest.mark.fault, pytest.mark.slow]

STATE = """
    SELECT 'campaign', name, setting, world_state FROM campaigns WHERE removed_at IS NULL
    UNION ALL SELECT 'npc', name, role, revision FROM npcs WHERE removed_at IS NULL
    UNION ALL SELECT 'plot point', title, status, revision FROM plot_points
    UNION ALL SELECT 'location', name, kind, revision FROM locations
    UNION ALL SELECT 'game session', plan, status, session_number FROM game_sessions
    UNION ALL SELECT 'suggestion', title, status, target_id IS NULL FROM suggestions
    UNION ALL SELECT 'citation', source_name, is_verified, '' FROM citations
    UNION ALL SELECT 'draft', status, trust, entity_id IS NULL FROM drafts
    UNION ALL SELECT 'step', step, from_status, to_status FROM draft_status_log
    UNION ALL SELECT 'event', decision, entity_kind, undone_at IS NULL FROM acceptance_events
    UNION ALL SELECT 'source', entity_kind, field, '' FROM entity_sources
    UNION ALL SELECT 'wizard', step, status, campaign_id IS NULL FROM wizards
    UNION ALL SELECT 'talk', kind, title, campaign_id IS NULL FROM conversations
    ORDER BY 1, 2, 3, 4
"""


def read_state(path: Path) -> list[tuple[object, ...]]:
    with closing(connect(path)) as raw:
        return raw.execute(STATE).fetchall()


class Doer:
    """Does a deed in a process of its own that may be killed; gives what it ended with."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, deed: str, path: Path, subject: str, failpoint: str = "") -> int:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps([deed, str(path), subject, failpoint]) + "\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            if line.startswith("ended "):
                code = int(line.split()[1])
                assert code in (0, -9), "what was raised is on the error output"
                return code
        raise AssertionError("the process that forks has ended")


@pytest.fixture(scope="module")
def doer() -> Iterator[Doer]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.suggestions.child"],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield Doer(process)
    process.communicate(timeout=60)


async def prepare_proposal(table: Table) -> str:
    await table.make("npc", name="Mira", role="smith")
    (one,) = await table.propose({"field": "npc.Mira.role", "value": "spy"})
    return one.id


async def prepare_new_npc(table: Table) -> str:
    (one,) = await table.propose({"kind": "npc", "fields": {"name": "Mira", "role": "spy"}})
    return one.id


async def prepare_accepted(table: Table) -> str:
    suggestion_id = await prepare_proposal(table)
    await table.suggestions.accept(suggestion_id)
    return suggestion_id


async def prepare_accepted_npc(table: Table) -> str:
    suggestion_id = await prepare_new_npc(table)
    await table.suggestions.accept(suggestion_id)
    return suggestion_id


async def prepare_message(table: Table) -> str:
    values = [{"kind": "npc", "fields": {"name": name}} for name in ("Mira", "Tomas")]
    cite = block({"source_name": "The Drowned Valley"}, "citation")
    return (await table.say("".join(map(block, values)) + cite)).id


async def prepare_wizard(table: Table) -> str:
    wizards = Wizards(table.database, Changes())
    wizard = await wizards.create()
    thread = await table.add_thread(purpose="campaign_creation")
    await wizards.save(wizard.id, ANSWERS, thread_id=thread.id)
    await table.propose({"field": "campaign.setting", "value": "Salt"}, thread=thread)
    return wizard.id


ACCEPT = ["read", "entity", "sources", "draft", "event", "status"]
DEEDS: dict[str, tuple[str, Callable[[Table], object], list[str]]] = {
    "accepting a change": ("accept", prepare_proposal, [f"accept_{one}" for one in ACCEPT]),
    "accepting a new NPC": ("accept", prepare_new_npc, [f"accept_{one}" for one in ACCEPT]),
    "rejecting": ("reject", prepare_proposal, ["reject_draft", "reject_event"]),
    "undoing a change": ("undo", prepare_accepted, ["undo_entity", "undo_event", "undo_status"]),
    "undoing a new NPC": ("undo", prepare_accepted_npc, ["undo_entity", "undo_event"]),
    "reading a reply": ("read", prepare_message, [
        "read_suggestion:1", "read_suggestion:2", "read_citations",
    ]),
    "finishing the wizard": ("finish", prepare_wizard, [
        "wizard_campaign", *(f"wizard_entity:{number}" for number in (1, 4, 7)),
        "wizard_status", "wizard_thread", "wizard_proposals",
    ]),
}  # fmt: skip


@pytest.mark.parametrize("name", DEEDS)
def test_a_killed_decision_has_happened_wholly_or_not_at_all(
    name: str, sqlite_template: Path, tmp_path: Path, doer: Doer
) -> None:
    run = doer.run
    deed, prepare, failpoints = DEEDS[name]
    start = tmp_path / "start.db"
    shutil.copyfile(sqlite_template, start)

    async def make() -> str:
        database: Database = create_database(start)
        await database.open()
        subject = await prepare(await make_table(database))  # type: ignore[misc]
        await database.close()
        return str(subject)

    subject = run_apart(make())
    before = read_state(start)
    whole = tmp_path / "whole.db"
    shutil.copyfile(start, whole)
    assert run(deed, whole, subject) == 0
    after = read_state(whole)
    assert after != before
    seen = set()
    for failpoint in [*failpoints, *COMMITS]:
        path = tmp_path / f"{failpoint.replace(':', '-')}.db"
        shutil.copyfile(start, path)
        was_killed = run(deed, path, subject, failpoint) == -9
        assert was_killed, f"{failpoint} was never reached"
        left = read_state(path)
        assert left in (before, after), f"killed at {failpoint}"
        seen.add(left == after)
        if failpoint in (failpoints[-1], *COMMITS):
            assert run(deed, path, subject) == 0
            assert read_state(path) == after, f"again after {failpoint}"
    assert seen == {False, True}
