"""How much of each prompt llama.cpp serves from its cache, over twelve turns a kind of talk."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from model_check import questions
from model_check.conversation import Application, Turn
from model_check.divergence import describe_divergence
from model_check.figures import Figure, at_least
from model_check.programs import application, llama_server
from model_check.recording import Recording, recording

CONTEXT_TOKENS = 8192
ANSWER_TOKENS = 32


@dataclass(frozen=True, slots=True)
class Talk:
    """One kind of talk: how it is opened, what is asked, and the share it has to reach."""

    name: str
    target: float
    asked: Sequence[str]
    open: Callable[[Application], Awaitable[str]]
    mode: str | None = None


async def measure(place: Path, tree: Path, only: Sequence[str], explain: bool) -> list[Figure]:
    """The figures of every kind of talk, or of those named."""
    figures = []
    for talk in TALKS:
        if not only or talk.name in only:
            figures += await _measure_talk(place / talk.name, tree, talk, explain)
    return figures


async def _measure_talk(place: Path, tree: Path, talk: Talk, explain: bool) -> list[Figure]:
    async with (
        llama_server(CONTEXT_TOKENS) as origin,
        recording(origin, answer_tokens=ANSWER_TOKENS) as record,
        application(
            place,
            "openai-compatible:gemma",
            {"TTRPG_COMPATIBLE_BASE_URL": record.base_url},
            tree,
        ) as app,
    ):
        path = await talk.open(app)
        turns = []
        for asked in talk.asked:
            turns.append(await app.take_turn(path, asked, talk.mode))
            print(f"{talk.name}: {turns[-1].seconds:.1f} s", file=sys.stderr, flush=True)
        await record.settle()
        figures = _judge(talk, record, turns)
        if explain:
            await describe_divergence(talk.name, origin, record.calls)
    for figure in figures:
        print(figure.spell(), flush=True)
    return figures


def _judge(talk: Talk, record: Recording, turns: Sequence[Turn]) -> list[Figure]:
    readings = [reading for call in record.calls if (reading := call.find_reading())]
    statuses = Counter(turn.message["error_code"] or turn.message["status"] for turn in turns)
    spelled = ", ".join(f"{count} {status}" for status, count in statuses.items())
    cached = sum(reading[0] for reading in readings)
    total = sum(map(sum, readings))
    later = readings[1:]
    share_later = sum(reading[0] for reading in later) / max(1, sum(map(sum, later)))
    each = " ".join(f"{cache}/{cache + read}" for cache, read in readings)
    return [
        at_least(
            f"{talk.name}: share from the cache, 12 turns",
            cached / max(1, total),
            talk.target,
            f" of {total} tokens",
        ),
        Figure(f"{talk.name}: the same without the first turn", f"{share_later:.3f}"),
        Figure(f"{talk.name}: cached/prompt tokens of each call", each),
        Figure(
            f"{talk.name}: first token, turn 1 → turn 2",
            f"{_spell(turns[0].first)} → {_spell(turns[1].first)}",
        ),
        Figure(
            f"{talk.name}: answers, calls made, calls failed",
            f"{spelled}; {len(record.calls)}; {len(record.list_failed())}",
            f"{len(turns)} complete, none failed",
            statuses["complete"] == len(turns) and not record.list_failed(),
        ),
    ]


def _spell(seconds: float | None) -> str:
    return "none" if seconds is None else f"{seconds:.2f} s"


async def _open_chat(app: Application) -> str:
    return await app.open_chat(await app.load_sample())


async def _open_thread(app: Application) -> str:
    return await app.open_thread(await app.load_sample(), "session_planning")


async def _open_npc(app: Application) -> str:
    return await app.open_npc(await app.find_npc(await app.load_sample(), "Mira"))


async def _open_plain(app: Application) -> str:
    return await app.open_chat(None)


TALKS = (
    Talk("chat", 0.65, questions.CHAT, _open_chat),
    Talk("thread", 0.65, questions.THREAD, _open_thread),
    Talk("about", 0.75, questions.ABOUT_NPC, _open_npc, "about"),
    Talk("speak-as", 0.8, questions.AS_NPC, _open_npc, "as"),
    Talk("no-campaign", 0.9, questions.NO_CAMPAIGN, _open_plain),
)
