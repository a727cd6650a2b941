"""A model's answer to a question about a campaign, held to the quotes it was given.

The quotes are read first; the model is asked with no transaction open. What it cites must be
there: a number that names no quote is taken out, and an answer with a sentence that names none
says so. Without a model the quotes are the answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ttrpg_assistant.builtin.words import list_sentences
from ttrpg_assistant.conversations.answering import AnsweringModel
from ttrpg_assistant.errors import BadAnswer
from ttrpg_assistant.llm.types import BUILT_IN
from ttrpg_assistant.prompts.budget import Budget
from ttrpg_assistant.prompts.campaign_answer import Quoted, compose_campaign_answer
from ttrpg_assistant.prompts.compose import Prompt
from ttrpg_assistant.prompts.fence import new_nonce
from ttrpg_assistant.search.ask import AskCampaign
from ttrpg_assistant.search.evidence import Evidence, Gathered, Speaker, Subject

_MARK = re.compile(r"[ \t]?\[(\d{1,4})\]")
_MARKS_AFTER = re.compile(r"([.!?…])((?:[ \t]?\[\d{1,4}\])+)")


@dataclass(frozen=True, slots=True)
class CampaignAnswer:
    """What a model said. `text` is empty and `model` None where only quotes can answer.

    `cited` are numbers of the evidence, counted from 1. `unsupported` counts the sentences that
    name no quote.
    """

    text: str
    model: str | None
    cited: tuple[int, ...]
    unsupported: int
    is_cut: bool
    gathered: Gathered


class CampaignAnswers:
    """Answers questions about a campaign with the model that answers now."""

    def __init__(self, ask: AskCampaign, model: AnsweringModel) -> None:
        self._ask = ask
        self._model = model

    async def answer(self, campaign_id: str, question: str) -> CampaignAnswer:
        """Raises what `AskCampaign.gather` does, and a `ModelFault`."""
        gathered = await self._ask.gather(campaign_id, question)
        choice = self._model.choice
        if choice == BUILT_IN or not gathered.evidence:
            return CampaignAnswer("", None, (), 0, False, gathered)
        nonce = new_nonce()
        counted, quotes = list_counted(gathered), list_quotes(gathered)

        def compose(budget: Budget) -> Prompt:
            return compose_campaign_answer(question, counted, quotes, budget, nonce)

        answered = await self._model.ask(compose)
        text, cited, unsupported = check_citations(answered.text.strip(), len(quotes))
        if not text:
            raise BadAnswer("The model answered nothing.")
        return CampaignAnswer(text, choice, cited, unsupported, answered.is_cut, gathered)


def check_citations(text: str, most: int) -> tuple[str, tuple[int, ...], int]:
    """The text without numbers that name no quote, the numbers that do, and how many of its
    sentences have none."""
    cited: dict[int, None] = {}

    def check(found: re.Match[str]) -> str:
        number = int(found[1])
        if not 1 <= number <= most:
            return ""
        cited[number] = None
        return found[0]

    kept = _MARK.sub(check, text)
    # A number after the full stop belongs to the sentence before it.
    joined = _MARKS_AFTER.sub(r"\2\1", kept)
    unsupported = sum(_MARK.search(one) is None for one in list_sentences(joined))
    return kept, tuple(cited), unsupported


def list_counted(gathered: Gathered) -> list[str]:
    """What was counted, as sentences."""
    lines = [_count(one, gathered) for one in gathered.subjects]
    held = ", ".join(gathered.words)
    if gathered.total == 0:
        lines.append(f"No place holds all of these words: {held}. The quotes are what fits best.")
    else:
        whole = "The quotes are all of them." if gathered.is_complete else "Not all are quoted."
        lines.append(f"{gathered.total} places hold all of these words: {held}. {whole}")
    return lines


def _count(one: Subject, gathered: Gathered) -> str:
    numbers = {evidence: at for at, evidence in enumerate(gathered.evidence, 1)}
    said = f"{one.name}: named {one.mentions}{' or more' if one.is_cut else ''} times"
    said += f", in {one.evenings} evenings" if one.evenings else ""
    for words, end in (
        ("first mentioned", one.first_mentioned),
        ("last seen at the table", one.last_seen),
        ("last mentioned", one.last_mentioned),
    ):
        if end is not None and end in numbers:
            said += f"; {words} in [{numbers[end]}]"
    return f"{said}."


def list_quotes(gathered: Gathered) -> list[Quoted]:
    """The evidence as a prompt quotes it; what is dated and holds most words is wanted most."""
    return [
        Quoted(number, describe(one), one.text, -sum(part.hit for part in one.quote))
        for number, one in enumerate(gathered.evidence, 1)
    ]


def describe(one: Evidence) -> str:
    """Where and when a quote was said, and by whom to whom."""
    parts = []
    if one.evening is not None:
        parts.append(f"evening {one.evening.number}")
    if one.said_at is not None:
        parts.append(one.said_at[:10])
    if one.source == "message":
        said = _name(one.speaker)
        parts.append(f"{said} to {_name(one.listener)}" if one.listener else said)
    else:
        parts.append(" of ".join(part for part in (one.field or one.kind, one.place) if part))
    if one.is_planned:
        parts.append("planned, not played")
    if one.is_retconned:
        parts.append("no longer true")
    if one.is_gm_only:
        parts.append("for the game master alone")
    return ", ".join(parts)


def _name(speaker: Speaker | None) -> str:
    if speaker is None:
        return "somebody"
    return speaker.name or {"gm": "the game master", "assistant": "the assistant"}.get(
        speaker.kind, "an NPC"
    )
