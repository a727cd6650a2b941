"""The pictures of an archive on their way in: read and checked like an upload, and then where
pictures are, before any row names them.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy import Connection

from ttrpg_assistant.archives.archive_file import ArchiveFile, Manifest, broken
from ttrpg_assistant.archives.imports import unless_cancelled
from ttrpg_assistant.archives.store import staged_rows
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.pictures.pictures import Pictures
from ttrpg_assistant.pictures.reading import CleanPicture, ReadingProcess
from ttrpg_assistant.storage.content_files import Content


class ArrivingPictures:
    """The files of one archive's pictures."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self._kept: list[Content] = []

    async def take(self, file: ArchiveFile, scratch: Connection, manifest: Manifest) -> None:
        """Check every picture that the rows name, and keep it. Raises `InvalidInput`, `TooLarge`,
        `DiskFull`; `drop` is for the caller."""
        rows = await asyncio.to_thread(staged_rows.list_picture_rows, scratch)
        missing = frozenset(manifest.missing_pictures)
        wanted = {row.content: row for row in rows if row.content.sha256 not in missing}
        if any(row != wanted.get(row.content, row) for row in rows):
            raise broken("rows of pictures say different things of one file")
        async with self._pictures.reader.open() as reading:
            for content, row in wanted.items():
                source = await asyncio.to_thread(self._pictures.files.new_file)
                try:
                    taking = asyncio.to_thread(file.take_picture, content.name, source)
                    await unless_cancelled(taking)
                    found = await self._keep(source, reading)
                finally:
                    source.unlink(missing_ok=True)
                if found != row:
                    raise broken("a picture in it is not what its row says")

    async def _keep(self, source: Path, reading: ReadingProcess) -> CleanPicture:
        try:
            found = await self._pictures.keep(source, must_be_clean=True, reading=reading)
        except InvalidInput:
            raise broken("a picture in it is damaged, or was not written by this program") from None
        self._kept.append(found.content)
        return found

    async def drop(self) -> None:
        """Delete those that no row names."""
        await self._pictures.drop_unnamed(self._kept)
