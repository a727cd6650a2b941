"""The two recaps of a review, each sentence with the lines that say it.

A model writes from the summaries of the parts; a sentence that the lines do not say is left out.
Without a model the recap quotes. What only the game master wrote down is never in the players'.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from ttrpg_assistant.builtin.words import STOP_WORDS, fold, list_sentences, list_stems
from ttrpg_assistant.reviews.holding import Lines, shorten_quote
from ttrpg_assistant.reviews.model import Evidence, Found, Line
from ttrpg_assistant.reviews.names import NameRepairs, list_tokens
from ttrpg_assistant.reviews.picking import pick_telling
from ttrpg_assistant.reviews.wording import propose_recap

GM_SENTENCES, PLAYERS_SENTENCES = 14, 9
MOST_LINES = 12
"""Lines that a recap names."""

MOST_READ = 20_000
"""Lines that a recap is made from, the newest."""

_SHARE_OF_WORDS = 0.6
_COMMON = 400
"""Lines in which a word stands that says nothing about which line is meant."""

_CAPITAL = re.compile(r"(?<=[\w,;] )[^\W\d_][^\W_]*")
_NUMBER = re.compile(r"\d+")


class Recap(NamedTuple):
    """A recap that holds, and how many sentences did not."""

    found: Found | None
    left_out: int


def quote_recap(
    field: str, lines: Sequence[Line], repairs: NameRepairs, known: Sequence[str]
) -> Found | None:
    """A recap of sentences that were said, in their order. `known` are the names of the cast."""
    heard = [one for one in lines[-MOST_READ:] if _is_for(field, one)]
    count = PLAYERS_SENTENCES if field == "recap_players" else GM_SENTENCES
    chosen = pick_telling(Lines(heard, repairs), known, count)
    if not chosen:
        return None
    sentences = []
    evidence = []
    for source, sentence in chosen:
        line = heard[source]
        who = line.speaker.name or line.speaker.label
        own = repairs.repair(sentence)[0]
        sentences.append(f"{who}: “{own}”" if line.speaker.role != "gm" and who else own)
        quote = sentence if sentence in line.text else shorten_quote(line.text, sentence)
        evidence.append(Evidence(line.message_id, line.seq, quote))
    text = "\n".join(sentences)
    return Found(propose_recap(field, text), evidence[:MOST_LINES])


def _is_for(field: str, line: Line) -> bool:
    return field == "recap_gm" or line.speaker.role != "notes"


class SaidIndex:
    """Finds the line that says most of a sentence."""

    def __init__(self, field: str, lines: Sequence[Line], repairs: NameRepairs) -> None:
        self._repairs = repairs
        self._lines = [one for one in lines[-MOST_READ:] if _is_for(field, one)]
        self._by_stem: dict[str, list[int]] = defaultdict(list)
        self._words: set[str] = set()
        for at, line in enumerate(self._lines):
            heard = f"{repairs.repair(line.text)[0]} {line.speaker.label} {line.speaker.name}"
            self._words.update(word for word, _, _ in list_tokens(heard))
            for stem in set(list_stems(heard)):
                self._by_stem[stem].append(at)

    def hold_recap(self, field: str, text: str) -> Recap:
        """The sentences of a written recap that the lines say, with the lines that say most."""
        kept: list[str] = []
        evidence: dict[Evidence, None] = {}
        left_out = 0
        for sentence in list_sentences(self._repairs.repair(text)[0]):
            line = self._find_line(sentence)
            if line is None:
                left_out += 1
                continue
            kept.append(sentence)
            quote = shorten_quote(line.text, "")
            evidence[Evidence(line.message_id, line.seq, quote)] = None
        if not kept:
            return Recap(None, left_out)
        lines = sorted(evidence, key=lambda one: one.seq)[:MOST_LINES]
        return Recap(Found(propose_recap(field, " ".join(kept)), lines), left_out)

    def _find_line(self, sentence: str) -> Line | None:
        """The line that has most of the sentence's words; None where the talk has few of them, or
        not all of its names and numbers."""
        stems = list(dict.fromkeys(list_stems(sentence)))
        names = [fold(one[0]) for one in _CAPITAL.finditer(sentence) if one[0][0].isupper()]
        wanted = [*(one for one in names if one not in STOP_WORDS), *_NUMBER.findall(sentence)]
        if any(word not in self._words for word in wanted):
            return None
        known = [stem for stem in stems if stem in self._by_stem]
        if not known or len(known) < _SHARE_OF_WORDS * len(stems):
            return None
        counts = Counter[int]()
        for stem in known:
            places = self._by_stem[stem]
            for at in places if len(places) <= _COMMON else ():
                counts[at] += 1
        if not counts:
            return None
        return self._lines[min(counts, key=lambda at: (-counts[at], at))]
