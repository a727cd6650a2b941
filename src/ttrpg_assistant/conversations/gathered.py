"""What a prompt is made of, before it is composed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ttrpg_assistant.conversations.model import Conversation, Message
from ttrpg_assistant.prompts.entity_facts import EntityFact
from ttrpg_assistant.prompts.facts import CampaignFacts, FormFacts, History, NpcSheet, VoiceSheet
from ttrpg_assistant.prompts.voices import Voice


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of a campaign for one prompt. With `voice` there is nothing else."""

    campaign: CampaignFacts | None = None
    subject: NpcSheet | None = None
    voice: VoiceSheet | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that one prompt is made of."""

    conversation: Conversation
    said: Message
    history: History
    facts: Facts | None
    start_key: tuple[str, ...]
    is_whole: bool = False
    new_message: str | None = None
    """What is to be answered, where that is more than what was said."""
    sounds: Voice | None = None
    """How the assistant is to sound, in a thread that says so."""
    form: FormFacts | None = None
    """The campaign that is being made beside the talk."""
    rolled: Sequence[EntityFact] = ()
    """What was rolled on random tables because the message asks for it."""
