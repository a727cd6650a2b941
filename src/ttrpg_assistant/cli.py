"""The command line. Each command reads the settings, does one thing, and says faults plainly.

Heavy rooms are imported inside the commands, so that `--help` and a refusal are quick.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ttrpg_assistant.cli_doors import mcp, tokens
from ttrpg_assistant.cli_files import import_files
from ttrpg_assistant.cli_options import DatabaseUrl, DataDir, Log, prepare
from ttrpg_assistant.cli_vaults import vaults
from ttrpg_assistant.errors import Fault

if TYPE_CHECKING:
    from ttrpg_assistant.llm.catalogue import ProviderListing

REFUSED = 2
"""Exit code when a fault stopped the command: what was asked cannot be done like this."""

cli = typer.Typer(
    name="ttrpg-assistant",
    help="A game master's co-pilot. Without a command: serve the page and open the browser.",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
cli.add_typer(tokens, name="token")
cli.add_typer(vaults, name="vault")
cli.command()(mcp)
cli.command("import")(import_files)


def main() -> None:
    """Run a command. Flags without a command belong to `serve`."""
    arguments = sys.argv[1:]
    if not arguments or (arguments[0].startswith("-") and not _is_for_all(arguments[0])):
        arguments = ["serve", *arguments]
    try:
        cli(args=arguments, prog_name="ttrpg-assistant")
    except Fault as fault:
        for line in filter(None, (fault.sentence, fault.cure)):
            sys.stderr.write(f"{line}\n")
        sys.exit(REFUSED)


def _is_for_all(flag: str) -> bool:
    return flag in {"-h", "--help", "--version", "--install-completion", "--show-completion"}


def _say_version(wanted: bool) -> None:
    if wanted:
        from ttrpg_assistant import __version__

        typer.echo(f"ttrpg-assistant {__version__}")
        raise typer.Exit


@cli.callback()
def every_command(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_say_version, is_eager=True, help="Say the version."),
    ] = False,
) -> None:
    """A game master's co-pilot. Without a command: serve the page and open the browser."""


@cli.command()
def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")
    ] = None,
    port: Annotated[
        str | None, typer.Option(help="Port to listen on; 0 picks a free one.", show_default="8642")
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    model: Annotated[
        str | None, typer.Option(help="offline or PROVIDER:NAME.", show_default=False)
    ] = None,
    context_tokens: Annotated[
        str | None, typer.Option(help="Never build longer prompts.", show_default=False)
    ] = None,
    allowed_hosts: Annotated[
        str | None,
        typer.Option(help="More host names to answer to, with commas.", show_default=False),
    ] = None,
    public_url: Annotated[
        str | None,
        typer.Option(help="The https:// address of the proxy in front.", show_default=False),
    ] = None,
    log: Log = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Do not open the browser.")
    ] = False,
) -> None:
    """Serve the page until stopped with Ctrl+C."""
    settings = prepare(
        host=host,
        port=port,
        data_dir=data_dir,
        database_url=database_url,
        model=model,
        context_tokens=context_tokens,
        allowed_hosts=allowed_hosts,
        public_url=public_url,
        log=log,
    )
    from ttrpg_assistant import serving

    serving.serve(settings, open_browser=not no_browser)


@cli.command()
def migrate(data_dir: DataDir = None, database_url: DatabaseUrl = None, log: Log = None) -> None:
    """Bring the database to this version's schema, after a backup. Serving does it too."""
    settings = prepare(data_dir=data_dir, database_url=database_url, log=log)
    from ttrpg_assistant.storage.engines import create_database
    from ttrpg_assistant.storage.schema import head_revision

    async def open_and_close() -> None:
        database = create_database(settings.database_url or settings.database_path)
        await database.open()
        await database.close()

    asyncio.run(open_and_close())
    typer.echo(f"The database is at schema {head_revision()}.")


