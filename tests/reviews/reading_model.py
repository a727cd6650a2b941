"""A model that reads parts of a made-up evening: it finds what was planted, and makes things up."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Callable
from typing import Any

from tests.providers.minded import WINDOW, MindedServer
from tests.reviews.made_evening import Evening
from tests.reviews.made_notes import MadeNotes
from ttrpg_assistant.llm.scripted import ScriptedProvider
from ttrpg_assistant.llm.types import ModelEvent, ModelRequest
from ttrpg_assistant.reviews.texts import NOTES, TRANSCRIPT

_LINE = re.compile(r"^- \[(\d+)\] (.*)$|^\[(\d+)\] (.*)$", re.MULTILINE)

MADE_UP = (
    {"kind": "fact", "text": "A dragon ate the moon.", "lines": [1], "quote": "A dragon ate it"},
    {"kind": "npc", "name": "Zorblax the Unsaid", "lines": [2], "quote": "Zorblax"},
    {"kind": "relation", "from": "Zorblax", "label": "uncle of", "to": "Mira Vale", "lines": [1]},
)  # fmt: skip
"""What no line says."""


class ReadingMind:
    """What is answered to a prompt about a part of this evening."""

    def __init__(self, evening: Evening) -> None:
        self._planted: dict[str, list[Any]] = {}
        for one in evening.planted:
            if one.kind != "mention":
                words = evening.lines[one.line - 1].partition(": ")[2]
                self._planted.setdefault(words, []).append(one)
        self.made_up = 0
        self.parts = 0

    def answer(self, prompt: str, question: str) -> str:
        """The answer to a whole prompt."""
        if TRANSCRIPT.request not in question:
            said = re.findall(r"^- (.*)$", prompt, re.MULTILINE)
            return " ".join([*said[:6], "Zorblax laughed at the 7777 moons."])
        self.parts += 1
        entries: list[dict[str, object]] = []
        told: list[str] = []
        for found in _LINE.finditer(prompt):
            number = int(found[1] or found[3])
            words = (found[2] or found[4]).partition(": ")[2]
            for one in self._planted.get(words, ()):
                quote = " ".join(words.split()[:7])
                entries.append({**one.answer, "lines": [number], "quote": quote})
                told.append(words)
        invented = MADE_UP[self.parts % len(MADE_UP)]
        self.made_up += 1
        entries.append(dict(invented))
        if told:
            entries.append({"kind": "summary", "text": " ".join(told[:2])})
        return f"Here is the list:\n```json\n{json.dumps(entries, ensure_ascii=False)}\n```"


class NotesMind:
    """What is answered to a prompt about a part of these notes; `worse` may spoil the answer to the
    part of a number."""

    def __init__(
        self, notes: MadeNotes, worse: Callable[[int, str], str] = lambda _, text: text
    ) -> None:
        self._planted = notes.planted
        self._worse = worse
        self.made_up = 0
        self.parts = 0

    def answer(self, prompt: str, question: str) -> str:
        """The answer to a whole prompt."""
        assert NOTES.request in question
        self.parts += 1
        entries: list[dict[str, object]] = []
        said = re.split(r"^(?:- )?\[(\d+)\] ", prompt, flags=re.MULTILINE)[1:]
        for number, line in zip(said[::2], said[1::2], strict=True):
            words = " ".join(line.split())
            for one in self._planted:
                if one.words in words:
                    quote = " ".join(one.words.split()[:7])
                    entries.append({**one.answer, "lines": [int(number)], "quote": quote})
        self.made_up += 1
        entries.append(dict(MADE_UP[self.parts % len(MADE_UP)]))
        text = f"```json\n{json.dumps(entries, ensure_ascii=False)}\n```"
        return self._worse(self.parts, text)


class ReadingModel(ScriptedProvider):
    """The same within the process."""

    def __init__(
        self, evening: Evening | None, context_tokens: int = WINDOW, mind: Any = None
    ) -> None:
        super().__init__(context_tokens=context_tokens)
        self.mind = mind if evening is None else ReadingMind(evening)

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent, None]:
        """The next script where there is one, else what the mind says."""
        if not self._scripts:
            prompt = "\n".join([request.system, *(one.content for one in request.messages)])
            self.enqueue([self.mind.answer(prompt, request.question)])
        async for event in super().stream(request):
            yield event


class ReadingServer(MindedServer):
    """The same as a server on loopback."""

    def __init__(self, evening: Evening | None, mind: Any = None) -> None:
        self.mind = mind if evening is None else ReadingMind(evening)
        super().__init__(self.mind.answer)
