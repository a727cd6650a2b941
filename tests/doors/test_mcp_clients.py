"""Every official client calls every tool, over pipes and over HTTP.

The clients are installed from the registries that this machine is set up for; where one cannot be
had, its tests are skipped and say why.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import statistics
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.doors.planted import plant
from tests.doors.test_mcp import open_fence
from tests.doors.walking import arguments_for
from tests.running import running
from ttrpg_assistant.doors.tools.registry import TOOLS
from ttrpg_assistant.doors.tools.requests import OFFERED

pytestmark = [pytest.mark.deep]

HERE = Path(__file__).parent / "clients"
SECONDS = 300.0


@dataclass(frozen=True)
class Sdk:
    """An official client in one of its versions."""

    language: str
    package: str
    version: str
    modes: tuple[str, ...] = ("legacy",)

    @property
    def label(self) -> str:
        return f"{self.package} {self.version}"


SDKS = (
    Sdk("python", "mcp", "2.3.0", ("auto", "legacy")),
    Sdk("python", "mcp", "1.30.0"),
    Sdk("node", "@modelcontextprotocol/client", "2.4.0", ("auto", "legacy")),
    Sdk("node", "@modelcontextprotocol/sdk", "1.32.2"),
)


def run(command: list[str], folder: Path) -> None:
    """Run an installation; skip when it fails or takes too long."""
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as trouble:
        pytest.skip(f"{command[0]} does not work here: {trouble}")
    if done.returncode != 0:
        pytest.skip(f"{' '.join(command[-2:])} could not be installed: {done.stderr[-300:]}")


def install(sdk: Sdk, folder: Path) -> list[str]:
    """The command that walks with this client."""
    folder.mkdir()
    if sdk.language == "node":
        if not (shutil.which("npm") and shutil.which("node")):
            pytest.skip("npm and node are not here")
        (folder / "package.json").write_text('{"private": true}')
        run(["npm", "install", "--no-audit", "--no-fund", f"{sdk.package}@{sdk.version}"], folder)
        shutil.copy(HERE / "walk.mjs", folder)
        return ["node", str(folder / "walk.mjs")]
    venv.create(folder / "venv", with_pip=True)
    python = str(folder / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python")
    run([python, "-m", "pip", "install", "--quiet", f"{sdk.package}=={sdk.version}"], folder)
    return [python, str(HERE / "walk.py")]


async def walk(command: list[str], asked: dict[str, Any]) -> Any:
    """What the client says of its walk."""
    walker = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(SECONDS):
            said, trouble = await walker.communicate(json.dumps(asked).encode())
    except BaseException:
        walker.kill()
        raise
    assert walker.returncode == 0, trouble.decode()[-3_000:]
    return json.loads(said)


@pytest.mark.parametrize("sdk", SDKS, ids=lambda sdk: sdk.label)
async def test_an_official_client_calls_every_tool_over_both_transports(
    tmp_path: Path, sdk: Sdk
) -> None:
    command = await asyncio.to_thread(install, sdk, tmp_path / "client")
    async with running(tmp_path / "data") as app:
        planted = await plant(app.services.database)
        scopes = ("read:gm", "propose", "talk")
        made = await app.services.tokens.create(planted.campaign_id, "Walk", scopes)
        answers: dict[str, set[str]] = {name: set() for name in TOOLS}
        for transport in ("http", "stdio"):
            for mode in sdk.modes:
                told = await walk(
                    command,
                    {
                        "package": sdk.package,
                        "version": sdk.version,
                        "transport": transport,
                        "mode": mode,
                        "address": f"{app.address}/mcp",
                        "token": made.secret,
                        "command": [sys.executable, "-m", "ttrpg_assistant", "mcp"],
                        "env": {
                            "TTRPG_URL": app.address,
                            "TTRPG_TOKEN": made.secret,
                            "PYTHONPATH": ":".join(sys.path),
                        },
                        "calls": {name: arguments_for(name, planted) for name in TOOLS},
                        "prompt": "Mira",
                    },
                )
                assert told["tools"] == list(TOOLS) and told["failed"] == []
                assert "no such thing" in told["refusal"]
                assert told["prompts"] == list(OFFERED)
                assert told["resources"] > 5 and told["templates"] == 1
                for name, text in told["answers"].items():
                    answers[name].add(open_fence(text))
                took = sorted(told["took"])
                print(
                    f"{sdk.label} {transport} {mode}: {len(told['tools'])} tools called, "
                    f"{told['resources']} resources, {len(told['prompts'])} prompts; "
                    f"a call {statistics.median(took):.1f} ms, the slowest {took[-1]:.1f} ms"
                )
        differing = {name for name, texts in answers.items() if len(texts) != 1}
        assert differing <= {"roll", "tonight", "ask_npc"}, "every way is answered the same"
