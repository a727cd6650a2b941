"""Which folder may be linked, and whether it is there: a drive that is unplugged, or a folder of
the same name in its place, is not taken for notes that were deleted."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from ttrpg_assistant.errors import InvalidInput, NotFound
from ttrpg_assistant.private_files import write_file
from ttrpg_assistant.vaults.note_files import NOTE_BYTES

MARK = ".ttrpg-vault"
"""The file that says which campaign a folder is linked with."""

_CHOOSE = "Choose the folder of your notes."


def check_folder(named: str, data_dir: Path) -> Path:
    """The folder of this name as it may be linked. Raises `InvalidInput`, `NotFound`."""
    path = Path(named).expanduser()
    if not path.is_absolute() or "\0" in named:
        raise _refused("A folder is named from the root of the disk.", "vault_folder_not_absolute")
    try:
        found = path.resolve(strict=True)
    except (OSError, RuntimeError):
        raise NotFound(
            "There is no folder of this name on the computer this program runs on.",
            code="vault_folder_not_found",
            cure="Make the folder first, or look at how it is spelled.",
        ) from None
    if not found.is_dir():
        raise _refused("This is a file, and not a folder.", "vault_folder_not_a_folder")
    own = data_dir.resolve()
    if found == own or own in found.parents or found in own.parents:
        raise _refused(
            "This program keeps its own files in this folder, or in one inside it.",
            "vault_folder_of_program",
        )
    home = Path.home()
    if found.parent == found or found == home or found in home.parents or _is_of_system(found):
        raise _refused(
            "This folder holds much more than notes, so it cannot be linked.",
            "vault_folder_too_wide",
        )
    if not os.access(found, os.R_OK | os.W_OK | os.X_OK):
        raise _refused(
            "This program may not read and write in this folder.", "vault_folder_not_readable"
        )
    return found


def _is_of_system(path: Path) -> bool:
    kept = ("/bin", "/boot", "/dev", "/etc", "/lib", "/proc", "/sbin", "/sys", "/usr", "/run")
    return any(path == Path(one) or Path(one) in path.parents for one in kept)


def _refused(sentence: str, code: str) -> InvalidInput:
    return InvalidInput(sentence, code=code, cure=_CHOOSE)


def mark_folder(root: Path, link_id: str) -> None:
    """Say in the folder that it is linked. Raises `OSError`."""
    if read_mark(root) != link_id:
        (root / MARK).unlink(missing_ok=True)
        write_file(root / MARK, f"{link_id}\n")


def unmark_folder(root: Path, link_id: str) -> None:
    """The folder is linked no more."""
    if read_mark(root) == link_id:
        with suppress(OSError):
            (root / MARK).unlink(missing_ok=True)


def read_mark(root: Path) -> str:
    """With which campaign the folder is linked, "" where it does not say."""
    try:
        with (root / MARK).open("rb") as file:
            return file.read(NOTE_BYTES)[:100].decode("ascii", "replace").strip()
    except OSError:
        return ""


def find_trouble(root: Path, link_id: str) -> tuple[str, str] | None:
    """Why the folder cannot be looked at now, and the cure; None where it can."""
    if not root.is_dir():
        return (
            "The folder is not there. Nothing was changed on either side.",
            "Plug its drive in or put it back, and it goes on by itself. Where it has moved,"
            " unlink it and link it at its new place.",
        )
    if read_mark(root) != link_id:
        return (
            "A folder of this name is there, but it is not the one that was linked.",
            "Put the linked folder back. If this is it after all, link it again.",
        )
    return None
