"""Files beside the database, named by what they hold: `pictures/ab/abcd….png`, and those that were
imported: `imported/ab/abcd….bin`.

A file is written under a temporary name, synced, renamed, and only then a row may name it. So a
row never names a file that is not whole, and whatever ends in between leaves a file that no row
names. The same bytes are kept once, however many rows name them.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ttrpg_assistant import failpoints
from ttrpg_assistant.clock import has_passed
from ttrpg_assistant.errors import DiskFull
from ttrpg_assistant.ids import new_id

FOLDER = "pictures"

IMPORTED = "imported"
"""The folder of files that were imported."""

ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
"""The file's ending of each type of picture that is kept."""

RECEIVED = "application/octet-stream"
"""The type of a file of any kind, kept byte for byte as it was received."""

THUMBNAIL = ".thumb.webp"
PART = ".part"

_ALL_ENDINGS = {**ENDINGS, RECEIVED: "bin"}
_NAME = re.compile(r"([0-9a-f]{64})\.(png|jpg|webp|bin)\Z")
_THUMBNAIL_NAME = re.compile(r"([0-9a-f]{64})\.thumb\.webp\Z")
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_CHUNK = 1024**2


@dataclass(frozen=True, slots=True)
class Content:
    """What names a file: the SHA-256 of its bytes, as hexadecimal digits, and its type."""

    sha256: str
    media_type: str

    @property
    def name(self) -> str:
        """The file's name."""
        return f"{self.sha256}.{_ALL_ENDINGS[self.media_type]}"


class ContentFiles:
    """The files below one folder. `what` names one of them in sentences."""

    def __init__(self, folder: Path, what: str = "picture") -> None:
        self.folder = folder
        self._what = what

    def path_of(self, content: Content) -> Path:
        """Where the file is, or would be."""
        return self.folder / content.sha256[:2] / content.name

    def thumbnail_of(self, content: Content) -> Path:
        """Where the small version is, or would be. It can be made again from the file."""
        return self.folder / content.sha256[:2] / f"{content.sha256}{THUMBNAIL}"

    def new_file(self) -> Path:
        """A name for a file that is being written here; `put` gives it its own."""
        make_private_folder(self.folder)
        return self.folder / f"{new_id()}{PART}"

    def put(self, written: Path, target: Path) -> None:
        """Give a written file its name for good: on the disk when this returns.

        One that is there already is written over: it holds the same, or was damaged. Raises
        `DiskFull`; the written file is gone in any case.
        """
        try:
            with naming_full_disk(self._what):
                make_private_folder(target.parent)
                sync_file(written)
                failpoints.hit("picture_before_rename")
                written.replace(target)
                sync_folder(target.parent)
        finally:
            written.unlink(missing_ok=True)

    def is_whole(self, content: Content) -> bool:
        """Whether the file is there and holds what its name says."""
        return hash_of(self.path_of(content)) == content.sha256

    def read(self, content: Content) -> bytes | None:
        """The file's bytes; None unless they are what its name says."""
        try:
            found = self.path_of(content).read_bytes()
        except OSError:
            return None
        return found if hashlib.sha256(found).hexdigest() == content.sha256 else None

    def list_old(self, seconds: float) -> list[Content]:
        """Files that were written more than so many seconds ago."""
        return [content for content, path in self.list_contents() if _is_older(path, seconds)]

    def remove_leftovers(self, seconds: float) -> int:
        """Delete what a dead server left more than so many seconds ago, and small versions whose
        file is gone; returns how many."""
        left = [path for path in self._list_files() if self._is_left(path)]
        old = [path for path in left if _is_older(path, seconds)]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _is_left(self, path: Path) -> bool:
        found = _THUMBNAIL_NAME.match(path.name)
        whole = (path.with_name(f"{found[1]}.{one}") for one in ENDINGS.values()) if found else ()
        return path.suffix == PART or (found is not None and not any(map(Path.exists, whole)))

    def list_contents(self) -> Iterator[tuple[Content, Path]]:
        """Every file that is named as one of ours, but for the small versions."""
        types = {ending: media_type for media_type, ending in _ALL_ENDINGS.items()}
        for path in self._list_files():
            if found := _NAME.match(path.name):
                yield Content(found[1], types[found[2]]), path

    def list_unfinished(self) -> Iterator[Path]:
        """Files that have no name yet: being written now, or left by a dead server."""
        return (path for path in self._list_files() if path.suffix == PART)

    def remove(self, content: Content) -> None:
        """Delete a file and its small version."""
        self.path_of(content).unlink(missing_ok=True)
        self.thumbnail_of(content).unlink(missing_ok=True)

    def _list_files(self) -> Iterator[Path]:
        if self.folder.is_dir():
            for entry in sorted(self.folder.iterdir()):
                if entry.is_dir() and not entry.is_symlink():
                    yield from sorted(entry.iterdir())
                else:
                    yield entry


def _is_older(path: Path, seconds: float) -> bool:
    try:
        return has_passed(path.stat().st_mtime, seconds)
    except OSError:
        return False


@contextmanager
def naming_full_disk(what: str = "picture") -> Iterator[None]:
    """A full disk is `DiskFull`; every other trouble stays what it is."""
    try:
        yield
    except OSError as trouble:
        if trouble.errno not in _NO_SPACE:
            raise
        raise DiskFull(f"The disk is full, so the {what} cannot be saved.") from None


def hash_of(path: Path) -> str | None:
    """The SHA-256 of a file's bytes as hexadecimal digits; None where no file can be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def link_or_copy(source: Path, target: Path) -> None:
    """The file under one more name: a link, or a copy on another disk or where the file system
    knows no links. On the disk when this returns, but for the folder's own entry."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:
        copy_file(source, target)


def copy_file(source: Path, target: Path) -> None:
    """A copy for its owner alone, on the disk but for the folder's own entry."""
    with source.open("rb") as read, open(target, "xb", opener=_private) as copied:
        shutil.copyfileobj(read, copied, _CHUNK)
    sync_file(target)


def sync_file(path: Path) -> None:
    """Make what was written to a file durable."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make a new name durable. Windows has no such thing and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_private_folder(folder: Path) -> None:
    """A folder, readable by its owner alone where this makes it, whose name is durable."""
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync_folder(folder.parent)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
