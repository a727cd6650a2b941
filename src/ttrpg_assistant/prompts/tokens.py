"""How many tokens a text is likely to be, without any model's own tokeniser.

Each kind of character has a weight: what the common vocabularies make of such text, on the
dear side. Weights are whole thousandths and are summed, so the estimate of a whole is never
more than that of its parts: a budget kept in parts is kept in whole. What providers report
corrects the estimate.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from zlib import adler32

# Thousandths of a token a character. English comes out near 3.7 characters a token and
# German near 3.5; digits, signs and capitals are dear because keys, tables and names are.
_WEIGHTS = {
    b"a": 280,  # small letters
    b"A": 500,
    b"0": 800,
    b"!": 600,  # signs
    b" ": 150,
    b"n": 500,  # line ends
    b"l": 900,  # accented Latin
    b"g": 500,  # Greek, Cyrillic, Armenian
    b"s": 700,  # Hebrew, Arabic and their kin
    b"i": 1200,  # the scripts of India and South-East Asia
    b"e": 1200,  # Chinese, Japanese, Korean, typographic signs
    b"p": 2500,  # emoji and whatever is rare
}
_LIGHTEST = min(_WEIGHTS.values())


def _class_of(byte: int) -> bytes:
    """The class of a UTF-8 byte. Following bytes have one that weighs nothing."""
    char = chr(byte)
    if byte < 0x80:
        if char.isspace():
            return b"n" if char in "\n\r" else b" "
        if char.isalpha():
            return b"a" if char.islower() else b"A"
        return b"0" if char.isdigit() else b"!"
    for above, kind in ((0xF0, b"p"), (0xE2, b"e"), (0xE0, b"i"), (0xD6, b"s"), (0xCD, b"g")):
        if byte >= above:
            return kind
    return b"l" if byte >= 0xC0 else b"."


_HUNDREDTHS = bytes(_WEIGHTS.get(_class_of(byte), 0) // 10 for byte in range(256))
"""The weight of each UTF-8 byte; all weights are whole hundredths."""

_PIECE, _ASCII_PIECE = 65_520 // max(_HUNDREDTHS), 65_520 // max(_HUNDREDTHS[:128])
"""Bytes weighed at once: the sum of so many of the heaviest stays below Adler-32's modulus."""


def _weigh(text: str) -> int:
    """Thousandths of a token. The low half of Adler-32 is the sum of the bytes, in C."""
    weights = text.encode("utf-8", "replace").translate(_HUNDREDTHS)
    most = _ASCII_PIECE if len(weights) == len(text) else _PIECE
    if len(weights) <= most:
        return (adler32(weights, 0) & 0xFFFF) * 10
    pieces = range(0, len(weights), most)
    return 10 * sum(adler32(weights[at : at + most], 0) & 0xFFFF for at in pieces)


_FAMILY = {"anthropic": 1.15, "ollama": 1.1, "openai-compatible": 1.1}
"""Families whose vocabularies make more tokens of the same text than the weights say."""

_MOST, _LEAST = 4.0, 0.4

_PLAUSIBLE = (0.4, 8.0)
"""Real counts for each estimated token; outside it, something else was counted."""

_STEP = 0.06
"""A change of the correction smaller than this is not followed: what fits must not change
from turn to turn."""


@dataclass(frozen=True, slots=True)
class TokenEstimator:
    """Estimates tokens for one model. `correction` is what experience with it has taught."""

    correction: float = 1.0
    _scale: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        bounded = min(_MOST, max(_LEAST, self.correction))
        object.__setattr__(self, "_scale", round(bounded * 1000))

    @classmethod
    def for_provider(cls, provider: str) -> TokenEstimator:
        """Where to begin with a model of this provider, before it has reported anything."""
        return cls(_FAMILY.get(provider, 1.0))

    def estimate(self, text: str) -> int:
        """Tokens, rounded up; 0 for no text. Linear in the text, under 1 ns a character."""
        return -(-_weigh(text) * self._scale // 1_000_000)

    def is_surely_over(self, text: str, tokens: int) -> bool:
        """Whether a look at the length alone says that the text is more than `tokens`."""
        return len(text) * _LIGHTEST * self._scale > tokens * 1_000_000

    def cut(self, text: str, tokens: int) -> str:
        """The longest beginning of at most `tokens`; it may split a character or be empty."""
        most = max(0, tokens) * 1_000_000 // (_LIGHTEST * self._scale)
        text = text[:most]
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            if self.estimate(text[:middle]) <= tokens:
                low = middle
            else:
                high = middle - 1
        return text[:low]

    def corrected(self, provider_estimate: int, provider_reported: int | None) -> float:
        """The correction to use from now on, given one prompt's estimate and the real count.

        It follows quickly upwards, where being wrong overfills a model, and slowly downwards.
        A missing count changes nothing, nor does one that no vocabulary could make of the text
        (a cached prompt reported as 9 tokens).
        """
        if provider_reported is None or provider_reported <= 0 or provider_estimate <= 0:
            return self.correction
        ratio = provider_reported / provider_estimate
        if not _PLAUSIBLE[0] <= ratio <= _PLAUSIBLE[1]:
            return self.correction
        ratio = min(2.5, ratio)
        pace = 0.6 if ratio > 1 else 0.15
        return min(_MOST, max(_LEAST, self.correction * (1 + pace * (ratio - 1))))


class LearnedEstimates:
    """What experience with each model has taught, as the estimators that prompts are built with.

    A prompt is never estimated below what the model's family begins with: a provider that
    counts too little cannot lead prompts past what the model reads. Small changes are held
    back, so that the same things fit from turn to turn.
    """

    def __init__(self) -> None:
        self._taught: dict[str, float] = {}
        self._in_use: dict[str, TokenEstimator] = {}

    def get(self, choice: str) -> TokenEstimator:
        """The estimator for a model named as ``provider:name``."""
        found = self._in_use.get(choice)
        return found or TokenEstimator.for_provider(choice.partition(":")[0])

    def learn(self, choice: str, estimated: int, reported: int | None) -> None:
        """Take note of what a provider counted for a prompt that `get` had estimated."""
        start = TokenEstimator.for_provider(choice.partition(":")[0]).correction
        used = self.get(choice)
        # The estimate was made with the correction in use, the lesson is for the one taught.
        taught = TokenEstimator(self._taught.get(choice, start))
        scaled = round(estimated * taught.correction / used.correction)
        self._taught[choice] = max(start, taught.corrected(scaled, reported))
        if abs(self._taught[choice] / used.correction - 1) > _STEP:
            self._in_use[choice] = TokenEstimator(self._taught[choice])

    def learn_refused(self, choice: str, estimated: int, counted: int | None) -> None:
        """Take note of what a provider counted for a prompt that it refused as too long: the next
        one must be no more than the model reads, so all of the difference counts at once."""
        used = self.get(choice)
        ratio = (counted or 0) / max(1, estimated)
        if 1 < ratio <= _PLAUSIBLE[1]:
            self._taught[choice] = min(_MOST, used.correction * ratio)
            self._in_use[choice] = TokenEstimator(self._taught[choice])
