"""Keeps the data folder for its owner alone, also what came there with wider rights.

A database that was copied back by hand, or a folder made by an installer, may be readable by
every user of the machine. Windows keeps a user's folders apart by itself.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

OWN_FILES = (
    "ttrpg_assistant.db*",
    "config.toml",
    "keys.json*",
    "server.json",
)
"""What this application keeps in its data folder, besides `OWN_FOLDERS`."""

LEFT_FILES = ("access.key",)
"""What earlier versions kept there, and nobody needs any more."""

OWN_FOLDERS = ("backups", "start", "arriving", "pictures")


def make_folder(folder: Path) -> None:
    """A folder for its owner alone; one that is there is tightened. Raises `OSError`."""
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    _tighten(folder, 0o700)


def write_file(path: Path, text: str) -> None:
    """A new file that only its owner can read. Raises `OSError`, also when there is one."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def tighten_data_folder(folder: Path) -> list[Path]:
    """Take the rights of others away from what is ours in the data folder; what was changed.

    The folder itself is tightened too, unless it holds other things as well: then it is a folder
    for more than this. Links, and files of other owners, are left alone. What earlier versions
    left there is removed. Never raises.
    """
    if os.name == "nt":
        return []
    changed = []
    try:
        for name in LEFT_FILES:
            (folder / name).unlink(missing_ok=True)
        entries = list(folder.iterdir())
        for entry in entries:
            if entry.name in OWN_FOLDERS:
                changed += [one for one in _walk(entry) if _tighten(one, _most(one))]
                changed += [entry] if _tighten(entry, 0o700) else []
            elif _is_own_file(entry.name) and _tighten(entry, 0o600):
                changed.append(entry)
        is_only_ours = all(_is_own_file(one.name) or one.name in OWN_FOLDERS for one in entries)
        if is_only_ours and _tighten(folder, 0o700):
            changed.append(folder)
    except OSError as trouble:
        log.warning("folder.not_tightened", folder=str(folder), reason=trouble.strerror)
    if changed:
        log.info("folder.tightened", folder=str(folder), count=len(changed))
    return changed


def _is_own_file(name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in OWN_FILES)


def _walk(folder: Path) -> Iterator[Path]:
    if folder.is_dir() and not folder.is_symlink():
        for entry in folder.iterdir():
            yield from _walk(entry)
            yield entry


def _most(path: Path) -> int:
    return 0o700 if path.is_dir() else 0o600


def _tighten(path: Path, most: int) -> bool:
    """Whether rights had to be taken away. `most` is what may be left."""
    if os.name == "nt":
        return False
    found = path.lstat()
    wanted = stat.S_IFDIR if most & 0o100 else stat.S_IFREG
    if stat.S_IFMT(found.st_mode) != wanted or found.st_uid != os.geteuid():
        return False
    mode = stat.S_IMODE(found.st_mode)
    if not mode & 0o077:
        return False
    path.chmod(mode & 0o700)
    return True
