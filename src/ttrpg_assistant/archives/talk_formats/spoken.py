"""Whether people speak in a plain text, or it only has words before colons.

Nobody is asked when such a file comes among others, so in doubt it is no talk: a list of
`Name: value` lines, a table of prices and records one below the other stay notes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ttrpg_assistant.archives.talk_formats.labelled import (
    KNOWN_SPEAKERS,
    Labelled,
    is_note_word,
    look_at_labels,
)
from ttrpg_assistant.archives.talk_formats.labels import cut_time, find_label
from ttrpg_assistant.archives.talk_formats.source import TalkSource
from ttrpg_assistant.archives.talk_formats.spoken_headings import find_head

FEWEST = 3
"""Lines with a name: of fewer nobody can tell what they are."""

SHARE_WITH_NAMES = 0.5
"""Of the paragraphs, or of the lines, that begin with a name."""

SHARE_OF_REPEATED = 0.6
"""Of the lines with a name, those whose name comes again: people speak more than once."""

SHARE_OF_SENTENCES = 0.4
"""Of what stands behind the names, that which reads as said and not as a value."""

_WORDS = 5
_CHARACTERS = 20
"""Words, or letters where no spaces stand between words, that no value has."""

_ENDED = re.compile(r"""[.!?…。！？।؟][)\]"'”’»*_~]{0,3}\Z""")
_BULLET = re.compile(r" {0,8}(?:[-*+•]|\d{1,3}[.)]) \S")


@dataclass(frozen=True, slots=True)
class _Line:
    name: str
    said: str


def is_headed(source: TalkSource) -> bool:
    """Whether names that come again stand above what was said. A plan of an evening has times
    behind words too, and no word twice."""
    heads = [head for line in source.lines if (head := find_head(line)) is not None]
    counts = Counter(name.lower() for name, _ in heads)
    repeated = sum(number for number in counts.values() if number > 1)
    return len(heads) >= FEWEST and repeated >= SHARE_OF_REPEATED * len(heads)


def is_spoken(source: TalkSource, least: float = SHARE_WITH_NAMES) -> bool:
    """Whether people speak in it, as far as its beginning shows. `least` is the share of its
    paragraphs, or of its lines, that has to begin with a name."""
    labels = look_at_labels(source)
    if labels.is_notes:
        return False
    paragraphs = list(_cut_paragraphs(source.lines))
    read = [[_read_line(line, labels) for line in one] for one in paragraphs]
    spoken = [line for one in read for line in one if line is not None]
    counts = Counter(line.name for line in spoken)
    lines = sum(map(len, read))
    headed = sum(one[0] is not None for one in read)
    has_names = len(spoken) >= least * lines or headed >= least * len(read)
    repeated = sum(number for number in counts.values() if number > 1)
    if len(spoken) < FEWEST or not has_names or repeated < SHARE_OF_REPEATED * len(spoken):
        return False
    if labels.is_timed:
        return True
    return not _are_records(read) and _reads_as_said(spoken)


def _cut_paragraphs(lines: Sequence[str]) -> Iterator[list[str]]:
    paragraph: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            paragraph.append(line)
        elif paragraph:
            yield paragraph
            paragraph = []


def _read_line(line: str, labels: Labelled) -> _Line | None:
    """Who speaks in a line and what they say; None where nobody does."""
    cut = cut_time(line) if labels.is_timed else None
    text = line if cut is None else cut[1]
    if _BULLET.match(text):
        return None
    label = find_label(text)
    if label is None or is_note_word(label.name.lower()) or not labels.is_speaker(label.name):
        return None
    return _Line(label.name.lower(), label.rest)


def _are_records(read: Sequence[Sequence[_Line | None]]) -> bool:
    """Whether the same words head the lines of one paragraph after another, each once: the fields
    of one thing, then those of the next."""
    heads = [[line.name for line in one if line is not None] for one in read]
    several = [one for one in heads if len(one) > 1]
    if len(several) < 2 or any(len(set(one)) < len(one) for one in several):
        return False
    orders = Counter(tuple(one) for one in several)
    return orders.most_common(1)[0][1] > len(several) // 2


def _reads_as_said(spoken: Sequence[_Line]) -> bool:
    """Whether sentences stand behind the names. A few words without an end are how people chat
    too, but then one who is known to speak speaks in it."""
    sentences = sum(_is_sentence(one.said) for one in spoken)
    if sentences >= SHARE_OF_SENTENCES * len(spoken):
        return True
    return len({one.name for one in spoken} & KNOWN_SPEAKERS) > 1


def _is_sentence(said: str) -> bool:
    said = said.strip()
    if _ENDED.search(said) or len(said.split()) >= _WORDS:
        return True
    is_spaced = " " in said or said.isascii()
    return not is_spaced and len(said) >= _CHARACTERS
