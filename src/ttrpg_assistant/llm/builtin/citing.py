"""Quotes and citations: the words as they stand, with a link that opens where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from ttrpg_assistant.llm.builtin.words import finish, plain, shorten
from ttrpg_assistant.llm.types import Passage

QUOTE_CHARACTERS = 360
"""Past this a quote is cut: it is read at a table, and its link opens the rest."""

_MARKS = re.compile(r"([\\`*_\[\]<>~|#!])")


def escape(text: str) -> str:
    """One line in which nothing is read as Markdown."""
    return _MARKS.sub(r"\\\1", plain(text))


def cite(passage: Passage) -> str:
    """``[title](ttrpg:kind/ref)``, which the page turns into a link that opens the thing."""
    title = escape(shorten(plain(passage.title) or passage.kind.replace("_", " "), 80))
    if not passage.ref:
        return title
    return f"[{title}](ttrpg:{passage.kind}/{quote(passage.ref, safe='')})"


def quote_block(passage: Passage, sentences: Iterable[str]) -> str:
    """The sentences as a quote, their source below."""
    said = escape(shorten(" ".join(map(finish, sentences)), QUOTE_CHARACTERS))
    source = f"— {cite(passage)}"
    return f"> {said}\n>\n> {source}" if said else f"> {source}"
