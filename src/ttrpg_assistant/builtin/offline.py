"""The built-in model: useful at the table with no network, no key and no weights.

It answers from what it is given: quotes what is stored with its sources, rolls dice, draws
from tables, and speaks as an NPC from that NPC's sheet (DESIGN, "The built-in offline
model"). It says plainly what it is when asked, and is a `Provider` like any other.

All that it can say is imported by `prepare`, or when it is first asked something: a table with
another model never does.
"""

from __future__ import annotations

import asyncio
import random
import re
import secrets
from collections import OrderedDict
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ttrpg_assistant.errors import BadAnswer
from ttrpg_assistant.llm.prices import FREE
from ttrpg_assistant.llm.types import (
    Finished,
    ModelDescription,
    ModelEvent,
    ModelRequest,
    Prefilled,
    TextDelta,
)

if TYPE_CHECKING:
    from ttrpg_assistant.builtin.npc_voice import Scene

CONTEXT_TOKENS = 32_000
"""What it reads in one request; more would not make it wiser, only slower."""

_LONGEST_SECONDS = 4.0
"""A long answer is not paced past this: its pieces grow instead."""

_PIECES_UNPACED = 400
_REMEMBERED = 64
_ATTEMPTS = 6
_PIECE = re.compile(r"(?:\A\s++)?\S+\s*")


def prepare() -> None:
    """Import now what an answer needs. The first answer would do it, and take longer for it."""
    from ttrpg_assistant.builtin import asking, npc_voice  # noqa: F401
    from ttrpg_assistant.builtin.replies import tasks  # noqa: F401


class OfflineModel:
    """The provider named ``offline``, with its one model of the same name.

    `pace` is the wait in seconds between two pieces of an answer, 0 for none. `rng` is the
    source of chance; without one the system's own is used, and with a seeded one every
    answer is the same again. `max_tokens` of a request is not applied: an answer costs
    nothing, is short by itself, and a list cut short would not be the list.
    """

    name = "offline"

    def __init__(self, *, pace: float = 0.015, rng: random.Random | None = None) -> None:
        self._pace = pace
        self._rng = rng or secrets.SystemRandom()
        self._answered: OrderedDict[tuple[str, int, str], str] = OrderedDict()

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent]:
        """The answer in small pieces, then the terminal marker. Tokens are not counted: it costs
        nothing, and it reads no tokens."""
        # In a thread, because reading a full context takes tens of milliseconds.
        if request.continues:
            text = await asyncio.to_thread(self._continue, request)
            yield Prefilled()
        else:
            text = await asyncio.to_thread(self.answer, request)
        pieces = cut_into_pieces(text, self._most_pieces())
        for number, piece in enumerate(pieces):
            if number and self._pace > 0:
                await asyncio.sleep(self._pace)
            yield TextDelta(piece)
        yield Finished("stop")

    async def list_models(self) -> Sequence[ModelDescription]:
        """The one model there is."""
        return (await self.describe_model(self.name),)

    async def describe_model(self, model: str) -> ModelDescription:
        """The same for every name, since there is only one model."""
        return ModelDescription(self.name, self.name, CONTEXT_TOKENS, "listed", price=FREE)

    async def forget_learned(self, model: str) -> None:
        """It refuses nothing."""

    async def forget_window(self, model: str) -> None:
        """Its size is known."""

    async def aclose(self) -> None:
        """Nothing is open."""

    def answer(self, request: ModelRequest) -> str:
        """The whole answer, never empty. Asked the same thing again, an NPC says it otherwise."""
        from ttrpg_assistant.builtin.asking import read_question
        from ttrpg_assistant.builtin.npc_voice import Scene
        from ttrpg_assistant.builtin.replies import reply
        from ttrpg_assistant.builtin.replies.tasks import reply_with_task

        question = read_question(request)
        if (task := reply_with_task(question, self._rng)) is not None:
            return task
        if request.persona is None:
            return reply(question, self._rng)
        return self._speak_otherwise(Scene(request.persona, question.text, question.earlier))

    def _continue(self, request: ModelRequest) -> str:
        """What follows the beginning that was said. Raises `BadAnswer` where the answer would
        be another one now: a throw of dice, a line of an NPC."""
        *before, beginning = request.messages
        whole = self.answer(replace(request, messages=tuple(before), continues=False))
        _, found, rest = whole.partition(beginning.content)
        if not found:
            raise BadAnswer(
                "The built-in model cannot continue this answer.",
                code="cannot_continue",
                cure="Ask again.",
            )
        return rest

    def _speak_otherwise(self, scene: Scene) -> str:
        from ttrpg_assistant.builtin.npc_voice import speak

        asked = (scene.persona.npc_id, len(scene.earlier), scene.said)
        before = self._answered.pop(asked, None)
        spoken = speak(scene, self._rng)
        for _ in range(_ATTEMPTS):
            if spoken != before:
                break
            spoken = speak(scene, self._rng)
        self._answered[asked] = spoken
        while len(self._answered) > _REMEMBERED:
            self._answered.popitem(last=False)
        return spoken

    def _most_pieces(self) -> int:
        return max(1, round(_LONGEST_SECONDS / self._pace)) if self._pace > 0 else _PIECES_UNPACED


def cut_into_pieces(text: str, most: int) -> list[str]:
    """The text in pieces of one word or, when that makes more than `most`, of several.

    Joined they are the text again, and none is empty.
    """
    words = _PIECE.findall(text) or [text]
    size = -(-len(words) // most)
    return ["".join(words[at : at + size]) for at in range(0, len(words), size)]
