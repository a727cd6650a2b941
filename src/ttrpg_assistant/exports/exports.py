"""Campaigns as files for other programs and for people.

A file is written from one moment of the database, page by page, so that a large campaign costs
time and disk and not memory.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from ttrpg_assistant.archives.campaign_archive import CampaignArchives
from ttrpg_assistant.exports.campaign_reader import CampaignReader
from ttrpg_assistant.exports.model import Edition
from ttrpg_assistant.exports.printing import check_can_print, print_html
from ttrpg_assistant.exports.registry import get_format
from ttrpg_assistant.pictures.pictures import Pictures
from ttrpg_assistant.storage.content_files import naming_full_disk
from ttrpg_assistant.storage.database import Database

ARCHIVE = "archive"
"""The format of the room `archives`: everything, to be imported here again."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: what to call the file, its ending and its type."""

    title: str
    ending: str
    media_type: str


class Exports:
    """Writes campaigns into files."""

    def __init__(self, database: Database, archives: CampaignArchives, pictures: Pictures) -> None:
        self._database = database
        self._archives = archives
        self.pictures = pictures

    async def write(
        self, campaign_id: str, name: str, target: Path, edition: Edition | None = None
    ) -> Exported:
        """Write the campaign into this file in the format of this name.

        Without an `edition` it is the format's own. Raises `NotFound`, `InvalidInput` on an unknown
        format or edition, `DiskFull`, and the faults of
        `printing.print_html`.
        """
        if name == ARCHIVE and edition != "players":
            title = await self._archives.write(campaign_id, target)
            return Exported(title, "zip", "application/zip")
        chosen = get_format(name, edition)
        wanted = edition or chosen.editions[0]

        def work(tx: Connection) -> str:
            reader = CampaignReader(tx, campaign_id, wanted, with_archived=chosen.with_archived)
            with naming_full_disk():
                chosen.write(reader, target, self.pictures.files)
            return reader.campaign.name

        if chosen.is_printed:
            check_can_print()
        title = await self._database.read(work)
        if chosen.is_printed:
            await _print(target)
        return Exported(_name_file(title, name, wanted), chosen.ending, chosen.media_type)


async def _print(file: Path) -> None:
    """Put the PDF in the place of the HTML it is printed from."""
    source = file.with_name(f"{file.name}.html")
    try:
        await asyncio.to_thread(file.replace, source)
        await print_html(source, file)
    finally:
        source.unlink(missing_ok=True)


def _name_file(campaign: str, name: str, edition: Edition) -> str:
    what = name.split(".")[0].replace("-", " ")
    is_marked = edition == "players" and "players" not in what
    return f"{campaign} - {what}{' for players' if is_marked else ''}"
