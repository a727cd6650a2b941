"""Dice as tables say them, turned into notation: "4d6 drop the lowest" → "4d6dl1".

    drop / keep      "4d6 drop lowest", "best 3 of 4d6", "2d20, keep the highest"
    exploding        "exploding 3d6", "3d6 explode"
    counted          "6d6 count 5s and 6s", "8d10 successes on 7+", "how many 6s in 5d6"
    against          "d20+5 vs DC 15"
    names of dice    "two d6", "percentile", "4 fate dice"

Nothing is rolled and nothing is refused here. Only words beside dice change; a text without dice
stays as it is. Every pattern is bounded, so the work grows with the text and no faster.
"""

from __future__ import annotations

import re

_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_PLURALS = {
    "ones": 1, "twos": 2, "threes": 3, "fours": 4, "fives": 5, "sixes": 6, "sevens": 7,
    "eights": 8, "nines": 9, "tens": 10, "elevens": 11, "twelves": 12,
}  # fmt: skip

_N = r"(?:\d{1,4}|" + "|".join(_NUMBERS) + r")"
_FACE = r"(?:\d{1,4}(?:'?s)?|" + "|".join([*_PLURALS, *_NUMBERS]) + r")(?!\w)"
_S = r"[ \t]{1,4}+"
_S0 = r"[ \t]{0,4}+"
_DICE = r"(?:\d{1,9}(?=d))?d(?:%|f(?![a-z])|\d{1,12})(?:!\d{0,4}|(?:k[hl]?|d[hl])\d{0,4}(?![a-z]))*"
_JOINED = r"(?:[ \t]{0,4}+[,;:(]?(?:[ \t]{0,4}+(?:and|then|but|with|by)(?![a-z]))?[ \t]{0,4}+)"
_LOW = r"lowest|worst|smallest|least|low"
_HIGH = r"highest|best|largest|greatest|high"
_DROP = (
    r"drop(?:ping|ped|s)?|discard(?:ing)?|remov(?:e|ing)|ignor(?:e|ing)|without|minus|los(?:e|ing)"
)
_KEEP = r"keep(?:ing|s)?|tak(?:e|ing)|us(?:e|ing)"
_OF_DICE = rf"(?:{_S}(?:dice|die|ones?|rolls?|results?)(?!\w))?"
_NOT_TIMES = rf"(?!{_S0}(?:times|x)(?!\w))"

