"""The commands that sync a campaign with a folder of notes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ttrpg_assistant.cli_options import DatabaseUrl, DataDir, Log, prepare
from ttrpg_assistant.cli_services import find_server, open_services
from ttrpg_assistant.settings import Settings

if TYPE_CHECKING:
    from ttrpg_assistant.vaults.ports import VaultKeeper

vaults = typer.Typer(help="Sync a campaign with a folder of notes, such as an Obsidian vault.")

CampaignId = Annotated[str, typer.Argument(help="The id of the campaign.")]


@vaults.command("link")
def link_vault(
    campaign: CampaignId,
    folder: Annotated[Path, typer.Argument(help="The folder of the notes.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    log: Log = None,
) -> None:
    """Link a campaign with a folder and sync both. A server may be running."""
    settings = prepare(data_dir=data_dir, database_url=database_url, log=log)

    async def link(keeper: VaultKeeper) -> Any:
        await keeper.link(campaign, str(folder.expanduser().absolute()))
        return await keeper.sync(campaign)

    _show(settings, link)


@vaults.command("sync")
def sync_vault(
    campaign: CampaignId,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    log: Log = None,
) -> None:
    """Look at both sides now, and say what waits."""
    settings = prepare(data_dir=data_dir, database_url=database_url, log=log)
    _show(settings, lambda keeper: keeper.sync(campaign))


@vaults.command("status")
def show_vault(
    campaign: CampaignId,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    log: Log = None,
) -> None:
    """Say with which folder a campaign is linked, and how the last look at it went."""
    settings = prepare(data_dir=data_dir, database_url=database_url, log=log)
    _show(settings, lambda keeper: keeper.get(campaign))


@vaults.command("unlink")
def unlink_vault(
    campaign: CampaignId,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    log: Log = None,
) -> None:
    """Stop syncing a campaign with its folder. Both stay as they are."""
    settings = prepare(data_dir=data_dir, database_url=database_url, log=log)
    _run(settings, lambda keeper: keeper.unlink(campaign))
    typer.echo("Unlinked. The notes and the campaign stay as they are.")


def _show(settings: Settings, ask: Callable[[VaultKeeper], Awaitable[Any]]) -> None:
    from ttrpg_assistant.vaults.command_line import spell_status

    for line in spell_status(_run(settings, ask)):
        typer.echo(line)


def _run(settings: Settings, ask: Callable[[VaultKeeper], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with _open(settings) as keeper:
            return await ask(keeper)

    return asyncio.run(run())


@asynccontextmanager
async def _open(settings: Settings) -> AsyncIterator[VaultKeeper]:
    """The folders: by the server where one runs, otherwise in the database."""
    from ttrpg_assistant.vaults.command_line import VaultsHere, VaultsOfServer

    server = find_server(settings)
    if server is not None:
        yield VaultsOfServer(server)
        return
    async with open_services(settings) as services:
        yield VaultsHere(services.vaults)
