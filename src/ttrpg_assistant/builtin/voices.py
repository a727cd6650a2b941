"""Which of the voices an NPC's sheet calls for, and the turns of phrase it names."""

from __future__ import annotations

import re

from ttrpg_assistant.builtin.words import fold, plain

_SIGNS = {
    "gruff": r"gruff\w*|curt|terse|blunt\w*|clipped|stern|cold|grim\w*|gravel\w*|surly|taciturn"
    r"|laconic|grumpy|grunt\w*|few words|harsh\w*|rough\w*|cantankerous|brusque|dour|hard",
    "warm": r"warm\w*|kind\w*|cheer\w*|friendl\w*|jovial|motherly|fatherly|generous|gentle\w*|merry"
    r"|hearty|bubbly|sunny|hospitable|welcoming|caring|earnest|sweet\w*|loud|boisterous|gregarious",
    "nervous": r"nervous\w*|anxious\w*|afraid|timid\w*|stammer\w*|stutter\w*|fearful\w*|shy\w*"
    r"|paranoid|jumpy|skittish|frightened|haunted|worried|cowardly|twitchy|mumbl\w*|whisper\w*",
    "sly": r"sly\w*|wry\w*|cunning\w*|mocking\w*|sarcastic\w*|charming\w*|silver[- ]tongued|witty"
    r"|smooth\w*|flirt\w*|mischievous\w*|scheming|smuggler|rogue|thief|teasing|ironic\w*|dry"
    r"|playful\w*|smirk\w*|calculating|conniving|spy|fence|gambler",
    "formal": r"formal\w*|courtly|noble\w*|polite\w*|archaic|learned|scholar\w*|precise\w*|proper"
    r"|aristocratic|dignified|haughty|pompous|measured|eloquent\w*|courteous|educated|regal"
    r"|priest\w*|abbot|magistrate|duke|duchess|baron\w*|lord|lady|knight|elegant|refined|solemn\w*",
}
_VOICES = tuple((name, re.compile(rf"\b(?:{signs})\b")) for name, signs in _SIGNS.items())
_QUOTED = re.compile(r"[\"“]([^\"“”]{3,120})[\"”]|(?<!\w)['‘]([^'‘’]{3,120})['’](?!\w)")


def choose_voice(*texts: str) -> str:
    """The table of the voice, by the signs in the texts; those in the first count most."""
    scores = dict.fromkeys(_SIGNS, 0)
    for weight, text in zip((3, 2, 1), texts, strict=False):
        folded = fold(text[:2_000])
        for name, signs in _VOICES:
            scores[name] += weight * len(signs.findall(folded))
    best = max(scores, key=lambda name: scores[name])
    return f"voices/{best if scores[best] else 'plain'}"


def find_catchphrases(speaking_style: str) -> list[str]:
    """What the sheet puts in quotes: words this character is known to use."""
    found = (match[1] or match[2] for match in _QUOTED.finditer(speaking_style[:2_000]))
    return [text for phrase in found if (text := plain(phrase).rstrip(","))]