_NAMED = (
    (re.compile(r"(?<!\w)percentile(?: (?:dice|die))?(?!\w)", re.I), "d%"),
    (re.compile(rf"(?<!\w)({_N}){_S}(?:fate|fudge) (?:dice|die)(?!\w)", re.I), r"\1 dF"),
    (re.compile(r"(?<!\w)(?:fate|fudge) (?:dice|die)(?!\w)", re.I), "4dF"),
)
_PLURAL = re.compile(r"(?<![a-z])(\d{0,9}d\d{1,12})'?s(?!\w)", re.I)
_COUNTED = re.compile(rf"(?<![\w+\-*/.])({_N}){_S}(?=d(?:\d|%|f(?![a-z])))", re.I)
_AFTER = re.compile(
    rf"{_JOINED}(?<![a-z])(?:(?P<drop>{_DROP})|(?P<keep>{_KEEP}))(?:{_S}only)?(?:{_S}the)?"
    rf"(?:{_S}(?P<n>{_N}))?{_S}(?:(?P<low>{_LOW})|(?P<high>{_HIGH}))(?!\w)"
    rf"(?:{_S}(?P<m>{_N})(?!\w){_NOT_TIMES})?{_OF_DICE}\)?",
    re.I,
)
_BEFORE = re.compile(
    rf"(?<![a-z])(?:(?:(?P<drop>{_DROP})|(?P<keep>{_KEEP})){_S})?(?:the{_S})?(?:(?P<n>{_N}){_S})?"
    rf"(?:(?P<low>{_LOW})|(?P<high>{_HIGH}))(?:{_S}(?P<m>{_N}))?{_OF_DICE}"
    rf"{_S}(?:out of|of|from|in)(?:{_S}the)?{_S}(?P<dice>{_DICE})(?!\w)",
    re.I,
)
_EXPLODES_BEFORE = re.compile(rf"(?<![a-z])explod(?:ing|es?){_S}({_DICE})(?![\w!])", re.I)
_EXPLODES = re.compile(
    rf"{_JOINED}(?<![a-z])(?:(?:that|which){_S})?explod(?:ing|es?)(?!\w)(?:{_S}(?:dice|die)(?!\w))?"
    rf"(?:(?:{_S}on)?(?:{_S}(?:a|the))?{_S}(?P<face>{_FACE}))?\)?",
    re.I,
)
_FACES = rf"{_FACE}(?:{_S0}(?:,|/|&|and|or|or a|and a){_S0}{_FACE}){{0,11}}"
_OR_MORE = rf"{_S0}(?:\+|(?:or|and){_S}(?:more|higher|better|above|up|over|greater)(?!\w))"
_OR_LESS = rf"{_S0}(?:or|and){_S}(?:less|lower|below|under|fewer)(?!\w)"
_BOUND = rf"(?P<number>{_N})(?:(?P<more>{_OR_MORE})|(?P<less>{_OR_LESS}))"
_COUNTS = r"count(?:ing|s)?|success(?:es)?|hits?|succeed(?:s|ing)?"
_COUNT_FACES = rf"(?:(?:each|every|all|any|the|a|on|of|for|as|successes|hits){_S}){{0,4}}"
_COUNTS_AFTER = re.compile(
    rf"{_JOINED}(?<![a-z])(?:{_COUNTS}){_S}{_COUNT_FACES}(?:{_BOUND}|(?P<faces>{_FACES}))"
    rf"(?:{_S}(?:as{_S})?(?:a{_S})?(?:success(?:es)?|hits?)(?!\w))?\)?",
    re.I,
)
_BARE_BOUND = re.compile(
    rf"(?<=[\d%]){_S}(?P<number>\d{{1,4}})\+(?!{_S0}\d)"
    rf"(?:{_S}(?:success(?:es)?|hits?|succeeds?)(?!\w))?",
    re.I,
)
_COUNTS_BEFORE = re.compile(
    rf"(?<![a-z])(?:how{_S}many|count(?:ing|s)?)(?:{_S}the)?{_S}"
    rf"(?:{_BOUND}|(?P<faces>{_FACES})){_S}(?:in|on|from|of|with){_S}(?P<dice>{_DICE})(?!\w)",
    re.I,
)
_TARGET = r"dc|ac|tn|target(?: number)?|difficulty"
_AGAINST = re.compile(
    rf"{_JOINED}(?<![a-z])(?:(?:vs\.?|versus|against)(?:{_S}(?:a|an|the))?(?:{_S}(?:{_TARGET}))?"
    rf"|{_TARGET}){_S}(?P<number>\d{{1,9}})(?![\w+])",
    re.I,
)
_HAS_DICE = re.compile(r"(?<![a-z])d(?:\d|%|f(?![a-z]))|percentile|fate d|fudge d", re.I)


def spell_notation(text: str) -> str:
    """The text with what tables say of its dice as notation, everything else as it was."""
    if _HAS_DICE.search(text) is None:
        return text
    for pattern, notation in _NAMED:
        text = pattern.sub(notation, text)
    text = _COUNTED.sub(lambda found: str(_number(found[1])), _PLURAL.sub(r"\1", text))
    text = _BEFORE.sub(lambda found: f"{found['dice']}{_keeping(found)}", text)
    text = _AFTER.sub(_keeping, text)
    text = _EXPLODES_BEFORE.sub(r"\1!", text)
    text = _EXPLODES.sub(_exploding, text)
    text = _COUNTS_BEFORE.sub(lambda found: f"{found['dice']}{_counting(found)}", text)
    text = _COUNTS_AFTER.sub(_counting, text)
    text = _BARE_BOUND.sub(r">=\g<number>", text)
    return _AGAINST.sub(r">=\g<number>", text)


def _number(word: str) -> int:
    word = word.lower().removesuffix("s").removesuffix("'") if word[:1].isdigit() else word.lower()
    return int(word) if word.isdigit() else {**_NUMBERS, **_PLURALS}[word]


def _keeping(found: re.Match[str]) -> str:
    how = ("d" if found["drop"] else "k") + ("l" if found["low"] else "h")
    return f"{how}{_number(found['n'] or found['m'] or '1')}"


def _exploding(found: re.Match[str]) -> str:
    return f"!{_number(found['face'])}" if found["face"] else "!"


def _counting(found: re.Match[str]) -> str:
    if found["number"]:
        return f"{'<=' if found['less'] else '>='}{_number(found['number'])}"
    faces = re.findall(rf"(?<!\w){_FACE}", found["faces"], re.I)
    return "=" + "|".join(dict.fromkeys(str(_number(face)) for face in faces))
