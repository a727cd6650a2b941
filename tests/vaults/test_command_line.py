"""Folders on the command line, with a server and without."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import TOKEN, running
from ttrpg_assistant.errors import InvalidInput, NotFound
from ttrpg_assistant.running_server import RunningServer
from ttrpg_assistant.vaults.command_line import VaultsHere, VaultsOfServer


async def test_the_campaign_is_named_by_its_name_or_its_id(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as app:
        id = (await app.post("/api/campaigns", {"name": "Marsh"}))["id"]
        keepers = (
            VaultsHere(app.services.vaults),
            VaultsOfServer(RunningServer(app.address, TOKEN)),
        )
        for keeper in keepers:
            for named in ("marsh", " Marsh ", id, id.upper()):
                assert await keeper.get_campaign(named) == id
            with pytest.raises(NotFound, match="no campaign of this name"):
                await keeper.get_campaign("Bog")
        await app.post("/api/campaigns", {"name": "Marsh"})
        for keeper in keepers:
            with pytest.raises(InvalidInput, match="2 campaigns are called like this"):
                await keeper.get_campaign("Marsh")


async def test_a_folder_is_linked_by_the_name_of_its_campaign(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as app:
        await app.post("/api/campaigns", {"name": "Marsh"})
    folder = tmp_path / "notes"
    folder.mkdir()

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "ttrpg_assistant", "vault", *words]
        given = ["--data-dir", str(tmp_path / "data")]
        return subprocess.run([*command, *given], capture_output=True, text=True, check=False)

    linked = await asyncio.to_thread(run, "link", "marsh", str(folder))
    assert linked.returncode == 0, linked.stderr
    assert "Synced." in linked.stdout
    unlinked = await asyncio.to_thread(run, "unlink", "Marsh")
    assert unlinked.returncode == 0 and "Unlinked." in unlinked.stdout, unlinked.stderr
    unknown = await asyncio.to_thread(run, "status", "Bog")
    assert unknown.returncode != 0 and "no campaign of this name" in unknown.stderr + unknown.stdout
