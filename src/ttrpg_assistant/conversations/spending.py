"""What answers cost: before a question is sent, about; after it, what the providers counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from sqlalchemy import Connection

from ttrpg_assistant.clock import wall_now
from ttrpg_assistant.conversations.answerer import Answerer
from ttrpg_assistant.conversations.answering import AnsweringModel
from ttrpg_assistant.conversations.built_prompt import Measured
from ttrpg_assistant.conversations.ports import Measuring
from ttrpg_assistant.conversations.store import conversations
from ttrpg_assistant.conversations.store.spending import (
    LastTaken,
    Spent,
    Taken,
    add_asked_beside,
    find_last_taken,
    list_asked_beside_since,
    list_spent_in_conversation,
    list_spent_since,
)
from ttrpg_assistant.errors import ContextTooLong, ModelFault, PersistenceUnavailable
from ttrpg_assistant.llm.prices import MICROCENTS_PER_DOLLAR, Price, cost_in_microcents
from ttrpg_assistant.llm.types import Usage
from ttrpg_assistant.prompts.tokens import TokenEstimator
from ttrpg_assistant.storage.database import Database

log = structlog.get_logger(__name__)

MONTHS = 12
"""How many months are summed, this one included."""

LOOKED_BACK = 20
"""Messages searched for an answer whose tokens were counted."""

INSTRUCTION_TOKENS = 700
USUAL_ANSWER_TOKENS = 400
"""Used where nothing is known yet: no answer before, or a scene that has not begun."""

_LONG_SHARE = 0.25
"""Of what the model can read: a question longer than that may not fit."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """About how many tokens the next question sends, and what it costs with its answer in US
    dollars; None where the price is not known. `fits` is false where the question is longer than
    the model can read, so that its end would be left out."""

    tokens: int
    cost: float | None
    fits: bool = True


class AskedBeside:
    """Keeps what was asked beside the talk took: recaps, summaries, clarifying questions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, choice: str, price: Price | None, usage: Usage) -> None:
        """Add an answer to the sums of this month. An answer never fails by it."""
        sent, cached, said = usage.tokens_in, usage.tokens_cached, usage.tokens_out
        cost = None if price is None else cost_in_microcents(price, sent, cached, said)
        taken = Taken(sent or 0, cached or 0, said or 0, cost)
        now = wall_now()
        try:
            await self._database.write(lambda tx: add_asked_beside(tx, now, choice, taken))
        except PersistenceUnavailable as fault:
            log.warning("spending.not_stored", code=fault.code)


class Spending:
    """Sums and estimates."""

    def __init__(self, database: Database, model: AnsweringModel, measuring: Measuring) -> None:
        self._database = database
        self._model = model
        self._measuring = measuring

    async def list_months(self) -> list[Spent]:
        """What was spent in the last twelve months, by month and model.

        With what was asked beside the talk, which belongs to no conversation.
        """
        now = wall_now()
        months = now.year * 12 + now.month - MONTHS
        since = datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)
        talk, beside = await self._database.read(
            lambda tx: (list_spent_since(tx, since), list_asked_beside_since(tx, since))
        )
        return _merge(talk, beside)

    async def list_of_conversation(self, conversation_id: str) -> list[Spent]:
        """What one conversation cost, by month and model. Raises `NotFound`."""

        def work(tx: Connection) -> list[Spent]:
            conversations.get_conversation(tx, conversation_id)
            return list_spent_in_conversation(tx, conversation_id)

        return await self._database.read(work)

    async def estimate(
        self, conversation_id: str, characters: int = 0, bytes_: int | None = None
    ) -> Estimate:
        """About what a question of so many characters, that are so many bytes of UTF-8, would
        take. Raises `NotFound`.

        It goes by what the last answer took. Where there is none, or where the question is so
        long that it may not fit, the prompt is composed and measured.
        """

        def work(tx: Connection) -> LastTaken | None:
            conversations.get_conversation(tx, conversation_id)
            return find_last_taken(tx, conversation_id, LOOKED_BACK)

        last = await self._database.read(work)
        try:
            answerer: Answerer | None = await self._model.get()
        except ModelFault:
            answerer = None  # the turn will say what is wrong
        provider = self._model.choice.partition(":")[0]
        question = _make_text(characters, bytes_)
        asked = TokenEstimator.for_provider(provider).estimate(question)
        usual = last or LastTaken(INSTRUCTION_TOKENS, 0, USUAL_ANSWER_TOKENS)
        tokens = usual.tokens_in + asked + (last.tokens_out if last else 0)
        if answerer is None:
            return Estimate(tokens, None)
        most = answerer.make_budget().prompt_tokens
        fits = True
        if last is None or asked > most * _LONG_SHARE:
            try:
                found = await self._measuring.measure(conversation_id, question, answerer)
            except ContextTooLong:
                found = Measured(most, fits=False)
            if found is not None:
                fits = found.fits
                tokens = found.tokens if last is None else max(tokens, found.tokens)
        tokens = min(tokens, most)
        if answerer.price is None:
            return Estimate(tokens, None, fits)
        cost = cost_in_microcents(answerer.price, tokens, usual.tokens_cached, usual.tokens_out)
        return Estimate(tokens, None if cost is None else cost / MICROCENTS_PER_DOLLAR, fits)


def _make_text(characters: int, bytes_: int | None) -> str:
    """Some text of this length, in a script whose characters take as many bytes: what a token is
    depends on the script, and the text itself is not sent anywhere before its time."""
    more = max(0, (bytes_ or characters) - characters)
    for width, letter in ((2, "д"), (3, "語"), (4, "\N{GAME DIE}")):
        wide = -(-more // (width - 1))
        if wide <= characters:
            return "x" * (characters - wide) + letter * wide
    return "\N{GAME DIE}" * characters


def _merge(talk: Sequence[Spent], beside: Sequence[Spent]) -> list[Spent]:
    """Both sums as one, by month and model, the latest month first."""
    found = {(one.month, one.model): one for one in talk}
    for more in beside:
        one = found.get((more.month, more.model))
        found[more.month, more.model] = more if one is None else _add(one, more)
    by_model = sorted(found.values(), key=lambda one: one.model or "")
    return sorted(by_model, key=lambda one: one.month, reverse=True)


def _add(one: Spent, more: Spent) -> Spent:
    costs = [cost for cost in (one.cost_microcents, more.cost_microcents) if cost is not None]
    return Spent(
        one.month,
        one.model,
        one.answers + more.answers,
        one.tokens_in + more.tokens_in,
        one.tokens_cached + more.tokens_cached,
        one.tokens_out + more.tokens_out,
        sum(costs) if costs else None,
        one.unpriced + more.unpriced,
    )
