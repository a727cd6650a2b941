"""The command line. Each command reads the settings, does one thing, and says faults plainly.

Heavy rooms are imported inside the commands, so that `--help` and a refusal are quick.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from ttrpg_assistant.errors import Fault
from ttrpg_assistant.settings import Settings, load_settings

REFUSED = 2
"""Exit code when a fault stopped the command: what was asked cannot be done like this."""

cli = typer.Typer(
    name="ttrpg-assistant",
    help="A game master's co-pilot. Without a command: serve the page and open the browser.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

DataDir = Annotated[
    Path | None, typer.Option(help="Folder of the database and config.toml.", show_default=False)
]
DatabaseUrl = Annotated[
    str | None,
    typer.Option(help="postgresql://… instead of the SQLite file.", show_default=False),
]
Log = Annotated[str | None, typer.Option(help="Logs as text or json.", show_default=False)]


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
    return flag in {"-h", "--help", "--version"} or flag.startswith(
        ("--install-completion", "--show-completion")
    )


def _say_version(wanted: bool) -> None:
    if wanted:
        from ttrpg_assistant import __version__

        typer.echo(f"ttrpg-assistant {__version__}")
        raise typer.Exit


@cli.callback()
def every_command(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say it.")
    ] = False,
) -> None:
    """A game master's co-pilot. Without a command: serve the page and open the browser."""


def _prepare(**overrides: Any) -> Settings:
    """The settings, with logs set up so that nothing secret in them gets out."""
    settings = load_settings(os.environ, overrides)
    from ttrpg_assistant.logs import set_up_logs

    set_up_logs(settings.log_format, secrets=settings.list_secrets())
    return settings


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
    log: Log = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Do not open the browser.")
    ] = False,
) -> None:
    """Serve the page until stopped with Ctrl+C."""
    settings = _prepare(
        host=host,
        port=port,
        data_dir=data_dir,
        database_url=database_url,
        model=model,
        context_tokens=context_tokens,
        allowed_hosts=allowed_hosts,
        log=log,
    )
    from ttrpg_assistant import serving

    serving.serve(settings, open_browser=not no_browser)
