"""How alike a sentence is to those in which something stays open: a sum of small weights, one for
each word and each pair of words. Reads what `spell_plainly` gives. Pure; English.

The rules know how a promise, a debt or a secret is said; many are said in another way. What is only
alike is shown as what it is, an impression. The weights were settled on the hand-written lines of
`bench/` by `scripts/settle_likeness.py`, which also says how well they serve voices they were not
settled on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise
from pathlib import Path
from typing import Literal

from ttrpg_assistant.builtin.words import stem

Sayer = Literal["noted", "recap", "known", "table", "told"]
"""Who says a sentence: it is written down, in a recap, somebody of the campaign says it, somebody
who is not of it, or whoever narrates."""

WEIGHTS = Path(__file__).with_name("likeness_weights.txt")

MOST_WORDS = 60
"""Of a sentence that are weighed."""

_WORD = re.compile(r"WHO's|WHO|PLACE|THING|[a-z]+|\d+|[?!:;\"()\[\]>→=&*]")
_BEGIN, _END = "^", "$"


@dataclass(frozen=True, slots=True)
class Likeness:
    """To a promise or debt (`bond`), to what was kept back (`secret`); above 0 it is likelier than
    not. `owed`: of a bond, whether it is rather a debt."""

    bond: float
    owed: float
    secret: float


def list_features(plain: str, sayer: Sayer) -> set[str]:
    """What is weighed of a sentence: its words, pairs of words, pairs with a word between."""
    words = [_spell(found[0]) for found in islice(_WORD.finditer(plain), MOST_WORDS)]
    whole = [_BEGIN, *words, _END]
    return {
        f"by {sayer}",
        *words,
        *(f"{one} {other}" for one, other in pairwise(whole)),
        *(f"{one} _ {other}" for one, other in zip(whole, whole[2:], strict=False)),
    }


def _spell(word: str) -> str:
    if word.isdigit():
        return "#"
    return stem(word) if word.islower() else word


def rate(plain: str, sayer: Sayer) -> Likeness:
    """How alike a sentence is."""
    weights = _read_weights()
    sums = [0.0, 0.0, 0.0]
    for feature in ("", *list_features(plain, sayer)):
        found = weights.get(feature)
        if found is not None:
            for at, weight in enumerate(found):
                sums[at] += weight
    return Likeness(*sums)


@cache
def _read_weights() -> dict[str, tuple[float, float, float]]:
    lines = WEIGHTS.read_text(encoding="utf-8").splitlines()
    return dict(_read(line) for line in lines if not line.startswith("# "))


def _read(line: str) -> tuple[str, tuple[float, float, float]]:
    bond, owed, secret, feature = line.split("\t")
    return feature, (float(bond), float(owed), float(secret))


def spell_weights(weights: Iterable[tuple[str, tuple[float, float, float]]]) -> str:
    """Weights as they are kept: bond, owed, secret, feature; that of the empty one is always
    added."""
    lines = ["# Made by scripts/settle_likeness.py. bond, owed, secret, what is weighed"]
    for feature, three in sorted(weights):
        lines.append("\t".join([*(f"{one:.2f}" for one in three), feature]))
    return "\n".join(lines) + "\n"
