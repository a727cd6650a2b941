"""A model whose every answer says which message it answers, so that nothing can be mixed up.

The answer to "w1-7" is "w1-7#0 w1-7#1 …": any piece of text in a reply tells where it
belongs, and a reply is right when it is a prefix of `answer_to` of its own question. A
question may end with the number of words it wants: "w1-7*300".
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from typing import Any

from tests.providers import OpenAIServer, ReceivedRequest, Script
from ttrpg_assistant.conversations.summaries.telling import ASK_NOTES, ASK_SPOKEN, ASK_TALK

MODEL = "openai-compatible:test-model"


def answer_to(content: str, words: int) -> str:
    """All that the model says to a message."""
    return "".join(_chunks(content, words))


def _chunks(content: str, words: int) -> tuple[str, ...]:
    name, _, wanted = content.partition("*")
    words = int(wanted) if wanted.isdigit() else words
    return tuple(f"{name}#{number} " for number in range(words))


MEMORY = frozenset({ASK_TALK, ASK_SPOKEN, ASK_NOTES})
"""What is asked to condense older talk: no message, and asked again after a crash."""


class EchoProvider(OpenAIServer):
    """Answers each message with words that carry its name."""

    def __init__(self, words: int = 6, pace: float = 0.0, **script: Any) -> None:
        super().__init__()
        self._usual = (words, pace, script)
        self.reset()

    def reset(self) -> None:
        """Answer as at the beginning, let everything go on, and forget what was asked."""
        if self._gate is not None:
            for _ in range(100):
                self._gate.release()
            self._gate = asyncio.Semaphore(0)
        self._stalled.clear()
        self.words, self.pace, script = self._usual
        self.script: dict[str, Any] = dict(script)
        self.calls: Counter[str] = Counter()
        """How often each message was sent here to be answered."""
        self.latest: dict[str, ReceivedRequest] = {}

    @property
    def environment(self) -> dict[str, str]:
        """What makes a server use this model."""
        return {"TTRPG_MODEL": MODEL, "TTRPG_COMPATIBLE_BASE_URL": self.base_url}

    async def _answer(
        self,
        request: ReceivedRequest,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> bool:
        question = last_question(request)
        if question not in MEMORY:
            self.calls[question] += 1
        self.latest[question] = request
        chunks = _chunks(question, self.words)
        # Taken by the base class before it first waits, so no other answer can get it.
        self.scripts = deque([Script(chunks=chunks, pace=self.pace, **self.script)])
        return await super()._answer(request, reader, writer)

    def count_sent(self, question: str) -> int:
        """How many characters of the answer have been sent so far."""
        request = self.latest.get(question)
        return 0 if request is None else len("".join(_chunks(question, self.words)[: request.sent]))


def last_question(request: ReceivedRequest) -> str:
    """The message that is to be answered. Unanswered ones before it come in front of it."""
    said = [m["content"] for m in request.body["messages"] if m["role"] == "user"]
    return str(said[-1]).rpartition("\n\n")[2] if said else ""
