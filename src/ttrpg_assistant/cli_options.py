"""What the commands have in common: their options, and how each begins."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from ttrpg_assistant.settings import Settings, load_settings

DataDir = Annotated[
    Path | None, typer.Option(help="Folder of the database and config.toml.", show_default=False)
]
DatabaseUrl = Annotated[
    str | None,
    typer.Option(help="postgresql://… instead of the SQLite file.", show_default=False),
]
Log = Annotated[str | None, typer.Option(help="Logs as text or json.", show_default=False)]


def prepare(**overrides: Any) -> Settings:
    """The settings, with logs set up so that nothing secret in them gets out."""
    os.umask(0o077)  # Whatever any library writes here, it is for nobody else to read.
    settings = load_settings(os.environ, overrides)
    from ttrpg_assistant.logs import set_up_logs

    set_up_logs(settings.log_format, secrets=settings.list_secrets())
    return settings
