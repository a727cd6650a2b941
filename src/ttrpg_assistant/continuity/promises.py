"""Promises and debts in what was said, and whether a later line keeps one. Pure; English."""

from __future__ import annotations

import re
from typing import Literal

from ttrpg_assistant.continuity.sentences import is_table_talk

Word = Literal["promised", "owed"]

_SAID = re.compile(
    r"\b(?:i|we) (?:do |solemnly |hereby )?(?:promise|vow|pledge|swear)\b"
    r"|\b(?:promises|promised|vows|vowed|pledges|pledged|swears|swore)\b"
    r"|\b(?:gave|gives|give) \w+ (?:my|our|his|her|their) word\b"
    r"|\b(?:you have|i give you|we give you|gave|gives|give) (?:my|our|his|her|their|(?:him"
    r"|her|them|"
    r"you) (?:my|our|his|her|their)) word\b"
    r"|\bon my honou?r\b",
)
_TO_COME = re.compile(r"(?:'ll|\bwill|\bwon't|\bshall|\bwould|\bto [a-z]+|\bnever|\bas soon as)\b")
_INTENDED = re.compile(
    r"\b(?:i|we)(?:'ll| will| shall) (?:surely |gladly |certainly |definitely )?"
    r"(?:come back|be back|return|repay|pay (?:you|him|her|them)|bring (?:you|him|her|them"
    r"|back|the|it)"
    r"|find (?:you|him|her|them|your|his|out|the)|free|avenge|rescue|help (?:you|him|her"
    r"|them)|deliver"
    r"|make (?:it|this) (?:right|good)|not forget|get (?:him|her|them|it) back|see (?:it"
    r"|this) done)\b"
)
_OWED = re.compile(
    r"\b(?:owe|owes|owed|owing)\b|\bin (?:your|my|his|her|their|our|\w+'s) debt\b"
    r"|\bindebted to\b|\b(?:a|the|his|her|their|our|my) debt to\b"
)
_NOT_SAID = re.compile(
    r"\b(?:never|not|n't|nobody|no one|nothing|without|refus\w+|would|could|might|should|if)"
    r" (?:\w+ ){0,2}(?:promis|vow|pledg|swear|swore|ow(?:e|es|ed|ing)\b)"
    r"|\b(?:don|didn|doesn|won|wouldn|can|couldn|isn|aren|wasn)'?t (?:\w+ ){0,2}"
    r"(?:promis|vow|pledg|swear|swore|owe)"
    r"|\bowing to\b|\bpromised land\b|\bpromising\b|\bi swear (?:i|this|that|these|it"
    r"|you)\b(?!.*'ll)"
    r"|\bapolog|\bexplanation\b"
)
_KEPT = re.compile(
    r"\b(?:kept (?:his|her|their|our|my|the|its) (?:promise|word|oath|vow)|as promised"
    r"|(?:promise|oath|vow|debt) (?:is |was |has been )?(?:kept|fulfilled|paid|settled|repaid"
    r"|honou?red)"
    r"|(?:we are|we're|they are) (?:even|square|quits))\b"
)
_DONE = re.compile(
    r"\b(?:returned|returns|came back|comes back|brought|brings|gave|gives|handed|hands|delivered"
    r"|delivers|found|finds|freed|frees|rescued|rescues|saved|saves|avenged|settled|finished"
    r"|fulfilled|helped|honou?red|destroyed|killed|slew)\b"
)
_PAID = re.compile(
    r"\b(?:paid|pays|repaid|repays|settled|squared|cleared|forgave|forgives|forgiven)\b"
)
_UNDONE = re.compile(
    r"\b(?:not|never|n't|yet to|still|will|'ll|shall|must|should|would|want(?:s|ed)? to"
    r"|need(?:s|ed)? to"
    r"|plan(?:s|ned)? to|promis\w+|if|almost|nearly|tried to|failed)\b"
    r"|\b(?:before|until)\b(?! (?:the |next |last |very |first )?"
    r"(?:dawn|dusk|noon|midday|midnight|sunrise|sunset|nightfall|daybreak|morning|evening|night"
    r"|winter|spring|summer|autumn|midsummer|midwinter|snows?|frosts?|thaw|harvest|new moon"
    r"|full moon|moonrise|feast|market day)\b)"
)
"""A deed that is still to come; one that was done before dawn was done."""


def find_word(sentence: str) -> Word | None:
    """Whether the sentence gives a promise or says that something is owed."""
    said = sentence.casefold().replace("’", "'")
    if said.endswith("?") or is_table_talk(said) or _NOT_SAID.search(said):
        return None
    if _OWED.search(said):
        return "owed"
    found = _SAID.search(said)
    if found is not None and _TO_COME.search(said, found.start()):
        return "promised"
    return "promised" if _INTENDED.search(said) else None


def keeps_any(sentence: str) -> bool:
    """Whether a sentence says outright that a promise was kept or a debt paid."""
    said = sentence.casefold().replace("’", "'")
    return not said.endswith("?") and _KEPT.search(said) is not None


def does(sentence: str, word: Word) -> bool:
    """Whether a sentence tells of something done that could be what was promised or owed."""
    said = sentence.casefold().replace("’", "'")
    if said.endswith("?") or _UNDONE.search(said):
        return False
    return (_PAID if word == "owed" else _DONE).search(said) is not None or (
        word == "promised" and _PAID.search(said) is not None
    )
