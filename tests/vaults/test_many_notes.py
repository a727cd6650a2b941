"""Five thousand notes: how long the first look takes, one edit on either side, and no edit."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.vaults.vault_table import VaultTable
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.store import edits
from ttrpg_assistant.storage.engines import create_database

NOTES = 5_000


@pytest.mark.deep
async def test_five_thousand_notes(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    database = create_database(tmp_path / "data" / "ttrpg_assistant.db")
    await database.open()
    table = await VaultTable.lay(database, tmp_path)
    text = "A smith of the marsh, who knows the tide. " * 20

    def fill(tx: Any) -> str:
        for number in range(NOTES):
            values = {"name": f"NPC {number}", "background": text, "role": "smith"}
            last = edits.add_entity(tx, NPC, table.campaign, NPC.check_new(values))
        return last.id

    last = await database.write(fill)
    figures: dict[str, float] = {}

    async def timed(name: str, work: Any) -> Any:
        started = time.monotonic()
        told = await work
        figures[name] = round(time.monotonic() - started, 2)
        return told

    told = await timed("first look, every note written", table.link())
    assert (told["notes"], told["faults"]) == (NOTES, [])
    await timed("the look after it, every note read once more", table.sync())
    # What was written within two seconds of being read may have changed unseen.
    await timed("a look without a change", table.sync())
    table.replace("NPCs/NPC 17.md", "A smith", "A ferryman")
    await timed("one note edited", table.sync())
    await table.change("npc", last, role="ferryman")
    await timed("one thing edited", table.sync())
    assert "role: ferryman" in table.read(f"NPCs/NPC {NOTES - 1}.md")
    await table.vaults.unlink(table.campaign)
    told = await timed("linked again, every note joined by its id", table.link())
    assert (told["notes"], told["question_count"]) == (NOTES, 0)
    await database.close()
    print(figures)
