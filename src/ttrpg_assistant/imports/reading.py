"""Files that were sent, read by their formats, as one reading."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ttrpg_assistant.campaigns.registry import get_kind
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.imports.formats.campaign_archive import NAME as ARCHIVE
from ttrpg_assistant.imports.model import Note, Reading, SourceFile
from ttrpg_assistant.imports.recognising import Recognised, list_formats, read_beginning, recognise
from ttrpg_assistant.imports.references import map_references
from ttrpg_assistant.imports.refusals import find_what, find_zipped_document, refuse
from ttrpg_assistant.imports.scratch import writing_to
from ttrpg_assistant.imports.text_files import decode_beginning
from ttrpg_assistant.imports.unpacking import is_zip, unpack

MOST_NAMED = 10
"""Files that are named in one sentence."""


@dataclass(frozen=True, slots=True)
class Read:
    """What the files of an import hold. `folder` has what was unpacked and written meanwhile; it
    is for whoever asked to `drop`. `formats` names the format of each thing by its key."""

    reading: Reading
    formats: dict[str, str]
    label: str
    folder: Path

    def drop(self) -> None:
        """Delete what was unpacked."""
        shutil.rmtree(self.folder, ignore_errors=True)


def read_files(files: Sequence[SourceFile], folder: Path) -> Read:
    """Read files together (blocking). `folder` is empty and this reading's own.

    Raises `InvalidInput` where nothing in them can be imported; what is only a part of them is
    told in the reading's warnings.
    """
    with writing_to(folder):
        recognised, unknown = recognise(files)
        unpacked: list[SourceFile] = []
        warnings: list[str] = []
        refused: list[InvalidInput] = []
        for number, zipped in enumerate([one for one in unknown if _is_zip(one)]):
            inside = folder / f"zip-{number}"
            inside.mkdir()
            found, passed_over = unpack(zipped, inside)
            document = find_zipped_document([one.name for one in found])
            if document is not None:
                name, (what, cure) = _last(zipped.name), document
                refused.append(
                    InvalidInput(f"{name} is {what}.", code="import_not_recognised", cure=cure)
                )
                continue
            unpacked += found
            if passed_over:
                warnings.append(
                    f"{passed_over} files of {_last(zipped.name)} were left out: their names lead"
                    " out of the zip, or stand in it twice."
                )
        unknown = [one for one in unknown if not _is_zip(one)]
        if unpacked:
            more, unknown = recognise([*unknown, *unpacked])
            recognised += more
        if not recognised and refused:
            raise refused[0]
        warnings += [f"{one.sentence} {one.cure}" for one in refused]
        if not recognised:
            raise _not_recognised(unknown)
        return _join(recognised, unknown, warnings, folder)


def _join(
    recognised: list[Recognised], unknown: list[SourceFile], warnings: list[str], folder: Path
) -> Read:
    if len(recognised) > 1 and any(one.format.name == ARCHIVE for one in recognised):
        raise InvalidInput(
            "An archive of a campaign cannot be imported together with other files.",
            code="import_one_archive",
            cure="Import the archive alone, then the other files.",
        )
    readings: list[Reading] = []
    faults: list[tuple[str, InvalidInput]] = []
    for one in recognised:
        try:
            readings.append(one.format.read(one.files))
        except InvalidInput as fault:
            faults.append((_last(one.files[0].name), fault))
    if not readings:
        raise faults[0][1]
    warnings += [f"{name}: {fault.sentence}" for name, fault in faults]
    ignored = [Note(_last(one.name), _say_why(one)) for one in unknown]
    if len(ignored) > MOST_NAMED:
        ignored = [Note("Other files", "not in a format that can be imported", len(ignored))]
    formats: dict[str, str] = {}
    joined = Reading(format="+".join(dict.fromkeys(one.format for one in readings))[:40])
    is_alone = len(readings) == 1
    for number, reading in enumerate(readings):
        own = reading if is_alone else _with_prefix(reading, f"{number}:")
        formats |= {thing.key: reading.format for thing in own.things}
        first = len(joined.facts)
        formats |= {f"fact:{first + at}": reading.format for at in range(len(own.facts))}
        joined = replace(
            joined,
            **{
                name: getattr(joined, name) + getattr(own, name)
                for name in (
                    *("things", "facts", "relations", "talk", "notes"),
                    *("used", "kept", "ignored", "warnings"),
                )
            },
            keep_file=joined.keep_file or own.keep_file,
        )
    whole = replace(
        joined,
        used=_counted(joined.used),
        kept=_counted(joined.kept),
        ignored=_counted((*joined.ignored, *ignored)),
        warnings=(*joined.warnings, *warnings),
    )
    labels = {one.name: one.label for one in list_formats()}
    label = ", ".join(labels.get(one.format, one.format) for one in readings)
    return Read(whole, formats, label, folder)


def _say_why(file: SourceFile) -> str:
    if not file.size:
        return "empty"
    beginning = read_beginning(file)
    found = find_what(file, beginning, decode_beginning(beginning))
    return "not in a format that can be imported" if found is None else found[0]


def _with_prefix(reading: Reading, prefix: str) -> Reading:
    """The reading with keys of its own beside others."""
    return replace(
        reading,
        things=tuple(
            replace(
                one,
                key=prefix + one.key,
                values=map_references(get_kind(one.kind), one.values, lambda key: prefix + key),
            )
            for one in reading.things
        ),
        facts=tuple(
            replace(one, about=tuple(prefix + key for key in one.about)) for one in reading.facts
        ),
        relations=tuple(
            replace(one, from_key=prefix + one.from_key, to_key=prefix + one.to_key)
            for one in reading.relations
        ),
    )


def _counted(notes: Sequence[Note]) -> tuple[Note, ...]:
    """The notes, each once, with how often."""
    counts: Counter[tuple[str, str]] = Counter()
    for one in notes:
        counts[(one.field, one.text)] += one.count
    return tuple(Note(field, text, count) for (field, text), count in counts.items())


def _is_zip(file: SourceFile) -> bool:
    return is_zip(read_beginning(file)[:4])


def _last(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1][:80]


def _not_recognised(files: Sequence[SourceFile]) -> InvalidInput:
    """A true sentence about files that no format knows."""
    known = ", ".join(one.label for one in list_formats())
    return refuse(files, read_beginning, known)
