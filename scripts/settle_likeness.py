"""Settle the weights of `continuity/likeness.py` on the hand-written lines of `bench/`.

    python scripts/settle_likeness.py             # writes them
    python scripts/settle_likeness.py --hold-out  # how well they serve voices they have not seen

Logistic regression with a penalty on large weights. A line has several sentences and only one of
them says it, so the likeliest is taken and the weights are settled again. The set that no rule is
changed for (`planted_untouched.txt`) is left out.
"""

from __future__ import annotations

import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.planted_canon import fill_letters
from bench.planted_cases import TEXTS, read_voices
from ttrpg_assistant.campaigns.mentions import EntityRef, NameIndex
from ttrpg_assistant.continuity.judging import (
    LEAST_BOND,
    LEAST_SECRET,
    SURE_BOND,
    SURE_SECRET,
    find_sayer,
)
from ttrpg_assistant.continuity.likeness import WEIGHTS, list_features, spell_weights
from ttrpg_assistant.continuity.model import Evidence, Line, Source
from ttrpg_assistant.continuity.reading import read_sentences
from ttrpg_assistant.continuity.weighing import list_named

PENALTY = 3.0
STEPS = 300
ROUNDS = 3
LEAST_VOICES = 2
"""In which a feature must come up."""
LEAST_WEIGHT = 0.03
FOLDS = 10

_NAMES = {
    "N": ("npc", "Aldric"),
    "M": ("npc", "Brenna"),
    "O": ("npc", "Cassil"),
    "P": ("character", "Rook"),
    "Q": ("character", "Hazel"),
    "L": ("location", "Saltgate"),
    "K": ("location", "Ravenscar"),
    "@": ("item", "Moon Pearl"),
}
_INDEX: NameIndex = NameIndex(
    [(EntityRef(kind, one), name) for one, (kind, name) in _NAMES.items()]
)  # type: ignore[arg-type]
_LETTERS = {one: name for one, (_, name) in _NAMES.items()}


@dataclass
class Example:
    """A line: the features of each sentence, what stays open by it, and whose voice it is."""

    sentences: list[set[str]]
    kind: str
    voice: str


def list_examples() -> list[Example]:
    """Every line of the sets; what settles something is a line in which nothing stays open."""
    found = []
    for path in TEXTS:
        if path.name == "planted_untouched.txt":
            continue
        for voice, case in read_voices(path):
            kind = case.kind if case.kind in ("promised", "owed", "planted") else "none"
            for text, says in ((case.first, kind), (case.then, "none")):
                if text and not text.startswith(("sheet", "fact")):
                    found.append(Example(_read(text), says, f"{path.name} {voice}"))
    return found


def _read(text: str) -> list[set[str]]:
    head, _, rest = (filled := fill_letters(text, _LETTERS)).partition(": ")
    is_written = head in ("note", "recap")
    source = Source(head if is_written else "message", "")
    said = rest if is_written else filled
    line = Line(source, said, 1, 0, list_named(said, _INDEX))
    read = read_sentences(Evidence([line]), _INDEX)
    return [list_features(one.plain, find_sayer(one)) for one in read]


Weights = dict[str, float]


def settle(examples: Sequence[Example], is_wanted: Callable[[str], bool]) -> Weights:
    """Weights that tell the lines that are wanted from the others."""
    voices: dict[str, set[str]] = defaultdict(set)
    for one in examples:
        for features in one.sentences:
            for feature in features:
                voices[feature].add(one.voice)
    kept = sorted(one for one, those in voices.items() if len(those) >= LEAST_VOICES)
    columns = {feature: at for at, feature in enumerate(kept)}
    rows = [(at, said) for at, one in enumerate(examples) for said in one.sentences]
    x = np.zeros((len(rows), len(kept) + 1), np.float32)
    x[:, -1] = 1
    for row, (_, features) in enumerate(rows):
        x[row, [columns[one] for one in features if one in columns]] = 1
    y = np.array([is_wanted(examples[at].kind) for at, _ in rows], np.float32)
    share = np.array(
        [
            1 / len(examples[at].sentences) if one else 1
            for (at, _), one in zip(rows, y, strict=True)
        ],
        np.float32,
    )
    w = _fit(x, y, share)
    for _ in range(ROUNDS - 1):
        share = _share_anew(rows, y, x @ w)
        w = _fit(x, y, share)
    return {feature: float(w[at]) for feature, at in columns.items()} | {"": float(w[-1])}


