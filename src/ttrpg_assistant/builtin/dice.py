"""Dice, rolled: an expression and a source of chance become a `Roll` that shows every die.

Counts are bounded (`MAX_DICE`), so a roll always ends, exploding dice included.
"""

from __future__ import annotations

import operator
import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from ttrpg_assistant.builtin.dice_syntax import (
    MAX_DICE,
    DiceGroup,
    Expression,
    Node,
    parse,
)
from ttrpg_assistant.errors import InvalidInput

__all__ = ["MAX_DICE", "Die", "Roll", "roll"]

_COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
_FUDGE = {-1: "−", 0: "0", 1: "+"}
_SIGNS = {"-": "−", "*": "×", "/": "÷", "+": "+"}


@dataclass(frozen=True, slots=True)
class Die:
    """One die on the table. A dropped die is not `kept`; an exploded one threw another. In a pool
    whose successes are counted, `counts` says of each die whether it is one."""

    value: int
    sides: int
    kept: bool = True
    exploded: bool = False
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Roll:
    """A thrown expression.

    `total` is the number that counts: the sum, or the successes of a counted pool.
    `text` is one line of Markdown with every die, dropped ones struck through.
    `passed` is set when the sum was held against a number.
    """

    expression: str
    total: int
    text: str
    dice: tuple[Die, ...]
    successes: int | None = None
    passed: bool | None = None


def roll(expression: str, rng: random.Random | None = None) -> Roll:
    """Roll an expression such as ``4d6kh3 + 2`` (dice_syntax.py has the whole notation).

    Without `rng` the system's own randomness is used, which nobody can predict.
    Raises `InvalidInput`, its sentence fit for the table, when it cannot be read or is too much.
    """
    tree = parse(expression)
    table = _Table(rng or secrets.SystemRandom(), spare=MAX_DICE - tree.dice)
    if isinstance(tree.root, DiceGroup) and tree.compare is not None:
        return _count_successes(tree, tree.root, table)
    total, shown, _ = table.add_up(tree.root)
    text = f"{shown} = **{total}**" if shown != str(total) else f"**{total}**"
    passed = None
    if tree.compare is not None:
        passed = _meets(tree, total)
        word = "success" if passed else "failure"
        text += f", {word} against {_spell_target(tree)}"
    return Roll(tree.text, total, text, tuple(table.dice), passed=passed)


def _count_successes(tree: Expression, group: DiceGroup, table: _Table) -> Roll:
    dice, shown = table.throw(group)
    if group.faces == "tens_and_ones":
        counted = list(table.dice)
        successes = int(_meets(tree, _read_tens_and_ones(dice)))
    else:
        counted = [replace(die, counts=die.kept and _meets(tree, die.value)) for die in dice]
        successes = sum(die.counts for die in counted)
    noun = "success" if successes == 1 else "successes"
    text = f"{shown} = **{successes} {noun}** ({_spell_target(tree)})"
    return Roll(tree.text, successes, text, tuple(counted), successes=successes)


class _Table:
    """The dice of one roll, in the order they fell."""

    def __init__(self, rng: random.Random, spare: int) -> None:
        self._rng = rng
        self._spare = spare
        """How many dice exploding may still add."""
        self.dice: list[Die] = []

    def add_up(self, node: Node) -> tuple[int, str, bool]:
        """Value, how it is shown, and whether showing it inside a product needs brackets."""
        if isinstance(node, int):
            return node, str(node), False
        if isinstance(node, DiceGroup):
            dice, shown = self.throw(node)
            if node.faces == "tens_and_ones":
                return _read_tens_and_ones(dice), shown, False
            return sum(die.value for die in dice if die.kept), shown, False
        left, left_shown, left_loose = self.add_up(node.left)
        right, right_shown, right_loose = self.add_up(node.right)
        sign = node.sign
        if sign == "-" and node.left == 0:
            return -right, f"−{right_shown}", False
        if sign in "*/" and left_loose:
            left_shown = f"({left_shown})"
        if right_loose and sign != "+":
            right_shown = f"({right_shown})"
        shown = f"{left_shown} {_SIGNS[sign]} {right_shown}"
        if sign == "+":
            return left + right, shown, True
        if sign == "-":
            return left - right, shown, True
        if sign == "*":
            return left * right, shown, False
        if right == 0:
            raise InvalidInput("Nothing can be divided by zero.", code="dice_unreadable")
        return left // right, shown, False

    def throw(self, group: DiceGroup) -> tuple[list[Die], str]:
        """The dice of a group, as they fell, and how they are shown."""
        if group.faces == "tens_and_ones":
            thrown = [Die(self._rng.randint(1, 6), 6) for _ in range(2 * group.count)]
        elif group.faces == "fudge":
            thrown = [Die(self._rng.randint(-1, 1), 3) for _ in range(group.count)]
        else:
            thrown = self._throw_numbers(group)
        kept = _keep(thrown, group)
        self.dice.extend(kept)
        return kept, _show(kept, group)

    def _throw_numbers(self, group: DiceGroup) -> list[Die]:
        thrown: list[Die] = []
        for _ in range(group.count):
            value = self._rng.randint(1, group.sides)
            while group.explode and value == group.sides and self._spare > 0:
                self._spare -= 1
                thrown.append(Die(value, group.sides, exploded=True))
                value = self._rng.randint(1, group.sides)
            thrown.append(Die(value, group.sides))
        return thrown


def _keep(thrown: list[Die], group: DiceGroup) -> list[Die]:
    if group.keep is None:
        return thrown
    lowest_first = sorted(range(len(thrown)), key=lambda at: thrown[at].value)
    n = group.keep_count
    dropped = {
        "kh": lowest_first[: max(0, len(thrown) - n)],
        "kl": lowest_first[n:],
        "dh": lowest_first[max(0, len(thrown) - n) :],
        "dl": lowest_first[:n],
    }[group.keep]
    gone = set(dropped)
    return [
        replace(die, kept=at not in gone, counts=at not in gone) for at, die in enumerate(thrown)
    ]


def _read_tens_and_ones(dice: list[Die]) -> int:
    """The sum of the pairs, each read as a two-digit number."""
    values = [die.value for die in dice]
    return sum(10 * tens + ones for tens, ones in zip(values[::2], values[1::2], strict=True))


def _show(dice: list[Die], group: DiceGroup) -> str:
    faces = []
    for die in dice:
        face = _FUDGE[die.value] if group.faces == "fudge" else str(die.value)
        face += "!" if die.exploded else ""
        faces.append(face if die.kept else f"~~{face}~~")
    return f"[{', '.join(faces)}]"


def _meets(tree: Expression, value: int) -> bool:
    compares = _COMPARISONS[tree.compare or "="]
    return any(compares(value, target) for target in tree.targets)


def _spell_target(tree: Expression) -> str:
    sign = {">=": "≥", "<=": "≤"}.get(tree.compare or "=", tree.compare)
    return f"{sign} {' or '.join(map(str, tree.targets))}"
