"""The sections of a Markdown text by its headings, and the cells of a table's line. Lines stay as
they are written: only where parts begin and end is read. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ttrpg_assistant.characters import cut_text

TITLE_LENGTH = 200

MOST_COLUMNS = 200

_MARKS = re.compile(r"[*_`~]+|\[\[|\]\]|\\(?=[#>=~`-])")
_LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()\s]{0,1000}\)")
_CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it up to the next. `level` is 0 and `title` empty for what
    stands before the first heading. `line` counts from 0."""

    level: int
    title: str
    text: str
    line: int = 0


def split_sections(text: str) -> list[Section]:
    """The text by its headings, in order."""
    lines = text.split("\n")
    found = [
        (token.map[0], token.map[1], int(token.tag[1]), inline.content)
        for token, inline in _with_next(_parser().parse(text))
        if token.type == "heading_open" and token.level == 0 and token.map is not None
    ]
    first = found[0][0] if found else len(lines)
    sections = [Section(0, "", "\n".join(lines[:first]))]
    for number, (start, end, level, title) in enumerate(found):
        next_start = found[number + 1][0] if number + 1 < len(found) else len(lines)
        body = "\n".join(lines[end:next_start]).strip("\n")
        sections.append(Section(level, plain_title(title), body, start))
    return [one for one in sections if one.level or one.text.strip()]


def split_row(line: str) -> tuple[str, ...]:
    """The cells of a table's line, as text."""
    stripped = line.strip().removeprefix("|")
    if stripped.endswith("|") and not stripped.endswith("\\|"):
        stripped = stripped[:-1]
    cells = _CELL.split(stripped)[:MOST_COLUMNS]
    return tuple(one.strip().replace("\\|", "|").replace("<br>", "\n") for one in cells)


def plain_title(title: str) -> str:
    """A heading without the marks of Markdown, in one line that a name can hold."""
    text = _MARKS.sub("", _LINK.sub(r"\1", cut_text(title, TITLE_LENGTH * 4)))
    return " ".join(text.split()).rstrip(" #:")


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    # Only blocks: what stands within a line is not read, so a line may hold anything. Lists and
    # quotes cost the most and hold no headings that count.
    parser = MarkdownIt("commonmark")
    parser.core.ruler.enableOnly(["normalize", "block"])
    parser.disable(["html_block", "reference", "list", "blockquote"])
    return parser


def _with_next(tokens: list[Token]) -> list[tuple[Token, Token]]:
    return list(pairwise(tokens))
