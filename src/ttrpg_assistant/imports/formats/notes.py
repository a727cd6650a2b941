"""Notes in Markdown, HTML, DOCX, ODT, RTF or PDF: split by their headings into things.

Notes are not talk: nobody speaks in them, whatever stands before a colon.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from ttrpg_assistant.campaigns.registry import get_kind
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.imports.document_files.reading import (
    Document,
    find_document_type,
    read_documents,
)
from ttrpg_assistant.imports.front_matter import split_head
from ttrpg_assistant.imports.gathering import Gathering, split_long
from ttrpg_assistant.imports.hidden_sections import part_hidden
from ttrpg_assistant.imports.model import NOTES, Reading, SourceFile
from ttrpg_assistant.imports.notes_text import NotesText
from ttrpg_assistant.imports.sections import NotePart, split_notes
from ttrpg_assistant.imports.text_files import decode_beginning, read_text

MARKDOWN_BYTES = 16 * 1024**2

_MARKDOWN = frozenset({".md", ".markdown", ".txt", ".text", ".mdown", ""})
_HEADING = re.compile(r"(?m)^(?:#{1,6} \S|[^\n]{1,200}\n(?:={3,}|-{3,})\s*$)")


class Notes:
    """Documents that people write: a game master's notes, a setting, the recap of an evening."""

    name = NOTES
    label = "Notes (Markdown, HTML, Word, ODT, RTF, PDF)"
    rank = 120

    def recognises(self, files: Sequence[SourceFile], beginning: bytes) -> bool:
        """Whether all of them are documents, or texts in Markdown."""
        return all(_is_note(one, beginning if len(files) == 1 else None) for one in files)

    def read(self, files: Sequence[SourceFile]) -> Reading:
        """All their parts as things. Raises `InvalidInput` when none of them can be read."""
        found = Gathering(self.name)
        text_of_all = NotesText(has_several=len(files) > 1)
        documents = [one for one in files if find_document_type(one) is not None]
        faults = add_documents(found, documents, text_of_all)
        for file in files:
            if file not in documents:
                text, encoding = read_text(file.path, MARKDOWN_BYTES)
                if not encoding.startswith("utf"):
                    found.used(f"text in {encoding}", "read as UTF-8")
                head = split_head(text)
                kept = {"head": head.raw} if head.raw else {}
                if head.raw:
                    found.kept("properties at the head")
                add_parts(found, file.name, head.body, kept)
                text_of_all.add(PurePosixPath(file.name).stem, head.body)
        if faults and not found.things:
            raise faults[0]
        for fault in faults:
            found.warn(fault.sentence)
        if not found.things:
            names = ", ".join(PurePosixPath(one.name).name[:80] for one in files[:3])
            raise InvalidInput(f"There is no text in {names}.", code="import_empty")
        reading = found.make_reading()
        return replace(reading, notes=text_of_all.make(reading.used))


FORMAT = Notes()


def add_documents(
    found: Gathering, files: Sequence[SourceFile], text_of_all: NotesText | None = None
) -> list[InvalidInput]:
    """Read documents and add their parts, and their text where that is wanted; why some of them
    cannot be read."""
    read = list(read_documents(files)) if files else []
    readable = [one for one in read if isinstance(one, Document)]
    for document in readable:
        for name, count in document.left_out.items():
            found.ignored(name, "not text", count)
        for sentence in document.warnings:
            found.warn(sentence)
        add_parts(found, document.file_name, document.text, {}, document.title)
        if text_of_all is not None:
            text_of_all.add(document.title or document.file_name, document.text)
    return [one for one in read if isinstance(one, InvalidInput)]


def add_parts(
    found: Gathering, file_name: str, text: str, kept: dict[str, Any], title: str = ""
) -> None:
    """The parts of one text as things."""
    stem = PurePosixPath(file_name.replace("\\", "/")).stem or "Notes"
    for number, part in enumerate(split_notes(title or stem, text)):
        for piece_number, piece in enumerate(split_long(part.text)):
            name = part.name if not piece_number else f"{part.name} ({piece_number + 1})"
            key = f"{file_name}#{number}.{piece_number}"
            own = {**kept, **({"under": list(part.under)} if part.under else {})}
            _add_part(found, key, part, name, piece, file_name, own)
            kept = {}


def _add_part(
    found: Gathering,
    key: str,
    part: NotePart,
    name: str,
    text: str,
    file_name: str,
    kept: dict[str, Any],
) -> None:
    kind = get_kind(part.kind)
    main = kind.main_field
    if part.kind == "game_session" and not part.is_plan:
        main = "recap_gm"
    parted = part_hidden(text)
    given: dict[str, Any] = {kind.name_field: name, main: parted.text}
    hidden = [*parted.notes]
    if parted.secrets and "secrets" in kind.fields:
        given["secrets"] = list(parted.secrets)
        found.used("secret headings", kind.fields["secrets"].label, len(parted.secrets))
    else:
        hidden += parted.secrets
    if hidden and "gm_notes" in kind.fields:
        given["gm_notes"] = "\n\n".join(hidden)
        found.used("headings for the GM", kind.fields["gm_notes"].label, len(hidden))
    elif hidden:
        given[main] = text
    found.add_thing(key, part.kind, given, source_id=key, kept=kept, file_name=file_name)
    found.used("headings", kind.plural)


def _is_note(file: SourceFile, beginning: bytes | None) -> bool:
    if find_document_type(file) is not None:
        return True
    if PurePosixPath(file.name).suffix.lower() not in _MARKDOWN or not file.size:
        return False
    if beginning is None:
        with file.path.open("rb") as opened:
            beginning = opened.read(64 * 1024)
    text = decode_beginning(beginning)
    if PurePosixPath(file.name).suffix:
        return bool(text.strip())
    return _HEADING.search(text) is not None