def _share_anew(rows: Sequence[tuple[int, Any]], y: Any, scores: Any) -> Any:
    best: dict[int, int] = {}
    for row, (at, _) in enumerate(rows):
        if y[row] and (at not in best or scores[row] > scores[best[at]]):
            best[at] = row
    chosen = set(best.values())
    return np.array([not one or row in chosen for row, one in enumerate(y)], np.float32)


def _fit(x: Any, y: Any, share: Any) -> Any:
    """Nesterov's way down; the last column, which is always 1, has no penalty."""
    penalty = np.full(x.shape[1], PENALTY, np.float32)
    penalty[-1] = 0
    along = np.ones(x.shape[1], np.float32)
    for _ in range(20):
        along = x.T @ (x @ along)
        steepest = float(np.linalg.norm(along))
        along /= steepest
    step = 1 / (PENALTY + steepest / 4)
    w = v = np.zeros(x.shape[1], np.float32)
    for number in range(STEPS):
        gradient = x.T @ (share * (1 / (1 + np.exp(-(x @ v))) - y)) + penalty * v
        following = v - step * gradient
        v = following + number / (number + 3) * (following - w)
        w = following
    return w


def score(weights: Weights, features: set[str]) -> float:
    """The sum for one sentence."""
    return weights[""] + sum(weights.get(one, 0) for one in features)


_BOND, _SECRET = frozenset({"promised", "owed"}), frozenset({"planted"})


def write() -> None:
    """Settle on all lines and write."""
    examples = list_examples()
    bond = settle(examples, _BOND.__contains__)
    owed = settle([one for one in examples if one.kind in _BOND], "owed".__eq__)
    secret = settle(examples, _SECRET.__contains__)
    features = {*bond, *owed, *secret}
    three = ((one, (bond.get(one, 0), owed.get(one, 0), secret.get(one, 0))) for one in features)
    kept = [(one, each) for one, each in three if not one or max(map(abs, each)) >= LEAST_WEIGHT]
    WEIGHTS.write_text(spell_weights(kept), encoding="utf-8")
    print(f"{len(examples):,} lines, {len(kept):,} weights, {WEIGHTS.stat().st_size:,} bytes")


def hold_out() -> None:
    """Each tenth of the voices by weights that were settled on the others."""
    examples = list_examples()
    voices = sorted({one.voice for one in examples})
    random.Random(3).shuffle(voices)
    for name, wanted, sure, least in (
        ("bond", _BOND, SURE_BOND, LEAST_BOND),
        ("secret", _SECRET, SURE_SECRET, LEAST_SECRET),
    ):
        scored = []
        for fold in range(FOLDS):
            held = set(voices[fold::FOLDS])
            weights = settle([o for o in examples if o.voice not in held], wanted.__contains__)
            scored += [
                (max(score(weights, each) for each in one.sentences), one.kind in wanted, one.voice)
                for one in examples
                if one.voice in held and one.sentences
            ]
        for of in ("", "further"):
            those = [one for one in scored if of in one[2]]
            for line in _tell(those, (sure, least)):
                print(name, of or "all", line)


def _tell(scored: Sequence[tuple[float, bool, str]], least: Sequence[float]) -> Iterator[str]:
    there = sum(is_so for _, is_so, _ in scored)
    for bar in least:
        shown = [is_so for score, is_so, _ in scored if score >= bar]
        right = sum(shown)
        yield f"≥ {bar}: {right / there:.2f} found, {right / max(1, len(shown)):.2f} right"


if __name__ == "__main__":
    hold_out() if "--hold-out" in sys.argv else write()
