import asyncio
from contextlib import aclosing

import pytest

from tests.llm.dialect_cases import REQUEST, hear
from ttrpg_assistant.errors import BadAnswer, Overloaded
from ttrpg_assistant.llm.ports import Provider
from ttrpg_assistant.llm.scripted import Gate, ScriptedProvider
from ttrpg_assistant.llm.types import Finished, TextDelta, Usage


async def test_scripts_are_said_in_order_and_requests_remembered() -> None:
    provider = ScriptedProvider()
    provider.enqueue(["a", "b", Usage(1, 2)])
    provider.enqueue(["c", Finished("length")])
    assert (await hear(provider)).events == [
        TextDelta("a"), TextDelta("b"), Usage(1, 2), Finished("stop"),
    ]  # fmt: skip
    assert (await hear(provider)).events == [TextDelta("c"), Finished("length")]
    assert isinstance((await hear(provider)).fault, BadAnswer)
    assert provider.history == [REQUEST] * 3


async def test_a_fault_comes_after_the_text_before_it() -> None:
    provider = ScriptedProvider(default=["a", Overloaded("busy")])
    heard = await hear(provider)
    assert heard.text == "a"
    assert isinstance(heard.fault, Overloaded)
    assert provider.stopped == 0


async def test_a_gate_holds_the_answer_until_it_is_opened() -> None:
    provider, gate = ScriptedProvider(), Gate()
    provider.enqueue(["a", gate, "b"])
    listening = asyncio.ensure_future(hear(provider))
    await gate.reached.wait()
    assert not listening.done()
    gate.open()
    assert (await listening).text == "ab"


@pytest.mark.parametrize("cancel", [True, False])
async def test_an_answer_that_is_closed_early_is_counted_as_stopped(cancel: bool) -> None:
    provider, gate = ScriptedProvider(), Gate()
    provider.enqueue(["a", gate])
    if cancel:
        listening = asyncio.ensure_future(hear(provider))
        await gate.reached.wait()
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    else:
        async with aclosing(provider.stream(REQUEST)) as stream:
            await anext(stream)
    assert provider.stopped == 1


async def test_it_is_a_provider_like_the_others() -> None:
    provider: Provider = ScriptedProvider(models=("one", "two"), context_tokens=100)
    assert [m.choice for m in await provider.list_models()] == ["scripted:one", "scripted:two"]
    assert (await provider.describe_model("one")).context_tokens == 100
    await provider.aclose()
