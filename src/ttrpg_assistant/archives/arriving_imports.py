"""The files in an archive that were imported once, on their way in: put where such files are before
any row names them. One that is not in the archive is forgotten, with the rest of its rows kept."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy import Connection

from ttrpg_assistant.archives.archive_file import ArchiveFile, broken
from ttrpg_assistant.archives.imports import unless_cancelled
from ttrpg_assistant.archives.store import staged_rows
from ttrpg_assistant.storage.content_files import RECEIVED, Content, ContentFiles, hash_of


class ArrivingImports:
    """The imported files of one archive; without `files` none is taken, and the rows stay.

    A file whose rows do not come after all is swept away like any that no row names.
    """

    def __init__(self, files: ContentFiles | None) -> None:
        self._files = files

    async def take(self, file: ArchiveFile, scratch: Connection) -> None:
        """Keep every file that rows name and that is there. Raises `InvalidInput`, `TooLarge`,
        `DiskFull`."""
        if self._files is None:
            return
        hashes = await asyncio.to_thread(staged_rows.list_imported_hashes, scratch)
        missing = []
        for sha256 in hashes:
            content = Content(sha256, RECEIVED)
            if not file.has_imported(content.name):
                missing.append(sha256)
                continue
            written = await asyncio.to_thread(self._files.new_file)
            try:
                await unless_cancelled(asyncio.to_thread(self._keep, file, content, written))
            finally:
                written.unlink(missing_ok=True)
        if missing:
            await asyncio.to_thread(staged_rows.forget_imported, scratch, missing)

    def _keep(self, file: ArchiveFile, content: Content, written: Path) -> None:
        assert self._files is not None
        file.take_imported(content.name, written)
        if hash_of(written) != content.sha256:
            raise broken("an imported file in it is damaged")
        self._files.put(written, self._files.path_of(content))
