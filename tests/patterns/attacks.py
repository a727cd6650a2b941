"""Texts that a pattern may take long over, derived from the pattern's own tree.

A pattern is slow where something repeats: so for each repetition in it there is a beginning
that leads there, something to repeat, and an end that does not fit. What is repeated are the
bodies of the pattern's repetitions, and one character of every kind the pattern can tell apart.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]

_ALPHABET = (
    "aZ0_ \n\t\r\v\x85\u2028.,;:!?'\"`*#-+/\\|~^$%&@=<>()[]{}"
    "1bdxXsié’“”…。！я中あ한ไ\u0300\u200d\ufeff\u00a0\ufdd0🜁\x00"
)
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
_LOOKS = (sre.ASSERT, sre.ASSERT_NOT)
_CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d",
    sre.CATEGORY_NOT_DIGIT: r"\D",
    sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_NOT_WORD: r"\W",
}


@dataclass(frozen=True, slots=True)
class Attack:
    """`beginning`, `pump` as often as it takes, `end`."""

    beginning: str
    pump: str
    end: str

    def text(self, length: int) -> str:
        """About so many characters of it."""
        room = max(0, length - len(self.beginning) - len(self.end))
        return self.beginning + self.pump * (room // len(self.pump)) + self.end

    def __str__(self) -> str:
        return f"{self.beginning!r} + {self.pump!r} * n + {self.end!r}"


@dataclass(frozen=True, slots=True)
class Varied(Attack):
    """`pump` again and again, but each time with another character or word in place of `@`."""

    makes_words: bool = False

    def text(self, length: int) -> str:
        """About so many characters of it."""
        room = max(0, length - len(self.beginning) - len(self.end))
        size = len(self.pump) + (3 if self.makes_words else 0)
        make = _spell_number if self.makes_words else _pick_letter
        different = (self.pump.replace("@", make(at)) for at in range(room // size))
        return self.beginning + "".join(different) + self.end

    def __str__(self) -> str:
        return f"{Attack.__str__(self)} ({'words' if self.makes_words else 'characters'})"


def _pick_letter(number: int) -> str:
    """One of some 31,000 different letters: Chinese and Korean ones, as long as they last."""
    number %= 20_000 + 11_000
    return chr(0x4E00 + number) if number < 20_000 else chr(0xAC00 + number - 20_000)


def _spell_number(number: int) -> str:
    """One of half a million different words of four letters."""
    return "".join(chr(97 + number // 26**place % 26) for place in range(4))


def attacks_on(
    pattern: re.Pattern[str] | re.Pattern[bytes], most: int, seed: int = 1
) -> list[Attack]:
    """At most so many attacks: aimed ones, plain ones and, where there is room, all others."""
    if isinstance(pattern.pattern, bytes):
        return attacks_on_source(
            pattern.pattern.decode("latin-1"), pattern.flags & ~re.UNICODE, most, seed
        )
    return attacks_on_source(pattern.pattern, pattern.flags, most, seed)


def attacks_on_source(source: str, flags: int, most: int, seed: int = 1) -> list[Attack]:
    """The same for a pattern that is only read, not compiled."""
    tree = _parser.parse(source, flags & ~re.DEBUG)
    look = _Look(tree, bool(flags & re.IGNORECASE))
    repeated = list(dict.fromkeys(look.repetitions(tree, "")))
    ends = ["\x00", "", *look.ends()]
    plain = [Attack("", pump, end) for pump in look.letters for end in ends[:2]]
    aimed = [Attack(one.beginning, one.pump, end) for one in repeated for end in ends[:1]]
    around = [Attack("", one.beginning + one.pump, "") for one in repeated]
    turns = zip_longest(_mixed(aimed, seed), _mixed(plain, seed), _mixed(around, seed))
    found = list(dict.fromkeys(one for turn in turns for one in turn if one is not None))
    if len(found) < most:
        found = list(dict.fromkeys([*found, *_mixed(_others(look, repeated, ends), seed)]))
    return found[:most]


def _others(look: _Look, repeated: list[Attack], ends: list[str]) -> list[Attack]:
    beginnings = list(dict.fromkeys(["", *(one.beginning for one in repeated)]))
    pumps = list(dict.fromkeys([*look.letters, *(one.pump for one in repeated)]))
    return [
        *(Attack(begin, pump, end) for begin in beginnings for pump in pumps for end in ends),
        *(Attack("", begin + pump, end) for begin in beginnings for pump in pumps for end in ends),
        *(Attack("", a + b, end) for a in pumps for b in pumps if a != b for end in ends[:2]),
    ]


def _mixed(attacks: list[Attack], seed: int) -> list[Attack]:
    mixed = list(attacks)
    random.Random(seed).shuffle(mixed)
    return mixed


class _Look:
    def __init__(self, tree, ignores_case: bool) -> None:
        self._ignores_case = ignores_case
        sets = list(dict.fromkeys(self._sets(tree)))
        kinds: dict[tuple[bool, ...], str] = {}
        literals = "".join(dict.fromkeys(chr(given) for name, given in sets if name is sre.LITERAL))
        for letter in _ALPHABET + literals:
            kinds.setdefault(tuple(self._fits(one, letter) for one in sets), letter)
        self.letters = list(kinds.values())

    def ends(self) -> list[str]:
        return [one for one in ("!", "\n", "a", " ", ":") if one in self.letters][:3]

    def _sets(self, tree) -> Iterator[tuple]:
        for name, given in tree:
            if name in (sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY):
                yield name, (tuple(given) if name is sre.IN else given)
            for inner in _inner(name, given):
                yield from self._sets(inner)

    def _fits(self, node: tuple, letter: str) -> bool:
        name, given = node
        given = tuple(given) if name is sre.IN else given
        if self._ignores_case:
            return any(
                _fits(name, given, one)
                for one in {letter, letter.lower(), letter.upper()}
                if len(one) == 1
            )
        return _fits(name, given, letter)

    def sample(self, tree, pick: int = 0, least: int = 0) -> str:
        """A text that this part of the pattern fits, repetitions at least `least` times."""
        made = ""
        for name, given in tree:
            if name is sre.LITERAL:
                made += chr(given)
            elif name in (sre.NOT_LITERAL, sre.IN, sre.ANY):
                fitting = [one for one in self.letters if self._fits((name, given), one)]
                made += fitting[pick % len(fitting)] if fitting else ""
            elif name in _REPEATS:
                times = max(given[0], min(least, given[1]))
                made += self.sample(given[2], pick, least) * times
            elif name is sre.BRANCH:
                made += self.sample(given[1][pick % len(given[1])], pick, least)
            elif name is sre.SUBPATTERN:
                made += self.sample(given[3], pick, least)
            elif name is sre.ATOMIC_GROUP:
                made += self.sample(given, pick, least)
            elif name is sre.ASSERT and given[0] == 1:
                made += ""
        return made

    def repetitions(self, tree, before: str) -> Iterator[Attack]:
        """What leads to each repetition, along the first way there, and what it repeats."""
        for name, given in tree:
            for inner in _inner(name, given):
                yield from self.repetitions(inner, before)
            if name in _REPEATS and given[1] > 3:
                for pick in range(len(self.letters)):
                    for least in (0, 1):
                        pump = self.sample(given[2], pick, least)
                        if pump:
                            yield Attack(before, pump, "")
            before += self.sample([(name, given)], least=1) if name not in _LOOKS else ""


def _inner(name, given) -> list:
    if name in _REPEATS:
        return [given[2]]
    if name is sre.BRANCH:
        return list(given[1])
    if name is sre.SUBPATTERN:
        return [given[3]]
    if name in _LOOKS:
        return [given[1]]
    if name is sre.ATOMIC_GROUP:
        return [given]
    if name is sre.GROUPREF_EXISTS:
        return [one for one in given[1:] if one]
    return []


@cache
def _fits(name, given, letter: str) -> bool:
    if name is sre.LITERAL:
        return ord(letter) == given
    if name is sre.NOT_LITERAL:
        return ord(letter) != given
    if name is sre.ANY:
        return letter != "\n"
    if name is sre.RANGE:
        return given[0] <= ord(letter) <= given[1]
    if name is sre.CATEGORY:
        return re.match(_CATEGORIES[given], letter) is not None
    assert name is sre.IN
    is_other = given[0][0] is sre.NEGATE
    found = any(_fits(*one, letter) for one in given if one[0] is not sre.NEGATE)
    return found is not is_other
