"""The commands that keep a campaign in step with a folder of notes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ttrpg_assistant.cli_options import DatabaseUrl, DataDir, Log, prepare
from ttrpg_assistant.settings import Settings

if TYPE_CHECKING:
    from ttrpg_assistant.vaults.ports import VaultKeeper

vaults = typer.Typer(help="Keep a campaign in step with a folder of notes, such as a vault.")

CampaignId = Annotated[str, typer.Argument(help="The id of the campaign.")]


@vaults.command("link")
def link_vault(
    campaign: CampaignId,
    folder: Annotated[Path, typer.Argument(help="The folder of the notes.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    log: Log = None,
) -> None:
    """Link a campaign with a folder and bring both in step. A server may be running."""
    settings = prepare(data_dir=data_dir, database_url=database_url, log=log)

    async def run() -> None:
        async with _open(settings) as keeper:
            await keeper.link(campaign, str(folder.expanduser().absolute()))
            _say(await keeper.sync(campaign))

    asyncio.run(run())


@vaults.command("sync")
def sync_vault(
    campaign: CampaignId,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    log: Log = None,
) -> None:
    """Look at both sides now, and say what waits."""
    settings = prepare(data_dir=data_dir, database_url=database_url, log=log)

    async def run() -> None:
        async with _open(settings) as keeper:
            _say(await keeper.sync(campaign))

    asyncio.run(run())


@vaults.command("status")
def show_vault(
    campaign: CampaignId,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    log: Log = None,
) -> None:
    """Say with which folder a campaign is linked, and how the last look at it went."""
    settings = prepare(data_dir=data_dir, database_url=database_url, log=log)

    async def run() -> None:
        async with _open(settings) as keeper:
            _say(await keeper.get(campaign))

    asyncio.run(run())


@vaults.command("unlink")
def unlink_vault(
    campaign: CampaignId,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    log: Log = None,
) -> None:
    """Keep a campaign and its folder in step no more. Both stay as they are."""
    settings = prepare(data_dir=data_dir, database_url=database_url, log=log)

    async def run() -> None:
        async with _open(settings) as keeper:
            await keeper.unlink(campaign)
            typer.echo("Unlinked. The notes and the campaign stay as they are.")

    asyncio.run(run())


def _say(told: dict[str, object]) -> None:
    from ttrpg_assistant.vaults.command_line import spell_status

    for line in spell_status(told):
        typer.echo(line)


@asynccontextmanager
async def _open(settings: Settings) -> AsyncIterator[VaultKeeper]:
    """The folders: by the server where one runs, otherwise in the database, opened meanwhile."""
    from ttrpg_assistant.running_server import find_running_server
    from ttrpg_assistant.vaults.command_line import VaultsHere, VaultsOfServer

    server = None if settings.database_url else find_running_server(settings.data_dir)
    if server is not None:
        yield VaultsOfServer(server)
        return
    from ttrpg_assistant.services import build_services

    services = build_services(settings)
    await services.database.open()
    try:
        yield VaultsHere(services.vaults)
    finally:
        await services.models.aclose()
        await services.database.close()