@cli.command()
def backup(
    target: Annotated[
        Path | None, typer.Argument(help="File to write.", show_default=False)
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    log: Log = None,
) -> None:
    """Copy the database into one file, read it through, and say what is in it.

    The server may be running. Without a target the copy goes to the folder of backups.
    """
    settings = prepare(data_dir=data_dir, database_url=database_url, log=log)
    from ttrpg_assistant.daily_backups import back_up
    from ttrpg_assistant.storage.backup import spell_stamp

    ending = "db" if settings.database_url is None else "dump"
    named = settings.backups_path / f"ttrpg_assistant-{spell_stamp()}.{ending}"
    address = settings.database_url or settings.database_path
    made = asyncio.run(back_up(address, settings.data_dir, target.absolute() if target else named))
    counted = ("conversations", "messages", "campaigns", "npcs", "locations", "plot_points")
    rows = ", ".join(f"{made.tables.get(name, 0)} {name.replace('_', ' ')}" for name in counted)
    typer.echo(f"Backed up to {made.path} ({made.size / 1024**2:.1f} MB, schema {made.revision}).")
    typer.echo(f"Read through and whole. It holds {rows}." if made.tables else "Read through.")
    if made.pictures:
        typer.echo(f"Its {made.pictures} pictures are beside it, in {made.path.name}.pictures.")
    if made.missing_pictures:
        typer.echo(
            f"{made.missing_pictures} of them are missing or damaged: run the verify command."
        )


@cli.command()
def restore(
    backup: Annotated[Path, typer.Argument(help="A file that `backup` made.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    log: Log = None,
) -> None:
    """Put a backup in the database's place. The replaced database is kept beside it."""
    settings = prepare(data_dir=data_dir, database_url=database_url, log=log)
    settings.data_dir.mkdir(parents=True, mode=0o700, exist_ok=True)
    if settings.database_url is not None:
        from ttrpg_assistant.storage import postgresql_backup

        schema = asyncio.run(
            postgresql_backup.restore(backup.absolute(), settings.database_url, settings.data_dir)
        )
        typer.echo(f"Restored {backup} to the PostgreSQL database.")
        if schema is not None:
            typer.echo(f"What was there before is kept in its schema {schema}.")
        return
    from ttrpg_assistant.storage import backup as backups

    kept = backups.restore(backup.absolute(), settings.database_path)
    typer.echo(f"Restored {backup} to {settings.database_path}.")
    if kept is not None:
        typer.echo(f"What was there before is kept at {kept}.")
    pictures, missing = backups.count_pictures(settings.database_path)
    if missing:
        typer.echo(
            f"{missing} of its {pictures} pictures are missing: put the folder"
            f" {backup.name}.pictures beside the backup, then restore it again."
        )


@cli.command()
def export(
    campaign: Annotated[str, typer.Argument(help="Its name or its id.")],
    spelled: Annotated[
        str, typer.Option("--format", help="vault, book.pdf, …: docs/exports.md has them all.")
    ] = "archive",
    output: Annotated[Path | None, typer.Option(help="File to write.", show_default=False)] = None,
    players: Annotated[bool, typer.Option("--players", help="What players may know.")] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    log: Log = None,
) -> None:
    """Write a campaign into a file. The server may be running."""
    settings = prepare(data_dir=data_dir, database_url=database_url, log=log)
    from ttrpg_assistant.exports.command import export_to_file

    address = settings.database_url or settings.database_path
    edition: Any = "players" if players else None
    written = asyncio.run(
        export_to_file(address, settings.data_dir, campaign, spelled, edition, output)
    )
    typer.echo(f"Written: {written}")


@cli.command()
def verify(
    mend: Annotated[
        bool, typer.Option("--mend", help="Also mend what can be mended, after a backup.")
    ] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    log: Log = None,
) -> None:
    """Walk the whole database and say what is wrong. Exit code 1 when something is.

    For the SQLite file the server must be stopped.
    """
    settings = prepare(data_dir=data_dir, database_url=database_url, log=log)
    from ttrpg_assistant.verification.verify import verify as walk

    if mend and settings.database_url is None and settings.database_path.exists():
        from ttrpg_assistant.storage import backup as backups

        name = f"before-mending-{backups.spell_stamp()}.db"
        made = backups.back_up(settings.database_path, settings.data_dir / "backups" / name)
        typer.echo(f"Backed up to {made.path}.")
    address = settings.database_url or settings.database_path
    problems = asyncio.run(walk(address, mending=mend, data_dir=settings.data_dir))
    for problem in problems:
        typer.echo(f"{problem.check:<10}  {problem.place}: {problem.sentence}")
    if not problems:
        typer.echo("Everything is in order.")
        return
    can_mend = sum(problem.can_mend for problem in problems)
    typer.echo(f"{len(problems)} problems; --mend mends {can_mend} of them.")
    raise typer.Exit(1)


@cli.command()
def doctor(
    deep: Annotated[
        bool, typer.Option("--deep", help="Also walk the whole database, as verify does.")
    ] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    log: Log = None,
) -> None:
    """Look at everything and change nothing. Exit code 1 when something needs attention."""
    settings = prepare(data_dir=data_dir, database_url=database_url, log=log)
    from ttrpg_assistant.doctor import examine

    findings = asyncio.run(examine(settings, deep=deep))
    width = max(len(finding.name) for finding in findings)
    for finding in findings:
        typer.echo(f"{'!' if finding.is_bad else ' '} {finding.name:<{width}}  {finding.said}")
        for note in finding.notes:
            typer.echo(f"  {'':<{width}}  {note}")
    if any(finding.is_bad for finding in findings):
        raise typer.Exit(1)


@cli.command()
def models(data_dir: DataDir = None, log: Log = None) -> None:
    """List what can be chosen now as `provider:name`, with context sizes in tokens."""
    settings = prepare(data_dir=data_dir, log=log)
    from ttrpg_assistant.services import build_models

    async def list_all() -> list[ProviderListing]:
        registry = build_models(settings)
        try:
            return await registry.list_catalogue()
        finally:
            await registry.aclose()

    for entry in asyncio.run(list_all()):
        for model in entry.models:
            size = f"{model.context_tokens:>9,}" if model.context_tokens else f"{'?':>9}"
            typer.echo(f"{size}  {model.choice}")
        if entry.fault is not None:
            typer.echo(f"{'—':>9}  {entry.name}: {entry.fault.sentence}", err=True)
