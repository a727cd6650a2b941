"""What can be in the way of an installation, as named facts with cures."""

from __future__ import annotations

import errno
import sys
from collections.abc import Sequence
from pathlib import Path

from ttrpg_assistant.errors import Conflict, DiskFull, Fault

_AGAIN = "then press Install again."

_NETWORK = (
    "NewConnectionError",
    "Failed to establish",
    "ConnectTimeout",
    "ReadTimeout",
    "Read timed out",
    "ConnectionError",
    "ConnectionReset",
    "Connection aborted",
    "RemoteDisconnected",
    "IncompleteRead",
    "name resolution",
    "Max retries",
    "ProxyError",
    "Network is unreachable",
)


class NotInstalled(Conflict):
    """Something could not be installed; what was there before is as it was."""

    default_code = "meaning_install_failed"


def without_pip() -> Fault:
    """This Python has no pip."""
    return NotInstalled(
        "The Python that runs the assistant has no pip, which installs what is missing.",
        code="meaning_no_pip",
        cure=f"Run in a terminal: {quoted_python()} -m ensurepip, {_AGAIN}",
    )


def stalled() -> Fault:
    """Nothing arrived for a long time."""
    return NotInstalled(
        "Nothing arrived for three minutes, so the installation was stopped.",
        code="meaning_install_stalled",
        cure=f"Check the network, {_AGAIN}",
    )


def unexpected() -> Fault:
    """A bug of ours; its traceback is in the log."""
    return NotInstalled(
        "The installation failed unexpectedly.",
        cure="Press Install again. The log of the assistant says more.",
    )


def of_the_disk(error: OSError, folder: Path) -> Fault:
    """A file could not be written, or a process not be started."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _no_room(folder)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return _read_only(folder)
    return NotInstalled(
        f"The installation failed: {error.strerror or type(error).__name__}.",
        cure=f"Look at the folder {folder}, {_AGAIN}",
    )


def of_pip(output: Sequence[str], folder: Path) -> Fault:
    """What pip's last lines mean."""
    text = "\n".join(output)
    if "No space left" in text or "Errno 28" in text:
        return _no_room(folder)
    if "DO NOT MATCH THE HASHES" in text:
        return NotInstalled(
            "A file that arrived is not the one that was expected, so nothing was installed.",
            code="meaning_wrong_file",
            cure="The network, or the package index that pip is set up with, hands out another "
            f"file or a damaged one. Use another network, {_AGAIN}",
        )
    if any(sign in text for sign in _NETWORK):
        return NotInstalled(
            "The files could not be downloaded: the network, or the package index, "
            "cannot be reached.",
            code="meaning_no_network",
            cure=f"Connect this machine to the internet, {_AGAIN}",
        )
    if "Permission denied" in text or "Read-only file system" in text:
        return _read_only(folder)
    if "No matching distribution" in text or "Could not find a version" in text:
        return NotInstalled(
            "The package index has no files for this Python on this machine.",
            code="meaning_no_files",
            cure="Run the assistant with a current Python, 3.11 or newer, on Linux, macOS or "
            f"Windows, {_AGAIN}",
        )
    said = next((line for line in reversed(output) if line.lower().startswith("error")), "")
    return NotInstalled(
        f"pip could not install what is missing. It said: {said}"
        if said
        else "pip ended before it was done.",
        cure="Press Install again, or run the command below in a terminal.",
    )


def quoted_python() -> str:
    """This Python as it is typed in a terminal."""
    return f'"{sys.executable}"' if " " in sys.executable else sys.executable


def _no_room(folder: Path) -> Fault:
    return DiskFull(
        "The disk became full, so nothing was installed.",
        code="meaning_no_room",
        cure=f"Free 400 MB on the disk of {folder}, {_AGAIN}",
    )


def _read_only(folder: Path) -> Fault:
    return NotInstalled(
        f"The folder {folder} cannot be written.",
        code="meaning_read_only",
        cure=f"Let the user who runs the assistant write there, {_AGAIN}",
    )
