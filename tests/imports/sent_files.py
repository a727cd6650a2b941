"""Files as they are sent, and the words of what was read of them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ttrpg_assistant.imports.model import FoundThing, Reading, SourceFile
from ttrpg_assistant.imports.ports import Format
from ttrpg_assistant.imports.scratch import writing_to


def send(folder: Path, name: str, content: bytes | str) -> SourceFile:
    """A file that was sent under this name."""
    path = folder / f"{len(list(folder.iterdir()))}.part"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return SourceFile(name, path, path.stat().st_size)


def send_json(folder: Path, name: str, value: Any) -> SourceFile:
    """A JSON file that was sent."""
    return send(folder, name, json.dumps(value))


def zip_of(files: Mapping[str, str | bytes]) -> bytes:
    """A zip of these files."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
    return written.getvalue()


def read(format: Format, *files: SourceFile) -> Reading:
    """What a format reads in files that it knows."""
    beginning = files[0].path.read_bytes()[: 64 * 1024]
    assert format.recognises(files, beginning), f"{format.name} does not know {files[0].name}"
    with writing_to(files[0].path.parent):
        return format.read(files)


def named(reading: Reading) -> dict[str, FoundThing]:
    """The things by their names."""
    return {str(one.values.get("name") or one.values.get("title")): one for one in reading.things}


def texts_of(value: Any) -> Iterator[str]:
    """Every text within a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield str(name)
            yield from texts_of(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts_of(inner)
    elif value is not None:
        yield str(value)


def words_of(reading: Reading) -> set[str]:
    """Every word that ended in a thing, used or kept, in small letters."""
    parts = [text for one in reading.things for text in texts_of([one.values, one.kept])]
    parts += [one.label for one in reading.relations]
    plain = "".join(sign if sign.isalnum() else " " for sign in " ".join(parts).lower())
    return set(plain.split())
