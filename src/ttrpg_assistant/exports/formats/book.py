"""The campaign as a book, to read and to print: Markdown, HTML, and HTML that is printed as PDF.

A chapter for each kind of thing, then the game sessions with their recaps, then what is known. The
game master's edition marks what is theirs alone; the players' has none of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ttrpg_assistant.exports.book_html import HtmlBook
from ttrpg_assistant.exports.book_markdown import MarkdownBook
from ttrpg_assistant.exports.campaign_reader import CampaignReader
from ttrpg_assistant.exports.model import Edition
from ttrpg_assistant.storage.content_files import ContentFiles


@dataclass(frozen=True, slots=True)
class Book:
    """The book in one spelling."""

    name: str
    ending: str
    media_type: str
    is_printed: bool = False
    editions: tuple[Edition, ...] = ("gm", "players")
    with_archived: bool = False

    def write(self, reader: CampaignReader, target: Path, files: ContentFiles) -> None:
        """Write the book, of one that is printed the HTML it is printed from."""
        with target.open("w", encoding="utf-8", newline="\n") as file:
            for piece in self._iterate(reader, files):
                file.write(piece)

    def _iterate(self, reader: CampaignReader, files: ContentFiles) -> Iterator[str]:
        if self.ending == "md":
            return MarkdownBook(reader).iterate()
        return HtmlBook(reader, files).iterate()


FORMATS = (
    Book("book.md", "md", "text/markdown; charset=utf-8"),
    Book("book.html", "html", "text/html; charset=utf-8"),
    Book("book.pdf", "pdf", "application/pdf", is_printed=True),
)
