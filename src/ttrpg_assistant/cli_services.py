"""What commands work on: a server that runs on the data folder, or the database itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from ttrpg_assistant.settings import Settings

if TYPE_CHECKING:
    from ttrpg_assistant.running_server import RunningServer
    from ttrpg_assistant.services import Services


def find_server(settings: Settings) -> RunningServer | None:
    """The server that has the database of these settings open; None where that is not known."""
    from ttrpg_assistant.running_server import find_running_server

    return None if settings.database_url else find_running_server(settings.data_dir)


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Every service, with the database opened meanwhile."""
    from ttrpg_assistant.services import build_services

    services = build_services(settings)
    await services.database.open()
    try:
        yield services
    finally:
        await services.imports.close()
        await services.vaults.close()
        await services.models.aclose()
        await services.database.close()
