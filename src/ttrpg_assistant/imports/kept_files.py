"""The files that were sent for an import, kept so that they can be given back as received.

They are beside the database, in a folder of their own, each named by what it holds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Connection

from ttrpg_assistant.clock import DAY_SECONDS
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.imports.store import file_imports
from ttrpg_assistant.imports.store.sources import Source
from ttrpg_assistant.storage.content_files import (
    RECEIVED,
    Content,
    ContentFiles,
    hash_of,
    link_or_copy,
)
from ttrpg_assistant.storage.database import Database

OLD_SECONDS = DAY_SECONDS
"""A file that no row names is deleted when it is older: one may be on its way to its row."""


class KeptFiles:
    """The files of every import."""

    def __init__(self, files: ContentFiles, database: Database) -> None:
        self._files, self._database = files, database

    def path_of(self, sha256: str) -> Path:
        """Where the file with these bytes is, or would be."""
        return self._files.path_of(Content(sha256, RECEIVED))

    def open_file(self, source: Source) -> Path:
        """The file that something came from, byte for byte as it was received (blocking).

        Raises `NotFound`: `import_file_missing` where it was not kept, is gone or damaged.
        """
        path = self.path_of(source.sha256)
        if not source.sha256 or hash_of(path) != source.sha256:
            raise NotFound(
                "The file this came from was not kept, or is damaged.",
                code="import_file_missing",
                cure="Export it as edited, or import the file again.",
                facts={"id": source.entity_id},
            )
        return path

    async def put(self, arrived: Path) -> tuple[str, int]:
        """Keep the bytes of a file that arrived: their SHA-256 and how many there are. Nothing
        names them yet. Raises `DiskFull`."""
        return await asyncio.to_thread(self._put, arrived)

    def _put(self, arrived: Path) -> tuple[str, int]:
        sha256, size = hash_of(arrived), arrived.stat().st_size
        assert sha256 is not None
        written = self._files.new_file()
        link_or_copy(arrived, written)
        self._files.put(written, self.path_of(sha256))
        return sha256, size

    async def drop_unnamed(self, hashes: Iterable[str]) -> int:
        """Delete those of these files that no row names; returns how many."""
        return sum([await self._drop_unnamed(one) for one in dict.fromkeys(hashes)])

    async def _drop_unnamed(self, sha256: str) -> bool:
        def work(tx: Connection) -> bool:
            # In the writer's turn, so that no row can come to name it meanwhile.
            if file_imports.is_named(tx, sha256):
                return False
            self._files.remove(Content(sha256, RECEIVED))
            return True

        return await self._database.write(work)

    async def sweep(self) -> int:
        """Delete files that no row names; returns how many."""
        await asyncio.to_thread(self._files.remove_leftovers, OLD_SECONDS)
        old = await asyncio.to_thread(self._files.list_old, OLD_SECONDS)
        return await self.drop_unnamed(one.sha256 for one in old)
