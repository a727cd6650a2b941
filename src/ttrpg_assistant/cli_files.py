"""The command that imports files of other programs."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ttrpg_assistant.cli_options import DatabaseUrl, DataDir, Log, prepare
from ttrpg_assistant.settings import Settings

if TYPE_CHECKING:
    from ttrpg_assistant.imports.ports import ImportKeeper


def import_files(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders of other programs.")],
    campaign: Annotated[
        str | None,
        typer.Option(help="The name or the id of the campaign they go into.", show_default=False),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Import without asking first.")] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    log: Log = None,
) -> None:
    """Import files of other programs: say what they become, then ask. A server may be running."""
    settings = prepare(data_dir=data_dir, database_url=database_url, log=log)
    from ttrpg_assistant.imports.command_line import import_paths

    def confirm() -> bool:
        return yes or (sys.stdin.isatty() and typer.confirm("Import this?"))

    async def run() -> bool:
        async with _open(settings) as keeper:
            return await import_paths(keeper, paths, campaign, say=typer.echo, confirm=confirm)

    if not asyncio.run(run()) and not sys.stdin.isatty():
        typer.echo("Add --yes to import without being asked.")
        raise typer.Exit(1)


@asynccontextmanager
async def _open(settings: Settings) -> AsyncIterator[ImportKeeper]:
    """The imports: by the server where one runs, otherwise in the database, opened meanwhile."""
    from ttrpg_assistant.imports.command_line import ImportsHere, ImportsOfServer
    from ttrpg_assistant.running_server import find_running_server

    server = None if settings.database_url else find_running_server(settings.data_dir)
    if server is not None:
        yield ImportsOfServer(server)
        return
    from ttrpg_assistant.services import build_services

    services = build_services(settings)
    await services.database.open()
    try:
        yield ImportsHere(services.file_imports, services.imports)
    finally:
        await services.imports.close()
        await services.models.aclose()
        await services.database.close()
