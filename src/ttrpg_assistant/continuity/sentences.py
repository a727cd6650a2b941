"""Lines as sentences, and which of them are talk of the players and not of the story. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ttrpg_assistant.campaigns.mentions import Mention
from ttrpg_assistant.characters import cut_text

MOST_CHARACTERS = 4_000
"""Of one line that are looked through."""

_END = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|\n+")
_SPEAKER = re.compile(r"\A([^\W\d_][^:\s]{0,39}(?: [^:\s]{1,39}){0,2}):[ \t]+")

_TABLE_TALK = re.compile(
    r"\b(?:pizzas?|snacks?|crisps|chips|beers?|sodas?|coke|coffee|bathroom|toilet|loo|phones?"
    r"|laptop"
    r"|battery|charger|wi-?fi|mic|webcam|discord|netflix|rulebook|player'?s handbook|phb|dice"
    r"|d20s?|d4"
    r"|d6|d8|d10|d12|nat(?:ural)? (?:1|20)|roll(?:s|ed|ing)?|initiative|hit points|hp|spell slots?"
    r"|character sheets?|level(?:led|ed)? up|dm|gm|next (?:week|time|session|game)|this session"
    r"|babysitter"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|no game|traffic|the bus"
    r"|work tomorrow|my (?:wife|husband|kid|kids|boss|car|mom|mum|dad)"
    r"|google|youtube|email|text me|minis?|battle ?map|rules?)\b",
    re.IGNORECASE,
)
"""What the people at the table speak of when they do not speak of the story."""


def split_sentences(text: str, *, is_spoken: bool = False) -> list[str]:
    """The sentences of a text; of one that is spoken without the name of its speaker."""
    body = cut_text(text, MOST_CHARACTERS)
    if is_spoken:
        body = _SPEAKER.sub("", body, count=1)
    return [one.strip() for one in _END.split(body) if one and one.strip()]


def find_speaker(text: str) -> str:
    """The name before the colon, or nothing."""
    found = _SPEAKER.match(cut_text(text, 80))
    return found[1].strip() if found else ""


def is_table_talk(sentence: str) -> bool:
    """Whether a sentence is about the evening and not about the story."""
    return _TABLE_TALK.search(sentence) is not None


def without_names(text: str, mentions: Sequence[Mention]) -> str:
    """The text with blanks for its names, in their places: who is called Old Bertram or Will is
    neither changed nor to come."""
    parts, last = [], 0
    for one in sorted(mentions, key=lambda each: each.start):
        if one.start >= last:
            parts += [text[last : one.start], " " * (one.end - one.start)]
            last = one.end
    return "".join([*parts, text[last:]])
