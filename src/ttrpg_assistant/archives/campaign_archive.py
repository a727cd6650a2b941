"""A whole campaign as one file: a zip of `manifest.json` and one `TABLE.jsonl` a table.

Reading it back makes an equal campaign in one transaction: with the same ids when all of them
are free, else as a copy whose every id is new. What a file says is not trusted: sizes are
checked as declared and again as they come, columns and references are checked row by row, and
nothing may point outside the archive.
"""

from __future__ import annotations

import re
import uuid
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import msgspec
from sqlalchemy import Connection

from ttrpg_assistant.archives.store import campaign_rows
from ttrpg_assistant.archives.store.campaign_rows import BY_NAME, SHARED, TABLES, key_of
from ttrpg_assistant.campaigns.store.entities import read_value
from ttrpg_assistant.campaigns.store.kinds import KINDS
from ttrpg_assistant.conversations.recovery import settle_message, settle_turn
from ttrpg_assistant.conversations.store.damage import MESSAGE_FIELDS, is_whole
from ttrpg_assistant.errors import InvalidInput, NotFound, TooLarge
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database

FORMAT = "ttrpg-assistant campaign"
VERSION = 1
MANIFEST = "manifest.json"

ENTRIES = 64
UNPACKED_BYTES = 4 * 1024**3
TABLE_BYTES = 2 * 1024**3
LINE_BYTES = 8 * 1024**2
RATIO = 250
"""Text packs down to about a tenth; what unpacks to so much more is no talk."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError)
_KINDS = {kind.table.name: kind for kind in KINDS.values()}
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


@dataclass(frozen=True, slots=True)
class Restored:
    """What an archive became. `is_copy`: its ids were taken, so everything has new ones."""

    campaign_id: str
    name: str
    is_copy: bool
    counts: dict[str, int]


class CampaignArchives:
    """Writes and reads the files."""

    def __init__(self, database: Database, changes: Changes) -> None:
        self._database = database
        self._changes = changes

    async def write(self, campaign_id: str, target: Path) -> str:
        """Put the campaign, as it is at one moment, into a new file; returns its name.

        Raises `NotFound`.
        """
        return await self._database.read(lambda tx: write_archive(tx, campaign_id, target))

    async def restore(self, source: Path) -> Restored:
        """Read a file back. Raises `InvalidInput` or `TooLarge`, and then nothing was stored."""
        restored = await self._database.write(lambda tx: restore_archive(tx, source))
        self._changes.announce("campaign", {"id": restored.campaign_id})
        return restored


def write_archive(tx: Connection, campaign_id: str, target: Path) -> str:
    """Write the zip; returns the campaign's name."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as file:
        counts: dict[str, int] = {}
        name = ""
        for table in TABLES:
            count = 0
            with file.open(f"{table.name}.jsonl", "w", force_zip64=True) as entry:
                for row in campaign_rows.iterate_rows(tx, table, campaign_id):
                    entry.write(_encode(row) + b"\n")
                    count += 1
                    name = row["name"] if table.name == "campaigns" else name
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
        }
        file.writestr(MANIFEST, msgspec.json.format(_encode(manifest)))
    return name


