"""Asks a model what is open and what contradicts itself in some lines, and reads its answer
strictly: what names no line, or words that the line does not hold, is left out and counted. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.continuity.findings import Finding, FindingKind, list_shared
from ttrpg_assistant.continuity.model import Line, make_key
from ttrpg_assistant.continuity.planning import LINE_CHARACTERS, Asked, Candidate
from ttrpg_assistant.continuity.promises import QUOTED
from ttrpg_assistant.continuity.sentences import find_speaker, split_sentences
from ttrpg_assistant.errors import BadAnswer
from ttrpg_assistant.llm.lenient import Num, Value, read_values
from ttrpg_assistant.prompts.budget import Budget, Item, Section
from ttrpg_assistant.prompts.compose import Prompt, compose_task
from ttrpg_assistant.prompts.facts import History
from ttrpg_assistant.prompts.fence import new_nonce
from ttrpg_assistant.prompts.sanitise import sanitise
from ttrpg_assistant.reviews.holding import Lines
from ttrpg_assistant.reviews.model import Line as ReadLine
from ttrpg_assistant.reviews.model import Speaker
from ttrpg_assistant.reviews.names import NameRepairs, SaidWords
from ttrpg_assistant.suggestions.fields import as_text
from ttrpg_assistant.suggestions.kinds import find_word, keyed, snake, unwrap

ASK = "Say what is open and what contradicts itself in the lines above, as a JSON list."

MOST_ENTRIES = 60
"""Taken from one answer."""

MOST_NUMBERS = 6
SENTENCE_CHARACTERS = 200

_LOOSE = frozenset({"promised", "owed", "planted"})


class PartTooLong(Exception):
    """The lines find no room in what the model reads."""


@dataclass(slots=True)
class Answer:
    """What an answer says. `left_out` counts what its lines do not hold."""

    findings: list[Finding] = field(default_factory=list)
    left_out: int = 0


def ask_of_part(asked: Asked) -> Callable[[Budget], Prompt]:
    """What to send to have a part read. Composing raises `PartTooLong` when it does not fit as a
    whole."""
    nonce = new_nonce()

    def compose(budget: Budget) -> Prompt:
        lines = asked.lines
        places = {line.source: at for at, line in enumerate(lines, 1)}
        said = [Item(_spell(at, line)) for at, line in enumerate(lines, 1)]
        sections = [Section("lines", "The lines:", said, len(said))]
        about = [
            Item(_spell_candidate(letter, one, places))
            for letter, one in zip(spell_letters(), asked.candidates, strict=False)
        ]
        if about:
            sections.insert(0, Section("asked", "What is asked about:", about, len(about)))
        prompt = compose_task(
            "continuity_part",
            history=History(),
            request=ASK,
            budget=budget,
            nonce=nonce,
            sections=sections,
        )
        if any(one.left_out_count for one in prompt.manifest.sections):
            raise PartTooLong
        return prompt

    return compose


def _spell(at: int, line: Line) -> str:
    when = f" game session {line.evening}:" if line.evening else ""
    what = "" if line.is_spoken else f" {line.source.kind}:"
    return f"[{at}]{when}{what} {sanitise(cut_text(line.text, LINE_CHARACTERS), LINE_CHARACTERS)}"


def _spell_candidate(letter: str, one: Candidate, places: dict[Any, int]) -> str:
    lines = ", ".join(str(places[source]) for source in one.sources if source in places)
    return f"{letter} (line {lines}): {sanitise(one.text, QUOTED)}"


def spell_letters() -> Iterator[str]:
    """A, B … Z, A2, B2 …"""
    number = 1
    while True:
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
            yield letter if number == 1 else f"{letter}{number}"
        number += 1


def read_answer(text: str, asked: Asked, choice: str) -> Answer:
    """What an answer says of this part. Raises `BadAnswer` where it is no list at all."""
    reading = read_values(text)
    items = [] if reading is None else unwrap(reading.values)
    if not any(isinstance(one, dict) for one in items) and "[]" not in "".join(text.split()):
        raise BadAnswer(
            "The model's answer could not be read.",
            cure="Try again, or choose another model.",
        )
    reader = _Reader(asked, choice)
    for item in items[:MOST_ENTRIES]:
        if isinstance(item, dict):
            reader.take(keyed(item))
    reader.answer.left_out += max(0, len(items) - MOST_ENTRIES)
    return reader.answer


class _Reader:
    """Reads the entries of an answer to one part."""

    def __init__(self, asked: Asked, choice: str) -> None:
        self._lines = asked.lines
        self._candidates = dict(zip(spell_letters(), asked.candidates, strict=False))
        self._known = {one.key for one in asked.candidates}
        self._said = Lines([_as_read(line) for line in self._lines], _NO_REPAIRS)
        self._choice = choice
        self.answer = Answer()

    def take(self, entry: dict[str, Value]) -> None:
        """One entry: a finding of it, or one more that is left out."""
        found = self._read(entry)
        if found is None:
            self.answer.left_out += 1
        elif found.key not in {one.key for one in self.answer.findings}:
            self.answer.findings.append(found)

    def _read(self, entry: dict[str, Value]) -> Finding | None:
        for word in ("open", "settled", "no"):
            if word in entry:
                return self._read_verdict(entry, word)
        kind = snake(find_word(entry, ("kind", "type")) or "")
        if kind in _LOOSE:
            return self._read_loose(entry, kind)
        return self._read_pair(entry) if kind == "contradiction" else None

    def _read_verdict(self, entry: dict[str, Value], word: str) -> Finding | None:
        one = self._candidates.get(as_text(entry[word]).strip().upper())
        if one is None:
            return None
        own = {source for source in one.sources}
        first = next((line for line in self._lines if line.source in own), None)
        if first is None:
            return None
        if word != "settled":
            # It names the line it judges, or it has not read it.
            if not own & {self._lines[at - 1].source for at in self._list_numbers(entry)}:
                return None
            if word == "open":
                return self._verdict(one, "real", first, "")
            at = self._find_quote(as_text(entry.get("quote")), entry)
            if at is None or self._lines[at[0]].source not in own:
                return self._verdict(one, "settled", first, "")
            return self._verdict(one, "settled", self._lines[at[0]], cut_text(at[1], QUOTED))
        at = self._find_quote(as_text(entry.get("quote")), entry)
        if at is None:
            return None
        line, quote = self._lines[at[0]], at[1]
        # What is said settles nothing of itself, and nothing before it was said.
        is_before = (line.evening, line.place) < (first.evening, first.place)
        if len(own) == 1 and (line.source in own or is_before):
            return None
        sentence = _find_sentence(line, quote) or quote
        return self._verdict(one, "settled", line, cut_text(sentence, QUOTED))

    def _verdict(self, one: Candidate, says: str, line: Line, quote: str) -> Finding:
        said = cast(Any, says)
        return Finding(one.key, "verdict", said, "", line.source, quote, made_by=self._choice)

    def _read_loose(self, entry: dict[str, Value], kind: str) -> Finding | None:
        at = self._find_quote(as_text(entry.get("quote")), entry)
        if at is None:
            return None
        line = self._lines[at[0]]
        sentence = _find_sentence(line, at[1])
        if not sentence or sentence.endswith("?"):
            return None
        key = make_key(kind, line.source.kind, line.source.id, fold(sentence))
        same = {make_key(one, line.source.kind, line.source.id, fold(sentence)) for one in _LOOSE}
        if same & self._known:
            return None
        quote = cut_text(sentence, QUOTED)
        return Finding(
            key, cast(FindingKind, kind), "found", quote, line.source, quote, made_by=self._choice
        )

    def _read_pair(self, entry: dict[str, Value]) -> Finding | None:
        quotes = entry.get("quotes", entry.get("quote"))
        texts = [as_text(one) for one in quotes] if isinstance(quotes, list) else []
        places = [self._find_quote(text, entry) for text in texts[:2]]
        if len(places) < 2 or places[0] is None or places[1] is None:
            return None
        sides = sorted((places[0], places[1]))
        (old_at, old_quote), (new_at, new_quote) = sides
        old, new = self._lines[old_at], self._lines[new_at]
        if old.source == new.source or not list_shared(old, new):
            return None
        text = as_text(entry.get("text")).strip()
        if not text or not self._said.holds(text, [old_at, new_at]):
            return None
        old_said = _find_sentence(old, old_quote) or old_quote
        new_said = _find_sentence(new, new_quote) or new_quote
        sides_key = (old.source.kind, old.source.id, fold(old_said), new.source.kind, new.source.id)
        return Finding(
            make_key("said", *sides_key),
            "contradiction",
            "found",
            cut_text(text, SENTENCE_CHARACTERS),
            new.source,
            cut_text(new_said, QUOTED),
            old.source,
            cut_text(old_said, QUOTED),
            self._choice,
        )

    def _find_quote(self, quote: str, entry: dict[str, Value]) -> tuple[int, str] | None:
        """The line that says these words, one of those named; None where none of them does."""
        numbers = self._list_numbers(entry)
        found = self._said.find_quote(quote, numbers) if numbers else None
        return found if found is not None and found[0] + 1 in numbers else None

    def _list_numbers(self, entry: dict[str, Value]) -> list[int]:
        """The lines that an entry names and that are there."""
        numbers = _read_numbers(entry.get("lines", entry.get("line")))
        return [one for one in numbers if 0 < one <= len(self._lines)]


_NO_REPAIRS = NameRepairs(SaidWords(), [])
_NOBODY = Speaker("", "gm")


def _as_read(line: Line) -> ReadLine:
    text = cut_text(line.text, LINE_CHARACTERS)
    speaker = find_speaker(text) if line.is_spoken else ""
    body = text.partition(":")[2].strip() if speaker else text
    who = Speaker(speaker, "player") if speaker else _NOBODY
    return ReadLine(line.source.id, line.place, 0, len(text), who, body)


def _find_sentence(line: Line, quote: str) -> str:
    """The whole sentence in which the quote begins, as it stands in the line."""
    for sentence in split_sentences(line.text, is_spoken=line.is_spoken):
        if quote in sentence or sentence in quote:
            return sentence
    return quote if quote in line.text else ""


def _read_numbers(value: Value) -> list[int]:
    """The numbers of lines, however they are written: [3, 4], 3, "[3]"."""
    many: Sequence[Value] = value if isinstance(value, list) else [value]
    numbers: list[int] = []
    for one in many[:MOST_NUMBERS]:
        text = str(one) if isinstance(one, (Num, str)) else ""
        digits = "".join(mark if mark.isdecimal() else " " for mark in text[:40]).split()
        numbers += [int(mark) for mark in digits if len(mark) <= 6]
    return numbers[:MOST_NUMBERS]
