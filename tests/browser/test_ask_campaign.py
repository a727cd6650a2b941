"""A question in any chat is answered from what was said, with sources that open where it stands."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.running_app import App
from tests.providers import Script

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

HIDDEN = "The smuggler Orla hid the {} under the mill."
"""Each test has a fact of its own: what is said in any chat may be recalled in all of them."""


async def tell_long_ago(app: App, fact: str) -> Any:
    """The fact, between other words, in a chat that has ended since."""
    await app.say("user", "What happened tonight?")
    said = await app.say("assistant", f"They slept until noon. {fact} Nobody saw her.")
    await app.post(f"/api/chat-sessions/{app.chat_id}/end")
    async with asyncio.timeout(60), app.server.client() as client:
        # Recall reads the index, which follows what is stored about a second later.
        wanted = {"q": fact, "archived": "true", "conversation_id": app.chat_id}
        while True:
            if said["id"] in (await client.get("/api/search", params=wanted)).text:
                return said
            await asyncio.sleep(0.05)


async def test_the_built_in_model_quotes_what_was_said_and_the_quote_opens_it(
    app: App,
) -> None:
    fact = HIDDEN.format("opal")
    said = await tell_long_ago(app, fact)
    tab = await app.open_tab()
    await tab.send("Where did Orla conceal that opal?")
    await tab.wait_last("complete")
    quote = tab.newest.locator("blockquote").filter(has_text=fact)
    await expect(quote).to_be_visible()
    await quote.get_by_role("link").click()
    await expect(tab.page).to_have_url(re.compile(f"message={said['id']}"))
    await expect(tab.page.get_by_text(fact).first).to_be_visible()


async def test_a_models_source_opens_the_message_it_rests_on(app: App) -> None:
    fact = HIDDEN.format("ledger")
    said = await tell_long_ago(app, fact)
    source = {"source_name": "Earlier talk", "excerpt": "Orla hid the ledger under the mill"}
    answer = f"Under the mill.\n\n```citation\n{json.dumps(source)}\n```\n"
    provider = await app.provide("openai", Script(chunks=(answer,)))
    tab = await app.open_tab()
    await tab.send("Where did Orla conceal that ledger?")
    await tab.wait_last("complete")
    assert fact in json.dumps(provider.requests[-1].body)
    await tab.newest.get_by_role("list", name="Sources", exact=True).get_by_role("link").click()
    await expect(tab.page).to_have_url(re.compile(f"message={said['id']}"))
    await expect(tab.page.get_by_text(fact).first).to_be_visible()