def restore_archive(tx: Connection, source: Path) -> Restored:
    """Store everything the file holds, in the caller's transaction."""
    with _open(source) as file:
        manifest = _read_manifest(file)
        reader = _Reader(file)
        own = [table for table in TABLES if table.name not in SHARED]
        known = {id for table in own for id in reader.read_ids(table.name)}
        if manifest["campaign_id"] not in known:
            raise _broken("the campaign itself is missing")
        is_copy = any(
            campaign_rows.find_taken(tx, table, ids)
            for table in own
            if "id" in table.c
            for ids in _in_parts(reader.read_ids(table.name))
        )
        rename = _renamer(known) if is_copy else None
        there = {
            id
            for name in SHARED
            for ids in _in_parts(reader.read_ids(name))
            for id in campaign_rows.list_taken(tx, BY_NAME[name], ids)
        }
        shut_chats = campaign_rows.has_active_chat(tx)
        counts: dict[str, int] = {}

        def rows(name: str) -> Iterator[dict[str, Any]]:
            for row in reader.read_rows(name, known):
                if row.get("id") in there:
                    continue
                settled = _settled(name, row, shut_chats)
                yield {key: _renamed(value, rename) for key, value in settled.items()}

        for table in TABLES:
            try:
                counts[table.name] = campaign_rows.add_rows(tx, table, rows(table.name))
            except campaign_rows.Unstorable as error:
                raise _broken(f"{table.name} holds what cannot be stored") from error
            if own_ones := campaign_rows.own_references(table):
                # The rows were checked as they were added: only their links are read again.
                links = reader.read_links(table.name, own_ones, known)
                named = ({key: _renamed(id, rename) for key, id in row.items()} for row in links)
                campaign_rows.link_rows(tx, table, named)
            kept = len(there) if table.name in SHARED else 0
            if counts[table.name] + kept != manifest["rows"].get(table.name, 0):
                raise _broken(f"{table.name} is not whole")
        return Restored(
            str(_renamed(manifest["campaign_id"], rename)), manifest["name"], is_copy, counts
        )


class _Reader:
    """Rows of the file, checked as they come."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self._present = set(file.namelist())

    def read_ids(self, name: str) -> list[str]:
        """The ids of a table's rows."""
        if "id" not in BY_NAME[name].c:
            return []
        ids = [row.get("id") for row in self._lines(name)]
        if not all(isinstance(one, str) and _UUID.fullmatch(one) for one in ids):
            raise _broken(f"an id in {name} is none")
        return [str(one) for one in ids]

    def read_rows(self, name: str, known: set[str]) -> Iterator[dict[str, Any]]:
        """Whole rows. A reference to something that is not in the file is let go of."""
        table = BY_NAME[name]
        columns = {column.name: column for column in table.columns}
        key = key_of(table)
        for line in self._lines(name):
            if not line.keys() <= columns.keys():
                raise _broken(f"{name} has a column nobody knows")
            row = {column: line.get(column) for column in columns}
            _check_shape(name, row)
            for column in columns:
                value = row[column]
                if not column.endswith("_id") or value is None or value in known:
                    continue
                if column in key or not columns[column].nullable:
                    raise _broken(f"a row of {name} points outside the file")
                row[column] = None
            yield row

    def read_links(
        self, name: str, columns: tuple[str, ...], known: set[str]
    ) -> Iterator[dict[str, Any]]:
        """The id, and these references, of the rows that hold any: they were checked before."""
        for line in self._lines(name):
            held = {one: line[one] for one in columns if line.get(one) in known}
            if held:
                yield {"id": line["id"], **dict.fromkeys(columns), **held}

    def _lines(self, name: str) -> Iterator[dict[str, Any]]:
        if f"{name}.jsonl" not in self._present:
            return
        taken = 0
        with _open_entry(self._file, f"{name}.jsonl") as entry:
            while line := _read_line(entry):
                taken += len(line)
                if taken > TABLE_BYTES:
                    raise TooLarge(f"{name} in this file is too large.")
                try:
                    value = _decode(line)
                except msgspec.DecodeError:
                    raise _broken(f"{name} holds a line that is not JSON") from None
                if not isinstance(value, dict):
                    raise _broken(f"{name} holds a line that is no row")
                yield value


def _open_entry(file: zipfile.ZipFile, name: str) -> IO[bytes]:
    try:
        return file.open(name)
    except (*_DAMAGED, NotImplementedError, RuntimeError) as error:
        # An unknown packing, or a password.
        raise _broken("it is packed in a way this program does not read") from error


def _read_line(entry: IO[bytes]) -> bytes:
    try:
        line = entry.readline(LINE_BYTES + 1)
    except _DAMAGED as error:
        raise _broken("it is cut off or damaged") from error
    if len(line) > LINE_BYTES:
        raise TooLarge("A line of this file is too long.")
    return line


