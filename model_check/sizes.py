"""A window that no list names: one refused call at most, and the size is remembered.

llama.cpp is started with a small window behind a list of models without sizes, once with its own
`/props`, which tells the size when it is asked, and once without.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from model_check.conversation import Application, Turn
from model_check.figures import Figure
from model_check.programs import application, llama_server
from model_check.recording import Recording, recording

WINDOWS = (2048, 4096)
MODEL = "openai-compatible:gemma"
LONG = " ".join(
    f"On evening {number} they walked bridge {number} and nobody could say who rang the bell."
    for number in range(50)
)
"""About 4,000 characters."""
BEFORE = ("Who could have rung it?", "And what did Mira see from her boat?", "Sum that up, please.")
AFTER = ("Where were we?", "What should happen next?")


async def measure(place: Path, tree: Path) -> list[Figure]:
    """The figures of both windows, each with and without a server that can be asked."""
    figures = []
    for window in WINDOWS:
        for hide_props in (True, False):
            name = f"-c {window}, sizes {'said nowhere' if hide_props else 'only by /props'}"
            figures += await _measure_one(place, tree, name, window, hide_props)
    return figures


async def _measure_one(
    place: Path, tree: Path, name: str, window: int, hide_props: bool
) -> list[Figure]:
    folder = place / f"{window}-{hide_props}"
    turns: list[Turn] = []
    async with (
        llama_server(window) as origin,
        recording(origin, answer_tokens=32, hide_sizes=True, hide_props=hide_props) as record,
    ):
        variables = {"TTRPG_COMPATIBLE_BASE_URL": record.base_url}
        async with application(folder, MODEL, variables, tree) as app:
            path = await app.open_chat(await app.load_sample())
            await _store_long_talk(app, path)
            for asked in BEFORE:
                turns.append(await app.take_turn(path, asked))
            before = len(record.list_failed())
        async with application(folder, MODEL, variables, tree) as app:
            for asked in AFTER:
                turns.append(await app.take_turn(path, asked))
            known = await _find_size(app)
    figures = _judge(name, window, record, turns, before, known)
    for figure in figures:
        print(figure.spell(), flush=True)
    return figures


def _judge(
    name: str,
    window: int,
    record: Recording,
    turns: Sequence[Turn],
    failed_before: int,
    known: tuple[int | None, str],
) -> list[Figure]:
    failed = len(record.list_failed())
    ended = [turn.message["status"] for turn in turns]
    answered = sum(status == "complete" for status in ended)
    return [
        Figure(
            f"{name}: failed calls before and after a restart",
            f"{failed_before} and {failed - failed_before} of {len(record.calls)}",
            "1 at most, 0 after the restart",
            failed <= 1 and failed == failed_before,
        ),
        Figure(
            f"{name}: answers complete",
            f"{answered} of {len(ended)}",
            "all",
            answered == len(ended),
        ),
        Figure(
            f"{name}: window as known at the end",
            f"{known[0]} tokens, {known[1]}",
            f"{window} at most",
            known[0] is not None and known[0] <= window,
        ),
    ]


async def _store_long_talk(app: Application, turns_path: str) -> None:
    """Six messages of about 4,000 characters, as if they had been said before."""
    path = turns_path.removesuffix("/turns") + "/messages"
    for number in range(6):
        role = "assistant" if number % 2 else "user"
        await app.ask("POST", path, {"role": role, "content": f"{LONG} That was {number}."})


async def _find_size(app: Application) -> tuple[int | None, str]:
    listed: dict[str, Any] = await app.ask("GET", "/api/models")
    for provider in listed["providers"]:
        for model in provider["models"]:
            if model["choice"] == MODEL:
                return model["context_tokens"], model.get("context_source", "source unknown")
    return None, "not listed"
