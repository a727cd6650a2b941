"""What imports leave behind, removed at the start and once a day.

It looks by itself; what undoes an import is asked for only where one has to be undone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Connection

from ttrpg_assistant.archives.imports import Imports, abandoned_after
from ttrpg_assistant.clock import DAY_SECONDS
from ttrpg_assistant.errors import PersistenceUnavailable
from ttrpg_assistant.imports.kept_files import KeptFiles
from ttrpg_assistant.imports.store import file_imports as store
from ttrpg_assistant.imports.store.file_imports import FileImport
from ttrpg_assistant.storage.database import Database

if TYPE_CHECKING:
    from ttrpg_assistant.imports.file_imports import FileImports

log = structlog.get_logger(__name__)

OPEN_SECONDS = 7 * DAY_SECONDS
"""How long an import waits to be accepted."""


class OldImports:
    """Imports that ended without an end, and those that nobody accepted."""

    def __init__(
        self,
        database: Database,
        imports: Imports,
        kept_files: KeptFiles,
        get_file_imports: Callable[[], FileImports],
    ) -> None:
        self._database, self._imports, self._kept_files = database, imports, kept_files
        self._get_file_imports = get_file_imports

    async def keep_clean(self) -> None:
        """Sweep once a day, for as long as the server runs."""
        while True:
            try:
                await self.sweep()
            except PersistenceUnavailable as fault:
                log.warning("imports.sweeping_postponed", code=fault.code)
            await asyncio.sleep(DAY_SECONDS)

    async def sweep(self) -> int:
        """Take back what a dead server had half stored, and forget what nobody accepted;
        returns how many there were."""
        half, old = await self._database.read(self._list_left)
        if half or old:
            file_imports = self._get_file_imports()
            for one in half:
                await file_imports.take_back(one)
            for one in old:
                await file_imports.forget(one)
        await self._kept_files.sweep()
        return len(half) + len(old)

    def _list_left(self, tx: Connection) -> tuple[list[FileImport], list[FileImport]]:
        running = {one.id for one in self._imports.running}
        half = store.list_left(tx, "running", abandoned_after(self._database))
        return [one for one in half if one.id not in running], store.list_left(
            tx, "open", OPEN_SECONDS
        )
