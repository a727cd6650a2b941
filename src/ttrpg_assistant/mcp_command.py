"""`ttrpg-assistant mcp`: a client's child that asks the assistant's server, and writing the
configuration of a client.

The server is the one at `TTRPG_URL`, or the one that runs on the data folder, or a new one. What is
started here belongs to the client that started it and ends with it. Another client that used it
finds the next one, or starts it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.campaigns.store.listing import list_entities
from ttrpg_assistant.clock import wall_now
from ttrpg_assistant.doors.clients.client_files import FOLDERS
from ttrpg_assistant.doors.clients.installing import Planned, choose_name, find_client, plan
from ttrpg_assistant.doors.command_line import open_tokens, read_scopes
from ttrpg_assistant.doors.mcp_server.missing import McpMissing, is_installed
from ttrpg_assistant.doors.model import Token
from ttrpg_assistant.errors import InvalidInput, StartupRefused
from ttrpg_assistant.running_server import RunningServer, find_running_server
from ttrpg_assistant.settings import Settings
from ttrpg_assistant.storage.engines import create_database

START_SECONDS: Final = 60.0
"""How long a server may take until it answers, about: the upgrade of a large database is in it."""

LOOK_SECONDS: Final = 0.1
STOP_SECONDS: Final = 10.0

USUAL_SCOPES: Final = ("read:gm", "propose", "talk")
"""What the game master's own client may do unless they say otherwise."""

FOR_CLIENTS: Final = {"TTRPG_TOKEN", "TTRPG_URL"}
"""What is said to a client's child and not to a server: there the first is another token."""


class LocalServer:
    """Finds the server of a data folder, and starts one where none runs."""

    def __init__(self, settings: Settings, environ: Mapping[str, str]) -> None:
        self._settings = settings
        self._environ = {name: one for name, one in environ.items() if name not in FOR_CLIENTS}
        self._child: subprocess.Popen[bytes] | None = None
        self._ended = threading.Event()

    def find_address(self) -> str:
        """Where it listens. Raises `StartupRefused` when none runs and none can be started."""
        tries = round(START_SECONDS / LOOK_SECONDS)
        ports = [self._settings.port, 0]
        while True:
            found = find_running_server(self._settings.data_dir)
            if found is not None:
                return found.address
            if self._child is None or self._child.poll() is not None:
                if not ports:
                    raise self._refused("it ended at once")
                # A taken port is no reason to give up; another server on this folder would be,
                # and is found above as soon as it answers.
                self._start(ports.pop(0))
            if tries == 0:
                raise self._refused(f"it did not answer within {START_SECONDS:.0f} seconds")
            tries -= 1
            if self._ended.wait(LOOK_SECONDS):
                raise self._refused("the client left")

    def stop(self) -> None:
        """End the server that was started here, if one was."""
        self._ended.set()
        child = self._child
        if child is None or child.poll() is not None:
            return
        child.terminate()
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            with suppress(subprocess.TimeoutExpired):
                child.wait(STOP_SECONDS)

    def _start(self, port: int) -> None:
        command = [sys.executable, "-m", "ttrpg_assistant", "serve", "--no-browser"]
        command += ["--data-dir", str(self._settings.data_dir), "--port", str(port)]
        # Its first line holds the launch token, and our own output is the client's.
        self._child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=self._environ,
            start_new_session=os.name == "posix",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    def _refused(self, why: str) -> StartupRefused:
        return StartupRefused(
            f"The assistant's server could not be started on {self._settings.data_dir}: {why}.",
            code="server_not_started",
            cure="Start it yourself with `ttrpg-assistant serve`, and read what it says.",
        )


@contextmanager
def _local_server(settings: Settings, environ: Mapping[str, str]) -> Iterator[LocalServer]:
    """The server of the data folder for as long as a client is there."""
    server = LocalServer(settings, environ)
    try:
        yield server
    finally:
        server.stop()


