"""Exports as a test reads them: written by the service, and every text in them."""

from __future__ import annotations

import zipfile
from pathlib import Path

from ttrpg_assistant.archives.campaign_archive import CampaignArchives
from ttrpg_assistant.archives.imports import Imports
from ttrpg_assistant.conversations.store.removals import add_removal
from ttrpg_assistant.exports.exports import Exports
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.pictures.pictures import Pictures
from ttrpg_assistant.pictures.reading import PictureReader
from ttrpg_assistant.storage.content_files import ContentFiles
from ttrpg_assistant.storage.database import Database


def exports_of(database: Database, folder: Path) -> Exports:
    """The service over a database, with its pictures in a folder."""
    changes = Changes()
    files = ContentFiles(folder / "pictures")
    pictures = Pictures(database, changes, add_removal, files, PictureReader())
    archives = CampaignArchives(database, changes, Imports(changes), pictures)
    return Exports(database, archives, pictures)


def read_texts(file: Path) -> str:
    """All that is written in a file: of a zip the names and the contents of its entries."""
    if not zipfile.is_zipfile(file):
        return file.read_text(encoding="utf-8")
    with zipfile.ZipFile(file) as zipped:
        assert zipped.testzip() is None
        names = zipped.namelist()
        texts = [zipped.read(name).decode("utf-8", errors="replace") for name in names]
    return "\n".join([*names, *texts])
