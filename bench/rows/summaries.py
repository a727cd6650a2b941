"""How many names said often, and numbers, are in what prompts are told of long talk."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.figures import Line
from bench.filled import make_empty
from bench.table_talk.making import EVENING, make_talk
from tests.conversations.summary_table import SMALL_CONTEXT, Memory
from ttrpg_assistant.builtin.summary import summarise
from ttrpg_assistant.conversations.summaries.model import GROUP, LEVELS, STRETCH_MESSAGES
from ttrpg_assistant.llm.scripted import ScriptedProvider
from ttrpg_assistant.storage.engines import create_database

OFTEN = 3
LINES = {"an evening of 2,100 lines": 2_100, "six of them": 12_600}
TARGETS = {"an evening of 2,100 lines": 0.60, "six of them": 0.40}
MODELS = {"built-in model": "offline:offline", "a model that says nothing": "scripted:scripted"}

_INSIDE = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")
_WORD = re.compile(r"[A-Za-z]+")
_NUMBER = re.compile(r"\d+")
_SENTENCES = 6


async def measure(place: Path) -> list[Line]:
    """Made-up talk of an evening and of six: by the built-in model, and by one that writes next to
    nothing."""
    lines = []
    for number, (what, count) in enumerate(LINES.items()):
        talk = make_talk(number, count // EVENING + 1, count // 30)
        said = [line.content for evening in talk.evenings for line in evening][:count]
        texts = list(_with_sums(said))
        names, numbers = list_names(texts), _find_numbers(texts)
        central = " ".join(_keep_central(texts))
        beside = f"{_share(names, central):.0%} of names by the most central sentences"
        for who, choice in MODELS.items():
            folder = place / f"{number} {who}"
            folder.mkdir()
            told = await _tell(folder, texts, choice)
            share = _share(names, told)
            kept = len(numbers & set(_NUMBER.findall(told))) / len(numbers)
            lines.append(
                Line(
                    f"{what}, {who}",
                    f"{share:.0%} of {len(names)} names said {OFTEN} times or more,"
                    f" {kept:.0%} of numbers, in {len(told):,} characters",
                    beside,
                    "",
                    f"≥ {TARGETS[what]:.0%} of names",
                    share >= TARGETS[what],
                )
            )
    return lines


def _with_sums(said: Sequence[str]) -> Iterator[str]:
    """The talk with something counted in every twentieth line."""
    for number, text in enumerate(said):
        yield text
        if number % 20 == 10:
            yield f"They paid {number + 13} gold for it and wrote that down."


async def _tell(folder: Path, texts: Sequence[str], choice: str) -> str:
    """What a prompt is told of the talk that it cannot hold."""
    database = create_database(await make_empty(folder))
    await database.open()
    try:
        model = ScriptedProvider(default=["They talked."], context_tokens=SMALL_CONTEXT)
        memory = Memory(database, model, choice=choice)
        thread = await memory.new_thread()
        await memory.say(thread.id, texts)
        await memory.maker.catch_up(thread.id)
        return "\n".join(await memory.remember(thread.id, 10))
    finally:
        await database.close()


def list_names(texts: Sequence[str]) -> set[str]:
    """Words with a capital inside a sentence that are said often and hardly ever written small."""
    inside = {word for text in texts for word in _INSIDE.findall(text)}
    said = Counter(word for text in texts for word in _WORD.findall(text))
    return {word for word in inside if said[word] >= OFTEN and said[word.lower()] < said[word] / 5}


def _find_numbers(texts: Sequence[str]) -> set[str]:
    return {number for text in texts for number in _NUMBER.findall(text)}


def _share(names: set[str], told: str) -> float:
    return len(names & set(_WORD.findall(told))) / len(names)


def _keep_central(texts: Sequence[str]) -> list[str]:
    """The same levels, each of the most central sentences of the one below."""
    levels: list[list[str]] = [[] for _ in range(LEVELS + 1)]
    for start in range(0, len(texts), STRETCH_MESSAGES):
        levels[1].append(_central(texts[start : start + STRETCH_MESSAGES]))
        for level in range(1, LEVELS):
            if len(levels[level]) >= GROUP:
                levels[level + 1].append(_central(levels[level]))
                levels[level].clear()
    return [text for level in levels for text in level]


def _central(texts: Sequence[str]) -> str:
    return "\n".join(line.text for line in summarise(texts, _SENTENCES))
