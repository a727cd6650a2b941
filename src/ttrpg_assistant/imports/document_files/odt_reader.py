"""OpenDocument texts (LibreOffice) as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from odf.namespaces import (  # type: ignore[import-untyped]
    DRAWNS,
    OFFICENS,
    TABLENS,
    TEXTNS,
)
from odf.opendocument import load  # type: ignore[import-untyped]

from ttrpg_assistant.imports.document_files.parsed import Parsed
from ttrpg_assistant.imports.markdown_writer import MarkdownWriter

_HEADING, _PARAGRAPH = (TEXTNS, "h"), (TEXTNS, "p")
_LIST, _ENTRY = (TEXTNS, "list"), (TEXTNS, "list-item")
_TABLE, _ROW = (TABLENS, "table"), (TABLENS, "table-row")
_CELLS = frozenset({(TABLENS, "table-cell"), (TABLENS, "covered-table-cell")})
_SPACE, _TAB, _BREAK = (TEXTNS, "s"), (TEXTNS, "tab"), (TEXTNS, "line-break")
_NOT_TEXT = {
    (TEXTNS, "note"): "footnotes of the document",
    (OFFICENS, "annotation"): "comments of the document",
    (TEXTNS, "tracked-changes"): "deleted text",
    (DRAWNS, "image"): "pictures",
    (DRAWNS, "object"): "objects",
    (OFFICENS, "scripts"): "macros",
}


def read(path: Path) -> Parsed:
    """The text of an OpenDocument text."""
    document = load(str(path))
    parsed = Parsed("")
    writer = MarkdownWriter()
    tables = 0
    for node, is_end in _events(document.text):
        if isinstance(node, str):
            writer.add_text(node)
            continue
        name = node.qname
        if not is_end and name in _NOT_TEXT:
            parsed.left_out[_NOT_TEXT[name]] += 1
        elif name == _TABLE:
            tables += -1 if is_end else 1
            (writer.end if is_end else writer.start)("table")
        elif tables and name == _ROW:
            (writer.end if is_end else writer.start)("tr")
        elif tables and name in _CELLS:
            (writer.end if is_end else writer.start)("td")
        elif name == _HEADING:
            (writer.end if is_end else writer.start)(f"h{_level(node)}")
        elif name == _PARAGRAPH:
            (writer.end if is_end else writer.start)("p")
        elif name in (_LIST, _ENTRY):
            (writer.end if is_end else writer.start)("ul" if name == _LIST else "li")
        elif not is_end:
            _add_sign(writer, node)
    parsed.text = writer.finish()
    return parsed


def _level(node: Any) -> int:
    said = str(node.getAttrNS(TEXTNS, "outline-level") or "1")
    return min(max(int(said), 1), 6) if said.isdecimal() and len(said) < 4 else 1


def _add_sign(writer: MarkdownWriter, node: Any) -> None:
    if node.qname in (_SPACE, _TAB):
        writer.add_text(" ")
    elif node.qname == _BREAK:
        writer.start("br")


def _events(root: Any) -> Iterator[tuple[Any, bool]]:
    """Every element and text within, in order, and the end of each element."""
    stack: list[tuple[Any, bool]] = [(one, False) for one in reversed(root.childNodes)]
    while stack:
        node, is_end = stack.pop()
        if node.nodeType in (node.TEXT_NODE, node.CDATA_SECTION_NODE):
            yield str(node.data), False
            continue
        if node.nodeType != node.ELEMENT_NODE:
            continue
        yield node, is_end
        if not is_end and node.qname not in _NOT_TEXT:
            stack.append((node, True))
            stack += [(one, False) for one in reversed(node.childNodes)]
