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

Ask = Callable[["VaultKeeper", str], Awaitable[Any]]
"""What is asked of whoever has the folders, of a campaign by its id."""

vaults = typer.Typer(help="Sync a campaign with a folder of notes, such as an Obsidian vault.")

CampaignNamed = Annotated[str, typer.Argument(help="The name or the id of the campaign.")]


@vaults.command("link")
def link_vault(
    campaign: CampaignNamed,
    folder: Annotated[Path, typer.Argument(help="The folder of the notes.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    log: Log = None,
) -> None:
    """Link a campaign with a folder and sync both. A server may be running."""
    settings = prepare(data_dir=data_dir, database_url=database_url, log=log)

    async def link(keeper: VaultKeeper, id: str) -> Any:
        await keeper.link(id, str(folder.expanduser().absolute()))
        return await keeper.sync(id)

    _show(settings, campaign, link)


@vaults.command("sync")
def sync_vault(
    campaign: CampaignNamed,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    log: Log = None,
) -> None:
    """Look at both sides now, and say what waits."""
    settings = prepare(data_dir=data_dir, database_url=database_url, log=log)
    _show(settings, campaign, lambda keeper, id: keeper.sync(id))


@vaults.command("status")
def show_vault(
    campaign: CampaignNamed,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    log: Log = None,
) -> None:
    """Say with which folder a campaign is linked, and how the last look at it went."""
    settings = prepare(data_dir=data_dir, database_url=database_url, log=log)
    _show(settings, campaign, lambda keeper, id: keeper.get(id))


@vaults.command("unlink")
def unlink_vault(
    campaign: CampaignNamed,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    log: Log = None,
) -> None:
    """Stop syncing a campaign with its folder. Both stay as they are."""
    settings = prepare(data_dir=data_dir, database_url=database_url, log=log)
    _run(settings, campaign, lambda keeper, id: keeper.unlink(id))
    typer.echo("Unlinked. The notes and the campaign stay as they are.")


def _show(settings: Settings, campaign: str, ask: Ask) -> None:
    from ttrpg_assistant.vaults.command_line import spell_status

    for line in spell_status(_run(settings, campaign, ask)):
        typer.echo(line)


def _run(settings: Settings, campaign: str, ask: Ask) -> Any:
    async def run() -> Any:
        async with _open(settings) as keeper:
            return await ask(keeper, await keeper.get_campaign(campaign))

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
