"""The files of a folder: listed, read when nobody writes them, replaced whole or not at all.

Links are not followed, hidden folders and copies that other programs make of conflicts are passed
over. A file is replaced only where it still has the bytes that the change was made from: on
systems that can, both files change places in one step, so that what an editor wrote in that moment
is seen and given back.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

from ttrpg_assistant.clock import wall_nanoseconds
from ttrpg_assistant.failpoints import hit
from ttrpg_assistant.storage.content_files import naming_full_disk, sync_folder
from ttrpg_assistant.vaults.changing_places import can_change_places, change_places

NOTE_BYTES = 4 * 1024**2
MOST_NOTES = 20_000
MOST_DEEP = 30

SETTLE_SECONDS = 0.4
"""A file that was written more recently may still be written."""

ENDINGS = frozenset({".md", ".markdown"})
TEMPORARY = ".ttrpg-"
"""How names of files begin that are being written here."""

_TEMPORARY = re.compile(r"\.ttrpg-([0-9a-f]{16}|new)-([0-9a-f]{16})\.part")
_COPIES = re.compile(
    r"\.sync-conflict-\d{8}-\d{6}|\(conflicted copy|\(.{0,80}'s conflicted copy|\.orig$|~$"
    r"|_conf\(\d{1,3}\)$|\(Konfliktkopie",
    re.I,
)
_NO_SUCH_CALL = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EPERM})
_SKIPPED = frozenset({"templates", "_templates", "__macosx", "node_modules"})


@dataclass(frozen=True, slots=True)
class Stamp:
    """How a file looks without reading it."""

    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file as it was read."""

    content: bytes
    stamp: Stamp
    read_ns: int

    @property
    def sha256(self) -> str:
        """What names its bytes."""
        return hash_bytes(self.content)


class Unsettled(Exception):
    """The file is being written, or is not the one it was."""


def hash_bytes(content: bytes) -> str:
    """The SHA-256 of these bytes."""
    return sha256(content).hexdigest()


def list_files(root: Path) -> dict[str, Stamp]:
    """The notes of a folder by their paths in it. Raises `OSError`."""
    return dict(_walk(root, "", 0))


def _walk(folder: Path, place: str, depth: int) -> Iterator[tuple[str, Stamp]]:
    with os.scandir(folder) as entries:
        listed = sorted(entries, key=lambda one: one.name)
    for entry in listed:
        name = entry.name
        if name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            if name.casefold() not in _SKIPPED and depth < MOST_DEEP:
                with suppress(FileNotFoundError):
                    yield from _walk(folder / name, f"{place}{name}/", depth + 1)
        elif entry.is_file(follow_symlinks=False) and is_note_name(name):
            with suppress(FileNotFoundError):
                found = entry.stat(follow_symlinks=False)
                yield f"{place}{name}", Stamp(found.st_size, found.st_mtime_ns)


def is_note_name(name: str) -> bool:
    """Whether a file of this name is a note, and not a copy that a program made of a conflict."""
    path = PurePosixPath(name)
    return path.suffix.lower() in ENDINGS and _COPIES.search(path.stem) is None


