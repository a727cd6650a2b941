"""PDF documents as Markdown: lines in larger letters are headings."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from ttrpg_assistant.imports.document_files.limits import PAGES, TEXT_CHARACTERS
from ttrpg_assistant.imports.document_files.parsed import Parsed, Refusal
from ttrpg_assistant.imports.markdown_writer import escape_line

LARGER = 1.15
"""So much larger than the text are the letters of a heading."""

HEADING_CHARACTERS = 120

Line = tuple[str, float]
"""A line and the size of its letters, in points."""


def read(path: Path) -> Parsed:
    """The text of a PDF. Raises `Refusal`: `password`, `no_text`, `too_much`."""
    reader = PdfReader(path)
    if reader.is_encrypted and not reader.decrypt(""):
        raise Refusal("password")
    parsed = Parsed("")
    if len(reader.pages) > PAGES:
        raise Refusal("too_much")
    title = reader.metadata.title if reader.metadata is not None else None
    parsed.title = str(title or "").strip()
    lines: list[Line] = []
    empty = size = 0
    for page in reader.pages:
        found = _read_page(page)
        empty += not found
        size += sum(len(line) for line, _ in found)
        if size > TEXT_CHARACTERS:
            raise Refusal("too_much")
        lines += [*found, ("", 0.0)]
    if not any(line for line, _ in lines):
        raise Refusal("no_text")
    if empty:
        parsed.left_out["pages without text"] = empty
    parsed.text = _with_headings(lines)
    return parsed


def _read_page(page: Any) -> list[Line]:
    pieces: list[Line] = []

    def visit(text: str, matrix: Any, within: Any, _font: Any, size: float) -> None:
        scale = math.hypot(within[2], within[3]) * math.hypot(matrix[2], matrix[3])
        pieces.append((text, abs(float(size or 0)) * (scale or 1.0)))

    page.extract_text(visitor_text=visit)
    lines: list[Line] = []
    line, largest = "", 0.0
    for text, size in pieces:
        first, *more = text.split("\n")
        parts = [first, *more]
        for number, part in enumerate(parts):
            if number:
                lines.append((" ".join(line.split()), largest))
                line, largest = "", 0.0
            line += part
            if part.strip():
                largest = max(largest, size)
    lines.append((" ".join(line.split()), largest))
    return [one for one in lines if one[0]]


def _with_headings(lines: Sequence[Line]) -> str:
    sizes: Counter[float] = Counter()
    for text, size in lines:
        sizes[round(size, 1)] += len(text)
    body = sizes.most_common(1)[0][0]
    larger = sorted(
        {
            round(size, 1)
            for text, size in lines
            if size > body * LARGER and len(text) <= HEADING_CHARACTERS
        },
        reverse=True,
    )
    levels = {size: min(number + 1, 4) for number, size in enumerate(larger)}
    told: list[str] = []
    last = 0
    for text, size in lines:
        level = levels.get(round(size, 1), 0) if len(text) <= HEADING_CHARACTERS else 0
        if level and level == last and told:
            told[-1] += f" {text}"  # A heading that takes two lines.
        elif level:
            told += ["", f"{'#' * level} {text}", ""]
            told.pop()
        else:
            told += [""] * bool(last) + [escape_line(text)]
        last = level
    return "\n".join(told).strip("\n")
