"""Zips of other programs: their entries listed and read within bounds, and never by a path that
leads elsewhere. Nothing a zip says of itself is trusted: sizes are checked again as bytes come."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from ttrpg_assistant.errors import InvalidInput, TooLarge
from ttrpg_assistant.imports.model import SourceFile
from ttrpg_assistant.storage.content_files import naming_full_disk

ENTRIES = 20_000
UNPACKED_BYTES = 2 * 1024**3
RATIO = 250
"""Text packs down to about a tenth; what unpacks to so much more was made to fill a disk."""

FREE_BYTES = 8 * 1024**2
"""So much may be unpacked whatever the ratio: a small file of blanks packs very well."""

_PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
    KeyError,
)
"""Everything `zipfile` has been seen to raise over a damaged file."""

_OF_SYSTEM = frozenset({".ds_store", "thumbs.db", "desktop.ini"})

_PIECE = 1024**2
_LINK = 0o120000
_TYPE = 0o170000


def is_zip(beginning: bytes) -> bool:
    """Whether a file begins as a zip does."""
    return beginning[:4] in (b"PK\x03\x04", b"PK\x05\x06")


class Unpacking:
    """An open zip. Raises `InvalidInput` or `TooLarge`, and nothing else, for its content.

    `names` are the entries that may be read, without those that a system keeps for itself
    (`.DS_Store`); `passed_over` those that lead out of the zip, are
    links, or stand there twice.
    """

    def __init__(
        self, path: Path, *, most_entries: int = ENTRIES, most_bytes: int = UNPACKED_BYTES
    ) -> None:
        with _reading():
            self._file = zipfile.ZipFile(path)
        try:
            self._entries, self.passed_over = _list_safe(self._file, most_entries)
            self._left = most_bytes
            self._free = FREE_BYTES + path.stat().st_size * RATIO
            declared = sum(one.file_size for one in self._entries.values())
            if declared > min(most_bytes, self._free):
                raise _too_large()
        except BaseException:
            self._file.close()
            raise

    @property
    def names(self) -> list[str]:
        """The names of the files in it, with their folders."""
        return list(self._entries)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Unpacking:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, name: str, limit: int) -> bytes:
        """The bytes of an entry, at most `limit`. Raises `TooLarge`, `InvalidInput`."""
        return b"".join(self._pieces(name, limit))

    def take(self, name: str, target: Path, limit: int = UNPACKED_BYTES) -> int:
        """Put an entry into a file; how many bytes it has."""
        size = 0
        with target.open("wb") as file:
            for piece in self._pieces(name, limit):
                size += len(piece)
                with naming_full_disk("file"):
                    file.write(piece)
        return size

    def _pieces(self, name: str, limit: int) -> Iterator[bytes]:
        with _reading():
            entry = self._file.open(self._entries[name])
        with entry:
            while True:
                with _reading():
                    piece = entry.read(_PIECE)
                if not piece:
                    return
                limit -= len(piece)
                self._left -= len(piece)
                self._free -= len(piece)
                if min(limit, self._left, self._free) < 0:
                    raise _too_large()
                yield piece


def unpack(file: SourceFile, folder: Path) -> tuple[list[SourceFile], int]:
    """The files of a zip, put into this folder under names of our own, and how many of them were
    passed over because their names lead elsewhere."""
    found: list[SourceFile] = []
    with Unpacking(file.path) as zipped:
        for number, name in enumerate(zipped.names):
            target = folder / f"{len(found)}-{number}.part"
            size = zipped.take(name, target)
            found.append(SourceFile(name, target, size))
        return found, len(zipped.passed_over)


def _list_safe(
    file: zipfile.ZipFile, most: int
) -> tuple[dict[str, zipfile.ZipInfo], tuple[str, ...]]:
    entries: dict[str, zipfile.ZipInfo] = {}
    passed_over = []
    infos = file.infolist()
    if len(infos) > most:
        raise TooLarge(f"This zip holds more than {most:,} files.", code="import_too_large")
    for one in infos:
        if one.is_dir():
            continue
        is_link = (one.external_attr >> 16) & _TYPE == _LINK
        if is_link or one.filename in entries or not is_inside(one.filename):
            passed_over.append(one.filename)
            continue
        if is_of_system(one.filename):
            continue
        if one.compress_type not in _PACKINGS or one.flag_bits & 1:
            raise InvalidInput(
                "This zip is packed in a way that is not read here, or has a password.",
                code="zip_unreadable",
                cure="Unpack it with another program, then import the files in it.",
            )
        entries[one.filename] = one
    return entries, tuple(passed_over)


def is_of_system(name: str) -> bool:
    """Whether a system keeps it for itself beside the files of people."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    last = parts[-1] if parts else ""
    return "__MACOSX" in parts or last.startswith("._") or last.lower() in _OF_SYSTEM


def is_inside(name: str) -> bool:
    """Whether the name of an entry stays within its zip."""
    path = PurePosixPath(name.replace("\\", "/"))
    return not path.is_absolute() and ".." not in path.parts and ":" not in path.parts[0:1][0]


def _too_large() -> TooLarge:
    return TooLarge(
        "This zip unpacks to more than can be imported at once.",
        code="import_too_large",
        cure="Import a part of its files.",
    )


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except _DAMAGED:
        raise InvalidInput(
            "This zip is damaged or cut off.",
            code="zip_unreadable",
            cure="Download or export it again.",
        ) from None
