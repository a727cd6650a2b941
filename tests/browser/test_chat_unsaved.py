"""Talk goes on while nothing can be stored, and is stored afterwards."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from playwright.async_api import expect

from tests.browser.running_app import App, Sheet
from tests.faults.table import until
from tests.providers import Script, words

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@contextmanager
def locked(app: App) -> Iterator[None]:
    """Another process holds the database's write lock."""
    with closing(sqlite3.connect(app.server.database, isolation_level=None)) as other:
        other.execute("PRAGMA busy_timeout = 10000")
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def test_what_is_said_and_answered_while_the_database_is_locked_is_saved_in_order_later(
    app: App,
) -> None:
    provider = await app.provide(
        "openai",
        Script(chunks=("The gate ", "is shut.")),
        Script(chunks=("Nobody ", "knocks.")),
        Script(chunks=("It ", "opens.")),
        Script(chunks=("Dawn.",)),
    )
    tab = await app.open_tab()
    await tab.send("Is the gate open?")
    await tab.wait_last("complete")
    with locked(app):
        await tab.send("Who knocks?")
        await tab.wait_banner("unavailable")
        await tab.wait_sign("Nobody knocks.", "on_device")
        await tab.send("And then?")
        await tab.wait_sign("It opens.", "on_device")
        banner = tab.page.locator("[data-persistence]")
        await expect(banner).to_contain_text("2 messages wait on this device")
        await expect(banner.get_by_role("button", name="Retry", exact=True)).to_be_visible()
        kept = await tab.waiting()
        assert [(entry["content"], entry["answer"]["content"]) for entry in kept] == [
            ("Who knocks?", "Nobody knocks."),
            ("And then?", "It opens."),
        ]
        assert len(await app.history()) == 2, "nothing can be stored yet"
        earlier = [m["content"] for m in provider.requests[-1].body["messages"]]
        assert earlier[-4:] == ["The gate is shut.", "Who knocks?", "Nobody knocks.", "And then?"]
    await tab.wait_banner(None)
    await tab.wait_sign("It opens.", "complete")
    said = ["Is the gate open?", "The gate is shut.", "Who knocks?", "Nobody knocks."]
    said += ["And then?", "It opens."]
    await tab.wait_contents(*said)
    stored = await app.history()
    assert [message["content"] for message in stored] == said
    assert [message["origin"] for message in stored] == [None, None, *["recovered"] * 4]
    await expect(tab.page.get_by_text("Recovered", exact=True)).to_have_count(4)
    await tab.send("What time is it?")
    await tab.wait_sign("Dawn.", "complete")
    assert len(provider.requests) == 4, "each message is answered once"


async def test_an_unsaved_answer_can_be_stopped_and_survives_its_closed_tab(
    app: App,
) -> None:
    provider = await app.provide(
        "openai",
        Script(chunks=words(6), stalls=(3,)),
        Script(chunks=("Half ", "a ", "word ", "more."), stalls=(3,), pace=1),
    )
    context = await app.lend_context()
    tab = await app.open_tab(context=context)
    with locked(app):
        await tab.send("Begin")
        await tab.wait_text("word2")
        await expect(tab.newest).to_have_attribute("data-sign", "answering")
        await tab.button("Stop the answer").click()
        await tab.wait_sign("word0 word1 word2", "on_device")
        await tab.send("And now?")
        await until(lambda: _has(tab, "Half a"))
        await tab.page.close()
        tab = await app.open_tab(context=context)
        await expect(tab.newest).to_have_attribute("data-sign", "on_device")
        await tab.wait_text("[Stream interrupted]")
        assert len(await app.history()) == 0
    await tab.wait_banner(None)
    await expect(tab.newest).to_have_attribute("data-sign", "interrupted")
    stored = await app.history()
    assert [message["content"].strip() for message in stored[:3]] == [
        "Begin",
        "word0 word1 word2",
        "And now?",
    ]
    assert [message["status"] for message in stored[1::2]] == ["stopped", "interrupted"]
    assert stored[3]["content"].startswith("Half a")
    assert stored[3]["content"].endswith("\n\n[Stream interrupted]") and len(stored) == 4
    await expect(tab.page.locator("article.message")).to_have_count(4)
    assert len(provider.requests) == 2


async def _has(tab: Sheet, text: str) -> bool:
    """Whether the outbox holds an answer that begins so."""
    return any(
        text in ((each.get("answer") or {}).get("content") or "") for each in await tab.waiting()
    )
