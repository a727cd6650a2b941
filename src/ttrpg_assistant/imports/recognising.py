"""What a file is, by its content: every format there is, in the order in which they are asked."""

from __future__ import annotations

import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePosixPath

from ttrpg_assistant.imports import formats
from ttrpg_assistant.imports.documents import to_utf8
from ttrpg_assistant.imports.model import SourceFile
from ttrpg_assistant.imports.ports import Format

BEGINNING_BYTES = 64 * 1024

OF_SETS = 100
"""Formats from this rank on are asked with all the files that nobody else knows."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """Files and the format that reads them together."""

    format: Format
    files: tuple[SourceFile, ...]


def list_formats() -> list[Format]:
    """Every format, by its rank: one for each module of `formats/` that has a `FORMAT`."""
    found: list[Format] = []
    for module in pkgutil.iter_modules(formats.__path__):
        declared = getattr(import_module(f"{formats.__name__}.{module.name}"), "FORMAT", None)
        if declared is not None:
            found.append(declared)
    return sorted(found, key=lambda one: (one.rank, one.name))


def recognise(files: Sequence[SourceFile]) -> tuple[list[Recognised], list[SourceFile]]:
    """The files by their formats, in the order of these, and those that no format knows."""
    known: dict[str, list[SourceFile]] = {}
    left = list(files)
    all_formats = list_formats()
    for one in all_formats:
        if one.rank >= OF_SETS and len(left) > 1 and one.recognises(left, read_beginning(left[0])):
            taken = left
        else:
            taken = [
                file
                for file in left
                if not _is_hidden(file) and one.recognises([file], read_beginning(file))
            ]
        if taken:
            known.setdefault(one.name, []).extend(taken)
            names = {file.name for file in taken}
            left = [file for file in left if file.name not in names]
    found = [Recognised(one, tuple(known[one.name])) for one in all_formats if one.name in known]
    return found, left


def _is_hidden(file: SourceFile) -> bool:
    """Whether a program keeps it for itself, in a folder such as `.obsidian`."""
    folders = PurePosixPath(file.name).parts[:-1]
    return any(part.startswith(".") and part.strip(".") for part in folders)


def read_beginning(file: SourceFile) -> bytes:
    """The first bytes of a file; of a text in UTF-16 as UTF-8."""
    with file.path.open("rb") as opened:
        return to_utf8(opened.read(BEGINNING_BYTES))
