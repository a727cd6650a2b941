"""Files that a format writes while it reads: in a folder that goes when they are not needed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_folder: ContextVar[Path | None] = ContextVar("scratch_folder", default=None)


def new_file(ending: str) -> Path:
    """An empty file for the format that reads now. Raises `LookupError` outside of a reading."""
    folder = _folder.get()
    if folder is None:
        raise LookupError("Files are written only while a format reads.")
    with tempfile.NamedTemporaryFile(dir=folder, suffix=ending, delete=False) as file:
        return Path(file.name)


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """What is read here writes its files to this folder."""
    token = _folder.set(folder)
    try:
        yield
    finally:
        _folder.reset(token)
