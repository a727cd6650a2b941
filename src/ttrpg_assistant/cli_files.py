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
from ttrpg_assistant.cli_services import find_server, open_services
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
    open_to_party: Annotated[
        bool,
        typer.Option(
            "--open-to-party",
            help="Let the party know of what players see where the files come from.",
        ),
    ] = False,
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
            return await import_paths(
                keeper,
                paths,
                campaign,
                say=typer.echo,
                confirm=confirm,
                open_to_party=open_to_party,
            )

    if not asyncio.run(run()) and not sys.stdin.isatty():
        typer.echo("Add --yes to import without being asked.")
        raise typer.Exit(1)


@asynccontextmanager
async def _open(settings: Settings) -> AsyncIterator[ImportKeeper]:
    """The imports: by the server where one runs, otherwise in the database."""
    from ttrpg_assistant.imports.command_line import ImportsHere, ImportsOfServer

    server = find_server(settings)
    if server is not None:
        yield ImportsOfServer(server)
        return
    async with open_services(settings) as services:
        yield ImportsHere(services.file_imports, services.imports)
