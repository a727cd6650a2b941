"""The commands about other programs: tokens, and the MCP server of a client."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ttrpg_assistant.cli_options import DatabaseUrl, DataDir, Log, prepare
from ttrpg_assistant.settings import Settings

if TYPE_CHECKING:
    from ttrpg_assistant.running_server import RunningServer

tokens = typer.Typer(help="Tokens for other programs: make, list and revoke them.")


@tokens.command("create")
def create_token(
    name: Annotated[str, typer.Argument(help="What the token is called.")],
    campaign: Annotated[str, typer.Option(help="The id of the campaign it is for.")],
    scope: Annotated[
        list[str], typer.Option(help="read:players, read:gm, propose or talk; repeatable.")
    ],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    log: Log = None,
) -> None:
    """Make a token and print it, this once. A server may be running."""
    settings = prepare(data_dir=data_dir, database_url=database_url, log=log)
    from ttrpg_assistant.doors.command_line import open_tokens, read_scopes

    async def create() -> str:
        async with open_tokens(*_reach(settings)) as keeper:
            return (await keeper.create(campaign, name, read_scopes(scope))).secret

    typer.echo(asyncio.run(create()))


@tokens.command("list")
def list_tokens(
    data_dir: DataDir = None, database_url: DatabaseUrl = None, log: Log = None
) -> None:
    """List the tokens: name, campaign, scopes, when they were made and last used."""
    settings = prepare(data_dir=data_dir, database_url=database_url, log=log)
    from ttrpg_assistant.doors.command_line import open_tokens

    async def list_all() -> None:
        async with open_tokens(*_reach(settings)) as keeper:
            for one in await keeper.list_all():
                used = f"last used {one.last_used_at}" if one.last_used_at else "never used"
                typer.echo(
                    f"{one.name}  {one.campaign_name} ({one.campaign_id})"
                    f"  {' '.join(one.scopes)}  made {one.created_at}, {used}"
                )

    asyncio.run(list_all())


@tokens.command("revoke")
def revoke_token(
    name: Annotated[str, typer.Argument(help="What the token is called.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    log: Log = None,
) -> None:
    """End a token. Its next request is refused, also by a server that runs."""
    settings = prepare(data_dir=data_dir, database_url=database_url, log=log)
    from ttrpg_assistant.doors.command_line import open_tokens, revoke_named

    async def revoke() -> str:
        async with open_tokens(*_reach(settings)) as keeper:
            return (await revoke_named(keeper, name)).name

    typer.echo(f"Revoked {asyncio.run(revoke())}.")


def mcp(
    install: Annotated[
        str | None,
        typer.Option(help="Write its configuration: claude, claude-code, cursor, codex, lmstudio."),
    ] = None,
    campaign: Annotated[str | None, typer.Option(help="The campaign's id, to install.")] = None,
    scope: Annotated[list[str] | None, typer.Option(help="As of a token; repeatable.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Write without asking.")] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    log: Log = None,
) -> None:
    """Be the MCP server of the client that starts this with TTRPG_TOKEN; or --install it there."""
    settings = prepare(data_dir=data_dir, database_url=database_url, log=log)
    from ttrpg_assistant import __version__, mcp_command

    if install is None:
        asyncio.run(mcp_command.serve_client(settings, os.environ, __version__))
        return
    shown = mcp_command.Shown(typer.echo, lambda: yes or typer.confirm("Write it?"))
    asyncio.run(mcp_command.install(settings, os.environ, install, campaign, scope, shown))


def _reach(settings: Settings) -> tuple[RunningServer | None, str | Path]:
    """The server that runs on the data folder, if one does, and where the database is."""
    from ttrpg_assistant.running_server import find_running_server

    if settings.database_url is not None:
        return None, settings.database_url
    return find_running_server(settings.data_dir), settings.database_path
