"""How many calls one answer may cost, and what is remembered of the ones that were refused."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.llm.dialect_cases import NAMES, Heard, hear, make_provider, talking
from tests.providers import OpenAIServer, Script
from tests.providers.http import ReceivedRequest
from ttrpg_assistant.errors import (
    BadAnswer,
    ContextTooLong,
    ModelFault,
    Overloaded,
    RateLimited,
    Unreachable,
)
from ttrpg_assistant.llm.calls import Caller, answer
from ttrpg_assistant.llm.drafts import Draft
from ttrpg_assistant.llm.memory import Learned, ShortMemory
from ttrpg_assistant.llm.openai_requests import draft_chat
from ttrpg_assistant.llm.types import (
    Finished,
    ModelEvent,
    ModelRequest,
    Prefilled,
    PromptMessage,
    TextDelta,
    Waiting,
)

REQUEST = ModelRequest(
    "test-model",
    "Be brief.",
    (PromptMessage("user", "Who goes there?"),),
    max_tokens=4_096,
    context_tokens=16_384,
    effort="low",
)


def refusal(said: str, status: int = 400, **more: object) -> Script:
    return Script(status=status, error={"error": {"message": said, **more}})


def waits(heard: Heard) -> list[Waiting]:
    return [event for event in heard.events if isinstance(event, Waiting)]


def limit_of(request: ReceivedRequest) -> int | None:
    body = request.body
    limit = body.get("max_tokens", body.get("max_completion_tokens"))
    assert limit is None or isinstance(limit, int)
    return limit


# ------------------------------------------------------------------------- refused requests


async def test_a_limit_refused_under_both_names_is_lowered_and_remembered() -> None:
    class SmallLimit(OpenAIServer):
        async def _answer(self, request: ReceivedRequest, *streams: Any) -> bool:
            limit, name = limit_of(request), "max_tokens"
            name = name if name in request.body else "max_completion_tokens"
            too_much = limit is not None and limit > 1_024
            said = f"`{name}` must be less than or equal to `1024`"
            self.enqueue(refusal(said, param=name) if too_much else Script())
            return await super()._answer(request, *streams)

    async with SmallLimit() as server:
        provider = make_provider("openai", server.base_url)
        assert (await hear(provider, REQUEST)).text == Script().text
        assert [limit_of(r) for r in server.requests] == [4_096, 1_024]
        await hear(provider, REQUEST)
        assert limit_of(server.requests[2]) == 1_024 and len(server.requests) == 3
        await provider.aclose()


async def test_what_a_model_refused_is_remembered_for_that_model_at_that_address() -> None:
    memory = ShortMemory()
    no_system = refusal("System role not supported")
    async with talking("openai", no_system, Script(), memory=memory) as (provider, server):
        assert (await hear(provider, REQUEST)).fault is None
        assert [m["role"] for m in server.requests[1].body["messages"]] == ["user"]
        again = make_provider("openai", server.base_url, memory=memory)
        await hear(again, REQUEST)
        assert len(server.requests) == 3, "another start of the program knows it"
        first = server.requests[2].body["messages"][0]["content"]
        assert first == "Be brief.\n\nWho goes there?"
        await hear(again, replace(REQUEST, model="another"))
        assert server.requests[3].body["messages"][0]["role"] == "system"
        await again.aclose()


async def test_a_server_that_refuses_every_unknown_name_in_turn_is_answered_in_time() -> None:
    class Strict(OpenAIServer):
        async def _answer(self, request: ReceivedRequest, *streams: Any) -> bool:
            extra = [name for name in request.body if name not in ("model", "messages", "stream")]
            said = refusal(f"Unknown field: {extra[0]}", 422) if extra else Script()
            self.enqueue(said)
            return await super()._answer(request, *streams)

    async with Strict() as server:
        provider = make_provider("openai", server.base_url)
        assert (await hear(provider, replace(REQUEST, model="qwen3"))).text == Script().text
        assert len(server.requests) <= 5
        calls = len(server.requests)
        await hear(provider, replace(REQUEST, model="qwen3"))
        assert len(server.requests) == calls + 1
        await provider.aclose()


@pytest.mark.parametrize("secret", ["x", "max", "1024"])
async def test_a_key_that_is_a_common_word_hides_nothing_from_what_is_decided(secret: str) -> None:
    said = refusal("`max_tokens` must be less than or equal to `1024`", param="max_tokens")
    async with talking("openai", said, Script(), secret=secret) as (provider, server):
        assert (await hear(provider, REQUEST)).fault is None
        assert limit_of(server.requests[1]) == 1_024


async def test_a_change_that_did_not_help_is_not_remembered() -> None:
    memory = ShortMemory()
    said = refusal("Bad Request")
    async with talking("openai", said, memory=memory) as (provider, server):
        assert isinstance((await hear(provider, REQUEST)).fault, BadAnswer)
        assert memory.find(server.base_url, "test-model") == Learned()


async def test_a_template_that_fails_on_a_role_is_given_another_prompt() -> None:
    said = refusal("Jinja Exception: System role not supported", 500)
    async with talking("openai", said, Script()) as (provider, server):
        assert (await hear(provider, REQUEST)).fault is None
        assert len(server.requests) == 2


# ------------------------------------------------------------------------ prompts too long


async def test_a_window_named_in_a_refusal_is_believed_from_then_on() -> None:
    memory = ShortMemory()
    said = refusal(
        "request (6554 tokens) exceeds the available context size (2048 tokens)",
        n_prompt_tokens=6_554,
        n_ctx=2_048,
    )
    async with talking("openai", said, memory=memory) as (provider, server):
        fault = (await hear(provider, REQUEST)).fault
        assert isinstance(fault, ContextTooLong)
        assert fault.facts["context_tokens"] == 2_048
        assert len(server.requests) == 1, "a smaller prompt is made elsewhere"
        listed = (await provider.describe_model("test-model")).context_tokens
        assert listed == 32_768, "what is believed goes back to what was listed if that changes"
        await provider.aclose()
        again = make_provider("openai", server.base_url, memory=memory)
        await again.describe_model("test-model")
        assert isinstance((await hear(again, REQUEST)).fault, ContextTooLong)
        model = await again.describe_model("test-model")
        assert (model.context_tokens, model.context_source) == (2_048, "learned")
        await again.aclose()


async def test_a_refusal_that_names_no_size_halves_it() -> None:
    async with talking("openai", refusal("The prompt is too long.")) as (provider, _):
        fault = (await hear(provider, REQUEST)).fault
    assert fault is not None and fault.facts["context_tokens"] == 8_192


async def test_an_answer_that_does_not_fit_beside_its_prompt_is_allowed_less() -> None:
    said = refusal(
        "This model's maximum context length is 8192 tokens. However, you requested 9096 tokens"
        " (5000 in the messages, 4096 in the completion)."
    )
    async with talking("openai", said, Script()) as (provider, server):
        assert (await hear(provider, REQUEST)).fault is None
        assert limit_of(server.requests[1]) == 8_192 - 5_000 - 16


# ------------------------------------------------------------------- busy and out of reach


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("status", [429, 500, 502, 503, 529])
async def test_a_busy_provider_is_waited_for_before_the_first_word(name: str, status: int) -> None:
    async with talking(name, Script(status=status), Script()) as (provider, server):
        heard = await hear(provider, REQUEST)
        assert (heard.fault, heard.text) == (None, Script().text)
        assert len(server.requests) == 2
        (wait,) = waits(heard)
        assert wait.code in (RateLimited.default_code, Overloaded.default_code)
        assert wait.sentence


async def test_the_time_a_provider_names_is_waited() -> None:
    busy = Script(status=429, headers=(("retry-after-ms", "10"),))
    async with talking("openai", busy, Script()) as (provider, _):
        (wait,) = waits(await hear(provider, REQUEST))
    assert wait.seconds == 0.01


async def test_a_provider_that_asks_for_minutes_is_not_waited_for() -> None:
    busy = Script(status=429, headers=(("retry-after", "90"),))
    async with talking("openai", busy) as (provider, server):
        heard = await hear(provider, REQUEST)
        assert len(server.requests) == 1 and waits(heard) == []
    assert heard.fault is not None and heard.fault.retry_after == 90


async def test_an_account_without_credit_is_not_called_again() -> None:
    poor = Script(status=429, error={"error": {"code": "insufficient_quota", "message": "Quota"}})
    async with talking("openai", poor) as (provider, server):
        assert (await hear(provider, REQUEST)).fault is not None
        assert len(server.requests) == 1


async def test_a_model_that_is_given_the_beginning_of_its_answer_says_so() -> None:
    talk = (*REQUEST.messages, PromptMessage("assistant", "The fer"))
    going_on = replace(REQUEST, messages=talk, continues=True)
    for name, prefills in (("ollama", True), ("openai", False)):
        async with talking(name, Script(chunks=("ryman",))) as (provider, _):
            heard = await hear(provider, going_on)
        assert isinstance(heard.events[0], Prefilled if prefills else TextDelta)
        assert heard.text == "ryman"


async def test_stopping_ends_a_wait_at_once() -> None:
    busy = Script(status=429, headers=(("retry-after", "50"),))
    async with talking("openai", busy) as (provider, server):
        waiting = asyncio.Event()

        async def listen() -> None:
            async with aclosing(provider.stream(REQUEST)) as events:
                async for event in events:
                    assert isinstance(event, Waiting)
                    waiting.set()

        task = asyncio.create_task(listen())
        await waiting.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len(server.requests) == 1


async def test_a_fault_after_the_first_word_is_not_followed_by_another_call() -> None:
    async with talking("openai", Script(error_before=2)) as (provider, server):
        heard = await hear(provider, REQUEST)
        assert heard.text and heard.fault is not None
        assert len(server.requests) == 1


# ------------------------------------------------------------------------------- the bound

WORDS = (
    "max_tokens", "max_completion_tokens", "stream_options", "reasoning_effort", "temperature",
    "chat_template_kwargs", "stream", "system role not supported", "roles must alternate",
    "is not supported", "must be <= 900", "must be <= 10", "unknown field", "only streaming",
    "maximum context length is 4096 tokens", "(1000 in the messages, 5000 in the completion)",
    "prefill", "bad request", "loading model", "instead", "17",
)  # fmt: skip

refusals = st.builds(
    lambda words, status, param: (status, {"error": {"message": " ".join(words), "param": param}}),
    st.lists(st.sampled_from(WORDS), max_size=5),
    st.sampled_from((400, 404, 422, 429, 500, 503)),
    st.none() | st.sampled_from(WORDS),
)


def fault_of(status: int, body: object) -> ModelFault:
    facts: dict[str, object] = {"status": status, "everything": json.dumps(body).lower()}
    if "context length" in str(body):
        return ContextTooLong("Too long.", facts=facts)
    if status == 429:
        return RateLimited("Wait.", facts=facts)
    if status >= 500:
        return Overloaded("Busy.", facts=facts)
    return BadAnswer("No.", facts=facts)


class AnyUpstream:
    """Refuses as it is told, then answers; keeps what it was sent."""

    def __init__(self, faults: list[ModelFault]) -> None:
        self.faults = faults
        self.sent: list[tuple[dict[str, Any], bool]] = []
        self.after_wait = False

    async def call(self, draft: Draft) -> AsyncGenerator[ModelEvent]:
        self.sent.append((json.loads(json.dumps(draft.body)), self.after_wait))
        self.after_wait = False
        if self.faults:
            raise self.faults.pop(0)
        yield TextDelta("Yes.")
        yield Finished("stop")


@settings(max_examples=300, deadline=None)
@given(
    told=st.lists(refusals, max_size=9),
    unreached=st.sets(st.integers(0, 8), max_size=4),
    learned=st.builds(
        Learned,
        no_streaming=st.booleans(),
        no_system=st.booleans(),
        left_out=st.sampled_from(((), ("max_tokens",), ("max_completion_tokens",))),
    ),
)
def test_whatever_a_provider_refuses_an_answer_costs_at_most_five_calls(
    told: list[tuple[int, object]], unreached: set[int], learned: Learned
) -> None:
    faults: list[ModelFault] = [
        Unreachable("Gone.") if at in unreached else fault_of(*one) for at, one in enumerate(told)
    ]
    upstream = AnyUpstream(faults)

    async def remember(learned: Learned) -> None:
        pass

    caller = Caller(
        lambda request, learned: draft_chat(request, learned, "other"),
        upstream.call,
        remember,
        guesses=True,
    )

    async def run() -> None:
        try:
            async for event in answer(replace(REQUEST, temperature=0.5), learned, caller):
                upstream.after_wait = isinstance(event, Waiting)
        except ModelFault:
            pass

    asyncio.run(run())
    assert 1 <= len(upstream.sent) <= 5
    for at, (body, after_wait) in enumerate(upstream.sent):
        if at and not after_wait:
            assert body not in [earlier for earlier, _ in upstream.sent[:at]]


async def test_a_server_that_contradicts_itself_is_not_asked_the_same_thing_again() -> None:
    both = (refusal("Streaming is not supported"), refusal("Only streaming supported"))
    async with talking("openai", *both, Script()) as (provider, server):
        assert isinstance((await hear(provider, REQUEST)).fault, BadAnswer)
        assert [request.body["stream"] for request in server.requests] == [True, False]
