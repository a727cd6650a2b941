"""The main job: say something, see it answered, and find it all again."""

from __future__ import annotations

import signal
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.running_app import MODELS, App
from tests.browser.talk_table import read
from tests.faults.table import until
from tests.providers import SERVERS, Script, words
from ttrpg_assistant.ids import new_id

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MARK = "[Stream interrupted]"
LONG = "Roll 9d6 20 times"
"""What the built-in model writes its answer to for four seconds."""
WHOLE = "".join(words(8)).strip()
HALF = Script(chunks=words(8), stalls=(4,))
"""An answer that waits in its middle until it is let go."""


async def test_the_built_in_model_answers_and_says_plainly_what_it_is(app: App) -> None:
    tab = await app.open_tab()
    await expect(tab.page.get_by_text("Built-in model: answers from what you")).to_be_visible()
    await tab.send("Roll 2d6+3 for the ambush")
    await tab.wait_last("complete")
    said = await tab.contents()
    assert said[0] == "Roll 2d6+3 for the ambush" and len(said) == 2 and said[1]
    assert [m["status"] for m in await app.history()] == ["complete", "complete"]


async def test_a_reply_goes_on_to_its_end_through_a_reload_and_a_visit_to_settings(
    app: App,
) -> None:
    tab = await app.open_tab()
    await tab.send(LONG)
    await tab.wait_phase("streaming")
    await tab.page.reload()
    await tab.page.get_by_role("link", name="Settings", exact=True).first.click()
    await expect(tab.page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()
    await tab.page.get_by_role("link", name="Chat", exact=True).first.click()
    await tab.wait_last("complete")
    stored = await app.history()
    assert stored[-1]["status"] == "complete" and stored[-1]["content"].count("9d6") == 20
    await tab.wait_messages(*(message["id"] for message in stored))


async def test_a_reply_that_is_being_written_is_shown_word_by_word(app: App) -> None:
    provider = await app.provide("openai", HALF)
    tab = await app.open_tab()
    await tab.send("Begin")
    await tab.wait_text("word3")
    assert "word4" not in await tab.answer.inner_text()
    provider.release()
    await tab.wait_last("complete")
    await tab.wait_contents("Begin", WHOLE)


async def test_a_second_tab_joins_a_running_reply_with_the_same_text(app: App) -> None:
    provider = await app.provide("openai", HALF)
    first = await app.open_tab()
    await first.send("Begin")
    await first.wait_text("word3")
    second = await app.open_tab(context=first.page.context)
    elsewhere = await app.open_tab()
    for tab in (second, elsewhere):
        await tab.wait_text("word3")
    provider.release()
    for tab in (first, second, elsewhere):
        await tab.wait_last("complete")
    shown = {await tab.answer.inner_html() for tab in (first, second, elsewhere)}
    assert len(shown) == 1 and len(provider.requests) == 1
    for tab in (second, elsewhere):
        await tab.wait_contents("Begin", WHOLE)


@pytest.mark.parametrize(
    "kind", [pytest.param(signal.SIGTERM, marks=pytest.mark.deep), signal.SIGKILL]
)
async def test_a_server_stopped_in_mid_reply_keeps_every_message_once_and_in_order(
    app: App, kind: signal.Signals
) -> None:
    tab = await app.open_tab()
    await tab.send("Roll 1d20")
    await tab.wait_last("complete")
    await app.provide("openai", Script(chunks=(*words(200), "end"), stalls=(200,)))
    await tab.send("Describe the siege")
    await tab.wait_text("word199")
    await expect_checkpoint(app, "word199")
    before = await tab.contents()
    if kind is signal.SIGTERM:
        await app.server.stop()
    await app.server.restart()
    await tab.wait_last("interrupted")
    after = await tab.contents()
    assert after[:3] == before[:3] and len(after) == 4
    assert after[3].replace(MARK, "").strip() == "".join(words(200)).strip()
    assert after[3].count(MARK) == 1
    await expect(tab.newest.get_by_text("Cut off")).to_be_visible()
    stored = await app.history()
    await tab.wait_messages(*(message["id"] for message in stored))
    await tab.button("Ask again").click()
    await tab.wait_phase("streaming")
    app.providers["openai"].release()
    await tab.wait_last("complete")
    assert (await tab.contents())[:3] == before[:3]


async def read_thread(app: App, thread_id: str) -> Any:
    return (await read(app, f"/api/threads/{thread_id}/messages"))["messages"]


async def expect_checkpoint(app: App, text: str, thread_id: str | None = None) -> None:
    """Until the answer has been stored as far as this."""

    async def is_stored() -> bool:
        said = await (read_thread(app, thread_id) if thread_id else app.history())
        return text in said[-1]["content"]

    await until(is_stored)


async def wait_interrupted(app: App, thread_id: str) -> Any:
    """The messages of a thread once a new server has marked the answer of the old one."""

    async def find() -> Any:
        said = await read_thread(app, thread_id)
        return said if said[-1]["status"] == "interrupted" else None

    return await until(find)


async def test_the_built_in_models_killed_reply_is_kept_too(app: App) -> None:
    tab = await app.open_tab()
    await tab.send(LONG)
    await tab.wait_phase("streaming")
    await app.server.restart()
    await tab.wait_last("interrupted")
    stored = await app.history()
    assert [m["role"] for m in stored] == ["user", "assistant"]
    assert stored[-1]["content"].count(MARK) == 1
    await tab.wait_messages(*(message["id"] for message in stored))


async def test_each_provider_streams_into_the_page_and_its_tokens_are_shown(
    app: App,
) -> None:
    tab = await app.open_tab()
    told: list[str] = []
    for name in SERVERS:
        said = tuple(f"{name}-{word}" for word in words(8))
        provider = await app.provide(name, Script(chunks=said, stalls=(4,)))
        await expect(tab.page.get_by_text("Model: test-model", exact=True)).to_be_visible()
        await tab.send(f"Begin, {name}")
        await tab.wait_text(f"{name}-word3")
        await tab.page.reload()
        await tab.wait_text(f"{name}-word3")
        provider.release()
        await tab.wait_last("complete")
        told += [f"Begin, {name}", "".join(said).strip()]
        await tab.wait_contents(*told)
        await expect(tab.newest.get_by_text("21 tokens in, 8 out")).to_be_visible()
        last = (await app.history())[-1]
        assert (last["model"], last["tokens_in"], last["tokens_out"]) == (MODELS[name], 21, 8)
        assert len(provider.requests) == 1


async def test_each_providers_killed_reply_keeps_what_it_had(app: App) -> None:
    shown, *others = SERVERS
    await app.provide(shown, HALF)
    tab = await app.open_tab()
    await tab.send("Begin")
    await tab.wait_text("word3")
    threads = {}
    for name in others:
        await app.provide(name, HALF)
        thread = await app.post("/api/threads", {"purpose": "general", "title": name})
        turn = {"message_id": new_id(), "content": "Begin"}
        await app.post(f"/api/threads/{thread['id']}/turns", turn)
        threads[name] = thread["id"]
    for thread_id in (None, *threads.values()):
        await expect_checkpoint(app, "word3", thread_id)
    await app.server.restart()
    await tab.wait_last("interrupted")
    begun = "".join(words(4)).strip()
    said = await tab.contents()
    assert said[0] == "Begin" and said[1].split("\n")[0].strip() == begun
    assert said[1].count(MARK) == 1 and len(said) == 2
    for name, thread_id in threads.items():
        question, answer = await wait_interrupted(app, thread_id)
        assert question["content"] == "Begin" and len(app.providers[name].requests) == 1
        assert answer["content"].removesuffix(MARK).strip() == begun
        assert answer["content"].count(MARK) == 1
