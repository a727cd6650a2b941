"""What a model found in a campaign, as values, and how it joins what is found without one. Pure.

A model's word is kept with the rows and the words it rests on. What was changed or deleted since
is not shown any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

from ttrpg_assistant.campaigns.mentions import EntityRef
from ttrpg_assistant.continuity.model import (
    Contradiction,
    Evidence,
    Line,
    LooseKind,
    LooseThread,
    Side,
    Source,
)

FindingKind = Literal["promised", "owed", "planted", "contradiction", "verdict"]
"""A loose thread or contradiction that the model found, or its word on what was found before."""

_LOOSE = frozenset({"promised", "owed", "planted"})

Says = Literal["found", "real", "settled"]
"""``settled``: a loose thread came to its end, or both sides of a contradiction can be so."""

LookStatus = Literal["reading", "stopped", "done"]
"""``stopped``: by a person, or by a fault that is shown."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A model's word. `key` is that of what it speaks of; `source` and `quote` where it is said:
    of a verdict what settles it. `old` and `old_quote` are the other side of a contradiction."""

    key: str
    kind: FindingKind
    says: Says
    text: str
    source: Source
    quote: str
    old: Source | None = None
    old_quote: str = ""
    made_by: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How far a model is in looking through a campaign, and what came of it. `parts` are those
    planned so far; `left_out` counts what it said that the lines do not hold; `lines_read` of
    `lines_all` were worth reading and found room."""

    id: str
    campaign_id: str
    status: LookStatus
    made_by: str
    parts: int
    done: int
    failed: int
    left_out: int
    lines_read: int
    lines_all: int
    error_code: str | None
    error_detail: str | None
    error_cure: str | None
    created_at: str
    updated_at: str


def list_lines(evidence: Evidence) -> list[Line]:
    """What is said and written down, with the facts that happened, in its order."""
    facts = [
        Line(Source("fact", fact.id), fact.text, fact.evening or 0, -1, fact.about)
        for fact in evidence.facts
        if fact.canon == "happened" and not fact.is_false
    ]
    return [*facts, *evidence.lines]


class SaidNow:
    """What the rows say now: whether they still hold the words that a model's word rests on."""

    def __init__(self, evidence: Evidence) -> None:
        self._lines = {line.source: line for line in list_lines(evidence)}

    def find(self, source: Source, quote: str) -> Line | None:
        """The line, where it still says this."""
        line = self._lines.get(source)
        return line if line is not None and quote in line.text else None

    def side(self, source: Source, quote: str) -> Side | None:
        """The same as one side of something."""
        line = self.find(source, quote)
        return None if line is None else Side(source, quote, line.evening or None)


IsAlike = Callable[[Line, str], bool]
"""Whether a sentence of a line is at least like what stays open."""


def join_threads(
    found: Sequence[LooseThread],
    findings: Mapping[str, Finding],
    evidence: Evidence,
    is_alike: IsAlike,
) -> list[LooseThread]:
    """What is found without a model, what a model found besides, the newest evenings first; then
    what is not sure, and behind it what the model says is settled.

    What was an impression is sure when a model says so too. What was sure is settled only by words
    of a later line; called none with words of its own line it is not sure any more, and without
    such words it stays."""
    said = SaidNow(evidence)
    told = {(one.source, one.quote): one for one in findings.values() if one.kind in _LOOSE}
    joined = []
    for one in found:
        word = findings.get(one.key)
        same = told.get((one.source, one.text))
        if word is None or word.says != "settled":
            joined.append(one if one.is_sure else _confirm(one, word, same))
        elif one.is_sure and word.source == one.source:
            # Called none, twice and with words, or once without: then it is not sure, or still is.
            joined.append(replace(one, is_sure=not word.quote))
        else:
            side = said.side(*_settling(word)) if _is_believed(word, one, said) else None
            joined.append(replace(one, settled_by=side))
    known = {one.key for one in found}
    words = {(one.source, one.text) for one in found}
    for one in _list_found(findings.values(), known, said):
        if (one.source, one.text) in words:
            continue
        word = findings[one.key]
        side = said.side(*_settling(word)) if word.says == "settled" else None
        line = said.find(one.source, one.text)
        is_sure = line is not None and is_alike(line, one.text)
        joined.append(replace(one, settled_by=side, is_sure=is_sure))
    joined.sort(key=_order)
    return joined


