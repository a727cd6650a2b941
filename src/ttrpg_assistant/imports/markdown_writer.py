"""Writes Markdown from a document that is read element by element. Pure."""

from __future__ import annotations

import re

_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_EMPHASIS = {"strong": "**", "b": "**", "em": "*", "i": "*", "s": "~~", "del": "~~", "code": "`"}
_BLOCKS = frozenset(
    {"p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "figure"}
    | {"figcaption", "details", "summary", "dl", "dt", "dd", "address", "fieldset", "legend"}
    | {"blockquote", "ul", "ol", "li", "table", "caption", "pre", "center", "body", "hr"}
    | set(_HEADINGS)
)
_SPECIAL = re.compile(r"(?:#{1,6}(?:\s|$)|```|~~~|=+\s*$|-+\s*$|>)")
_LINK = re.compile(r"(?:https?://|mailto:)[^\s()<>]{1,1000}\Z")

MOST_PREFIX = 12
"""Lists and quotes within one another that are shown as such."""


def escape_line(line: str) -> str:
    """A line of plain text that Markdown does not take for a heading, a fence or a quote."""
    stripped = line.lstrip()
    return f"\\{stripped}" if _SPECIAL.match(stripped) else stripped


class MarkdownWriter:
    """Takes starts, texts and ends of elements and writes blocks."""

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._inline: list[str] = []
        self._marks: list[tuple[str, int]] = []
        self._prefixes: list[str] = []
        self._markers: list[str] = []
        self._lists: list[int] = []
        self._tables: list[list[list[str]]] = []
        self._verbatim = 0
        self._heading = 0
        self._was_tight = False
        self._last_prefix = ""

    def add_text(self, text: str) -> None:
        """Text as it stands in the document; its white space is not kept."""
        if text:
            self._inline.append(text if self._verbatim else re.sub(r"\s+", " ", text))

    def start(self, tag: str, first: int = 1) -> None:
        """An element begins. `first` is the number of an ordered list's first entry."""
        if tag == "br":
            self._inline.append("\n")
        elif (tag in _EMPHASIS and not self._verbatim) or tag == "a":
            self._marks.append((tag, len(self._inline)))
        elif self._tables and tag != "table":
            self._start_in_table(tag)
        elif tag in _BLOCKS:
            self._flush()
            self._start_block(tag, first)

    def end(self, tag: str, href: str = "") -> None:
        """An element ends; `href` is where a link leads."""
        if (tag in _EMPHASIS or tag == "a") and self._marks and self._marks[-1][0] == tag:
            self._end_mark(href)
        elif tag == "table":
            self._end_table()
        elif self._tables:
            self._end_in_table(tag)
        elif tag in _BLOCKS:
            self._flush()
            self._end_block(tag)

    def finish(self) -> str:
        """The whole text."""
        while self._tables:
            self._end_table()
        self._flush()
        return "\n".join(self._blocks).strip("\n")

    def _start_block(self, tag: str, first: int) -> None:
        if tag in _HEADINGS:
            self._heading = _HEADINGS[tag]
        elif tag == "blockquote":
            self._prefixes.append("> ")
        elif tag in ("ul", "ol"):
            self._was_tight = bool(self._markers)
            self._lists.append(first if tag == "ol" else 0)
        elif tag == "li":
            number = self._lists[-1] if self._lists else 0
            if number:
                self._lists[-1] += 1
            self._markers.append(f"{number}. " if number else "- ")
            self._prefixes.append("   " if number else "  ")
        elif tag == "table":
            self._tables.append([])
        elif tag == "pre":
            self._verbatim += 1
        elif tag == "hr":
            self._add_block("---")

    def _end_block(self, tag: str) -> None:
        if tag in _HEADINGS:
            self._heading = 0
        elif tag == "blockquote" and self._prefixes:
            self._prefixes.pop()
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "li" and self._prefixes:
            if self._markers:
                self._markers.pop()
            self._prefixes.pop()
        elif tag == "pre" and self._verbatim:
            self._verbatim -= 1

    def _end_mark(self, href: str) -> None:
        tag, place = self._marks.pop()
        text = "".join(self._inline[place:])
        inner = text.strip()
        if not inner:
            return
        del self._inline[place:]
        before = text[: len(text) - len(text.lstrip())]
        after = text[len(text.rstrip()) :]
        if tag == "a":
            is_shown = _LINK.match(href) is not None and href != inner and "\n" not in inner
            marked = f"[{inner}]({href})" if is_shown else inner
        else:
            mark = _EMPHASIS[tag]
            marked = inner if "\n" in inner or mark in inner else f"{mark}{inner}{mark}"
        self._inline.append(f"{before}{marked}{after}")

    def _flush(self) -> None:
        text = "".join(self._inline)
        self._inline.clear()
        self._marks.clear()
        if self._verbatim:
            if text.strip():
                fence = "```" if "```" not in text else "~~~~"
                self._add_block(f"{fence}\n{text.strip(chr(10))}\n{fence}")
            return
        lines = [" ".join(line.split()) for line in text.strip().split("\n")]
        if not any(lines):
            return
        if self._heading:
            self._add_block(f"{'#' * self._heading} {' '.join(one for one in lines if one)}")
            return
        self._add_block("\n".join(escape_line(line) for line in lines))

    def _add_block(self, text: str) -> None:
        prefix = "".join(self._prefixes[:MOST_PREFIX])
        first = prefix
        is_entry = bool(self._markers and self._markers[-1] and self._prefixes)
        if is_entry and len(self._prefixes) <= MOST_PREFIX:
            first = prefix[: -len(self._prefixes[-1])] + self._markers[-1]
        if self._markers:
            self._markers[-1] = ""
        if self._blocks and not (is_entry and self._was_tight):
            is_same = ">" in prefix and prefix == self._last_prefix
            self._blocks.append(prefix.rstrip() if is_same else "")
        lines = text.split("\n")
        self._blocks.append(first + lines[0])
        self._blocks += [(prefix + line).rstrip() for line in lines[1:]]
        self._was_tight = bool(self._markers)
        self._last_prefix = prefix

    def _start_in_table(self, tag: str) -> None:
        if len(self._tables) > 1:
            self._inline.append(" ")
        elif tag == "tr":
            self._tables[0].append([])
        elif tag in ("td", "th"):
            self._inline.clear()
            self._marks.clear()
        elif tag in _BLOCKS:
            self._inline.append(" ")

    def _end_in_table(self, tag: str) -> None:
        if len(self._tables) > 1 or tag not in ("td", "th"):
            if tag in _BLOCKS or tag in ("td", "th"):
                self._inline.append(" ")
            if tag == "caption" and len(self._tables) == 1:
                self._tables[0].append(["".join(self._inline).strip()])
                self._inline.clear()
            return
        cell = " ".join("".join(self._inline).split()).replace("|", "\\|")
        self._inline.clear()
        self._marks.clear()
        if not self._tables[0]:
            self._tables[0].append([])
        self._tables[0][-1].append(cell)

    def _end_table(self) -> None:
        if not self._tables:
            return
        if len(self._tables) > 1:
            self._tables.pop()
            self._inline.append(" ")
            return
        rows = [row for row in self._tables.pop() if any(row)]
        self._inline.clear()
        self._marks.clear()
        if rows:
            self.add_table(rows)

    def add_table(self, rows: list[list[str]]) -> None:
        """A table; its first row is the heading."""
        width = min(max(map(len, rows)), 200)
        padded = [[*row, *[""] * (width - len(row))] for row in rows]
        lines = [f"| {' | '.join(row)} |" for row in padded]
        lines.insert(1, f"|{' --- |' * width}")
        self._add_block("\n".join(lines))
