"""Finds where one of many word patterns may match, without trying them all everywhere.

A pattern can only match where a word begins as its first word does, and only if everything it
cannot do without follows soon. Both are read out of the pattern itself, once. What is left to be
tried is little, however a text is made, so the cost grows with the length of the text alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, product
from operator import or_
from typing import Generic, NamedTuple, TypeVar

_PREFIX = 3
"""Characters of a word that are compared before a pattern is tried."""

_STOPS = ".!?"

# What separates words within one sentence. Possessive: two of them in a row must not try every
# way to share a long run of signs.
_BETWEEN = re.compile(r"((?:[.!?](?!\s)|[^\w.!?])++)")
_PAUSE = re.compile(r"\s*[.,;:!?)\n]")
_LONG = 32

SPACE = "(?:,? )"
"""What a space of a pattern matches in a text as `Words` spells it."""

_AHEAD = 32
"""Words within which a match ends."""


class _Spelled(dict[str, str]):
    """A separator as it is spelled here: a comma for what ends a clause, else a space."""

    def __missing__(self, separator: str) -> str:
        spelled = ", " if _PAUSE.match(separator) else " "
        if len(self) < 4_096:
            self[separator] = spelled
        return spelled


_SPELLED = _Spelled()


def _shortened(part: str) -> str:
    """Without its middle when it is very long: nothing is hidden by distance."""
    return part if len(part) <= _LONG else part[: _LONG // 2] + part[-_LONG // 2 :]


_SLICE = 20_000
_CUT = re.compile(r"\w(?=[^\w.!?])")


def _split(said: str) -> list[str]:
    """Words and what is between them in turn. A long text is split a part at a time, each of
    which ends with a word: nobody else can run while the engine reads a part."""
    parts, begin = [""], 0
    while begin < len(said):
        cut = _CUT.search(said, begin + _SLICE)
        end = len(said) if cut is None else cut.end()
        first, *others = _BETWEEN.split(said[begin:end])
        parts[-1] += first
        parts += others
        begin = end
    return parts


class Words(NamedTuple):
    """A text as words and what is between them: `text` is all of it, one space between words.

    `tight` is the text as it was, without the middle of very long words and of long runs of
    signs and spaces."""

    text: str
    starts: list[int]
    beginnings: list[str]
    tight: str

    @staticmethod
    def of(said: str) -> Words:
        """The words of a text in the guard's plain form."""
        parts = _split(said)
        if max(map(len, parts)) > _LONG:
            parts = list(map(_shortened, parts))
            said = "".join(parts)
        parts[1::2] = map(_SPELLED.__getitem__, parts[1::2])
        starts = [0, *accumulate(map(len, parts))][:-1:2]
        beginnings = [part[:_PREFIX] for part in parts[::2]]
        return Words("".join(parts), starts, beginnings, said)

    def spelled(self, spell: Callable[[str], str]) -> Words:
        """The same words with other letters for theirs, one for one."""
        beginnings = spell("\n".join(self.beginnings)).split("\n")
        return Words(spell(self.text), self.starts, beginnings, spell(self.tight))


# -------------------------------------------------------------- what a pattern cannot do without


class _Start(NamedTuple):
    """How a word may begin: `is_open` while what follows in the pattern belongs to it as well."""

    letters: str
    is_open: bool


class _Item(NamedTuple):
    """One item of a pattern: a letter, a group of alternatives, or something unknown."""

    letter: str
    group: list[list[_Item]]
    is_needed: bool


_TOKEN = re.compile(
    r"(?P<look>\(\?[=!])|(?P<group>\(\?:)|(?P<end>\))|(?P<bar>\|)"
    r"|(?P<times>(?:[*?]|\{0,\d*\})[?+]?)|(?P<more>(?:\+|\{[1-9]\d*(?:,\d*)?\})[?+]?)"
    r"|(?P<wild>\\[wWsSd]|\[[^\[\]]*\]|\.)|(?P<edge>\\b|\$|\^)|(?P<letter>\\?.)",
    re.DOTALL,
)
_WILD = "\0"
_WITHIN = re.compile(r"\\w\*(\w{3,})")
"""What a word is known by that may begin with anything."""


def _read(tokens: Iterator[re.Match[str]]) -> list[list[_Item]]:
    """The alternatives up to the end of a group. Looks ahead and behind say nothing here."""
    found: list[list[_Item]] = [[]]
    for token in tokens:
        kind = token.lastgroup
        if kind == "end":
            break
        if kind == "bar":
            found.append([])
        elif kind == "group":
            found[-1].append(_Item("", _read(tokens), is_needed=True))
        elif kind == "look":
            _read(tokens)
        elif kind == "times":
            found[-1][-1] = found[-1][-1]._replace(is_needed=False)
        elif kind == "wild":
            found[-1].append(_Item(_WILD, [], is_needed=True))
        elif kind == "letter":
            found[-1].append(_Item(token[0][-1], [], is_needed=True))
    return found


