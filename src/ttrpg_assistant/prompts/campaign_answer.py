"""The prompt that answers a question about a campaign from numbered quotes alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ttrpg_assistant.prompts.budget import Budget, Item, Section
from ttrpg_assistant.prompts.compose import Prompt, compose_task
from ttrpg_assistant.prompts.facts import History
from ttrpg_assistant.prompts.sanitise import sanitise


@dataclass(frozen=True, slots=True)
class Quoted:
    """One quote of the record: its number, what is known of it ("evening 4, Mira to the game
    master"), its words, and how much it is wanted where not all fit (0 is most)."""

    number: int
    origin: str
    text: str
    rank: int = 0


def compose_campaign_answer(
    question: str, counted: Sequence[str], quotes: Sequence[Quoted], budget: Budget, nonce: str
) -> Prompt:
    """`counted` are sentences about the record as a whole. Raises as `compose_chat`."""
    wanted = sorted(quotes, key=lambda one: (one.rank, one.number))
    items = (
        Item(f"[{one.number}] {sanitise(one.origin)}: {sanitise(one.text)}", place=one.number)
        for one in wanted
    )
    lines = [Item(f"- {sanitise(line)}") for line in counted]
    sections = [
        Section("counted", "What was counted:", iter(lines), len(lines)),
        Section("quotes", "Quotes, oldest first:", items, len(wanted)),
    ]
    return compose_task(
        "campaign_answer",
        history=History(),
        request=question,
        budget=budget,
        nonce=nonce,
        sections=[section for section in sections if section.count],
    )
