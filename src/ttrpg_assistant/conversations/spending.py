"""What answers cost: before a question is sent, about; after it, what the providers counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from ttrpg_assistant.conversations.answering import Answerer, AnsweringModel
from ttrpg_assistant.conversations.model import Message
from ttrpg_assistant.conversations.store import conversations, paths
from ttrpg_assistant.conversations.store.spending import (
    LastTaken,
    Spent,
    find_last_taken,
    list_spent_in_conversation,
    list_spent_since,
)
from ttrpg_assistant.errors import ModelFault
from ttrpg_assistant.llm.prices import MICROCENTS_PER_DOLLAR, cost_in_microcents
from ttrpg_assistant.prompts.tokens import TokenEstimator
from ttrpg_assistant.storage.database import Database

MONTHS = 12
"""How many months are summed, this one included."""

LOOKED_BACK = 20
"""Messages searched for an answer whose tokens were counted."""

INSTRUCTION_TOKENS = 700
USUAL_ANSWER_TOKENS = 400
"""Used for the first question of a conversation, of which nothing is known yet."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """About how many tokens the next question sends, and what it costs with its answer in US
    dollars; None where the price is not known. `fits` is false where the question alone is longer
    than the model can read, so that its end would be left out."""

    tokens: int
    cost: float | None
    fits: bool = True


class Spending:
    """Sums and estimates. Recaps and summaries are no answers and are not counted."""

    def __init__(self, database: Database, model: AnsweringModel) -> None:
        self._database = database
        self._model = model

    async def list_months(self) -> list[Spent]:
        """What was spent in the last twelve months, by month and model."""
        now = datetime.now(UTC)
        months = now.year * 12 + now.month - MONTHS
        since = datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)
        return await self._database.read(lambda tx: list_spent_since(tx, since))

    async def list_of_conversation(self, conversation_id: str) -> list[Spent]:
        """What one conversation cost, by month and model. Raises `NotFound`."""

        def work(tx: Connection) -> list[Spent]:
            conversations.get_conversation(tx, conversation_id)
            return list_spent_in_conversation(tx, conversation_id)

        return await self._database.read(work)

    async def estimate(self, conversation_id: str, characters: int = 0) -> Estimate:
        """About what a question of so many characters would take. Raises `NotFound`.

        Cheap: it goes by what the last answer took, and no prompt is built.
        """

        def work(tx: Connection) -> tuple[LastTaken | None, list[Message]]:
            found = conversations.get_conversation(tx, conversation_id)
            last = find_last_taken(tx, conversation_id, LOOKED_BACK)
            talk = [] if last else paths.list_newest(tx, found.tip_message_id, LOOKED_BACK)
            return last, talk

        last, talk = await self._database.read(work)
        try:
            answerer: Answerer | None = await self._model.get()
        except ModelFault:
            answerer = None  # the turn will say what is wrong
        provider = self._model.choice.partition(":")[0]
        estimator = TokenEstimator.for_provider(provider)
        asked = estimator.estimate("x" * min(characters, 200_000))
        if last is None:
            said = sum(estimator.estimate(message.content) for message in talk)
            last = LastTaken(INSTRUCTION_TOKENS + said, 0, USUAL_ANSWER_TOKENS)
            tokens = last.tokens_in + asked
        else:
            tokens = last.tokens_in + last.tokens_out + asked
        if answerer is None:
            return Estimate(tokens, None)
        most = answerer.make_budget().prompt_tokens
        tokens, fits = min(tokens, most), asked + INSTRUCTION_TOKENS <= most
        if answerer.price is None:
            return Estimate(tokens, None, fits)
        cost = cost_in_microcents(answerer.price, tokens, last.tokens_cached, last.tokens_out)
        return Estimate(tokens, None if cost is None else cost / MICROCENTS_PER_DOLLAR, fits)
