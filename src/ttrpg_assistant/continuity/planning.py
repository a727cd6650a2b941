"""What a model is to read of a campaign, in parts that fit what it reads at once. Pure.

First the talk, the newest evenings first; then what is open by then, each with the lines around it
and the later ones that may settle it; then what is written down of the same things. Every step is
bounded by whoever asks (`look_runner.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ttrpg_assistant.campaigns.mentions import EntityRef, NameIndex
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.continuity.contradictions import RECORDS
from ttrpg_assistant.continuity.findings import list_lines
from ttrpg_assistant.continuity.model import (
    Contradiction,
    Evidence,
    Line,
    LooseThread,
    Source,
    make_key,
)
from ttrpg_assistant.continuity.promises import find_word
from ttrpg_assistant.continuity.reading import list_roots, list_telling
from ttrpg_assistant.continuity.sentences import is_table_talk

Stage = Literal["talk", "threads", "subjects", "again"]
STAGES: tuple[Stage, ...] = ("talk", "threads", "subjects", "again")

MOST_PARTS: dict[Stage, int] = {"talk": 34, "threads": 11, "subjects": 11, "again": 4}
"""Calls of a model for one look: sixty at most, but for parts that had to be halved."""

AGAIN = "asked again, because it was called none: say so only with the words that show it"

LINE_CHARACTERS = 600
AROUND = 2
"""Lines before and after one that is open."""
LATER = 6
"""Later lines that may settle one that is open."""
OF_SUBJECT = 16
"""Lines about one thing."""
LEAST_LETTERS = 40
"""Of talk that names nobody and promises nothing."""
_BESIDE = 24
"""Characters around a line: its number, its evening, who says it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What was found and is asked about: its key, its words, the rows it rests on."""

    key: str
    text: str
    sources: tuple[Source, ...]


_Unit = tuple[tuple[Line, ...], tuple[Candidate, ...]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A part: lines, and what of them is asked about. `units` are what it was made of: a part
    that is too long is halved between them; `halved` says how often it was."""

    stage: Stage
    units: tuple[tuple[tuple[Line, ...], tuple[Candidate, ...]], ...]
    halved: int = 0

    @property
    def lines(self) -> list[Line]:
        """Every line once, in order."""
        found = {(line.source, line.place): line for lines, _ in self.units for line in lines}
        return sorted(found.values(), key=lambda one: (one.evening, one.place))

    @property
    def candidates(self) -> list[Candidate]:
        """What is asked about, each once."""
        return list({one.key: one for _, those in self.units for one in those}.values())

    def spell_key(self, choice: str) -> str:
        """A name for what is asked, the same as long as neither words nor model change."""
        said = (f"{line.source.kind}:{line.source.id}:{line.text}" for line in self.lines)
        return make_key(self.stage, choice, *said, *(one.key for one in self.candidates))

    def halve(self) -> list[Asked]:
        """Two parts in place of one; none where there is only one unit."""
        if len(self.units) < 2:
            return []
        middle = len(self.units) // 2
        halves = (self.units[:middle], self.units[middle:])
        return [Asked(self.stage, half, self.halved + 1) for half in halves]


def plan_talk(evidence: Evidence, characters: int) -> list[Asked]:
    """The talk and the facts, the newest first. They are packed from the oldest on, so that what
    was read stays the same part when more is said."""
    lines = [line for line in list_lines(evidence) if _is_worth_reading(line)]
    facts = sorted(
        (line for line in lines if line.source.kind == "fact"), key=lambda one: one.source.id
    )
    said = (line for line in lines if line.source.kind != "fact")
    packed = (
        _pack("talk", (((line,), ()) for line in those), characters) for those in (facts, said)
    )
    return [asked for parts in packed for asked in parts][::-1]


def _is_worth_reading(line: Line) -> bool:
    if line.source.kind in RECORDS:
        return True
    if is_table_talk(cut_text(line.text, LINE_CHARACTERS)):
        return False
    is_long = len(line.text) >= LEAST_LETTERS
    return (
        is_long or bool(line.about) or find_word(cut_text(line.text, LINE_CHARACTERS)) is not None
    )


def plan_threads(
    evidence: Evidence, index: NameIndex, threads: Iterable[LooseThread], characters: int
) -> list[Asked]:
    """What is open, each with the lines around it and those that may settle it."""
    places = {line.source: at for at, line in enumerate(evidence.lines)}
    later = _Later(evidence.lines, index)
    units = []
    for one in threads:
        at = places.get(one.source)
        if at is not None and one.settled_by is None:
            lines = [*_list_around(evidence.lines, at), *later.list_of(one, at)]
            own = Candidate(one.key, one.text, (one.source,))
            units.append((tuple(lines), (own,)))
    return _pack("threads", units, characters)