async def serve_client(settings: Settings, environ: Mapping[str, str], version: str) -> None:
    """Be the MCP server of the client that started this process, until it leaves.

    Raises `McpMissing` without the SDK, `InvalidInput` without a token."""
    if not is_installed():
        raise McpMissing.spell()
    if not settings.token_is_fixed:
        raise InvalidInput(
            "There is no token to ask with.",
            code="token_missing",
            cure="Set TTRPG_TOKEN to one that `ttrpg-assistant token create` made, or let"
            " `ttrpg-assistant mcp --install` write the client's configuration.",
        )
    from ttrpg_assistant.doors.mcp_server.remote import RemoteToolbox
    from ttrpg_assistant.doors.mcp_server.stdio import serve_stdio

    url = settings.server_url
    with _local_server(settings, environ) as local:
        find_address = local.find_address if url is None else lambda: str(url)
        await serve_stdio(RemoteToolbox(find_address, settings.token), version)


@dataclass(frozen=True, slots=True)
class Shown:
    """How a person is told what would be written, and asked."""

    say: Callable[[str], object]
    ask: Callable[[], bool]

    def agree(self, planned: Planned) -> bool:
        """Whether it is to be written."""
        self.say(f"This goes into {planned.path}:\n\n{planned.shown}")
        return self.ask()

    def tell(self, planned: Planned, copy: Path | None, replaced: Token | None = None) -> None:
        """Say what was written, and which token is revoked because it was used there before."""
        kept = "" if copy is None else f" What was there is kept at {copy}."
        ended = "" if replaced is None else f" Its token before, {replaced.name}, is revoked."
        self.say(f"Written. Start {planned.client.title} again.{kept}{ended}")


async def install(
    settings: Settings,
    environ: Mapping[str, str],
    name: str,
    campaign: str | None,
    scopes: Sequence[str] | None,
    shown: Shown,
) -> None:
    """Write a client's configuration, with a token of its own, when a person agrees to what is
    shown. Raises the fault that says what is wrong."""
    server = None if settings.server_url else find_running_server(settings.data_dir)
    url = settings.server_url
    if url is None and settings.database_url is not None:
        if server is None:
            raise InvalidInput(
                "A PostgreSQL database is in use, and no server runs on this data folder.",
                code="server_not_running",
                cure="Start the server first, or set TTRPG_URL to its address.",
            )
        url = server.address
    wanted = read_scopes(USUAL_SCOPES if scopes is None else scopes)
    command = [sys.executable, "-m", "ttrpg_assistant", "mcp"]
    command += ["--data-dir", str(settings.data_dir)] if url is None else []
    folders = {one: environ.get(one, "") for one in FOLDERS}
    planned = plan(find_client(name), folders, Path.home(), sys.platform, command, url)
    stamp = f"{wall_now():%Y%m%d-%H%M%S}"
    if settings.server_url is not None:
        if not settings.token_is_fixed:
            raise InvalidInput(
                "A server elsewhere needs a token that was made there.",
                code="token_missing",
                cure="Set TTRPG_TOKEN to it and run this again.",
            )
        if shown.agree(planned):
            shown.tell(planned, planned.write(settings.token, stamp))
        return
    database = settings.database_url or settings.database_path
    campaign_id = campaign or await _find_only_campaign(server, database)
    if not shown.agree(planned):
        return
    async with open_tokens(server, database) as keeper:
        taken = {one.name: one for one in await keeper.list_all()}
        name = choose_name(planned.client.title, taken)
        made = await keeper.create(campaign_id, name, wanted)
        try:
            replaced = await keeper.find(planned.old_secret) if planned.old_secret else None
            copy = planned.write(made.secret, stamp)
        except BaseException:
            await keeper.revoke(made.token.id)
            raise
        if replaced is not None:
            await keeper.revoke(replaced.id)
        shown.tell(planned, copy, replaced)


async def _find_only_campaign(server: RunningServer | None, database: Path | str) -> str:
    """The id of the one campaign there is. Raises `InvalidInput` that names them otherwise."""
    if server is not None:
        listed = server.ask("GET", "/api/campaigns?limit=20")["campaigns"]
        found = [(str(one["id"]), str(one["name"])) for one in listed]
    else:
        opened = create_database(database)
        await opened.open()
        try:
            page = await opened.read(lambda tx: list_entities(tx, CAMPAIGN, limit=20))
        finally:
            await opened.close()
        found = [(one.id, one.name) for one in page.items]
    if len(found) == 1:
        return found[0][0]
    names = "; ".join(f"{name}: --campaign {id}" for id, name in found)
    raise InvalidInput(
        f"Say which campaign it is for. {names}" if found else "There is no campaign yet.",
        code="campaign_missing",
        cure="Each client is let into one campaign." if found else "Make a campaign first.",
    )
