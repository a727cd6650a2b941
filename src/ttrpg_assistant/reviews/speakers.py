"""Who speaks in a transcript: the labels before its lines, and whom each stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.store.naming import SpelledName
from ttrpg_assistant.conversations.model import Message
from ttrpg_assistant.reviews.model import SPEAKERS, Speaker

_LABEL = re.compile(r"([^\W\d_][^:\n]{0,59}):[ \t]+(?=\S)")
_PARTS = re.compile(r"[()\[\]/|,]|\s[-–—]\s|\b(?:as|playing|plays)\b")
_GAME_MASTERS = frozenset(
    {"gm", "dm", "game master", "dungeon master", "narrator", "storyteller", "keeper", "referee"}
)
_NOBODY = frozenset({"note", "system", "bot", "assistant", "ai", "music", "dice", "roll20"})

UNNAMED = ""
"""The label of what has none."""

_SHARE_OF_TALK = 0.5
"""Of the messages, from which on labels said once are speakers, too."""


def find_label(message: Message) -> tuple[str, int]:
    """The label in front of a message, and where its words begin."""
    found = _LABEL.match(message.content)
    if found is not None:
        return found[1].strip(), found.end()
    return {"assistant": "Assistant", "system": "Note"}.get(message.role, UNNAMED), 0


def guess_speakers(counts: Mapping[str, int], cast: Sequence[SpelledName]) -> list[Speaker]:
    """Whom the labels stand for, by the campaign's player characters and NPCs: the most said
    first. `counts` says how many messages begin with each. A label said once, in a text that is
    hardly labelled, is a heading and not a speaker."""
    total = sum(counts.values())
    labelled = sum(count for label, count in counts.items() if label != UNNAMED)
    is_talk = labelled >= _SHARE_OF_TALK * total
    speakers: list[Speaker] = []
    for label, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
        if label == UNNAMED:
            continue
        guessed = _guess(label, count, cast)
        if guessed.role != "player" or guessed.thing_id or count > 1 or is_talk:
            speakers.append(guessed)
    speakers = speakers[: SPEAKERS - 1]
    if UNNAMED in counts or len(speakers) < len([one for one in counts if one != UNNAMED]):
        named = {one.label for one in speakers}
        without = sum(count for label, count in counts.items() if label not in named)
        # Where nobody speaks, it is what the game master wrote down.
        unnamed = Speaker(UNNAMED, "gm" if len(speakers) > 1 else "notes", None, "", without)
        speakers.append(unnamed)
    return speakers


def guess_again(speakers: Sequence[Speaker], cast: Sequence[SpelledName]) -> list[Speaker]:
    """The speakers with what nobody has confirmed guessed anew: the cast may have grown."""
    return [
        _guess(one.label, one.lines, cast) if one.is_guessed and one.label != UNNAMED else one
        for one in speakers
    ]


def _guess(label: str, lines: int, cast: Sequence[SpelledName]) -> Speaker:
    said = [fold(part.strip()) for part in (label, *_PARTS.split(label)) if part.strip()]
    if any(part in _GAME_MASTERS for part in said):
        return Speaker(label, "gm", None, "", lines)
    if said and said[0] in _NOBODY:
        return Speaker(label, "nobody", None, "", lines)
    for kind, role in (("character", "player"), ("npc", "npc")):
        found = [
            one for one in cast if one.kind == kind and any(part in _calls(one) for part in said)
        ]
        if len(found) == 1:
            speaker = Speaker(label, "player", found[0].id, found[0].name, lines)
            return speaker if role == "player" else replace(speaker, role="npc")
    return Speaker(label, "player", None, "", lines)


def _calls(one: SpelledName) -> set[str]:
    """What a label may call somebody: the names, the first of several, and the player."""
    names = [one.name, *one.aliases, one.player]
    return {fold(part) for name in names if name.strip() for part in (name, name.split()[0])}


class SpeakerMap:
    """Finds who says a message."""

    def __init__(self, speakers: Sequence[Speaker]) -> None:
        self._by_label = {one.label: one for one in speakers}
        self._unnamed = self._by_label.get(UNNAMED, Speaker(UNNAMED, "gm"))

    def find(self, message: Message) -> tuple[Speaker, int]:
        """The speaker, and where the words begin. A label that stands for nobody known is part of
        what was said; what no prompt has is nobody's."""
        label, start = find_label(message)
        if message.role == "system":
            return Speaker(label, "nobody"), 0
        found = self._by_label.get(label)
        return (self._unnamed, 0) if found is None else (found, start)