def _list_around(lines: Sequence[Line], at: int) -> Iterator[Line]:
    for place in range(max(0, at - AROUND), min(len(lines), at + AROUND + 1)):
        if lines[place].evening == lines[at].evening:
            yield lines[place]


class _Later:
    """Finds the later lines that may settle something: they name the same, in like words."""

    def __init__(self, lines: Sequence[Line], index: NameIndex) -> None:
        self._lines, self._index = lines, index
        self._of_each: dict[EntityRef, list[int]] = defaultdict(list)
        for at, line in enumerate(lines):
            for ref in line.about:
                self._of_each[ref].append(at)
        self._roots: dict[int, frozenset[str]] = {}

    def list_of(self, one: LooseThread, after: int) -> list[Line]:
        """The likeliest, in their order."""
        wanted = list_roots(one.text, self._index)
        scores: dict[int, int] = defaultdict(int)
        for ref in list_telling(one.about or self._lines[after].about):
            for at in [at for at in self._of_each[ref] if at > after][:500]:
                scores[at] += 1
        for at in scores:
            scores[at] += 3 * len(wanted & self._find_roots(at))
        best = sorted(scores, key=lambda at: (-scores[at], at))[:LATER]
        return [self._lines[at] for at in sorted(best)]

    def _find_roots(self, at: int) -> frozenset[str]:
        if at not in self._roots:
            text = cut_text(self._lines[at].text, LINE_CHARACTERS)
            self._roots[at] = list_roots(text, self._index)
        return self._roots[at]


def plan_subjects(
    evidence: Evidence, pairs: Iterable[Contradiction], characters: int
) -> list[Asked]:
    """What is written down of the same things, with the contradictions found in it."""
    of_each: dict[EntityRef, list[Line]] = defaultdict(list)
    for line in list_lines(evidence):
        if line.source.kind in RECORDS or line.is_spoken:
            for ref in line.about:
                of_each[ref].append(line)
    asked: dict[EntityRef, list[Contradiction]] = defaultdict(list)
    for pair in pairs:
        if pair.about is not None:
            asked[pair.about].append(pair)
    units = []
    order = sorted(of_each, key=lambda ref: (-len(asked[ref]), -_count_records(of_each[ref])))
    for ref in order:
        sources = {side.source for one in asked[ref] for side in (one.old, one.new)}
        lines = _pick_of_subject(of_each[ref], sources)
        if len({line.source for line in lines}) < 2 or ref.kind == "character":
            continue
        there = {line.source for line in lines}
        candidates = tuple(
            Candidate(one.key, one.sentence, (one.old.source, one.new.source))
            for one in asked[ref]
            if {one.old.source, one.new.source} <= there
        )
        units.append((tuple(lines), candidates))
    return _pack("subjects", units, characters)


def plan_again(
    evidence: Evidence,
    index: NameIndex,
    threads: Iterable[LooseThread],
    pairs: Iterable[Contradiction],
    characters: int,
) -> list[Asked]:
    """What the rules are sure of and the model called none without showing why: asked once more."""
    parts = plan_threads(evidence, index, threads, characters)
    parts += plan_subjects(evidence, pairs, characters)
    asked = (tuple(_spell_again(unit) for unit in part.units if unit[1]) for part in parts)
    return [Asked("again", units) for units in asked if units]


def _spell_again(unit: _Unit) -> _Unit:
    lines, candidates = unit
    return lines, tuple(replace(one, text=f"{one.text} ({AGAIN})") for one in candidates)


def _count_records(lines: Sequence[Line]) -> int:
    return sum(line.source.kind in RECORDS for line in lines)


def _pick_of_subject(lines: Sequence[Line], wanted: set[Source]) -> list[Line]:
    """Those asked about, then what is written down, then what was said last."""

    def rank(at: int) -> tuple[bool, bool, int]:
        line = lines[at]
        return (line.source not in wanted, line.source.kind not in RECORDS, -at)

    best = sorted(range(len(lines)), key=rank)[:OF_SUBJECT]
    return [lines[at] for at in sorted(best)]


def _pack(stage: Stage, units: Iterable[_Unit], characters: int) -> list[Asked]:
    parts: list[Asked] = []
    taken: list[_Unit] = []
    size = 0
    for unit in units:
        own = sum(min(len(line.text), LINE_CHARACTERS) + _BESIDE for line in unit[0])
        own += sum(len(one.text) + _BESIDE for one in unit[1])
        if taken and size + own > characters:
            parts.append(Asked(stage, tuple(taken)))
            taken, size = [], 0
        taken.append(unit)
        size += own
    if taken:
        parts.append(Asked(stage, tuple(taken)))
    return parts