def _confirm(one: LooseThread, word: Finding | None, same: Finding | None) -> LooseThread:
    """An impression, after what a model said of it or found by itself."""
    if same is not None and same.says != "settled":
        kind = cast(LooseKind, same.kind)
        return replace(one, is_sure=True, kind=kind, made_by=same.made_by)
    return one if word is None else replace(one, is_sure=True)


def is_bare_no(word: Finding | None) -> bool:
    """Whether a model says of something, and shows no words for it, that it is none."""
    return word is not None and word.says == "settled" and not word.quote


def _is_believed(word: Finding, one: LooseThread, said: SaidNow) -> bool:
    """Whether a model is believed that something is settled. Where the rules are sure of the
    opposite the line that it shows has to be about the same."""
    line = said.find(word.source, word.quote)
    if not one.is_sure or line is None:
        return line is not None
    return not one.about or not set(line.about).isdisjoint(one.about)


def _order(one: LooseThread) -> tuple[bool, bool, int]:
    # Impressions come as they are: the likeliest first.
    return (one.settled_by is not None, not one.is_sure, -(one.evening or 0) if one.is_sure else 0)


def keep_fewer(found: Iterable[LooseThread]) -> tuple[LooseThread, ...]:
    """The same with fewer impressions than there is that is sure: they are an aside. Of what
    something was decided, all stays."""
    listed = tuple(found)
    room = sum(one.is_sure and one.settled_by is None for one in listed) - 1
    aside = [one for one in listed if not one.is_sure and one.settled_by is None]
    room -= sum(one.state is not None for one in aside)
    left = {one.key for one in [one for one in aside if one.state is None][max(0, room) :]}
    return tuple(one for one in listed if one.key not in left)


def _settling(word: Finding) -> tuple[Source, str]:
    if word.old is not None:
        return word.old, word.old_quote
    return word.source, word.quote


def _list_found(
    findings: Iterable[Finding], known: set[str], said: SaidNow
) -> Iterable[LooseThread]:
    for one in findings:
        if one.kind in ("contradiction", "verdict") or one.key in known:
            continue
        line = said.find(one.source, one.quote)
        if line is not None:
            yield LooseThread(
                one.key,
                cast(LooseKind, one.kind),
                one.quote,
                line.evening or None,
                one.source,
                line.about,
                made_by=one.made_by,
            )


def join_contradictions(
    found: Sequence[Contradiction], findings: Mapping[str, Finding], evidence: Evidence
) -> list[Contradiction]:
    """The same of contradictions."""
    said = SaidNow(evidence)
    known = {one.key for one in found}
    joined = [replace(one, is_doubted=_is_doubted(findings.get(one.key))) for one in found]
    for one in findings.values():
        if one.kind != "contradiction" or one.key in known or one.old is None:
            continue
        old, new = said.side(one.old, one.old_quote), said.side(one.source, one.quote)
        line = said.find(one.source, one.quote)
        if old is None or new is None or line is None:
            continue
        about = next(iter(line.about), None)
        thing = evidence.things.get(about) if about is not None else None
        subject = "" if thing is None else thing.name
        joined.append(
            Contradiction(
                one.key,
                subject,
                about,
                one.text,
                old,
                new,
                one.key,
                one.made_by,
                is_doubted=one.says == "settled",
            )
        )
    joined.sort(key=lambda one: (one.is_doubted, -(one.new.evening or 0)))
    return joined


def _is_doubted(word: Finding | None) -> bool:
    return word is not None and word.says == "settled" and not is_bare_no(word)


def list_shared(one: Line, other: Line) -> list[EntityRef]:
    """Who is named in both."""
    return [ref for ref in one.about if ref in other.about]
