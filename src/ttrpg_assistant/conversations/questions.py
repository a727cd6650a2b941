"""Questions that would help a game master go on (seed, `generate_clarifying_questions`).

With a model they are asked of it; without one, or when it answers with something else,
they come from a list of ours for the thread's purpose, so that the wizard always has some.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import structlog
from sqlalchemy import Connection

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.conversations.answering import AnsweringModel
from ttrpg_assistant.conversations.earlier import history_of
from ttrpg_assistant.conversations.gathering import RECENT_MESSAGES, find_form
from ttrpg_assistant.conversations.model import Conversation
from ttrpg_assistant.conversations.ports import FactSource, FormSource
from ttrpg_assistant.conversations.store import conversations, paths
from ttrpg_assistant.errors import ModelFault
from ttrpg_assistant.outside_json import find_json
from ttrpg_assistant.prompts.budget import Budget
from ttrpg_assistant.prompts.compose import Prompt, compose_task
from ttrpg_assistant.prompts.facts import CampaignFacts, FormFacts, History
from ttrpg_assistant.prompts.fence import new_nonce
from ttrpg_assistant.prompts.purposes import QUESTIONS
from ttrpg_assistant.storage.database import Database

log = structlog.get_logger(__name__)

MOST_QUESTIONS = 6
MOST_READ = 50
"""Messages of the thread that are read, the newest."""


@dataclass(frozen=True, slots=True)
class ClarifyingQuestion:
    """A question, the field its answer belongs to, and how much depends on it."""

    question: str
    field: str | None = None
    importance: Literal["low", "medium", "high"] = "medium"


@dataclass(frozen=True, slots=True)
class _Asked:
    thread: Conversation
    history: History
    facts: CampaignFacts | None
    form: FormFacts | None


class ClarifyingQuestions:
    """Asks what would help to go on, knowing what the thread is for and what is there."""

    def __init__(
        self,
        database: Database,
        model: AnsweringModel,
        facts: FactSource | None = None,
        forms: FormSource | None = None,
    ) -> None:
        self._database = database
        self._model = model
        self._facts = facts
        self._forms = forms

    async def ask(self, thread_id: str, context: str = "") -> list[ClarifyingQuestion]:
        """Up to six questions for this thread, from the model or from our own list. `context`
        is what the game master is about to do. Raises `NotFound`."""
        asked = await self._database.read(lambda tx: self._read(tx, thread_id, context))
        purpose = asked.thread.thread_purpose
        nonce = new_nonce()

        def compose(budget: Budget) -> Prompt:
            return compose_task(
                "clarifying_questions",
                history=asked.history,
                request=context or "What should I tell you first?",
                budget=budget,
                nonce=nonce,
                facts=asked.facts,
                form=asked.form,
                purpose=purpose,
            )

        try:
            text = await self._model.ask_once(compose)
        except ModelFault as fault:
            log.info("questions.from_our_list", code=fault.code)
            text = None
        found = read_questions(text) if text is not None else []
        return found or [
            ClarifyingQuestion(question, field) for question, field in QUESTIONS[purpose]
        ]

    def _read(self, tx: Connection, thread_id: str, context: str) -> _Asked:
        thread = conversations.get_conversation(tx, thread_id, "thread")
        said = paths.list_newest(tx, thread.tip_message_id, MOST_READ)
        facts = None
        if self._facts is not None and thread.campaign_id is not None:
            recent = [message.content for message in said[:RECENT_MESSAGES]]
            texts = [context, *recent]
            gathered = self._facts.gather(tx, thread.campaign_id, thread.game_session_id, texts)
            facts = gathered.campaign
        return _Asked(thread, history_of(said), facts, find_form(tx, self._forms, thread))


def read_questions(text: str) -> list[ClarifyingQuestion]:
    """The questions in a model's answer: a JSON array, with or without words around it."""
    start, end = text.find("["), text.rfind("]")
    if start < 0 or end < start:
        return []
    values = find_json(text[start : end + 1])
    found: list[ClarifyingQuestion] = []
    for value in values if isinstance(values, list) else []:
        question = value.get("question") if isinstance(value, dict) else value
        if not isinstance(question, str) or not question.strip():
            continue
        field = value.get("field") if isinstance(value, dict) else None
        importance = value.get("importance") if isinstance(value, dict) else None
        found.append(
            ClarifyingQuestion(
                cut_text(question.strip(), 500),
                cut_text(field, 80) if isinstance(field, str) else None,
                importance if importance in ("low", "medium", "high") else "medium",
            )
        )
    return found[:MOST_QUESTIONS]
