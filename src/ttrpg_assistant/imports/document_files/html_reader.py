"""HTML files as Markdown."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from ttrpg_assistant.imports.document_files.parsed import Parsed
from ttrpg_assistant.imports.html_text import read_html
from ttrpg_assistant.imports.text_files import decode_text

_CHARSET = re.compile(rb"<meta[^<>]{0,200}charset\s{0,5}=\s{0,5}[\"']?([\w-]{1,40})", re.I)


def read(path: Path) -> Parsed:
    """The text of an HTML file."""
    content = path.read_bytes()
    found = read_html(_decode(content), most=len(content) + 1)
    text = "\n\n".join([found.markdown, *found.secrets])
    parsed = Parsed(text, found.title, found.left_out)
    if found.is_plain:
        parsed.warnings.append("it is nested too deep, so it is read without its headings")
    return parsed


def _decode(content: bytes) -> str:
    said = _CHARSET.search(content[:4096])
    if said is not None and not content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE)):
        try:
            return content.decode(said[1].decode())
        except (UnicodeDecodeError, LookupError):
            pass  # It is not what it says it is.
    return decode_text(content)[0]
