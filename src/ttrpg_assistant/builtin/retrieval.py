"""Recall: which of the given passages bear on a question, and which of their sentences.

A small BM25 over what was handed in. Rare words count more than common ones, a title
counts twice, and a thing called by its name comes before everything else.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ttrpg_assistant.builtin.quoting import Unit
from ttrpg_assistant.builtin.words import list_sentences, list_stems, list_words_in
from ttrpg_assistant.llm.types import Passage

MAX_QUESTION_CHARACTERS = 2_000
"""What a question says past this is not searched for; no one asks that long a question."""

_SATURATION = 1.2
_LENGTH_WEIGHT = 0.4
_MORE_OF_THE_NAMED = 2
"""Sentences quoted besides, of a thing that was asked for by its name."""

_NAMES_NOTHING = frozenset(
    {"session", "game", "note", "known", "fact", "event", "chat", "campaign", "house", "rules"}
)
"""Words of titles that many things share: saying one of them names none."""


@dataclass(frozen=True, slots=True)
class Find:
    """A passage that bears on the question and the sentences of it that do.

    `named` says that the question calls the thing by its name; `score` leaves that out.
    """

    passage: Passage
    score: float
    named: bool
    quote: tuple[str, ...]


def rank(question: str, passages: Sequence[Passage], quote_sentences: int = 2) -> list[Find]:
    """The passages that bear on the question, best first; empty when none does.

    A passage counts when the question calls it by its name, or when it holds a third of the
    question's meaningful words (at most three of them).
    """
    question = question[:MAX_QUESTION_CHARACTERS]
    asked = set(list_stems(question))
    spoken = set(list_words_in(question))
    stems = [list_stems(passage.text) for passage in passages]
    titles = [list_stems(_telling_part(passage)) for passage in passages]
    weights = _weigh(asked, stems, titles)
    average = sum(map(len, stems)) / max(1, len(stems)) or 1.0
    needed = max(1, min(3, math.ceil(len(asked) / 3)))
    finds: list[Find] = []
    for passage, body, title in zip(passages, stems, titles, strict=True):
        counts = Counter(body)
        counts.update(title * 2)
        matched = [word for word in asked if counts[word]]
        named = passage.kind != "message" and _is_named(passage.title, spoken)
        if not named and len(matched) < needed:
            continue
        length = 1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * len(body) / average
        score = sum(
            weights[word] * counts[word] / (counts[word] + _SATURATION * length) for word in matched
        )
        if passage.text.rstrip().endswith("?"):
            score *= 0.4  # an earlier question is seldom the answer to this one
        count = quote_sentences + _MORE_OF_THE_NAMED * named
        quote = pick_sentences(passage.text, weights, count, from_start=named)
        finds.append(Find(passage, score, named, quote))
    finds.sort(key=lambda find: (not find.named, -find.score))
    return finds


def pick_sentences(
    text: str, weights: dict[str, float], count: int, *, from_start: bool = False
) -> tuple[str, ...]:
    """The sentences that hold most of the weighed words, in the order of the text.

    `from_start` lets the opening win ties strongly: a sheet says first what matters most.
    """
    sentences = list_sentences(text)
    if len(sentences) <= count:
        return tuple(sentences)
    scored: list[tuple[float, int]] = []
    for at, sentence in enumerate(sentences):
        found = set(list_stems(sentence))
        score = sum(weights.get(word, 0.0) for word in found)
        if from_start and at < count:
            score += 0.5
        scored.append((-score + at * 1e-6, at))
    best = sorted(at for _, at in sorted(scored)[:count])
    return tuple(sentences[at] for at in best)


def pick_units(passage: Passage, asked: Sequence[str], count: int = 4) -> list[Unit]:
    """What a text without fields says first, and those of its sentences that were asked for."""
    weights = dict.fromkeys(asked, 1.0)
    picked = pick_sentences(passage.text, weights, count, from_start=True)
    return [Unit(passage, sentence, "", passage.gm_only) for sentence in picked]


def _weigh(
    asked: set[str], stems: Sequence[list[str]], titles: Sequence[list[str]]
) -> dict[str, float]:
    """Inverse document frequency of each asked word over the passages given."""
    held = Counter[str]()
    for body, title in zip(stems, titles, strict=True):
        held.update(asked.intersection(body).union(asked.intersection(title)))
    total = len(stems)
    return {
        word: math.log(1 + (total - held[word] + 0.5) / (held[word] + 0.5)) + 0.1 for word in asked
    }


def _telling_part(passage: Passage) -> str:
    """The title without the words that name nothing; a message's says only who spoke, and when."""
    if passage.kind == "message":
        return ""
    return " ".join(w for w in list_words_in(passage.title) if w not in _NAMES_NOTHING)


def _is_named(title: str, spoken: set[str]) -> bool:
    """Whether the question says the whole title, or its first word of some length.

    "Mira" calls "Mira Voss". Only words that stand for something count: a title such as
    "The Last" is not called by "the".
    """
    words = [word.removesuffix("'s").removesuffix("’s") for word in list_words_in(title)]
    words = [word for word in words if word not in _NAMES_NOTHING]
    said = {word.removesuffix("'s").removesuffix("’s") for word in spoken}
    telling = [word for word in words if list_stems(word)]
    if not telling:
        return bool(words) and all(word in said for word in words)
    return all(word in said for word in telling) or (len(telling[0]) >= 3 and telling[0] in said)
