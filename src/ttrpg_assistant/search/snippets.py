"""The part of a text where the words are, with the words marked."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence, Set
from itertools import accumulate, groupby

from ttrpg_assistant.characters import find_boundary
from ttrpg_assistant.script_words import is_unspaced, place_words
from ttrpg_assistant.search.model import SnippetPart, Term

SNIPPET_CHARACTERS = 220
_LEAD = 70
"""Characters shown before the first hit."""

_LOOKED_AT = 60_000
"""Characters of a text that are looked through for hits; beyond, its beginning is shown."""

_SPACES = re.compile(r"\s+")
_END_OF_WORD = re.compile(r"[^a-z0-9]|\Z")


def make_snippet(
    text: str, terms: Sequence[Term], characters: int = SNIPPET_CHARACTERS
) -> tuple[SnippetPart, ...]:
    """About `characters` of the text around its best hits, on one line."""
    hits = _find_hits(text[:_LOOKED_AT], [term for term in terms if not term.is_excluded])
    start = _choose_start(hits, characters)
    return _cut(text, start, characters, hits)


def _find_hits(text: str, terms: Sequence[Term]) -> list[tuple[int, int, str]]:
    """Where the words are. Letters of a script without spaces only where they stand together."""
    whole, begun, joined = set[str](), list[str](), set[str]()
    for term in terms:
        for words in (term.words, *term.others):
            for is_joined, group in groupby(words, is_unspaced):
                if is_joined:
                    joined.add(" ".join(group))
                else:
                    whole.update(group)
        if term.is_prefix and not is_unspaced(term.words[-1]):
            whole.discard(term.words[-1])
            begun.append(term.words[-1])
    foreign = [one for term in terms for one in term.foreign]
    if text.isascii() and not joined and not foreign:
        return _find_in_ascii(text.lower(), whole, begun)
    beginnings = tuple(begun)
    places = list(place_words(text))
    if foreign:
        there = {word for _, _, word in places}
        whole.update(*(one.forms for one in foreign if not there.isdisjoint(one.signs)))
    hits = [
        place
        for place in places
        if place[2] in whole or (beginnings and place[2].startswith(beginnings))
    ]
    if joined:
        hits = sorted(hits + _find_joined(places, joined))
    return hits


def _find_in_ascii(
    text: str, whole: Set[str], beginnings: Collection[str]
) -> list[tuple[int, int, str]]:
    """The same in small ASCII letters: only words that hold what is looked for are looked at."""
    hits: dict[int, tuple[int, int, str]] = {}
    for word in filter(str.isalnum, {*whole, *beginnings}):
        at = text.find(word)
        while at >= 0:
            found = _END_OF_WORD.search(text, at)
            assert found is not None  # at the latest the end of the text
            end = found.start()
            is_begun = at == 0 or not text[at - 1].isalnum()
            if is_begun and (end == at + len(word) or word in beginnings):
                hits[at] = (at, end, text[at:end])
            at = text.find(word, end)
    return sorted(hits.values())


def _find_joined(
    places: Sequence[tuple[int, int, str]], joined: Iterable[str]
) -> list[tuple[int, int, str]]:
    """Where these sequences of letters stand, none of which overlaps itself."""
    text = " ".join(["", *(word for _, _, word in places), ""])
    starts = list(accumulate((len(word) + 1 for _, _, word in places), initial=0))
    hits = []
    for letters in joined:
        at = text.find(f" {letters} ")
        while at >= 0:
            first, last = bisect_left(starts, at), bisect_left(starts, at + len(letters) + 1) - 1
            hits.append((places[first][0], places[last][1], letters))
            at = text.find(f" {letters} ", at + len(letters) + 1)
    return hits


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
