"""Extractive summary: the most central sentences, word for word and in their order.

Centrality is nearness to the centre of the whole text (its frequent, telling words), which
takes one pass over the sentences however long the text is.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ttrpg_assistant.builtin.words import list_sentences, list_stems, shorten
from ttrpg_assistant.characters import cut_text

OLDER_TALK_LINES = 6
LINE_CHARACTERS = 220
"""How much of a stretch of older talk is kept: it stands in prompts beside many others."""

_TOO_ALIKE = 0.6
"""Share of common words from which two sentences say the same thing."""

_MANY = 4_000
"""Sentences; a long evening has fewer."""

_TELLING_CHARACTERS = 20

MOST_READ = 100_000
"""Characters of all texts together: about what fits the built-in model's context. Longer ones
give way to shorter ones, each read from its beginning."""


class Line(NamedTuple):
    """A sentence of a summary and the number of the text it stands in."""

    source: int
    text: str


def summarise(texts: Sequence[str], count: int) -> list[Line]:
    """At most `count` sentences of the texts that say most of what they say, in order."""
    lines: list[Line] = []
    words: list[frozenset[str]] = []
    for line in _list_lines(texts):
        stems = frozenset(list_stems(line.text))
        if stems:
            lines.append(line)
            words.append(stems)
    if len(lines) <= count:
        return lines
    held = Counter[str]()
    for stems in words:
        held.update(stems)
    centre = {word: math.log(1 + times) for word, times in held.items() if times > 1}
    scores = [_centrality(stems, centre, at, len(words)) for at, stems in enumerate(words)]
    chosen: list[int] = []
    for at in sorted(range(len(lines)), key=lambda at: -scores[at]):
        if all(_likeness(words[at], words[other]) < _TOO_ALIKE for other in chosen):
            chosen.append(at)
        if len(chosen) == count:
            break
    return [lines[at] for at in sorted(chosen)]


def _list_lines(texts: Sequence[str]) -> list[Line]:
    """The sentences that are no questions. Where there are very many, those of a few letters
    say nothing that a summary needs."""
    found = [
        (source, sentence)
        for source, text in enumerate(_cut(texts))
        for sentence in list_sentences(text)
        if not sentence.endswith("?")
    ]
    if len(found) > _MANY:
        telling = [one for one in found if len(one[1]) >= _TELLING_CHARACTERS]
        found = telling or found[:_MANY]
    return [Line(*one) for one in found]


def _cut(texts: Sequence[str]) -> Sequence[str]:
    """The texts, none longer than lets all of them be read."""
    left, most = MOST_READ, MOST_READ
    if sum(map(len, texts)) <= left:
        return texts
    lengths = sorted(map(len, texts))
    for at, length in enumerate(lengths):
        most = left // (len(lengths) - at)
        if length > most:
            break
        left -= length
    return [cut_text(text, most) for text in texts]


def condense(texts: Sequence[str]) -> str:
    """What older talk came to: a few of its own sentences, a line each. Never empty."""
    lines = summarise(texts, OLDER_TALK_LINES)
    return "\n".join(shorten(line.text, LINE_CHARACTERS) for line in lines) or "Little was said."


def _centrality(stems: frozenset[str], centre: dict[str, float], at: int, total: int) -> float:
    # The root keeps long sentences from winning by length alone; beginnings and endings of
    # an evening say more than its middle.
    nearness = sum(centre.get(word, 0.0) for word in stems) / math.sqrt(len(stems) + 3)
    edge = 1.15 if at < 2 or at >= total - 2 else 1.0
    return nearness * edge


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
