"""An export from the command line, also while the server runs on the same database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from ttrpg_assistant.archives.arriving import ArrivingFiles
from ttrpg_assistant.archives.campaign_archive import CampaignArchives
from ttrpg_assistant.archives.imports import Imports
from ttrpg_assistant.campaigns.store.named_campaigns import get_named_campaign
from ttrpg_assistant.conversations.store.removals import add_removal
from ttrpg_assistant.errors import InvalidInput, NotFound
from ttrpg_assistant.exports.exports import Exports
from ttrpg_assistant.exports.file_names import spell_file_name
from ttrpg_assistant.exports.model import Edition
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.pictures.pictures import Pictures
from ttrpg_assistant.pictures.reading import PictureReader
from ttrpg_assistant.storage.backup import copy
from ttrpg_assistant.storage.content_files import FOLDER, ContentFiles
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.engines import create_database


async def export_to_file(
    address: str | Path,
    data_dir: Path,
    campaign: str,
    format_name: str,
    edition: Edition | None,
    output: Path | None,
) -> Path:
    """Write a campaign, named by its id or name, into a file; returns where it is.

    Without `output` it is called after the campaign, in the current folder. Raises `NotFound`, and
    `InvalidInput` where the file is there already.
    """
    arriving = ArrivingFiles(data_dir)
    async with _reading(address, arriving) as database:
        changes = Changes()
        files = ContentFiles(data_dir / FOLDER)
        pictures = Pictures(database, changes, add_removal, files, PictureReader())
        archives = CampaignArchives(database, changes, Imports(changes), pictures)
        found = await database.read(lambda tx: get_named_campaign(tx, campaign))
        written = arriving.new_file(".export")
        try:
            made = await Exports(database, archives, pictures).write(
                found, format_name, written, edition
            )
            target = output or Path(f"{spell_file_name(made.title)}.{made.ending}")
            await asyncio.to_thread(_put, written, target)
        finally:
            written.unlink(missing_ok=True)
        return target


@asynccontextmanager
async def _reading(address: str | Path, arriving: ArrivingFiles) -> AsyncIterator[Database]:
    """The database; of an SQLite file a copy as of this moment, because a server may hold it."""
    copied: Path | None = None
    if isinstance(address, Path):
        copied = await asyncio.to_thread(_copy, address, arriving)
    database = create_database(copied or address)
    try:
        await database.open()
        try:
            yield database
        finally:
            await database.close()
    finally:
        if copied is not None:
            for left in copied.parent.glob(f"{copied.name}*"):
                left.unlink(missing_ok=True)


def _copy(path: Path, arriving: ArrivingFiles) -> Path:
    if not path.exists():
        raise NotFound(
            f"There is no database at {path}.", cure="Name the data folder with --data-dir."
        )
    copied = arriving.new_file(".db")
    copied.unlink()
    copy(path, copied)
    return copied


def _put(written: Path, target: Path) -> None:
    if target.exists():
        raise InvalidInput(
            f"There is a file at {target} already.",
            code="file_exists",
            cure="Name another with --output, or remove that one first.",
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    with written.open("rb") as source, target.open("xb") as copied:
        while piece := source.read(1024**2):
            copied.write(piece)
