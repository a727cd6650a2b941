"""A client's configuration is written with a token of its own, in the place of the last one."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.doors.test_tokens import add_campaign
from tests.running import running
from ttrpg_assistant import mcp_command
from ttrpg_assistant.doors.clients.client_files import CLIENTS, ENTRY
from ttrpg_assistant.doors.command_line import open_tokens
from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.mcp_command import Shown
from ttrpg_assistant.running_server import RunningServer, announce_server, find_running_server
from ttrpg_assistant.settings import Settings
from ttrpg_assistant.storage.engines import create_database


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the clients of this test keep their files."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setattr(Path, "home", lambda: folder)
    monkeypatch.setattr("sys.platform", "linux")
    return folder


async def install(settings: Settings, name: str, *, agrees: bool = True) -> str:
    """Write the configuration of a client; everything that was said."""
    said: list[str] = []
    await mcp_command.install(settings, {}, name, None, None, Shown(said.append, lambda: agrees))
    return "\n".join(said)


async def list_tokens(settings: Settings, server: RunningServer | None = None) -> list[Token]:
    async with open_tokens(server, settings.database_path) as keeper:
        return await keeper.list_all()


def read_secret(home: Path) -> str:
    read: Any = json.loads((home / ".cursor/mcp.json").read_text())
    return str(read["mcpServers"][ENTRY]["env"]["TTRPG_TOKEN"])


@pytest.mark.parametrize("name", list(CLIENTS))
async def test_installing_again_leaves_one_token(home: Path, tmp_path: Path, name: str) -> None:
    settings = Settings(data_dir=tmp_path / "data", token="unused", token_is_fixed=False)
    settings.data_dir.mkdir()
    database = create_database(settings.database_path)
    await database.open()
    await add_campaign(database)
    await database.close()
    assert await install(settings, name, agrees=False)
    assert await list_tokens(settings) == [], "nobody agreed"
    assert "revoked" not in await install(settings, name)
    (first,) = await list_tokens(settings)
    assert f"{first.name}, is revoked" in await install(settings, name)
    (second,) = await list_tokens(settings)
    assert second.id != first.id
    await install(settings, name)
    (third,) = await list_tokens(settings)
    assert third.name == first.name, "a name that is free is used again"


async def test_a_running_server_makes_the_token_and_revokes_the_one_before(
    home: Path, tmp_path: Path
) -> None:
    async with running(tmp_path / "data") as app:
        await add_campaign(app.services.database)
        settings = Settings(data_dir=tmp_path / "data", token="unused", token_is_fixed=False)
        with announce_server(settings.data_dir, app.address, app.command_key):
            server = await asyncio.to_thread(find_running_server, settings.data_dir)
            assert server is not None

            def work(name: str) -> str:
                return asyncio.run(install(settings, name))

            await asyncio.to_thread(work, "cursor")
            before = read_secret(home)
            other = (await app.services.tokens.list_all())[0].campaign_id
            by_hand = await app.services.tokens.create(other, "By hand", ["talk"])
            said = await asyncio.to_thread(work, "cursor")
            assert "Cursor, is revoked" in said and before not in said
            assert await app.services.tokens.find(before) is None
            assert await app.services.tokens.find(read_secret(home)) is not None
            assert await app.services.tokens.find(by_hand.secret) is not None
            assert len(await app.services.tokens.list_all()) == 2
