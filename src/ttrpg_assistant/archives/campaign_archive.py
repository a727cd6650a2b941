"""A whole campaign as one file: a zip of `manifest.json`, one `TABLE.jsonl` a table, and the files
of its pictures under `pictures/`.

Reading it back makes an equal campaign: with the same ids when all of them are free, else as a
copy whose every id is new. How that is done: `restoring`.
"""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import Mapping
from pathlib import Path
from weakref import WeakSet

import msgspec
from sqlalchemy import Connection

from ttrpg_assistant.archives.archive_file import (
    FORMAT,
    IMPORTED,
    MANIFEST,
    PICTURE_BYTES,
    PICTURE_ENTRIES,
    PICTURES,
    VERSION,
)
from ttrpg_assistant.archives.imports import Import, Imports, Restored, abandoned_after
from ttrpg_assistant.archives.restoring import Restoring, drop_hidden
from ttrpg_assistant.archives.store import arriving_rows, campaign_rows
from ttrpg_assistant.archives.store.campaign_rows import TABLES
from ttrpg_assistant.archives.store.holdings import count_holdings
from ttrpg_assistant.errors import Conflict, NotFound, TooLarge
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.pictures.pictures import Pictures
from ttrpg_assistant.storage.content_files import RECEIVED, Content, ContentFiles
from ttrpg_assistant.storage.database import Database

_encode = msgspec.json.Encoder().encode


class CampaignArchives:
    """Writes and reads the files; `sweep` removes what a dead server left half restored."""

    def __init__(
        self,
        database: Database,
        changes: Changes,
        imports: Imports,
        pictures: Pictures,
        imported: ContentFiles | None = None,
    ) -> None:
        self._pictures, self._imported = pictures, imported
        self._database = database
        self._changes = changes
        self._imports = imports
        self._restoring: WeakSet[Restoring] = WeakSet()

    async def write(self, campaign_id: str, target: Path) -> str:
        """Put the campaign, as it is at one moment, into a new file; returns its name.

        Raises `NotFound`, and `TooLarge` where its pictures take more than an archive holds.
        """
        files = self._pictures.files
        return await self._database.read(
            lambda tx: write_archive(tx, campaign_id, target, files, self._imported)
        )

    async def begin(self, source: Path, title: str = "Archive") -> Import:
        """Start restoring a file, which is deleted at the end."""
        size = (await asyncio.to_thread(source.stat)).st_size
        begun = Import(new_id(), "archive", None, title, "running", 0, 0, size)
        restoring = Restoring(
            begun,
            source,
            database=self._database,
            changes=self._changes,
            imports=self._imports,
            pictures=self._pictures,
            imported=self._imported,
        )
        self._restoring.add(restoring)
        return self._imports.start(begun, source, restoring.run, restoring.drop)

    async def restore(self, source: Path) -> Restored:
        """Read a file back, and delete it. Raises `InvalidInput`, `TooLarge` or `Conflict`; then
        nothing of it is stored."""
        begun = await self.begin(source)
        ended = await self._imports.wait(begun.id)
        if ended.restored is None:
            raise Conflict("The import was cancelled. Nothing was stored.", code="import_cancelled")
        return ended.restored

    async def sweep(self) -> int:
        """Remove what was being restored when a server died; returns how many there were."""
        older_than = abandoned_after(self._database)
        left = await self._database.read(lambda tx: arriving_rows.list_hidden(tx, older_than))
        arriving = {one.campaign_id for one in self._restoring}
        left = [campaign_id for campaign_id in left if campaign_id not in arriving]
        for campaign_id in left:
            await drop_hidden(self._database, campaign_id)
        return len(left)


def write_archive(
    tx: Connection,
    campaign_id: str,
    target: Path,
    files: ContentFiles,
    imported: ContentFiles | None = None,
) -> str:
    """Write the zip; returns the campaign's name. Without `imported` it holds no imported files."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as file:
        counts: dict[str, int] = {}
        named: dict[Content, int] = {}
        received: dict[Content, int] = {}
        name = ""
        for table in TABLES:
            count = 0
            with file.open(f"{table.name}.jsonl", "w", force_zip64=True) as entry:
                for row in campaign_rows.iterate_rows(tx, table, campaign_id):
                    entry.write(_encode(row) + b"\n")
                    count += 1
                    name = row["name"] if table.name == "campaigns" else name
                    if table.name == "pictures":
                        named[Content(row["sha256"], row["media_type"])] = row["bytes"]
                    elif table.name == "imported_files":
                        received[Content(row["sha256"], RECEIVED)] = row["bytes"]
            if table.name == "campaigns" and not count:
                raise NotFound("There is no such campaign.", code="campaign_not_found")
            counts[table.name] = count
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "campaign_id": campaign_id,
            "name": name,
            "made_at": utc_now(),
            "rows": counts,
            "holds": count_holdings(tx, campaign_id),
            "missing_pictures": _write_pictures(file, named, files),
        }
        if imported is not None:
            _write_imported(file, received, PICTURE_BYTES - sum(named.values()), imported)
        file.writestr(MANIFEST, msgspec.json.format(_encode(manifest)))
    return name


def _write_imported(
    file: zipfile.ZipFile, received: Mapping[Content, int], room: int, files: ContentFiles
) -> None:
    """Put imported files in, as far as there is room: what is not in the file is not given back as
    it was received any more, and everything else of it is there."""
    for content, size in received.items():
        if size <= room and files.is_whole(content):
            file.write(files.path_of(content), f"{IMPORTED}{content.name}")
            room -= size


def _write_pictures(
    file: zipfile.ZipFile, named: Mapping[Content, int], files: ContentFiles
) -> list[str]:
    """Put the pictures' files in; returns the hashes of those that are missing or damaged."""
    if sum(named.values()) > PICTURE_BYTES or len(named) > PICTURE_ENTRIES:
        raise TooLarge(
            f"The pictures of this campaign take more than {PICTURE_BYTES // 1024**2} MB, which is"
            " more than one archive holds.",
            code="archive_too_large",
            cure="Remove pictures that are not needed, or make a backup (ttrpg-assistant backup).",
        )
    missing = []
    for content in named:
        found = files.read(content)
        if found is None:
            missing.append(content.sha256)
        else:
            # Pictures are packed already.
            file.writestr(f"{PICTURES}{content.name}", found, zipfile.ZIP_STORED)
    return missing
