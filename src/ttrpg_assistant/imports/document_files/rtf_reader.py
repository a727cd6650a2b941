"""RTF documents as Markdown."""

from __future__ import annotations

import re
from pathlib import Path

from striprtf.striprtf import rtf_to_text

from ttrpg_assistant.imports.document_files.parsed import Parsed
from ttrpg_assistant.imports.markdown_writer import escape_line

_OUTLINE = re.compile(r"\\outlinelevel([0-5])(?![0-9])")
_MARK = "\ue000"
"""Stands for a heading in the text that the library writes: it knows no headings."""

_MARKED = re.compile(rf"{_MARK}([1-6])")
_PICTURE = re.compile(r"\\pict(?![a-z])")


def read(path: Path) -> Parsed:
    """The text of an RTF document."""
    # RTF is ASCII; what is not in it is in the encoding it names, byte by byte.
    source = path.read_bytes().decode("latin-1")
    marked = _OUTLINE.sub(lambda match: f"\\u57344?{int(match[1]) + 1}", source)
    text = str(rtf_to_text(marked, errors="replace"))  # type: ignore[no-untyped-call]
    lines = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        found = _MARKED.search(line)
        plain = _MARKED.sub("", line).replace("\x00", "").strip()
        if found is not None and plain:
            lines.append(f"{'#' * int(found[1])} {plain}")
        else:
            lines.append(escape_line(plain))
    parsed = Parsed("\n\n".join(line for line in lines if line))
    if pictures := len(_PICTURE.findall(source)):
        parsed.left_out["pictures"] = pictures
    return parsed
