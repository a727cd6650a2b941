"""A window that nobody knows is found out by one refused call, whatever is asked at once."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.providers import ModelCard, OpenAIServer, Script
from tests.providers.http import ReceivedRequest
from tests.running import Running, running
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.settings import ProviderAccess

LONG = "The mill turns beside the river, as it always has. " * 60
MOST_CHARACTERS = 7_000


class SmallServer(OpenAIServer):
    """Reads 2,048 tokens, whatever its list says, and takes a while before it answers at all.

    With `reads_all` it refuses nothing; then it answers long prompts only when so many of them
    are under way. `characters` is how many make a token: fewer than is estimated, for a vocabulary
    that knows little of the language.
    """

    def __init__(
        self, window: int | None, *, reads_all: int = 0, characters: float = MOST_CHARACTERS / 2048
    ) -> None:
        super().__init__(models=[ModelCard(context=window)])
        self.reads_all = reads_all
        self.characters = characters
        self.refused = self.at_once = 0
        self.together = asyncio.Condition()

    async def _answer(self, request: ReceivedRequest, *streams: Any) -> bool:
        length = sum(len(message["content"]) for message in request.body["messages"])
        tokens = int(length / self.characters)
        is_long = tokens > 2048
        self.at_once += is_long
        if is_long and self.reads_all:
            async with self.together:
                self.together.notify_all()
                await self.together.wait_for(lambda: self.at_once >= self.reads_all)
        for _ in range(50):  # others have time to come
            await asyncio.sleep(0)
        script = Script()
        if is_long and not self.reads_all:
            self.refused += 1
            said = f"request ({tokens} tokens) exceeds the available context size (2048 tokens)"
            script = Script(status=400, error={"error": {"code": 400, "message": said}})
        self.enqueue(script)
        try:
            return await super()._answer(request, *streams)
        finally:
            self.at_once -= is_long and not self.reads_all


def reach(server: OpenAIServer) -> dict[str, Any]:
    access = ProviderAccess(base_url=server.base_url)
    return {"access": {"openai-compatible": access}, "model": "openai-compatible:test-model"}


async def make_long_thread(app: Running, messages: int = 6) -> str:
    thread: str = (await app.post("/api/threads", {"purpose": "general"}, status=201))["id"]
    for number in range(messages):
        body = {"role": "assistant" if number % 2 else "user", "content": f"{number}: {LONG}"}
        await app.post(f"/api/threads/{thread}/messages", body, status=201)
    return thread


async def ask(app: Running, thread: str) -> Any:
    body = {"message_id": new_id(), "content": "Who keeps the mill?"}
    turn = await app.post(f"/api/threads/{thread}/turns", body, status=202)
    return await app.read_reply(turn["assistant_message"]["id"])


@pytest.mark.parametrize("window", [None, 32_768])
async def test_long_questions_at_once_cost_one_refused_call(
    tmp_path: Path, window: int | None
) -> None:
    async with SmallServer(window) as server, running(tmp_path, **reach(server)) as app:
        threads = [await make_long_thread(app) for _ in range(4)]
        replies = await asyncio.gather(*(ask(app, thread) for thread in threads))
        assert [reply["content"] for reply in replies] == [Script().text] * 4
        assert server.refused == 1
        assert len(server.requests) == 5


async def test_a_summary_is_never_the_prompt_by_which_a_window_is_found_out(
    tmp_path: Path,
) -> None:
    async with SmallServer(None) as server, running(tmp_path, **reach(server)) as app:
        thread = await make_long_thread(app, 30)
        summaries = app.services.summary_maker
        while summaries.is_at_work(thread):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        assert server.requests == [], "nobody has asked anything yet"
        assert (await ask(app, thread))["status"] == "complete"
        assert server.refused == 1
        path = f"/api/conversations/{thread}/summaries"
        while summaries.is_at_work(thread) or not (await app.get(path))["summaries"]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        assert server.refused == 1, "it was made to fit what the question taught"
        assert len(server.requests) > 2


@pytest.mark.parametrize("window", [None, 32_768])
async def test_a_summary_asked_for_first_of_all_costs_one_refused_call(
    tmp_path: Path, window: int | None
) -> None:
    """Also where the server counts twice the tokens that were estimated."""
    async with (
        SmallServer(window, characters=1.8) as server,
        running(tmp_path, **reach(server)) as app,
    ):
        thread = await make_long_thread(app, 40)
        summaries = app.services.summary_maker
        while summaries.is_at_work(thread):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        path = f"/api/conversations/{thread}/summaries"
        await app.post(f"{path}/remake", status=202)
        reply = await ask(app, thread)
        while summaries.is_at_work(thread):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        assert reply["status"] == "complete"
        assert server.refused == 1
        made = (await app.get(path))["summaries"]
        assert any(one["made_by"] == "openai-compatible:test-model" for one in made)


@pytest.mark.parametrize("characters", [2.6, 1.8])
async def test_a_refusal_that_counts_tokens_is_believed_in_the_next_prompt(
    tmp_path: Path, characters: float
) -> None:
    async with (
        SmallServer(None, characters=characters) as server,
        running(tmp_path, **reach(server)) as app,
    ):
        thread = await make_long_thread(app)
        assert (await ask(app, thread))["status"] == "complete"
        assert (await ask(app, thread))["status"] == "complete"
        assert server.refused == 1


async def test_prompts_no_longer_than_one_that_was_read_wait_for_nobody(tmp_path: Path) -> None:
    all_reading = SmallServer(None, reads_all=1)
    async with all_reading as server, running(tmp_path, **reach(server)) as app:
        threads = [await make_long_thread(app) for _ in range(3)]
        await ask(app, threads[0])
        server.reads_all = 3  # the one above is counted too
        async with asyncio.timeout(60):
            await asyncio.gather(*(ask(app, thread) for thread in threads[1:]))
