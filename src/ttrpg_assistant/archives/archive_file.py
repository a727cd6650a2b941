"""The zip of an archive as it is read: sizes, packing, JSON, one line at a time.

Nothing a file says is trusted. Sizes are checked as declared and again as they come, and every
way in which a file can be broken is the one fault `archive_unreadable`. No sentence quotes
anything of the file.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import msgspec

from ttrpg_assistant.errors import InvalidInput, TooLarge
from ttrpg_assistant.outside_json import NOT_JSON
from ttrpg_assistant.pictures.limits import UPLOAD_BYTES
from ttrpg_assistant.storage.content_files import naming_full_disk

FORMAT = "ttrpg-assistant campaign"
VERSION = 1
MANIFEST = "manifest.json"

ENTRIES = 64
"""Besides pictures."""

PICTURES = "pictures/"
IMPORTED = "imported/"
"""Files that were imported, as they were received."""

PICTURE_ENTRIES = 20_000
PICTURE_BYTES = 900 * 1024**2
"""All pictures and imported files of an archive together: with its texts it can still be read
back."""

UNPACKED_BYTES = 4 * 1024**3
TABLE_BYTES = 2 * 1024**3
LINE_BYTES = 8 * 1024**2
RATIO = 250
"""Text packs down to about a tenth; what unpacks to so much more is no talk."""

_PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,  # a name that is no text, a place before the beginning
    OverflowError,
    NotImplementedError,
    RuntimeError,  # a password
    KeyError,
)
"""Everything `zipfile` has been seen to raise over a damaged file."""

_PIECE = 1024**2

_decode = msgspec.json.Decoder().decode


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself. `rows` counts them by table; `missing_pictures` are the
    hashes of those whose files were missing where it was made."""

    campaign_id: str
    name: str
    rows: dict[str, int]
    missing_pictures: list[str] = field(default_factory=list)


def broken(why: str) -> InvalidInput:
    """The one fault of a file that cannot be restored. `why` quotes nothing of the file."""
    return InvalidInput(
        f"This file is not an archive of a campaign: {why}. Nothing was stored.",
        code="archive_unreadable",
        cure="Choose another copy of the file, or export the campaign again.",
    )


class ArchiveFile:
    """An open archive. Raises `InvalidInput` or `TooLarge`, and nothing else, for its content."""

    def __init__(self, source: Path) -> None:
        with _reading("it is no zip, or cut off"):
            self._file = zipfile.ZipFile(source)
        try:
            self._names = self._check_entries()
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @property
    def unpacked_bytes(self) -> int:
        """Bytes of all entries, as declared."""
        return sum(one.file_size for one in self._file.infolist())

    def read_manifest(self) -> Manifest:
        """What it says of itself. Raises `InvalidInput`: `archive_too_new` for a newer version."""
        if MANIFEST not in self._names:
            raise broken("it has no manifest")
        with _reading("its manifest is damaged"), self._file.open(MANIFEST) as entry:
            text = entry.read(LINE_BYTES + 1)
        if len(text) > LINE_BYTES:
            raise TooLarge("The manifest of this file is too long.", code="archive_too_large")
        given = _decode_object(text, "its manifest is not JSON")
        if given.get("format") != FORMAT:
            raise broken("it is something else")
        version = given.get("version")
        if type(version) is not int or version < VERSION:
            raise broken("its version is unknown")
        if version > VERSION:
            raise InvalidInput(
                "This archive was made by a newer version of this program.",
                code="archive_too_new",
                cure="Update this program, then import the file again.",
            )
        try:
            return msgspec.convert(given, Manifest)
        except msgspec.ValidationError:
            raise broken("its manifest is not whole") from None

    def read_rows(self, name: str) -> Iterator[tuple[dict[str, Any], int]]:
        """The rows of a table as they are written, each with its bytes."""
        entry_name = f"{name}.jsonl"
        if entry_name not in self._names:
            return
        with _reading("it is packed in a way this program does not read"):
            entry = self._file.open(entry_name)
        total = 0
        with entry:
            while line := _read_line(entry):
                total += len(line)
                if total > TABLE_BYTES:
                    raise TooLarge(
                        f"The table {name} in this file is too large.", code="archive_too_large"
                    )
                yield _decode_object(line, f"{name} holds a line that is not a row"), len(line)

    def has_imported(self, name: str) -> bool:
        """Whether a file that was imported is in it. `name` is that of the file."""
        return f"{IMPORTED}{name}" in self._names

    def take_imported(self, name: str, target: Path) -> None:
        """Put the bytes of a file that was imported into a file."""
        self._take(f"{IMPORTED}{name}", target, PICTURE_BYTES, "an imported file")

    def take_picture(self, name: str, target: Path) -> None:
        """Put a picture's bytes into a file. `name` is that of its file."""
        entry_name = f"{PICTURES}{name}"
        if entry_name not in self._names:
            raise broken("a picture of it is missing")
        self._take(entry_name, target, UPLOAD_BYTES, "a picture")

    def _take(self, entry_name: str, target: Path, left: int, what: str) -> None:
        with (
            _reading(f"{what} in it is damaged"),
            self._file.open(entry_name) as entry,
            target.open("wb") as written,
        ):
            while piece := entry.read(min(_PIECE, left + 1)):
                left -= len(piece)
                if left < 0:
                    said = f"{what.capitalize()} in this file is too large."
                    raise TooLarge(said, code="archive_too_large")
                with naming_full_disk():
                    written.write(piece)

    def _check_entries(self) -> frozenset[str]:
        infos = self._file.infolist()
        names = [one.filename for one in infos]
        if len(set(names)) < len(names):
            raise broken("it holds an entry twice")
        if any(one.compress_type not in _PACKINGS for one in infos):
            raise broken("it is packed in a way this program does not read")
        pictures = [one for one in infos if one.filename.startswith((PICTURES, IMPORTED))]
        texts = [one for one in infos if not one.filename.startswith((PICTURES, IMPORTED))]
        declared = sum(one.file_size for one in texts)
        packed = sum(one.compress_size for one in texts)
        if (
            len(texts) > ENTRIES
            or declared > UNPACKED_BYTES
            or len(pictures) > PICTURE_ENTRIES
            or sum(one.file_size for one in pictures) > PICTURE_BYTES
        ):
            raise TooLarge(
                "This file unpacks to more than an archive may hold.", code="archive_too_large"
            )
        if declared > 1024**2 and declared > packed * RATIO:
            raise TooLarge(
                "This file unpacks to far more than conversations ever do.",
                code="archive_too_large",
            )
        return frozenset(names)


@contextmanager
def _reading(why: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGED:
        raise broken(why) from None


def _read_line(entry: IO[bytes]) -> bytes:
    with _reading("it is cut off or damaged"):
        line = entry.readline(LINE_BYTES + 1)
    if len(line) > LINE_BYTES:
        raise TooLarge("A line of this file is too long.", code="archive_too_large")
    return line


def _decode_object(text: bytes, why: str) -> dict[str, Any]:
    try:
        value = _decode(text)
    except NOT_JSON:
        raise broken(why) from None
    if not isinstance(value, dict):
        raise broken(why)
    return value
