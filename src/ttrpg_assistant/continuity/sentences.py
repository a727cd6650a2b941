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

_DICE = re.compile(
    r"\[[^\[\]]{0,60}?\d[^\[\]]{0,60}\]|\((?:ic|in character|whisper[^()]{0,40})\)", re.IGNORECASE
)

_TABLE_TALK = re.compile(
    r"\b(?:pizzas?|snacks?|tacos|bathroom|toilet|loo|brb|wi-?fi|mic|webcam|discord|netflix|rulebook"
    r"|player'?s handbook|phb|dice|d20s?|d4|d6|d8|d10|d12|nat(?:ural)? (?:1|20)|roll(?:s|ed|ing)?"
    r"|initiative|hit points|hp|spell slots?|character sheets?|level(?:led|ed)? up|dm|gm"
    r"|this session|next (?:session|game)|babysitter|no game|minis?|battle ?(?:map|mat)|rules?"
    r"|google|youtube|advantage|saving throws?|crit|xp|(?:short|long) rest|bonus action|episode"
    r"|ooc|my (?:action|bonus|turn)|write-up|parking|sorry i(?:'m| am) late)\b",
    re.IGNORECASE,
)
_DAILY_LIFE = re.compile(
    r"\b(?:crisps|chips|beers?|sodas?|coke|coffee|phones?|laptop|battery|charger|next (?:week|time)"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|traffic|the bus|work tomorrow|email|text me"
    r"|my (?:wife|husband|kid|kids|boss|car|mom|mum|dad))\b",
    re.IGNORECASE,
)
"""What the people at the table speak of when they do not speak of the story; the second also in a
story of our own days or of days to come."""


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


def without_dice(text: str) -> str:
    """The text without what a virtual table adds to what somebody says: what was rolled, and that
    it is said in character."""
    return _DICE.sub(" ", text) if "[" in text or "(" in text else text


def is_table_talk(sentence: str, *, is_of_story: bool = False) -> bool:
    """Whether a sentence is about the evening and not about the story. `is_of_story`: it names
    somebody or something of the campaign."""
    if _TABLE_TALK.search(without_dice(sentence)) is not None:
        return True
    return not is_of_story and _DAILY_LIFE.search(sentence) is not None


def without_names(text: str, mentions: Sequence[Mention]) -> str:
    """The text with blanks for its names, in their places: who is called Old Bertram or Will is
    neither changed nor to come."""
    parts, last = [], 0
    for one in sorted(mentions, key=lambda each: each.start):
        if one.start >= last:
            parts += [text[last : one.start], " " * (one.end - one.start)]
            last = one.end
    return "".join([*parts, text[last:]])
