"""Every kind of damage is found and named; what can be mended is, and nothing else changes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from tests.databases import run_apart
from tests.running import running
from ttrpg_assistant.cli import cli
from ttrpg_assistant.errors import StartupRefused
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.search.store.indexing import index_everything
from ttrpg_assistant.storage.base import metadata
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.engines import create_database
from ttrpg_assistant.verification.verify import CHECKS, list_problems, mend, verify

OTHER = new_id()
"""Another campaign, to which nothing may lead."""


async def fill(folder: Path) -> Path:
    """The sample campaign with its talk, as the application stores it."""
    async with running(folder) as app:
        await app.post("/api/sample-campaign")
        await app.services.database.write(index_everything)
        return app.services.database.path  # type: ignore[attr-defined,no-any-return]


@pytest.fixture(scope="module")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_apart(fill(tmp_path_factory.mktemp("verified")))


@pytest.fixture
async def sample(sample_file: Path, tmp_path: Path) -> Database:
    copy = tmp_path / "copy" / "ttrpg_assistant.db"
    copy.parent.mkdir()
    copy.write_bytes(sample_file.read_bytes())
    database = create_database(copy)
    await database.open()
    return database


async def test_what_the_application_stored_is_in_order(sample_file: Path) -> None:
    assert await verify(sample_file) == []


def test_a_walk_knows_every_table_of_the_application_by_itself() -> None:
    program = (
        "import ttrpg_assistant.verification.verify, ttrpg_assistant.storage.base as base;"
        "alone = sorted(table.name for table in base.metadata.sorted_tables);"
        "import ttrpg_assistant.app;"
        "print(alone == sorted(base.metadata.tables), alone)"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert told.stdout.startswith("True "), told


async def test_a_new_database_is_in_order_on_both_engines(database: Database) -> None:
    assert await database.write(list_problems) == []


RELATE = (
    "INSERT INTO relations SELECT 'relation', campaign_id, 'npc', max(id), 'npc', :other, '', 0,"
    " 'gm', '[]', '', 1, NULL, updated_at, updated_at FROM npcs"
)
"""A relation from one NPC to what is not there."""

ITEM = (
    "INSERT INTO things SELECT 'item', campaign_id, 'item', 'A lamp', '[]', '[]', 'gm', '[]', 0,"
    " '{}', updated_at, 'a lamp', '', 1, NULL, NULL, created_at, updated_at,"
    " 'happened', NULL, NULL FROM npcs LIMIT 1"
)
"""A thing that nobody plays."""

DAMAGE: dict[str, tuple[str, str, bool]] = {
    "a reference to nothing": (
        "references",
        "UPDATE npcs SET location_id = 'nowhere' WHERE id = (SELECT min(id) FROM npcs)",
        True,
    ),
    "an owner that is gone": ("references", "UPDATE session_notes SET campaign_id = 'x'", False),
    "a reference into another campaign": (
        "campaigns",
        "UPDATE locations SET campaign_id = :other",
        True,
    ),
    "a relation to nothing": ("relations", RELATE, True),
    "a relation to another kind": (
        "relations",
        RELATE.replace("'npc', :other", "'location', min(id)"),
        True,
    ),
    "a relation into another campaign": (
        "relations",
        RELATE.replace(":other", "min(id)").replace("campaign_id,", ":other,"),
        True,
    ),
    "a fact of another campaign": (
        "listeners",
        "UPDATE known_facts SET campaign_id = :other WHERE id = (SELECT fact_id FROM"
        " fact_audience WHERE npc_id IS NOT NULL LIMIT 1)",
        True,
    ),
    "a fact that an item knows": (
        "listeners",
        "INSERT INTO fact_audience (id, fact_id, character_id, at) SELECT 'listener', id, 'item',"
        " created_at FROM known_facts LIMIT 1",
        True,
    ),
    "a parent that comes later": (
        "order",
        "UPDATE messages SET parent_id = (SELECT id FROM messages m WHERE m.conversation_id ="
        " messages.conversation_id ORDER BY seq DESC LIMIT 1) WHERE parent_id IS NULL",
        False,
    ),
    "a branch of itself": (
        "order",
        "UPDATE conversations SET branched_from_id = tip_message_id WHERE tip_message_id IN"
        " (SELECT id FROM messages WHERE conversation_id = conversations.id)",
        False,
    ),
    "a tip that is gone": ("tips", "UPDATE conversations SET tip_message_id = 'gone'", True),
    "a number that is taken": ("tips", "UPDATE conversations SET next_seq = 1", True),
    "a picture of nothing": (
        "things",
        "INSERT INTO pictures SELECT 'a', campaign_id, 'npc', 'nobody', 'picture', '', 'ab',"
        " 'image/png', 1, 1, 1, 0, 'gm', 1, NULL, created_at, updated_at FROM npcs LIMIT 1",
        False,
    ),
    "an answer nobody writes": ("turns", "UPDATE messages SET status = 'streaming'", False),
    "a number that is text": ("values", "UPDATE npcs SET revision = 'two'", False),
    "a moment that is none": ("values", "UPDATE npcs SET updated_at = 'yesterday'", False),
    "a moment that begins well": (
        "values",
        "UPDATE npcs SET updated_at = '2026-01-01T00:00:00.x' || substr(updated_at, 23)",
        False,
    ),
    "broken JSON": (
        "values",
        "INSERT INTO preferences VALUES ('broken', '[{', '2026-01-01T00:00:00.000000Z')",
        False,
    ),
    "bytes where text belongs": ("values", "UPDATE campaigns SET name = x'ff00'", False),
    "a message search cannot find": ("index", "DELETE FROM search_entries", True),
    "words of another text": (
        "index",
        "INSERT INTO search_talk (rowid, content, marks) VALUES (999999, 'stray words', '')",
        True,
    ),
    "a thing that search knows otherwise": (
        "index",
        "INSERT INTO search_world (search_world, rowid, name, prose, marks)"
        " SELECT 'delete', number, name, prose, marks FROM search_indexed_things LIMIT 1",
        True,
    ),
}


def damage(statement: str) -> Callable[[Connection], None]:
    def work(tx: Connection) -> None:
        tx.execute(text("PRAGMA defer_foreign_keys = ON"))
        columns = ", ".join(f'"{one.name}"' for one in metadata.tables["campaigns"].columns)
        others = columns.replace('"id"', f"'{OTHER}'")
        tx.execute(
            text(f"INSERT INTO campaigns ({columns}) SELECT {others} FROM campaigns LIMIT 1")
        )
        values = {"other": OTHER} if ":other" in statement else {}
        tx.execute(text("PRAGMA ignore_check_constraints = ON"))
        tx.execute(text(ITEM))
        tx.execute(text(statement), values)

    return work


class Undone(Exception):
    """Takes the damage back: a broken reference cannot be committed here."""


@pytest.mark.parametrize("name", DAMAGE)
async def test_damage_is_found_and_mended_where_it_can_be(name: str, sample: Database) -> None:
    check, statement, can_mend = DAMAGE[name]
    found: list[list[str]] = []
    can: list[bool] = []

    def work(tx: Connection) -> None:
        said = tx.execute(text("SELECT id, content FROM messages ORDER BY id")).all()
        damage(statement)(tx)
        problems = [one for one in list_problems(tx) if one.check == check]
        found.append([one.place for one in problems])
        can.extend(one.can_mend for one in problems)
        left = [one.place for one in mend(tx) if one.check == check and one.can_mend]
        found.append(left)
        assert tx.execute(text("SELECT id, content FROM messages ORDER BY id")).all() == said
        raise Undone

    with pytest.raises(Undone):
        await sample.write(work)
    assert found[0], f"{name} was not found"
    assert any(can) is can_mend
    assert found[1] == [], "what can be mended is mended"
    await sample.close()


def test_every_check_is_met_by_some_damage() -> None:
    assert {check for check, _, _ in DAMAGE.values()} == {check.name for check in CHECKS}


async def test_a_database_in_use_or_of_another_version_is_not_walked(
    sample: Database, tmp_path: Path
) -> None:
    with pytest.raises(StartupRefused) as refused:
        await verify(sample.path)  # type: ignore[attr-defined]
    assert refused.value.code == "database_in_use"
    await sample.close()
    with pytest.raises(StartupRefused) as refused:
        await verify(tmp_path / "none.db")
    assert refused.value.code == "database_missing"


async def test_the_command_names_what_is_wrong_and_mends_it_after_a_backup(
    sample: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    await sample.write(lambda tx: tx.execute(text("UPDATE conversations SET next_seq = 1")))
    folder = sample.path.parent  # type: ignore[attr-defined]
    await sample.close()
    assert run(["verify", "--data-dir", str(folder)]) == 1
    assert "tips" in capsys.readouterr().out
    assert run(["verify", "--mend", "--data-dir", str(folder)]) == 0
    assert "Everything is in order." in capsys.readouterr().out
    assert list((folder / "backups").glob("before-mending-*.db"))
    assert run(["verify", "--data-dir", str(folder)]) == 0


def run(arguments: list[str]) -> int:
    """The command's exit code; it wants a thread without a running loop."""

    def call() -> int:
        answer = cli(args=arguments, prog_name="ttrpg-assistant", standalone_mode=False)
        return int(answer or 0)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(call).result()
