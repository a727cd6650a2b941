"""Whom an NPC that speaks must not speak for."""

from __future__ import annotations

from typing import Final

from ttrpg_assistant.llm.speech import SpeakerFilter
from ttrpg_assistant.prompts.facts import VoiceSheet

OTHER_SPEAKERS: Final = (
    "GM",
    "DM",
    "Game Master",
    "Dungeon Master",
    "User",
    "Human",
    "Player",
    "Players",
    "The players",
    "The party",
    "System",
)
"""What models call the other side of a conversation that they write on by themselves."""

OWN_LABELS: Final = ("Assistant", "NPC")
"""What they call their own side, besides the NPC's name."""


def speaker_filter(voice: VoiceSheet) -> SpeakerFilter:
    """Keeps the reply of this NPC to what this NPC says."""
    parts = voice.name.split()
    first = parts[:1] if len(parts) > 1 and len(parts[0]) > 2 else []
    own = (voice.name, *first, *OWN_LABELS)
    return SpeakerFilter(own, (*voice.present, *OTHER_SPEAKERS))
