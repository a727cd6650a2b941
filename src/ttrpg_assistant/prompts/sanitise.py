"""Makes a field written by anyone safe to stand in a prompt.

Implements the seed's "Prompt Sanitization" (NFR-011, NFR-015) and goes past it: the text is
normalised first, so that no other spelling of a header, a separator, a code fence or one of
our own markers comes through.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.prompts.characters import strip_unseen
from ttrpg_assistant.prompts.fence import STAND_IN
from ttrpg_assistant.prompts.lookalikes import fold

FIELD_LIMIT = 500
"""Characters one field may have in a prompt (seed, MAX_FIELD_LENGTH)."""

ELLIPSIS = "..."

_HASHES = "#\u266f\u2317\u22d5\uff03"
_DASHES = "\\-\u2010-\u2015\u2212\u2e3a\u2e3b"
# Each becomes a space, not nothing: what stands around it must not grow together into another.
_STRUCTURE = re.compile(
    f"`{{3,}}|~{{3,}}|[{_DASHES}]{{3,}}|\\*{{3,}}|_{{3,}}|={{3,}}|[{_HASHES}]{{2,}}|[{_HASHES}](?=\\s)"
)
_SPACES = re.compile(r"\s{2,}")

_STANDS_FOR = {"a": "a4@", "e": "e3", "i": "i1l!|", "t": "t7", "g": "g9", "b": "b8"}


def _spelt(word: str) -> str:
    letters = (f"[{re.escape(_STANDS_FOR.get(letter, letter))}]" for letter in word)
    return r"[^0-9a-z]{0,3}".join(letters)


_MARKER = re.compile(
    r"(?:{campaign}|{character})[^0-9a-z]{{0,5}}{data}[^0-9a-z]{{0,5}}(?:{begin}|{end})".format(
        **{word: _spelt(word) for word in ("campaign", "character", "data", "begin", "end")}
    )
)


def sanitise(text: str, limit: int = FIELD_LIMIT) -> str:
    """One line of plain text, at most `limit` characters and then "...".

    Line ends become spaces; header signs, separators, code fences, control and invisible
    characters and anything that resembles a data marker go; runs of spaces become one. No
    cut falls inside a character. Idempotent for the same limit.
    """
    return _sanitise_again(text, limit) if len(text) <= _KEPT else _sanitise(text, limit)


def _sanitise(text: str, limit: int) -> str:
    whole = text
    # A hostile field may be megabytes long; what is past this could never be shown.
    text = cut_text(text, 16 * limit + 256)
    is_cut = len(text) < len(whole)
    while True:
        cleaned = _without_structure(strip_unseen(text))
        if cleaned == text:
            break
        text = cleaned
    is_already_cut = len(text) <= limit + len(ELLIPSIS) and text.endswith(ELLIPSIS)
    if is_already_cut or (len(text) <= limit and not is_cut):
        return text
    return cut_text(text, limit).rstrip(" .") + ELLIPSIS


_sanitise_again = lru_cache(maxsize=2_048)(_sanitise)
"""The fields of a campaign stand in prompt after prompt as they are."""

_KEPT = 2_000
"""Characters of a text that is remembered at most."""


MOST_LINES = 5_000
"""Lines that are kept as lines; the longest notes have one for every twenty characters."""


def sanitise_lines(text: str, limit: int = FIELD_LIMIT) -> tuple[str, ...]:
    """Longer prose as one sanitised line a paragraph or sentence group, none over `limit`.

    For summaries and recaps, which stand in a prompt as several fields. Empty lines go. What
    comes after `MOST_LINES` is one last line, cut where it is too long.
    """
    lines: list[str] = []
    paragraphs = text.splitlines()
    for at, paragraph in enumerate(paragraphs):
        if len(lines) >= MOST_LINES:
            lines.append(sanitise("\n".join(paragraphs[at:]), limit))
            break
        rest = paragraph.strip()
        if not rest:
            continue
        while len(rest) > limit:
            stop = max(rest.rfind(mark, 0, limit) + 1 for mark in (". ", "! ", "? ", "。", " "))
            head = rest[:stop] if stop > limit // 2 else cut_text(rest, limit) or rest[:limit]
            lines.append(sanitise(head, limit))
            rest = rest[len(head) :].lstrip()
        lines.append(sanitise(rest, limit))
    return tuple(line for line in lines if line)


def _without_structure(text: str) -> str:
    text = _STRUCTURE.sub(" ", text)
    shadow = fold(text)
    if _MARKER.search(shadow) is not None:
        pieces: list[str] = []
        at = 0
        for found in _MARKER.finditer(shadow):
            pieces += [text[at : found.start()], STAND_IN]
            at = found.end()
        text = "".join([*pieces, text[at:]])
    return _SPACES.sub(" ", text).strip()
