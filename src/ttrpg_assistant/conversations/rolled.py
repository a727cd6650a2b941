"""Rolls on random tables that were made for a message, in its prompt."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from ttrpg_assistant.llm.types import Passage, PassageLine
from ttrpg_assistant.prompts.entity_facts import EntityFact
from ttrpg_assistant.prompts.facts import CampaignFacts


def chance_of(secret: str, message_id: str) -> random.Random:
    """The chance of one answer: nobody can foresee it, and an answer that is asked for once more
    after a fault, or that goes on after its limit, has the roll it had."""
    return random.Random(f"{secret} {message_id}")


def with_rolled(facts: CampaignFacts | None, rolled: Sequence[EntityFact]) -> CampaignFacts | None:
    """The facts with what was rolled before all that the message names."""
    if facts is None or not rolled:
        return facts
    return replace(facts, mentioned=[*rolled, *facts.mentioned])


def passage_of_roll(rolled: EntityFact) -> Passage:
    """A roll as the built-in model tells it."""
    lines = tuple(PassageLine(line.label, line.value) for line in rolled.lines)
    text = "\n".join(line.text for line in lines)
    return Passage("roll", rolled.id, rolled.name, text, lines)
