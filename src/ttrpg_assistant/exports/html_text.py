"""Prose as safe HTML: Markdown is read, HTML in it is shown, nothing is fetched."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from ttrpg_assistant.imports.excerpts import name_of_link

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

MOST_READ = 200_000
"""Characters of one text that are read as Markdown; a longer one is shown as it is."""


_LINK = re.compile(r"!?\[\[([^\[\]\n|]{1,300})(?:\|([^\[\]\n]{0,300}))?\]\]")


@cache
def _reader() -> MarkdownIt:
    # Late: a start makes no book.
    from markdown_it import MarkdownIt

    # Without pictures: a text must not make whoever reads the book fetch anything.
    return (
        MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable("image")
    )


def prose(text: str) -> str:
    """The text as paragraphs, lists and the like; headings below those of the book."""
    text = links_as_names(text)
    if len(text) > MOST_READ:
        return "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n"))
    tokens = _reader().parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 3)}"
    return str(_reader().renderer.render(tokens, _reader().options, {}))


def links_as_names(text: str) -> str:
    """The text with the names of what its `[[links]]` lead to: notes that were imported have them,
    and nobody follows one in a book or in another program."""
    if "[[" not in text:
        return text
    return _LINK.sub(lambda found: (found[2] or "").strip() or name_of_link(found[1]), text)


def inline(text: str) -> str:
    """One line of text, as it is."""
    return escape(" ".join(text.split()))