def read_file(root: Path, path: str, known: Stamp | None = None) -> ReadFile:
    """A note of the folder. Raises `Unsettled` while it is written, `OSError`. With the `known`
    stamp it was not written since."""
    read_ns = wall_nanoseconds()
    opened = os.open(_inside(root, path), os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(opened, "rb") as file:
        before = os.fstat(file.fileno())
        if not stat.S_ISREG(before.st_mode):
            raise Unsettled
        is_known = known == Stamp(before.st_size, before.st_mtime_ns)
        if not is_known and 0 <= read_ns - before.st_mtime_ns < SETTLE_SECONDS * 1e9:
            raise Unsettled
        content = file.read(NOTE_BYTES + 1)
        after = os.fstat(file.fileno())
    if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
        raise Unsettled
    return ReadFile(content, Stamp(after.st_size, after.st_mtime_ns), read_ns)


def _inside(root: Path, path: str) -> Path:
    """Where a note is. Raises `Unsettled` where a folder on the way became a link."""
    place = root / path
    if Path(os.path.realpath(place.parent)) != place.parent:
        raise Unsettled
    return place


def add_file(root: Path, path: str, content: bytes) -> ReadFile:
    """Write a new note. Raises `Unsettled` where there is one by now, `DiskFull`, `OSError`."""
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    _inside(root, path)
    temporary = _write_beside(place, "new", content, None)
    try:
        hit("vault_before_new_note")
        try:
            os.link(temporary, place)
        except FileExistsError:
            raise Unsettled from None
        except OSError:
            # A file system without hard links.
            if place.exists():
                raise Unsettled from None
            temporary.replace(place)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(place.parent)
    hit("vault_after_note")
    return _as_written(place, content)


def replace_file(root: Path, path: str, expected: str, content: bytes) -> ReadFile:
    """Put other bytes in the place of those with the expected hash. Raises `Unsettled` where it
    has others by now: they stay; `DiskFull`, `OSError`."""
    place = _inside(root, path)
    found = place.stat(follow_symlinks=False)
    mode = stat.S_IMODE(found.st_mode)
    temporary = _write_beside(place, expected[:16], content, mode)
    try:
        stamp = Stamp(found.st_size, found.st_mtime_ns)
        if hash_bytes(read_file(root, path, stamp).content) != expected:
            raise Unsettled
        hit("vault_before_note")
        _exchange(temporary, place, expected)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(place.parent)
    hit("vault_after_note")
    return _as_written(place, content)


def _exchange(temporary: Path, place: Path, expected: str) -> None:
    if not can_change_places():
        temporary.replace(place)
        return
    ours = hash_bytes(temporary.read_bytes())
    try:
        change_places(temporary, place)
    except OSError as trouble:
        if trouble.errno not in _NO_SUCH_CALL:
            raise
        temporary.replace(place)
        return
    hit("vault_exchanged")
    if hash_bytes(temporary.read_bytes()) == expected:
        return
    # Somebody saved it in this very moment: theirs goes back to its place.
    change_places(temporary, place)
    if hash_bytes(temporary.read_bytes()) != ours:
        keep_beside(temporary, place)
    raise Unsettled


def keep_beside(temporary: Path, place: Path) -> None:
    """Give bytes that nobody else has a name that is seen."""
    number = 1
    while True:
        kept = place.with_name(f"{place.stem} (kept {number}){place.suffix}")
        try:
            os.link(temporary, kept)
            return
        except FileExistsError:
            number += 1


def _as_written(place: Path, content: bytes) -> ReadFile:
    found = place.stat(follow_symlinks=False)
    return ReadFile(content, Stamp(found.st_size, found.st_mtime_ns), wall_nanoseconds())


def _write_beside(place: Path, expected: str, content: bytes, mode: int | None) -> Path:
    temporary = place.with_name(f"{TEMPORARY}{expected}-{hash_bytes(content)[:16]}.part")
    temporary.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with naming_full_disk("file"), os.fdopen(os.open(temporary, flags, 0o666), "wb") as file:
        if mode is not None and hasattr(os, "fchmod"):
            os.fchmod(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    hit("vault_temporary")
    return temporary


def clean_temporary(root: Path) -> None:
    """Remove what a killed server left half done. Bytes that are nobody else's are kept under a
    name that is seen."""
    for folder, inside, names in os.walk(root):
        inside[:] = [one for one in inside if not one.startswith(".")]
        for name in names:
            found = _TEMPORARY.fullmatch(name)
            if found is None:
                continue
            left = Path(folder) / name
            whole = hash_bytes(left.read_bytes())[:16] if not left.is_symlink() else found[2]
            if whole not in (found[1], found[2]) and _is_there(Path(folder), found[2]):
                keep_beside(left, left.with_name("Found after a crash.md"))
            left.unlink(missing_ok=True)


def _is_there(folder: Path, beginning: str) -> bool:
    """Whether a note of the folder has the bytes whose hash begins so: then the file beside it is
    what was in its place, and not half a file of ours."""
    notes = (one for one in folder.iterdir() if is_note_name(one.name) and not one.is_symlink())
    return any(hash_bytes(one.read_bytes())[:16] == beginning for one in notes if one.is_file())
