"""A question about a campaign, read: what it wants to know, and by which words it is looked up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ttrpg_assistant.builtin.asking import read_words
from ttrpg_assistant.builtin.synonyms import list_synonyms
from ttrpg_assistant.builtin.words import STOP_WORDS, list_words_in, stem
from ttrpg_assistant.script_words import list_words
from ttrpg_assistant.search.asked import list_forms
from ttrpg_assistant.search.model import Term

Wants = Literal["first", "last", "when", "who_said", "list", "facts"]
"""``facts`` is what no other word names: whatever bears on the question."""

MOST_WORDS = 8

_SEEN = (
    r"(?:time|mention\w*|appear\w*|meet\w*|met|se(?:e|en)|saw|hear\w*|heard|sp(?:eak|oke)\w*"
    r"|talk\w*|come|came|go|went|visit\w*|name\w*|use\w*|fight|fought)"
)
_SAID = (
    r"(?:sa(?:id|y|ys)|t(?:old|ell|ells)|mention\w*|promis\w*|ask\w*|claim\w*|warn\w*|admit\w*"
    r"|sw(?:ore|ear|ears)|confess\w*|reveal\w*|swor\w*|offer\w*)"
)
_WANTS: Sequence[tuple[Wants, re.Pattern[str]]] = (
    (
        "first",
        re.compile(rf"\bfirst {_SEEN}\b|\b(?:we|they|party|players|i) first\b|\bsince when\b"),
    ),
    ("last", re.compile(rf"\blast {_SEEN}\b|\b(?:we|they|party|players|i) last\b")),
    ("who_said", re.compile(rf"\bwho\b.{{0,40}}\b{_SAID}\b|\b(?:to )?whom\b|\bwho (?:did|does)\b")),
    ("when", re.compile(r"\bwhen\b|\b(?:what|which) (?:day|date|evening|session)\b")),
    (
        "list",
        re.compile(
            r"^(?:please )?(?:list|name|show|give|count)\b|\b(?:all|every|each)\b"
            r"|\bhow (?:many|often)\b"
            r"|^(?:what|which) (?:\w+ ){0,2}\w+[^s\W]s (?:ha[sd]|have|do|does|did|are|were|can"
            r"|could|will|would)\b"
        ),
    ),
)
"""The first that fits. In other languages than English a question wants ``facts``."""

_WORDS_OF_ASKING = """
    first last time times mention mentioned appear appeared meet met see seen saw hear heard
    say said tell told ever list name show give count many often evening session date day
    campaign party players player happen happened know known all every each anything
    something everything thing things place places people person since whom
"""
_OF_THE_QUESTION = frozenset(map(stem, _WORDS_OF_ASKING.split()))
"""Stems that say how something is asked for, and not what."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A word to look for: what it is called, and every form of it, with words of like meaning."""

    word: str
    terms: tuple[Term, ...]
    alike: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class CampaignQuestion:
    """What was asked. `sought` are its words without names and words of asking."""

    text: str
    wants: Wants
    sought: tuple[Sought, ...]


def read_campaign_question(text: str, names: Iterable[str] = ()) -> CampaignQuestion:
    """`names` are what the campaign's things that the text names are called there: they are looked
    for as names and not as words."""
    said = read_words(text)
    wants: Wants = next((wants for wants, pattern in _WANTS if pattern.search(said)), "facts")
    named = {word for name in names for word in list_words_in(name)}
    sought: dict[str, Sought] = {}
    for word in list_words_in(text[:2_000]):
        bare = word.removesuffix("'s").removesuffix("’s")
        root = stem(bare)
        if bare in STOP_WORDS or bare in named or root in _OF_THE_QUESTION or root in sought:
            continue
        if len(bare) > 1 and (forms := list_forms(root)):
            alike = dict.fromkeys(stem(other) for other in list_synonyms(root))
            others = tuple(term for one in alike for term in list_forms(one))
            sought[root] = Sought(bare, forms, others)
    return CampaignQuestion(text, wants, tuple(sought.values())[:MOST_WORDS])


def spell_name(name: str) -> Term | None:
    """A name as one term, its words side by side; None where it has no word."""
    words = tuple(list_words(name))
    return Term(words) if words else None
