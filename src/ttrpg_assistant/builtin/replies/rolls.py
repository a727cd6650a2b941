"""Dice asked for in a sentence: "roll stealth d20+5 for Mira, and 4d6kh3 six times"."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from itertools import pairwise

from ttrpg_assistant.builtin.asking import MAX_READ_CHARACTERS, Question
from ttrpg_assistant.builtin.citing import escape
from ttrpg_assistant.builtin.dice import roll
from ttrpg_assistant.builtin.dice_words import spell_notation
from ttrpg_assistant.errors import InvalidInput

MAX_ROLLS = 30
"""Expressions rolled for one message."""

MAX_TIMES = 20
"""How often one expression is repeated for "six times"."""

_DIE = r"\d{0,12}d(?:%|f(?![a-z])|\d{1,12})(?:!\d{0,4}|(?:k[hl]?|d[hl])\d{0,4}(?![a-z]))*"
_MODIFIERS = r"(?:\s{0,4}+(?:!\d{0,4}|(?:k[hl]?|d[hl])\d{0,4}(?![a-z])))*"
_ADVANTAGE = r"(?:with\s+)?(?:adv(?:antage)?|dis(?:adv(?:antage)?)?)\b"
_TERM = rf"(?:\({{0,5}}\s*+(?:{_DIE}|\d{{1,12}}(?![\w]))(?:\s*\))*)"
_ROLL = re.compile(
    rf"(?<![\w.])\({{0,5}}+(?:\d{{1,9}}\s*[+\-−–*/×]\s*){{0,9}}\({{0,5}}{_DIE}\)*(?:\s*{_ADVANTAGE})?"
    rf"(?:\s*+[+\-−–*/×÷]\s*+{_TERM})*"
    rf"{_MODIFIERS}(?:\s*(?:>=|<=|[<>=≥≤])\s*-?\d{{1,12}}(?:\|\d{{1,12}})*)?(?:\s*{_ADVANTAGE})?",
    re.IGNORECASE,
)
_REROLLED_FACES = re.compile(
    r"\bre-?roll(?:ing|s)?\s{1,4}+(?:(?:the|all|any)\s{1,4}+)?(?:ones|twos|sixes|\d{1,3}(?:'?s)?(?![\w%]))",
    re.I,
)
_NO_REROLLS = "I cannot throw single faces again by themselves. Roll first, then roll those dice."
_BARE_ADVANTAGE = re.compile(r"\b(adv|dis)(?:antage|advantage|adv)?\b", re.I)
_VERB = re.compile(
    r"^\s*+(?:/\s*+)?(?:r|roll|rolls|reroll|throw|dice)\b|\b(?:roll|reroll|throw)\b", re.I
)
_COIN = re.compile(r"\b(?:flip|toss|throw)\b.{0,12}\bcoins?\b|^coin(?: flip| toss)?[.!?]*$")
_SEPARATOR = re.compile(r"[,;\n]|\band\b|\bthen\b", re.I)
_BROKEN = re.compile(r"(?<!\S)(\d+d\S*|d\d\S*|\S*?\dd\d\S*)", re.I)
_TIMES = re.compile(
    r"(?:\bx\s*(\d{1,3})|\b(\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|twelve)\s*"
    r"(?:times|x))(?!\w)|\b(twice|thrice)\b",
    re.I,
)
_TIMES_WORDS = {
    "two": 2, "twice": 2, "three": 3, "thrice": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "twelve": 12,
}  # fmt: skip
_FILLER = re.compile(
    r"\b(?:please|can|could|would|will|you|roll|rolls|reroll|throw|dice|a|an|the|me|us|my|of"
    r"|with|is|"
    r"what|what's|how much|for|again|now|ok|hey|let's|lets|i|at|check|test|result)\b"
    r"|(?<!\w)/r(?:oll)?\b",
    re.I,
)
_ASKS = re.compile(r"\s*+/?(?:reroll|roll|r)(?: for)?", re.I)
_HARDLY_MORE = 40
"""Characters said about a roll without any dice, for which the dice are asked for."""

_TO_LAST_LETTER = re.compile(r"(?:.*\w)?", re.DOTALL)
_LETTER = re.compile(r"\w")
_OF_A_TABLE = re.compile(
    r"\b(?:on|names?|npc|rumou?r|complication|twist|weather|tavern|inn|reaction|oracle|place"
    r"|quirk|treasure|encounter|hook|odd|trinket|table|up|character|clue|secret)",
    re.I,
)
_PROSE_WORDS = 3
_LABEL_WORDS = 3
"""A message without a verb that has more words than these, so many for each roll, talks about
dice and does not ask for them."""


@dataclass(frozen=True, slots=True)
class _Asked:
    expression: str
    label: str
    times: int


def reply_with_rolls(question: Question, rng: random.Random) -> str | None:
    """The dice, every one shown; a clear sentence for an expression that cannot be rolled."""
    text = spell_notation(question.text[:MAX_READ_CHARACTERS])
    if _COIN.search(question.said):
        return f"The coin shows **{rng.choice(('heads', 'tails'))}**."
    wants_roll = _VERB.search(text) is not None
    if question.is_past and not text.lstrip().lower().startswith(("/r", "roll")):
        return None
    asked = _list_asked(text)
    if asked and _REROLLED_FACES.search(text):
        return _NO_REROLLS
    if asked:
        around = re.findall(r"\w+", _FILLER.sub(" ", _ROLL.sub(" ", text)))
        if not wants_roll and len(around) > _PROSE_WORDS + _LABEL_WORDS * len(asked):
            return None
        return _roll_all(asked, rng)
    if wants_roll and (alone := _BARE_ADVANTAGE.search(text)):
        asked = [_Asked(f"d20 {alone[1].lower()}", _label(text), _read_times(text))]
        return _roll_all(asked, rng)
    broken = _BROKEN.search(text)
    if broken and (wants_roll or len(text.split()) <= 2):
        return _one_line(_Asked(broken[0].rstrip(".!?"), "", 1), rng)
    if wants_roll and _only_asks(text):
        return _ask_for_dice(text)
    return None


def _only_asks(text: str) -> bool:
    """Whether the message asks for a roll, and says hardly more."""
    asked = _ASKS.match(text)
    if asked is None or _LETTER.search(text, asked.end() + _HARDLY_MORE) is not None:
        return False
    said = _TO_LAST_LETTER.match(text[asked.end() : asked.end() + _HARDLY_MORE])
    return said is not None and "?" not in said[0]


def _ask_for_dice(text: str) -> str | None:
    if _OF_A_TABLE.search(text):
        return None
    return "Which dice? Name them, for example `d20+3` or `2d6`, and I will roll."


def _list_asked(text: str) -> list[_Asked]:
    asked: list[_Asked] = []
    carried = ""
    for segment in _segments(text):
        found = _ROLL.search(segment)
        if found is None:
            carried = f"{carried} {segment}"
            continue
        start, end = found.span()
        # What clings to the expression belongs to it, so that "2d6+" is called broken.
        trailing = re.match(r"\s*[+\-*/×]\s*(?=$|[,;])|[^\s,;.?!)'\"`*_:]\S*", segment[end:])
        end += trailing.end() if trailing else 0
        around = f"{carried} {segment[:start]} {segment[end:]}"
        expression = segment[start:end].strip()
        if re.search(rf"\b{_ADVANTAGE}", around, re.I) and not re.search(_ADVANTAGE, expression):
            falls = re.search(r"\bdis(?:adv(?:antage)?)?\b", around, re.I)
            expression += " dis" if falls else " adv"
        asked.append(_Asked(expression, _label(around), _read_times(around)))
        carried = ""
    if asked and (rest := _label(carried)):
        label = ", ".join(filter(None, (asked[-1].label, rest)))
        asked[-1] = _Asked(asked[-1].expression, label, asked[-1].times)
    return asked[:MAX_ROLLS]


def _segments(text: str) -> list[str]:
    """The message cut at commas and "and", and before each further expression."""
    segments: list[str] = []
    for piece in _SEPARATOR.split(text):
        starts = [found.start() for found in _ROLL.finditer(piece)]
        edges = [0, *starts[1:], len(piece)]
        segments.extend(piece[a:b] for a, b in pairwise(edges))
    return segments


def _label(around: str) -> str:
    bare = re.sub(rf"\b{_ADVANTAGE}", " ", _TIMES.sub(" ", around), flags=re.I)
    parts: list[str] = []
    for part in re.split(r"\bfor\b", bare, flags=re.I):
        words = re.sub(r"[^\w'’\- ]+", " ", _FILLER.sub(" ", part)).split()
        parts.append(" ".join(word for word in words if word.strip("-'’_")))
    label = ", ".join(filter(None, parts))[:60]
    return label[:1].upper() + label[1:]


def _read_times(around: str) -> int:
    found = _TIMES.search(around)
    if found is None:
        return 1
    word = (found[1] or found[2] or found[3]).lower()
    return max(1, min(_TIMES_WORDS.get(word) or int(word), MAX_TIMES))


def _roll_all(asked: list[_Asked], rng: random.Random) -> str:
    lines = [line for one in asked for line in _lines(one, rng)][:MAX_ROLLS]
    return lines[0] if len(lines) == 1 else "\n".join(f"- {line}" for line in lines)


def _lines(one: _Asked, rng: random.Random) -> list[str]:
    return [_one_line(one, rng) for _ in range(one.times)]


def _one_line(one: _Asked, rng: random.Random) -> str:
    label = f"**{escape(one.label)}** " if one.label else ""
    try:
        return f"{label}`{_spell(one.expression)}` → {roll(one.expression, rng).text}"
    except InvalidInput as refusal:
        return f"{label}{escape(refusal.sentence)}"


def _spell(expression: str) -> str:
    return " ".join(expression.replace("`", "").replace("|", " or ").split())
