"""What real models do, as a game master sees it: they think, are cut off, ask to wait, refuse."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.everybody import list_faults
from tests.browser.running_app import App, Sheet
from tests.providers import Script, words

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

HEARD = """() => {
    window.heard = [];
    const region = document.querySelector("p.sr-only[role=status]");
    const all = { childList: true, characterData: true, subtree: true };
    new MutationObserver(() => window.heard.push(region.innerText)).observe(region, all);
}"""
"""Notes all that a screen reader announces from now on."""


def fold(tab: Sheet) -> Any:
    return tab.newest.locator(".thinking")


async def top_of(locator: Any) -> float:
    box = await locator.bounding_box()
    assert box is not None
    return float(box["y"])


async def test_what_is_thought_is_folded_apart_from_the_answer_and_nothing_jumps(
    app: App,
) -> None:
    answer = Script(chunks=("She ", "nods."), thinking=True, stalls=(0, 1))
    provider = await app.provide("openai", answer)
    context = await app.lend_context()
    tab = await app.open_tab(context=context)
    await tab.page.evaluate(HEARD)
    await tab.send("Does she agree?")
    await expect(fold(tab)).to_contain_text(re.compile(r"Thinking… \d+ s"))
    await expect(fold(tab).locator(".thinking__text")).to_have_count(0)
    beginning = await top_of(fold(tab))
    await fold(tab).locator("summary").click()
    thought = "Let me think."
    await expect(fold(tab).locator(".thinking__text")).to_have_text(thought)
    other = await app.open_tab(context=context)
    await expect(fold(other)).to_contain_text(re.compile(r"Thinking… \d+ s"))
    await other.page.close()
    await fold(tab).locator("summary").click()
    provider.release()
    await tab.wait_text("She")
    await expect(fold(tab)).to_contain_text(re.compile(r"Thought for \d+ s"))
    first_line = await top_of(tab.answer)
    assert await top_of(fold(tab)) == beginning
    assert not await list_faults(tab.page)
    provider.release()
    await tab.wait_sign("She nods.", "complete")
    assert (await top_of(fold(tab)), await top_of(tab.answer)) == (beginning, first_line)
    heard = [words for words in await tab.page.evaluate("window.heard") if words]
    assert heard.count("The model is thinking.") == 1
    assert not [words for words in heard if re.search(r"\d|nods", words)], heard
    await tab.page.reload()
    await tab.wait_last("complete")
    await fold(tab).locator("summary").click()
    await expect(fold(tab).locator(".thinking__text")).to_have_text(thought)
    await expect(tab.answer).to_have_text("She nods.")


async def test_a_cut_answer_says_so_and_goes_on_in_the_same_message(app: App) -> None:
    cut = Script(chunks=("The bell ", "rings and"), finish="length")
    more = Script(chunks=(" the ferryman ", "looks ", "up."), stalls=(1,))
    provider = await app.provide("openai", cut, more)
    context = await app.lend_context()
    tab = await app.open_tab(context=context)
    other = await app.open_tab(context=context)
    await tab.send("Go on")
    await tab.wait_sign("The bell rings and", "cut")
    await expect(tab.newest.get_by_text("Cut off at the answer limit")).to_be_visible()
    await other.wait_last("cut")
    await tab.button("Continue").click()
    await tab.wait_text("The bell rings and the ferryman")
    await other.wait_text("The bell rings and the ferryman")
    await expect(tab.newest).to_have_attribute("data-sign", "answering")
    provider.release()
    for page in (tab, other):
        await page.wait_sign("The bell rings and the ferryman looks up.", "complete")
        await expect(page.page.locator("article.message")).to_have_count(2)
    await expect(tab.newest.locator(".siblings")).to_have_count(0)
    await tab.page.reload()
    await tab.wait_sign("The bell rings and the ferryman looks up.", "complete")


async def test_who_waits_for_a_provider_sees_for_how_long_and_can_stop(app: App) -> None:
    busy = Script(status=429, headers=(("retry-after", "40"),))
    provider = await app.provide("openai", busy, Script(chunks=("At last.",)))
    context = await app.lend_context()
    tab = await app.open_tab(context=context)
    await tab.send("Does he take the bribe?")
    waiting = tab.newest.locator(".phase--waiting")
    counted = re.compile(r"wait.*Trying again in [123]\d s\.")
    await expect(waiting).to_contain_text(counted)
    assert not await list_faults(tab.page)
    other = await app.open_tab(context=context)
    await expect(other.newest.locator(".phase--waiting")).to_contain_text(counted)
    await tab.page.reload()
    await expect(waiting).to_contain_text(counted)
    await waiting.get_by_role("button", name="Stop", exact=True).click()
    await tab.wait_last("stopped")
    assert len(provider.requests) == 1
    await tab.button("Ask again").click()
    await tab.wait_sign("At last.", "complete")


async def test_a_stopped_answer_can_go_on_beside_being_asked_again(app: App) -> None:
    await app.provide("openai", Script(chunks=words(6), stalls=(3,)), Script(chunks=("indeed.",)))
    tab = await app.open_tab()
    await tab.send("Begin")
    await tab.wait_text("word2")
    await tab.button("Stop the answer").click()
    await tab.wait_last("stopped")
    await expect(tab.newest.get_by_role("button", name="Ask again", exact=True)).to_be_visible()
    await tab.button("Continue").click()
    await tab.wait_sign("word0 word1 word2 indeed.", "complete")


async def test_a_refused_question_is_marked_and_an_earlier_message_can_be_edited(
    app: App,
) -> None:
    well = [Script(chunks=(f"Answer {number}.",)) for number in range(3)]
    provider = await app.provide("openai", well[0], Script(status=401), well[1], well[2])
    tab = await app.open_tab()
    await tab.send("First")
    await tab.wait_sign("Answer 0.", "complete")
    await tab.send("Second")
    await tab.wait_last("failed")
    trouble = tab.newest.locator(".message__trouble")
    words = await trouble.locator("p").inner_text()
    await expect(trouble.get_by_role("link", name="Settings", exact=True)).to_be_visible()
    mark = tab.page.get_by_text("Left out of later answers")
    await expect(mark).to_be_visible()
    await tab.page.reload()
    await tab.wait_last("failed")
    await expect(trouble.locator("p")).to_have_text(words)  # the same after a reload
    await tab.send("Third")
    await tab.wait_sign("Answer 1.", "complete")
    assert "Second" not in str(provider.requests[-1].body["messages"])
    await expect(mark).to_be_visible()
    await tab.button("Edit the question").click()
    await tab.wait_composer("Second")
    await tab.button("Cancel the edit").click()
    first = tab.page.locator("article.message--user").first
    await first.hover()
    await first.get_by_role("button", name="Edit", exact=True).click()
    await tab.wait_composer("First")
    await tab.press_enter("First, in other words")
    await tab.wait_sign("Answer 2.", "complete")
    await tab.wait_contents("First, in other words", "Answer 2.")
    await first.get_by_role("button", name="Earlier version", exact=True).click()
    await tab.wait_sign("Answer 1.", "complete")


async def test_sizes_and_price_of_a_model_are_set_in_plain_words_and_what_it_costs_is_told(
    app: App,
) -> None:
    priced = Script(chunks=("Three crowns.",), tokens_in=3000, tokens_out=200)
    provider = await app.provide("openai", Script(chunks=("Yes.",)), priced)
    context = await app.lend_context()
    tab = await app.open_tab(context=context)
    await tab.page.goto(f"{app.server.address}/settings?at=context-size")
    card = tab.page.locator(".current-model")
    size, length = (
        card.get_by_label("Context size", exact=True),
        card.get_by_label("Answer length", exact=True),
    )
    facts, save = card.locator(".model-facts"), card.get_by_role("button", name="Save", exact=True)
    await expect(size).to_be_focused()
    await expect(facts).to_contain_text("Context: about 32,768 tokens · published by the provider")
    await size.fill("lots")
    await save.click()
    await expect(card.get_by_role("alert")).to_contain_text("Enter a whole number of tokens")
    await expect(size).to_be_focused()
    await size.fill("16k")
    await length.fill("20000")
    await save.click()
    await expect(card.get_by_role("alert")).to_contain_text("context of 16,000 tokens")
    assert not await list_faults(tab.page)
    await length.fill("2000")
    await card.get_by_label("Input", exact=True).fill("3")
    await card.get_by_label("Output", exact=True).fill("15")
    await length.press("Enter")
    await expect(facts).to_contain_text("Context: about 16,000 tokens · set by you")
    await expect(facts).to_contain_text("$3.00 in, $15.00 out, per million tokens · set by you")
    await expect(save).to_be_disabled()
    await card.get_by_role("button", name="Test", exact=True).click()
    await expect(card.locator(".test-result--ok")).to_contain_text(
        re.compile(r"It answers (after \d|at once)")
    )
    asked = len(provider.requests)
    await tab.page.get_by_role("link", name="Chat", exact=True).first.click()
    await tab.wait_ready()
    await tab.composer.fill("What does the crossing cost?")
    estimate = tab.page.locator(".composer__estimate")
    await expect(estimate).to_contain_text(re.compile(r"^About [\d,]+ tokens · \$0\.0\d+$"))
    assert len(provider.requests) == asked, "nothing is asked of the model for an estimate"
    await tab.composer.press("Enter")
    await tab.wait_sign("Three crowns.", "complete")
    cost = tab.newest.locator(".message__cost")
    await expect(cost).to_have_text("3,000 tokens in, 200 out · $0.012")
    await tab.button("More").click()
    note = tab.page.locator(".menu__note")
    await expect(note).to_contain_text("1 answer · 3,000 tokens in, 200 out · $0.012")
    assert not await list_faults(tab.page)
    await tab.page.goto(f"{app.server.address}/settings")
    # The month's sums count what earlier tests asked of this server as well.
    sums = tab.page.get_by_text(re.compile(r"\d answers? · .* tokens in, .* out"))
    await expect(sums.first).to_be_visible()
    await size.fill("")
    await length.fill("")
    for label in ("Input", "Cached input", "Output"):
        await card.get_by_label(label, exact=True).fill("")
    await save.click()
    await expect(facts).to_contain_text("Context: about 32,768 tokens · published by the provider")
