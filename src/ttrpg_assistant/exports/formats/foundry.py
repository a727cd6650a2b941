"""A campaign for Foundry VTT, versions 13 and 14: journals, actors and roll tables, each as a JSON
file that *Import Data* takes, and all of them as one adventure.

A journal entry has a page for players, who may see it where they may know the thing, and a page of
the game master's, whose secrets are secret sections. Actors have only what every system has: a
name, a portrait, and a biography in the places where the most used system looks for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.registry import list_things
from ttrpg_assistant.exports.campaign_reader import CampaignReader
from ttrpg_assistant.exports.file_names import FileNames, spell_file_name
from ttrpg_assistant.exports.foundry_documents import (
    ACTORS,
    Documents,
    make_adventure_head,
    make_folder,
)
from ttrpg_assistant.exports.model import Edition, SeenThing
from ttrpg_assistant.exports.zip_writing import ZipWriter
from ttrpg_assistant.imports.own_foundry import README_TITLE
from ttrpg_assistant.storage.content_files import ContentFiles

README = f"""\
{README_TITLE}
{"=" * len(README_TITLE)}

All at once: make a compendium of the type Adventure, create an adventure in it, open its menu,
choose Import Data and take adventure.json. Then import the adventure from there.

One by one: make a journal entry, an actor or a roll table, open its menu, choose Import Data and
take the file of the same name from the folder journal, actors or tables.

Pictures: put the folder pictures into the folder Data/{{folder}} of Foundry's user data.
"""


@dataclass(frozen=True, slots=True)
class Foundry:
    """The zip."""

    name: str = "foundry"
    editions: tuple[Edition, ...] = ("gm",)
    ending: str = "zip"
    media_type: str = "application/zip"
    is_printed: bool = False
    with_archived: bool = False

    def write(self, reader: CampaignReader, target: Path, files: ContentFiles) -> None:
        """Write the zip, the campaign read once for its files and once for the adventure."""
        with ZipWriter(target) as file:
            _Writing(reader, file, files).write()


FORMATS = (Foundry(),)


class _Writing:
    def __init__(self, reader: CampaignReader, file: ZipWriter, files: ContentFiles) -> None:
        self._reader = reader
        self._file = file
        self._files = files
        self._folder = f"ttrpg-assistant/{spell_file_name(reader.campaign.name)}"
        self._documents = Documents(reader, self._put_picture)

    def write(self) -> None:
        names = {part: FileNames() for part in ("journal", "actors", "tables")}
        for part, document in self._iterate_documents():
            name = names[part].add(document["name"])
            self._file.add(f"{part}/{name}.json", _spell(document))
        self._file.add_pieces("adventure.json", self._iterate_adventure())
        self._file.add("README.txt", README.format(folder=self._folder))

    def _iterate_documents(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every document with the folder of its file."""
        for kind in list_things():
            for thing in self._reader.iterate_things(kind):
                yield "journal", self._documents.make_journal(thing)
                if kind.name in ACTORS:
                    yield "actors", self._documents.make_actor(thing)
                if kind.is_rolled_on:
                    yield "tables", self._documents.make_table(thing)
        yield from (("journal", one) for one in self._documents.iterate_game_sessions())
        yield "journal", self._documents.make_facts()

    def _iterate_adventure(self) -> Iterator[str]:
        """The adventure piece by piece: it holds everything once more."""
        head = make_adventure_head(self._reader.campaign)
        yield _spell(head).removesuffix("\n}")
        for part in ("journal", "actors", "tables"):
            yield f',\n "{part}": ['
            separator = ""
            for own, document in self._iterate_documents():
                if own == part:
                    yield f"{separator}\n{_spell(document)}"
                    separator = ","
            yield "]"
        folders = [make_folder(kind, part) for kind, part in self._list_folders()]
        yield f',\n "folders": {_spell_list(folders)}\n}}\n'

    def _list_folders(self) -> Iterator[tuple[EntityKind[Any], str]]:
        there = {link.kind for link in self._reader.links.values()}
        for kind in list_things():
            if kind.name in there:
                yield kind, "JournalEntry"
                if kind.name in ACTORS:
                    yield kind, "Actor"
                if kind.is_rolled_on:
                    yield kind, "RollTable"

    def _put_picture(self, thing: SeenThing, at: int) -> str | None:
        """The path of a picture in Foundry's folder of user data; its file goes into the zip."""
        content = thing.pictures[at].content
        put = self._file.add_picture(f"pictures/{content.name}", content, self._files)
        return None if put is None else f"{self._folder}/{put}"


def _spell(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1)


def _spell_list(documents: list[dict[str, Any]]) -> str:
    return json.dumps(documents, ensure_ascii=False, indent=1)
