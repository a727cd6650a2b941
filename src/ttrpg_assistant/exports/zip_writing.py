"""A zip that is written entry by entry, so that its size costs disk and not memory."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from ttrpg_assistant.storage.content_files import Content, ContentFiles

MOMENT = (1980, 1, 1, 0, 0, 0)
"""Of every entry: the same campaign makes the same file."""


class ZipWriter:
    """Puts texts and files into a new zip; closed at the end of `with`."""

    def __init__(self, target: Path) -> None:
        self._file = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._pictures: dict[Content, str] = {}

    def __enter__(self) -> ZipWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, name: str, content: str | bytes, *, is_packed: bool = False) -> None:
        """Put one entry in; one that `is_packed` already is stored as it is."""
        entry = zipfile.ZipInfo(name, MOMENT)
        entry.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
        self._file.writestr(entry, content)

    def add_pieces(self, name: str, pieces: Iterable[str]) -> None:
        """Put one long entry in, piece by piece."""
        entry = zipfile.ZipInfo(name, MOMENT)
        entry.compress_type = zipfile.ZIP_DEFLATED
        with self._file.open(entry, "w", force_zip64=True) as file:
            for piece in pieces:
                file.write(piece.encode())

    def add_picture(self, name: str, content: Content, files: ContentFiles) -> str | None:
        """Put a picture in under this name, or find it where it was put before; None where its
        file is missing or damaged."""
        if content in self._pictures:
            return self._pictures[content]
        found = files.read(content)
        if found is None:
            return None
        self.add(name, found, is_packed=True)
        self._pictures[content] = name
        return name
