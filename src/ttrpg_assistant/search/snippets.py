"""The part of a text where the words are, with the words marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ttrpg_assistant.characters import find_boundary
from ttrpg_assistant.search.model import SnippetPart, Term
from ttrpg_assistant.search.query import QUERY_CHARACTERS, WORD, fold_word

SNIPPET_CHARACTERS = 220
_LEAD = 70
"""Characters shown before the first hit."""

_LOOKED_AT = 60_000
"""Characters of a text that are looked through for hits; beyond, its beginning is shown."""

_fold = lru_cache(maxsize=16_384)(fold_word)
_SPACES = re.compile(r"\s+")


def make_snippet(
    text: str, terms: Sequence[Term], characters: int = SNIPPET_CHARACTERS
) -> tuple[SnippetPart, ...]:
    """About `characters` of the text around its best hits, on one line."""
    whole = {
        _fold(word)
        for term in terms
        if not term.is_excluded
        for word in (term.words[:-1] if term.is_prefix else term.words)
    }
    begun = tuple(_fold(t.words[-1]) for t in terms if t.is_prefix and not t.is_excluded)
    hits = [
        (found.start(), found.end(), folded)
        for found in WORD.finditer(text[:_LOOKED_AT])
        if (folded := _fold(found[0][:QUERY_CHARACTERS])) in whole
        or (begun and folded.startswith(begun))
    ]
    start = _choose_start(hits, characters)
    return _cut(text, start, characters, hits)


def _choose_start(hits: Sequence[tuple[int, int, str]], characters: int) -> int:
    """Where the window with the most different words begins."""
    best, start = 0, 0
    for at, (begins, _, _) in enumerate(hits[:400]):
        window = {word for b, e, word in hits[at : at + 40] if e - begins <= characters - _LEAD}
        if len(window) > best:
            best, start = len(window), begins
    return max(0, start - _LEAD)


def _cut(
    text: str, start: int, characters: int, hits: Sequence[tuple[int, int, str]]
) -> tuple[SnippetPart, ...]:
    if start > 0:
        blank = text.find(" ", start, start + 30)
        start = blank + 1 if blank >= 0 else find_boundary(text, start)
    end = min(len(text), start + characters)
    if end < len(text):
        blank = text.rfind(" ", end - 30, end)
        end = blank if blank > start else find_boundary(text, end)
    parts: list[SnippetPart] = []
    at = start
    for begins, ends, _ in hits:
        if begins < at or ends > end:
            continue
        _add(parts, text[at:begins], False)
        _add(parts, text[begins:ends], True)
        at = ends
    _add(parts, text[at:end], False)
    if start > 0:
        parts.insert(0, SnippetPart("…", False))
    if end < len(text):
        parts.append(SnippetPart("…", False))
    return tuple(parts)


def _add(parts: list[SnippetPart], text: str, hit: bool) -> None:
    if text:
        parts.append(SnippetPart(_SPACES.sub(" ", text), hit))