def _open(source: Path) -> zipfile.ZipFile:
    try:
        file = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError) as error:
        raise _broken("it is no zip, or cut off") from error
    infos = file.infolist()
    declared = sum(one.file_size for one in infos)
    packed = sum(one.compress_size for one in infos)
    wrong = None
    if len(infos) > ENTRIES or declared > UNPACKED_BYTES:
        wrong = "This file unpacks to more than an archive may hold."
    elif declared > 1024**2 and declared > packed * RATIO:
        wrong = "This file unpacks to far more than talk ever does."
    if wrong is not None:
        file.close()
        raise TooLarge(wrong, code="archive_too_large")
    return file


def _read_manifest(file: zipfile.ZipFile) -> dict[str, Any]:
    try:
        with _open_entry(file, MANIFEST) as entry:
            manifest = _decode(_read_whole(entry))
    except (KeyError, msgspec.DecodeError):
        raise _broken("it has no manifest") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise _broken("it is something else")
    version = manifest.get("version")
    if type(version) is not int or version < VERSION:
        raise _broken("nobody knows its version")
    if version > VERSION:
        raise InvalidInput(
            "This archive was made by a newer version of this program.", code="archive_too_new"
        )
    if not isinstance(manifest.get("rows"), dict) or not isinstance(manifest.get("name"), str):
        raise _broken("its manifest is not whole")
    return manifest


def _read_whole(entry: IO[bytes]) -> bytes:
    try:
        text = entry.read(LINE_BYTES + 1)
    except _DAMAGED as error:
        raise _broken("it is cut off or damaged") from error
    if len(text) > LINE_BYTES:
        raise TooLarge("The manifest of this file is too long.", code="archive_too_large")
    return text


def _broken(why: str) -> InvalidInput:
    return InvalidInput(
        f"This file is not an archive of a campaign: {why}. Nothing was stored.",
        code="archive_unreadable",
    )


def _check_shape(name: str, row: Mapping[str, Any]) -> None:
    """A value of another shape, which SQLite would store, is refused here: it would make the
    lists that it stands in unreadable."""
    if name == "messages" and not is_whole([row[one] for one in MESSAGE_FIELDS]):
        raise _broken("a row of messages is damaged")
    kind = _KINDS.get(name)
    if kind is None:
        return
    try:
        read_value(kind, {column.name: row[column.name] for column in kind.columns})
    except msgspec.ValidationError as error:
        raise _broken(f"a row of {name} is damaged") from error


def _in_parts(ids: list[str], size: int = 500) -> Iterator[list[str]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def _settled(name: str, row: dict[str, Any], shut_chats: bool) -> dict[str, Any]:
    """The row as it can be here: there is one open chat, so another one is put with the past
    ones, and an answer that was being written when the file was made is over."""
    if name == "turns":
        return settle_turn(row)
    if name == "messages":
        return settle_message(row)
    if name != "conversations" or not shut_chats or row["kind"] != "chat":
        return row
    return {**row, "archived_at": row["archived_at"] or utc_now()}


Rename = Callable[["re.Match[str]"], str]


def _renamer(known: set[str]) -> Rename:
    """New ids for known ones: always the same one within this reading."""
    space = uuid.UUID(new_id())
    made: dict[str, str] = {}

    def rename(found: re.Match[str]) -> str:
        id = found.group()
        if id not in known:
            return id
        if id not in made:
            made[id] = str(uuid.uuid5(space, id))
        return made[id]

    return rename


def _renamed(value: Any, rename: Rename | None) -> Any:
    """The value with every id of the archive replaced, wherever it stands."""
    if rename is None:
        return value
    if isinstance(value, str):
        return _UUID.sub(rename, value) if len(value) >= 36 else value
    if isinstance(value, list):
        return [_renamed(one, rename) for one in value]
    if isinstance(value, dict):
        return {_renamed(key, rename): _renamed(one, rename) for key, one in value.items()}
    return value
