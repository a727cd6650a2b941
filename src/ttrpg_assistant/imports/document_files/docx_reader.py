"""Word documents as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn

from ttrpg_assistant.imports.document_files.parsed import Parsed
from ttrpg_assistant.imports.markdown_writer import MarkdownWriter

_P, _TABLE, _ROW, _CELL, _RUN = (qn(f"w:{one}") for one in ("p", "tbl", "tr", "tc", "r"))
_TEXT, _TAB, _BREAK, _RETURN = (qn(f"w:{one}") for one in ("t", "tab", "br", "cr"))
_BOLD, _ITALIC, _NUMBERED = qn("w:b"), qn("w:i"), qn("w:numPr")
_VALUE, _LEVEL, _OUTLINE = qn("w:val"), qn("w:ilvl"), qn("w:outlineLvl")
_OFF = frozenset({"0", "false", "off"})
_HEADING = re.compile(r"heading\s?([1-9])", re.I)
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DRAWINGS = {qn("w:drawing"): "pictures", qn("w:pict"): "pictures", qn("w:object"): "objects"}


def read(path: Path) -> Parsed:
    """The text of a Word document: its body. Its footnotes are reported as left out."""
    document = docx.Document(str(path))
    parsed = Parsed("")
    parsed.title = (document.core_properties.title or "").strip()
    levels = _heading_levels(document)
    writer = MarkdownWriter()
    depth = 0
    for block in _blocks(document.element.body):
        if block.tag == _TABLE:
            depth = _set_depth(writer, depth, 0)
            rows = list(_rows(block))
            if rows:
                writer.add_table(rows)
            continue
        level = levels.get(_style_id(block), 0) or _own_outline(block)
        wanted = 0 if level else _list_depth(block, levels)
        depth = _set_depth(writer, depth, wanted)
        tag = f"h{min(level, 6)}" if level else "li" if wanted else "p"
        writer.start(tag)
        _add_runs(writer, block)
        writer.end(tag)
    _set_depth(writer, depth, 0)
    parsed.text = writer.finish()
    for element in document.element.body.iter(*_DRAWINGS):
        parsed.left_out[_DRAWINGS[element.tag]] += 1
    for part in document.part.package.iter_parts():
        name = str(part.partname)
        for word in ("footnotes", "endnotes", "comments", "header", "footer", "vbaProject"):
            if name.startswith(f"/word/{word}"):
                parsed.left_out[{"vbaProject": "macros"}.get(word, f"{word} of the document")] += 1
    return parsed


def _heading_levels(document: Any) -> dict[str, int]:
    """The level of each style that is a heading, by its id."""
    found: dict[str, int] = {}
    for style in document.styles:
        name = style.name or ""
        match = _HEADING.fullmatch(name.strip())
        if match is not None:
            found[style.style_id] = int(match[1])
        elif name.lower() == "title":
            found[style.style_id] = 1
        elif "list" in name.lower():
            found[style.style_id] = 0
    return found


def _blocks(body: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, those in frames and content controls too."""
    stack = list(reversed(body))
    while stack:
        element = stack.pop()
        if element.tag == _P:
            yield element
            stack += reversed([one for one in _boxes(element)])
        elif element.tag == _TABLE:
            yield element
        elif element.tag != _FALLBACK:
            stack += reversed(element)


def _boxes(paragraph: Any) -> list[Any]:
    """What stands in text boxes that hang on a paragraph."""
    found = []
    for box in paragraph.iter(qn("w:txbxContent")):
        if not any(one.tag == _FALLBACK for one in box.iterancestors()):
            found += list(box)
    return found


def _style_id(paragraph: Any) -> str:
    style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return "" if style is None else str(style.get(_VALUE))


def _own_outline(paragraph: Any) -> int:
    level = paragraph.find(f"{qn('w:pPr')}/{_OUTLINE}")
    value = "" if level is None else str(level.get(_VALUE))
    return int(value) + 1 if value.isdecimal() and int(value) < 6 else 0


def _list_depth(paragraph: Any, levels: dict[str, int]) -> int:
    numbered = paragraph.find(f"{qn('w:pPr')}/{_NUMBERED}")
    if numbered is None:
        return int(levels.get(_style_id(paragraph), -1) == 0)
    level = numbered.find(_LEVEL)
    value = "0" if level is None else str(level.get(_VALUE))
    return min(int(value), 8) + 1 if value.isdecimal() else 1


def _set_depth(writer: MarkdownWriter, depth: int, wanted: int) -> int:
    for _ in range(depth, wanted):
        writer.start("ul")
    for _ in range(wanted, depth):
        writer.end("ul")
    return wanted


def _add_runs(writer: MarkdownWriter, paragraph: Any) -> None:
    marked: list[tuple[str, tuple[str, ...]]] = []
    for text, marks in _runs(paragraph):
        if marked and marked[-1][1] == marks:
            marked[-1] = (marked[-1][0] + text, marks)
        else:
            marked.append((text, marks))
    for text, marks in marked:
        for mark in marks:
            writer.start(mark)
        for number, line in enumerate(text.split("\n")):
            if number:
                writer.start("br")
            writer.add_text(line)
        for mark in reversed(marks):
            writer.end(mark)


def _runs(paragraph: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    stack = list(reversed(paragraph))
    marks: tuple[str, ...] = ()
    while stack:
        element = stack.pop()
        if element.tag == _RUN:
            marks = _marks(element)
        if element.tag == _TEXT:
            yield element.text or "", marks
        elif element.tag == _TAB:
            yield " ", marks
        elif element.tag in (_BREAK, _RETURN):
            yield "\n", marks
        elif element.tag not in (_FALLBACK, qn("w:txbxContent")):
            stack += reversed(element)


def _marks(run: Any) -> tuple[str, ...]:
    properties = run.find(qn("w:rPr"))
    if properties is None:
        return ()
    found = []
    for tag, mark in ((_BOLD, "b"), (_ITALIC, "i")):
        one = properties.find(tag)
        if one is not None and str(one.get(_VALUE)).lower() not in _OFF:
            found.append(mark)
    return tuple(found)


def _rows(table: Any) -> Iterator[list[str]]:
    for row in table.iter(_ROW):
        if next(row.iterancestors(_TABLE)) is not table:
            continue
        cells = []
        for cell in row.iter(_CELL):
            if next(cell.iterancestors(_ROW)) is row:
                texts = ("".join(text for text, _ in _runs(one)) for one in cell.iter(_P))
                cells.append(" ".join(" ".join(texts).split()).replace("|", "\\|"))
        yield cells