def _starts(items: Sequence[_Item]) -> set[_Start]:
    """How the words may begin that this part of a pattern begins with."""
    starts = {_Start("", is_open=True)}
    for item in items:
        added = set()
        for start in starts:
            if not start.is_open:
                added.add(start)
                continue
            if not item.is_needed:
                added.add(start)
            if item.group:
                after = [one for inner in item.group for one in _starts(inner)]
            elif item.letter in (" ", _WILD):
                after = [_Start(item.letter, is_open=False)]
            else:
                after = [_Start(item.letter, is_open=True)]
            for one in after:
                letters = (start.letters + one.letters)[:_PREFIX]
                added.add(_Start(letters, one.is_open and len(letters) < _PREFIX))
        starts = added
    return starts


def _prefixes(starts: set[_Start]) -> frozenset[str] | None:
    """What words are compared with; None where any word may begin there."""
    found: set[str] = set()
    for start in starts:
        letters = start.letters.split(" ")[0]
        if not letters or _WILD in letters:
            return None
        found.add(letters)
        # A short word is compared with the stops that follow it.
        for count in range(1, _PREFIX - len(letters) + 1):
            found |= {letters + "".join(stops) for stops in product(_STOPS, repeat=count)}
    return frozenset(found)


def _needs(items: Sequence[_Item]) -> Iterator[frozenset[str]]:
    """For each word that has to be there, how it may begin."""
    is_new_word = True
    for place, item in enumerate(items):
        if item.letter == " ":
            is_new_word = True
            continue
        if is_new_word and item.is_needed and item.letter != _WILD:
            prefixes = _prefixes(_starts(items[place:]))
            if prefixes is not None:
                yield prefixes
        if item.group:
            # A group may end with a space, or not.
            endings = {inner[-1].letter == " " if inner else False for inner in item.group}
            is_new_word = (is_new_word and not item.is_needed) or endings == {True}
            if endings == {True, False}:
                return
            if len(item.group) == 1 and item.is_needed:
                yield from _needs(item.group[0])
        elif item.is_needed:
            is_new_word = False


K = TypeVar("K")


class Rule(NamedTuple, Generic[K]):
    """A compiled pattern, what it is for, and what has to follow where it matches."""

    kind: K
    pattern: re.Pattern[str]
    needed: int


class PatternIndex(Generic[K]):
    """Patterns by the beginnings of their first words."""

    def __init__(self, patterns: Sequence[tuple[K, str]]) -> None:
        """`patterns` are written with one space where words are separated."""
        groups: dict[frozenset[str], int] = {}
        self._rules: dict[str, list[Rule[K]]] = {}
        for kind, text in patterns:
            compiled = re.compile(rf"(?<!\w)(?:{text.replace(' ', SPACE)})(?!\w)")
            for items in _read(_TOKEN.finditer(text)):
                needed = 0
                for prefixes in _needs(items):
                    needed |= groups.setdefault(prefixes, 1 << len(groups))
                heads = _prefixes(_starts(items))
                if heads is None:
                    raise ValueError(f"Nothing says how this begins: {text}")
                rule = Rule(kind, compiled, needed)
                for head in heads:
                    self._rules.setdefault(head, []).append(rule)
        self._parts = {part for _, text in patterns for part in _WITHIN.findall(text)}
        self._bits: dict[str, int] = {}
        for prefixes, bit in groups.items():
            for prefix in prefixes:
                self._bits[prefix] = self._bits.get(prefix, 0) | bit

    def may_begin(self, word: str) -> bool:
        """Whether any pattern has a word that begins, or holds a part, like this one."""
        beginning = word[:_PREFIX]
        return (
            beginning in self._bits
            or beginning in self._rules
            or any(part in word for part in self._parts)
        )

    def find(self, said: Words) -> Iterator[tuple[K, re.Match[str]]]:
        """Every match at the beginning of a word, in the order of the text."""
        rules = self._rules
        beginnings = said.beginnings
        heads = [place for place, beginning in enumerate(beginnings) if beginning in rules]
        if not heads:
            return
        bits = self._bits
        ahead = [bits.get(beginning, 0) for beginning in beginnings]
        step = 1
        while step < _AHEAD:
            ahead = [*map(or_, ahead, ahead[step:]), *ahead[-step:]]
            step *= 2
        for place in heads:
            there = ahead[place]
            for rule in rules[beginnings[place]]:
                if there & rule.needed == rule.needed:
                    found = rule.pattern.match(said.text, said.starts[place])
                    if found is not None:
                        yield rule.kind, found
