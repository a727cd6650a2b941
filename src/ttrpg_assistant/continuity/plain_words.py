"""A sentence in the few forms that rules of grammar need: small letters, whole words in place of
short forms, and a sign in place of each name. Pure; English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ttrpg_assistant.campaigns.mentions import Mention
from ttrpg_assistant.continuity.sentences import without_dice

WHO, PLACE, THING = "WHO", "PLACE", "THING"
"""What stands for the name of a person or a group, of a place, of anything else. Everything else
is in small letters."""

_SIGNS = {"npc": WHO, "character": WHO, "faction": WHO, "location": PLACE}

_WITH_MARK = (
    (r"\b(can|could|do|does|did|is|are|was|were|has|have|had|would|should|wo|ai)n't\b", r"\1 not"),
    (r"\bcan't\b", "can not"),
    (r"\bwo not\b", "will not"),
    (r"'ll\b", " will"),
    (r"'d\b", " would"),
    (r"'ve\b", " have"),
    (r"'re\b", " are"),
    (r"\bi'm\b", "i am"),
    (r"\b(he|she|it|that|there|who|what|nobody)'s\b", r"\1 is"),
)
_WITHOUT = (
    (r"\b(could|do|does|did|is|are|was|were|has|have|had|would|should)nt\b", r"\1 not"),
    (r"\bcannot\b|\bcant\b", "can not"),
    (r"\bwont\b", "will not"),
    (r"\b(they|you|it|that)ll\b", r"\1 will"),
    (r"\b(they|you)d\b", r"\1 would"),
    (r"\bim\b", "i am"),
    (r"\bgonna\b|\bgoing 2\b", "going to"),
    (r"\bgotta\b", "have to"),
    (r"\bwanna\b", "want to"),
    (r"\bw/ ?", "with "),
    (r"\bb/?c\b", "because"),
    (r"\bb4\b", "before"),
    (r"\bbk\b", "back"),
    (
        r"\b2 (?=(?:tell|get|give|go|do|be|bring|pay|find|help|kill|see|meet|return|save|keep)\b)",
        "to ",
    ),
    (r"\b4 (?=WHO|you|him|her|them|us|me)", "for "),
    (r"\bfavor", "favour"),
    (r"\bhonor", "honour"),
)
_SHORT_FORMS = tuple((re.compile(pattern), given) for pattern, given in _WITH_MARK)
_OF_HASTE = tuple((re.compile(pattern), given) for pattern, given in _WITHOUT)
_ANY_OF_HASTE = re.compile(
    r"nt\b|cannot|\bim\b|ll\b|\b(?:they|you|we|he|she|i)d\b|gonna|going 2|gotta|wanna|w/"
    r"|\bb/?c\b|\bb4\b|\bbk\b|\b[24] |favor|honor"
)
"""What stands in every sentence that one of these would change."""

_TOLD = re.compile(r"\b(said|says|told (?:WHO|him|her|them|us)) (?:that )?(he|she|we|i)(ll|d)\b")
_WILL = {"ll": "will", "d": "would"}

_TAG = re.compile(
    r", (?:(?:did|do|does|is|are|was|were|have|has|had|will|would|can|could) (?:not )?"
    r"(?:i|we|you|he|she|they|it)(?: not)?|right|eh|huh|see|yes|okay|ok|correct|remember)\?\W*\Z"
)
"""What makes a question of a statement, and of nothing."""


def spell_plainly(sentence: str, mentions: Sequence[Mention] = ()) -> str:
    """The sentence as rules read it. `mentions` are the names in it."""
    parts, last = [], 0
    for one in sorted(mentions, key=lambda each: each.start):
        if one.start >= last:
            sign = _SIGNS.get(one.refs[0].kind, THING) if one.refs else THING
            parts += [sentence[last : one.start].casefold(), sign]
            last = one.end
    said = "".join([*parts, sentence[last:].casefold()]).replace("’", "'")
    said = without_dice(said).replace("WHO 's", "WHO's").strip()
    for pattern, given in _SHORT_FORMS if "'" in said else ():
        said = pattern.sub(given, said)
    if _ANY_OF_HASTE.search(said):
        said = _TOLD.sub(lambda found: f"{found[1]} {found[2]} {_WILL[found[3]]}", said)
        for pattern, given in _OF_HASTE:
            said = pattern.sub(given, said)
    return _TAG.sub(".", said) if said.endswith("?") else said


_WHO_SAYS = r"(?:i|we|he|she|they|it|you|WHO"
_CLAUSE = re.compile(
    r"[,;:()—–]+|\.{2,}|(?<=\w)\. |\s-+\s|\b(?:but|although|though|whereas)\b"
    rf"|\b(?:when|while)\b(?= {_WHO_SAYS}|the)\b)"
    rf"|\b(?:and|so)\b(?= {_WHO_SAYS}|now|then|the|that|there|no|never)\b)"
)


@lru_cache(maxsize=1_024)
def split_clauses(plain: str) -> tuple[str, ...]:
    """What a sentence says one after the other: of each clause it is asked for itself whether it
    happened."""
    parts = (part.strip(" \"'“”.!?…*[]") for part in _CLAUSE.split(plain))
    return tuple(part for part in parts if part)
