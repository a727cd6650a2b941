"""What a model found in a campaign, as values, and how it joins what is found without one. Pure.

A model's word is kept with the rows and the words it rests on. What was changed or deleted since
is not shown any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


def join_threads(
    found: Sequence[LooseThread], findings: Mapping[str, Finding], evidence: Evidence
) -> list[LooseThread]:
    """What is found without a model, what a model found besides, the newest evenings first, and
    behind them what it says is settled."""
    said = SaidNow(evidence)
    joined = []
    for one in (*found, *_list_found(findings.values(), {one.key for one in found}, said)):
        word = findings.get(one.key)
        settled = word is not None and word.says == "settled"
        side = said.side(*_settling(word)) if word is not None and settled else None
        joined.append(replace(one, settled_by=side))
    joined.sort(key=lambda one: (one.settled_by is not None, -(one.evening or 0)))
    return joined


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
    joined = [
        replace(one, is_doubted=one.key in findings and findings[one.key].says == "settled")
        for one in found
    ]
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


def list_shared(one: Line, other: Line) -> list[EntityRef]:
    """Who is named in both."""
    return [ref for ref in one.about if ref in other.about]
