"""Quotes and citations: the words as they stand, with a link that opens where they stand."""

from __future__ import annotations

import re
from urllib.parse import quote

from ttrpg_assistant.builtin.words import plain, shorten
from ttrpg_assistant.llm.types import Passage

QUOTE_CHARACTERS = 360
"""Past this a quote is cut: it is read at a table, and its link opens the rest."""

_MARKS = re.compile(r"([\\`*_\[\]<>~|#!])")


def escape(text: str) -> str:
    """One line in which nothing is read as Markdown."""
    return _MARKS.sub(r"\\\1", plain(text))


def cite(passage: Passage) -> str:
    """``[title](ttrpg:kind/ref)``, which the page turns into a link that opens the thing.

    What belongs to a game session leads to that; a known fact has no place of its own.
    """
    title = escape(shorten(plain(passage.title) or passage.kind.replace("_", " "), 80))
    kind, ref = passage.kind, passage.ref
    if passage.game_session is not None:
        kind, ref = "game_session", passage.game_session.ref
    if not ref or kind == "fact":
        return title
    return f"[{title}](ttrpg:{kind}/{quote(ref, safe='')})"
