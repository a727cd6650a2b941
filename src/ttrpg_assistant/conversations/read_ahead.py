"""Reads what prompts are made of while their questions are being stored.

What was said must be safe on the disk before anybody answers it. What bears on it is there already
and is read meanwhile, so the model is asked that much sooner.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import structlog

from ttrpg_assistant.conversations.answerer import Answerer
from ttrpg_assistant.conversations.answering import AnsweringModel
from ttrpg_assistant.conversations.gathered import Gathered
from ttrpg_assistant.conversations.model import Message, PostedTurn, Question, Turn
from ttrpg_assistant.conversations.ports import TurnContext
from ttrpg_assistant.errors import Fault

log = structlog.get_logger(__name__)

_Read = tuple[Answerer, Gathered | None]


@dataclass(slots=True)
class _Begun:
    """`said` is the question once it is stored."""

    reading: asyncio.Task[_Read]
    said: Message | None = None


class ReadAhead:
    """What is being read for questions that are being stored, by the IDs of their answers."""

    def __init__(self, model: AnsweringModel, context: TurnContext) -> None:
        self._model = model
        self._context = context
        self._begun: dict[str, _Begun] = {}

    async def read_during(
        self,
        question: Question,
        store: Callable[[Callable[[PostedTurn], PostedTurn]], Awaitable[PostedTurn]],
    ) -> PostedTurn:
        """Store the question, and read meanwhile. `store` calls what it is given with what is about
        to be committed: earlier, reading would only keep the interpreter from storing. What was
        read is kept for its turn, unless that waits for another or the question was stored before
        or could not be."""
        answer_id, loop = question.answer_id, asyncio.get_running_loop()
        is_wanted = True

        def begin() -> None:
            # Storing goes on when its caller has gone, and may be tried twice.
            if is_wanted and answer_id not in self._begun:
                reading = asyncio.create_task(self._read(question), name=f"ahead {answer_id}")
                self._begun[answer_id] = _Begun(reading)

        def about_to_commit(posted: PostedTurn) -> PostedTurn:
            if _runs_at_once(posted, answer_id):
                loop.call_soon_threadsafe(begin)
            return posted

        try:
            posted = await store(about_to_commit)
        except BaseException:
            is_wanted = False
            self.drop(answer_id)
            raise
        begun = self._begun.get(answer_id)
        if begun is not None and posted.created:
            begun.said = posted.user_message
        else:
            self.drop(answer_id)
        return posted

    async def take(self, turn: Turn) -> _Read | None:
        """The model that was asked about and what was read for it; None where nothing was."""
        begun = self._begun.pop(turn.assistant_message_id, None)
        if begun is None or begun.said is None:
            return None
        try:
            answerer, gathered = await begun.reading
        except Fault:
            return None  # It is read once more, and what is wrong then is said.
        if gathered is None or not _is_of(gathered.said, begun.said):
            return answerer, None
        return answerer, replace(gathered, said=begun.said)

    def drop(self, answer_id: str) -> None:
        """Nobody will ask for this: stop reading it."""
        begun = self._begun.pop(answer_id, None)
        if begun is not None:
            begun.reading.add_done_callback(_see_end)
            begun.reading.cancel()

    async def _read(self, question: Question) -> _Read:
        answerer = await self._model.get()
        return answerer, await self._context.read_ahead(question, answerer)


def _see_end(reading: asyncio.Task[_Read]) -> None:
    """Of what nobody takes any more: a bug of ours is loud in the log all the same."""
    fault = None if reading.cancelled() else reading.exception()
    if fault is not None and not isinstance(fault, Fault):
        log.error("ahead.broke", exc_info=fault)


def _runs_at_once(posted: PostedTurn, answer_id: str) -> bool:
    return (posted.turn.assistant_message_id, posted.turn.state) == (answer_id, "running")


def _is_of(expected: Message, said: Message) -> bool:
    """Whether a question was stored where it was expected, and nothing was said in between."""
    return (expected.seq, expected.parent_id, expected.mode, expected.content) == (
        said.seq,
        said.parent_id,
        said.mode,
        said.content,
    )
