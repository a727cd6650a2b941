"""Dice notation, read: text → tokens → a small tree. Nothing is rolled here.

    expression := sum modifier* [compare number ("|" number)*] [advantage]
    sum        := product (("+" | "-") product)*
    product    := factor (("*" | "/") factor)*
    factor     := number | dice [advantage] | "(" sum ")"
    dice       := [number] "d" (number | "%" | "F") modifier*
    modifier   := "!" [number] | ("k" | "kh" | "kl" | "dh" | "dl") [number]
    advantage  := ["with"] ("adv" | "advantage" | "dis" | "disadvantage")

`d66` reads two six-sided dice as tens and ones. A comparison counts successes when the
whole expression is one group of dice, and otherwise tests the total. Modifiers behind a whole
sum ("4d6+2 drop lowest") are those of its only group of several dice. What tables say in words
is turned into this notation first (dice_words.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from ttrpg_assistant.builtin.dice_words import spell_notation
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.normal_forms import compose

MAX_DICE = 1_000
"""Dice in one expression, those added by exploding included: every die is shown."""

MAX_SIDES = 1_000_000
MAX_NUMBER = 1_000_000_000
MAX_CHARACTERS = 300
MAX_DEPTH = 20

_MAY_BE_WRITTEN = (
    "Write for example 2d6+3, 4d6 drop lowest, d20 advantage, 3d6 exploding, "
    "6d6 count 5s and 6s, d66 or d%."
)

Keep = Literal["kh", "kl", "dh", "dl"]
Faces = Literal["number", "fudge", "tens_and_ones"]


@dataclass(frozen=True, slots=True)
class DiceGroup:
    """`count` dice thrown together."""

    count: int
    sides: int
    faces: Faces = "number"
    explode: bool = False
    keep: Keep | None = None
    keep_count: int = 1


@dataclass(frozen=True, slots=True)
class Operation:
    """Two parts joined by ``+``, ``-``, ``*`` or ``/`` (rounded down)."""

    sign: str
    left: Node
    right: Node


Node = DiceGroup | Operation | int


@dataclass(frozen=True, slots=True)
class Expression:
    """A whole expression: what to add up, how many dice that takes, what to hold it against."""

    text: str
    root: Node
    dice: int
    compare: str | None = None
    targets: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str


_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<word>with(?![a-z]))"
    r"|(?P<advantage>(?:adv(?:antage)?|dis(?:adv(?:antage)?)?)(?![a-z]))"
    r"|(?P<number>[0-9]+)"
    r"|(?P<keep>k[hl]?|d[hl])(?=[0-9\s!+\-*/)<>=,]|k[hl]?|d[hl]|\Z)"
    r"|(?P<die>d)"
    r"|(?P<percent>%)"
    r"|(?P<fudge>f(?![a-z]))"
    r"|(?P<bang>!)"
    r"|(?P<compare>>=|<=|>|<|=)"
    r"|(?P<sign>[+\-*/])"
    r"|(?P<bracket>[()])"
    r"|(?P<bar>\|)"
)
_SPELLINGS = str.maketrans({"−": "-", "–": "-", "×": "*", "÷": "/"})


def tokenise(text: str) -> list[Token]:
    """The tokens of an expression, without blanks; `InvalidInput` at the first odd character."""
    plain = compose(text).translate(_SPELLINGS)
    plain = plain.replace("≥", ">=").replace("≤", "<=").casefold().strip()
    if not plain:
        raise _broken(f"There are no dice to roll. {_MAY_BE_WRITTEN}")
    if len(plain) > MAX_CHARACTERS:
        raise _broken(f"A dice expression may be {MAX_CHARACTERS} characters long at most.")
    plain = spell_notation(plain).casefold()
    tokens: list[Token] = []
    at = 0
    while at < len(plain):
        found = _TOKEN.match(plain, at)
        if found is None:
            raise _broken(f"“{plain[at]}” in “{plain}” is not part of a roll. {_MAY_BE_WRITTEN}")
        kind = found.lastgroup or "space"
        if kind not in ("space", "word"):
            tokens.append(Token(kind, found.group()))
        at = found.end()
    return tokens


def parse(text: str) -> Expression:
    """The tree of an expression. Raises `InvalidInput` with a sentence for the table."""
    return _Parser(text.strip(), tokenise(text)).parse()


def _broken(sentence: str) -> InvalidInput:
    return InvalidInput(sentence, code="dice_unreadable")


def _too_many() -> InvalidInput:
    sentence = f"The table holds {MAX_DICE:,} dice at most in one roll."
    return InvalidInput(sentence, code="dice_too_many")


class _Parser:
    def __init__(self, text: str, tokens: list[Token]) -> None:
        self._text = text
        self._tokens = tokens
        self._at = 0
        self._depth = 0
        self._dice = 0

    def parse(self) -> Expression:
        root = self._sum()
        while (token := self._take("bang") or self._take("keep")) is not None:
            root = self._modify_only_group(root, token)
        compare, targets = None, list[int]()
        if (token := self._take("compare")) is not None:
            compare = token.text
            targets = self._list_targets(compare)
        root = self._advantage(root)
        groups = _list_groups(root)
        if len(groups) > 1 and any(group.keep and group.count == 1 for group in groups):
            raise _broken("Dice are kept or dropped among several of one kind, as in 4d6kh3.")
        if self._at < len(self._tokens):
            odd = f"“{self._here()}” does not fit there in “{self._text}”."
            raise _broken(f"{odd} {_MAY_BE_WRITTEN}")
        return Expression(self._text, root, self._dice, compare, tuple(targets))

    def _sum(self) -> Node:
        left = self._product()
        while (token := self._take("sign", "+-")) is not None:
            left = Operation(token.text, left, self._product())
        return left

    def _product(self) -> Node:
        left = self._factor()
        while (token := self._take("sign", "*/")) is not None:
            left = Operation(token.text, left, self._factor())
        return left

    def _factor(self) -> Node:
        if self._take("bracket", "(") is not None:
            self._depth += 1
            if self._depth > MAX_DEPTH:
                raise _broken("There are too many brackets inside one another.")
            inner = self._sum()
            if self._take("bracket", ")") is None:
                raise _broken(f"A bracket is not closed in “{self._text}”.")
            self._depth -= 1
            return inner
        if self._take("sign", "-") is not None:
            return Operation("-", 0, self._factor())
        number = self._take("number")
        if self._take("die") is not None:
            return self._dice_group(number)
        if number is None:
            where = f"before “{self._here()}”" if self._at < len(self._tokens) else "at the end"
            raise _broken(f"Something is missing {where} of “{self._text}”. {_MAY_BE_WRITTEN}")
        return _whole(number.text, MAX_NUMBER)

    def _dice_group(self, number: Token | None) -> Node:
        count = 1 if number is None else _whole(number.text, MAX_NUMBER)
        group = replace(self._faces(), count=count)
        if count < 1:
            raise _broken("At least one die has to be rolled.")
        self._dice += count * (2 if group.faces == "tens_and_ones" else 1)
        if self._dice > MAX_DICE:
            raise _too_many()
        while (token := self._take("bang") or self._take("keep")) is not None:
            group = self._modified(group, token)
        return self._advantage(group)

    def _faces(self) -> DiceGroup:
        if self._take("percent") is not None:
            return DiceGroup(1, 100)
        if self._take("fudge") is not None:
            return DiceGroup(1, 3, "fudge")
        sides = self._take("number")
        if sides is None:
            raise _broken(f"How many sides has the die in “{self._text}”? Write for example d6.")
        if sides.text == "66":
            return DiceGroup(1, 6, "tens_and_ones")
        count = _whole(sides.text, MAX_SIDES)
        if count < 1:
            raise _broken("A die needs at least one side.")
        return DiceGroup(1, count)

    def _modified(self, group: DiceGroup, token: Token) -> DiceGroup:
        if group.faces == "tens_and_ones":
            raise _broken("d66 is read as tens and ones; it takes no modifier.")
        if token.kind == "bang":
            if group.faces != "number" or group.sides < 2:
                raise _broken("Only dice with two sides or more can explode.")
            face = self._take("number")
            if face is not None and _whole(face.text, MAX_NUMBER) != group.sides:
                raise _broken(f"Here dice explode on their highest face only, {group.sides}.")
            return replace(group, explode=True)
        if group.keep is not None:
            raise _broken("Dice can be kept or dropped once in a group, not twice.")
        keep: Keep = "kh"
        for known in ("kl", "dh", "dl"):
            if token.text == known:
                keep = known
        number = self._take("number")
        keep_count = 1 if number is None else _whole(number.text, MAX_NUMBER)
        if keep_count > group.count:
            verb = "kept" if keep.startswith("k") else "dropped"
            raise _broken(f"{keep_count} dice cannot be {verb} out of {group.count}.")
        return replace(group, keep=keep, keep_count=keep_count)

    def _advantage(self, node: Node) -> Node:
        token = self._take("advantage")
        if token is None:
            return node
        changed = _with_advantage(node, "kh" if token.text.startswith("adv") else "kl")
        if changed is None:
            raise _broken("Advantage and disadvantage need a single die, as in “d20+5 adv”.")
        self._dice += 1
        if self._dice > MAX_DICE:
            raise _too_many()
        return changed

    def _modify_only_group(self, root: Node, token: Token) -> Node:
        """The modifier behind a sum, put to the one group in it that it can be meant for."""
        groups = [group for group in _list_groups(root) if group.count > 1 and group.keep is None]
        if len(groups) != 1:
            raise _broken(f"It is not clear which dice “{token.text}” is for in “{self._text}”.")
        return _replace_group(root, groups[0], self._modified(groups[0], token))

    def _list_targets(self, compare: str) -> list[int]:
        missing = f"“{compare}” needs a number after it"
        targets = [self._signed_number(missing)]
        while compare == "=" and self._take("bar") is not None:
            targets.append(self._signed_number(missing))
        return targets

    def _signed_number(self, missing: str) -> int:
        sign = -1 if self._take("sign", "-") is not None else 1
        number = self._take("number")
        if number is None:
            raise _broken(f"{missing} in “{self._text}”.")
        return sign * _whole(number.text, MAX_NUMBER)

    def _take(self, kind: str, texts: str | None = None) -> Token | None:
        if self._at >= len(self._tokens):
            return None
        token = self._tokens[self._at]
        if token.kind != kind or (texts is not None and token.text not in texts):
            return None
        self._at += 1
        return token

    def _here(self) -> str:
        return self._tokens[self._at].text if self._at < len(self._tokens) else ""


def _with_advantage(node: Node, keep: Keep) -> Node | None:
    """The tree with its first single die doubled and the better or worse one kept."""
    if isinstance(node, DiceGroup):
        if node.count != 1 or node.faces != "number" or node.keep is not None:
            return None
        return replace(node, count=2, keep=keep, keep_count=1)
    if isinstance(node, Operation):
        left = _with_advantage(node.left, keep)
        if left is not None:
            return replace(node, left=left)
        right = _with_advantage(node.right, keep)
        return None if right is None else replace(node, right=right)
    return None


def _list_groups(node: Node) -> list[DiceGroup]:
    if isinstance(node, Operation):
        return [*_list_groups(node.left), *_list_groups(node.right)]
    return [node] if isinstance(node, DiceGroup) else []


def _replace_group(node: Node, old: DiceGroup, new: DiceGroup) -> Node:
    """The tree with this very group changed."""
    if isinstance(node, Operation):
        left, right = _replace_group(node.left, old, new), _replace_group(node.right, old, new)
        return replace(node, left=left, right=right)
    return new if node is old else node


def _whole(digits: str, limit: int) -> int:
    # Compared by length first: int() of a very long text of digits is slow and may be refused.
    if len(digits.lstrip("0")) > 10 or int(digits) > limit:
        raise _broken(f"{digits[:12]} is too large a number; the most is {limit:,}.")
    return int(digits)
