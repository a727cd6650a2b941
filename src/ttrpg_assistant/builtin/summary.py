"""Extractive summary: the most telling sentences, word for word and in their order.

A recap takes the most central ones. Centrality is nearness to the centre of the whole text (its
frequent, telling words), which takes one pass over the sentences however long the text is. What
older talk came to is chosen by the names and numbers that each sentence keeps, too.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ttrpg_assistant.builtin.names_kept import NamesSaid, list_names_line, take_names
from ttrpg_assistant.builtin.words import list_sentences, list_stems, shorten
from ttrpg_assistant.characters import cut_text

LINE_CHARACTERS = 220
"""The longest line of a summary: it stands in prompts beside many others."""


class Size(NamedTuple):
    """How many sentences a summary has, and how many characters its line of names."""

    lines: int
    names: int


SIZES = (Size(6, 300), Size(7, 600), Size(8, 1_000), Size(10, 1_600))
"""For each level: one that stands for more talk holds more of it."""

_NUMBER_WEIGHT = 1.2
_CENTRAL_SHARE = 0.4

_NUMBER = re.compile(r"\d+")
_DICE = (
    r"\b(?:\d*d(?:4|6|8|10|12|20|100)|rolls?|rolled|rolling|nat(?:ural)? ?(?:1|20|one|twenty)"
    r"|initiative|saving throws?|perception|insight check|hit points?|damage|to hit|hits"
    r"|armou?r class|modifiers?|(?:dis)?advantage|bonus action|spell slots?|crits?|critical"
    r"|plus (?:one|two|three|four|five|six|seven|eight|nine|ten|\d+))\b"
)
DICE_TALK = re.compile(_DICE, re.IGNORECASE)
"""What is thrown and added up."""

_TABLE_TALK = re.compile(rf"\A\W*(?:\w+\W+){{0,5}}\w*\W*\Z|{_DICE}", re.IGNORECASE)
"""What is thrown and added up says little of what happened; nor do a few words alone."""

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
    centre = _find_centre(words)
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
    return _without_small([line for line in _list_all(texts) if not line.text.endswith("?")])


def _list_all(texts: Sequence[str]) -> list[Line]:
    return [
        Line(source, sentence)
        for source, text in enumerate(_cut(texts))
        for sentence in list_sentences(text)
    ]


def _without_small(lines: list[Line]) -> list[Line]:
    if len(lines) <= _MANY:
        return lines
    return [line for line in lines if len(line.text) >= _TELLING_CHARACTERS] or lines[:_MANY]


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


def condense(texts: Sequence[str], *, known: Iterable[str] = (), level: int = 1) -> str:
    """What older talk came to: the names that were said, then a few of its own sentences, a line
    each. Never empty.

    `known` are the names of the campaign that the texts say, spelled as they are there. At
    `level` 1 the texts are messages, above it the summaries below: a sentence is chosen for the
    names and numbers it holds that no chosen one has yet, and a name that no sentence keeps
    is kept in the first line.
    """
    names = read_names(texts, known)
    lines = names.lines
    size = size_of(level)
    chosen = _choose(lines, names, size.lines)
    kept = [shorten(lines[at], LINE_CHARACTERS) for at in sorted(chosen)]
    left = names.list_unsaid("\n".join(kept), size.names)
    return "\n".join([*list_names_line(left), *kept]) or "Little was said."


def read_names(texts: Sequence[str], known: Iterable[str] = ()) -> NamesSaid:
    """The sentences of the texts and the names that they say."""
    bare, listed = take_names(texts)
    all_lines = _list_all(bare)
    lines = _without_small([line for line in all_lines if not line.text.endswith("?")])
    questions = [line.text for line in all_lines if line.text.endswith("?")]
    return NamesSaid([line.text for line in lines], known, listed, questions)


def size_of(level: int) -> Size:
    """How much a summary of this level holds, counted from 1."""
    return SIZES[min(max(level, 1), len(SIZES)) - 1]


def _choose(lines: Sequence[str], names: NamesSaid, count: int) -> list[int]:
    """The sentences that keep most, each for what those before it have not kept."""
    words = [frozenset(list_stems(line)) for line in lines]
    centre = _find_centre(words)
    numbers = [frozenset(_NUMBER.findall(line)) for line in lines]
    fixed = [
        _centrality(stems, centre, at, len(lines)) * _CENTRAL_SHARE
        for at, stems in enumerate(words)
    ]
    left = [at for at, stems in enumerate(words) if stems]
    left = [at for at in left if not _TABLE_TALK.search(lines[at])] or left
    chosen: list[int] = []
    kept_names: set[str] = set()
    kept_numbers: set[str] = set()

    def news(at: int) -> float:
        new = sum(names.weights[name] for name in names.said[at] if name not in kept_names)
        return new + _NUMBER_WEIGHT * len(numbers[at] - kept_numbers)

    def gain(at: int) -> float:
        return fixed[at] + news(at) / (1 + len(lines[at]) / LINE_CHARACTERS)

    while left and len(chosen) < count:
        best = max(left, key=gain)
        chosen.append(best)
        kept_names.update(names.said[best])
        kept_numbers |= numbers[best]
        left = [
            at
            for at in left
            if at != best and (_likeness(words[at], words[best]) < _TOO_ALIKE or news(at) > 0)
        ]
    return chosen


def _find_centre(words: Iterable[frozenset[str]]) -> dict[str, float]:
    """The frequent words of all sentences, with what each tells."""
    held = Counter[str]()
    for stems in words:
        held.update(stems)
    return {word: math.log(1 + times) for word, times in held.items() if times > 1}


def _centrality(stems: frozenset[str], centre: dict[str, float], at: int, total: int) -> float:
    # The root keeps long sentences from winning by length alone; beginnings and endings of
    # an evening say more than its middle.
    nearness = sum(centre.get(word, 0.0) for word in stems) / math.sqrt(len(stems) + 3)
    edge = 1.15 if at < 2 or at >= total - 2 else 1.0
    return nearness * edge


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
