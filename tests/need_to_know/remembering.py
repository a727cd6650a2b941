"""A scripted model that also makes the summaries of old talk: it repeats all that it was told."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from tests.npc_table import all_of
from ttrpg_assistant.conversations.summaries.telling import ASK_NOTES, ASK_SPOKEN, ASK_TALK
from ttrpg_assistant.llm.scripted import ScriptedProvider
from ttrpg_assistant.llm.types import Finished, ModelEvent, ModelRequest, TextDelta

REMEMBERED = "This was told before."
SHORT = 600
"""Characters: long enough to tell a secret, short enough to find room in a small prompt."""


class RememberingProvider(ScriptedProvider):
    """Keeps requests for summaries apart from the scripts; what one leaks goes on from there."""

    def __init__(self, *, context_tokens: int) -> None:
        super().__init__(context_tokens=context_tokens)
        self.asked_to_remember: list[ModelRequest] = []

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent, None]:
        """A summary of everything, or the next script."""
        if any(ask in all_of(request) for ask in (ASK_NOTES, ASK_SPOKEN, ASK_TALK)):
            self.asked_to_remember.append(request)
            told = dict.fromkeys(message.content for message in request.messages[:-1])
            yield TextDelta("\n".join([REMEMBERED, *told])[:SHORT])
            yield Finished("stop")
            return
        async for event in super().stream(request):
            yield event

    def take_as_heard(self) -> list[ModelRequest]:
        """The requests so far for what an NPC remembers."""
        taken = [one for one in self.asked_to_remember if ASK_SPOKEN in all_of(one)]
        self.asked_to_remember.clear()
        return taken
