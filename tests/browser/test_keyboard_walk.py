"""What real models do, worked through by keyboard alone: each step can be reached, shows where the
focus is, and leaves it somewhere that one can go on from."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.running_app import App
from tests.providers import ModelCard, OpenAIServer, Script, words

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MOST_STEPS = 120

RING = """element => {
    const shows = (one) => {
        const style = getComputedStyle(one);
        const outline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
        return outline || style.boxShadow !== "none" || style.borderColor.includes("138, 46, 42");
    };
    for (let at = element, up = 0; at && up < 4; at = at.parentElement, up += 1) {
        if (shows(at)) return true;
    }
    return false;
}"""


async def go_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press Tab until this has the focus; the ring is seen there."""
    await expect(wanted).to_be_visible()
    for _ in range(MOST_STEPS):
        if await wanted.evaluate("element => element === document.activeElement"):
            assert await wanted.evaluate(RING), f"no ring on {wanted}"
            return
        await page.keyboard.press(key)
    raise AssertionError(f"{wanted} cannot be reached")


async def check_kept(page: Page, within: str) -> None:
    """The focus is in here, not on the page as a whole."""
    for _ in range(600):
        if await page.evaluate("within => !!document.activeElement.closest(within)", within):
            return
        await page.wait_for_timeout(50)
    at = await page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
    raise AssertionError(f"the focus went to {at}")


async def test_a_talk_with_a_real_model_needs_no_mouse(app: App) -> None:
    provider = await app.provide(
        "openai",
        Script(chunks=words(8), stalls=(3,)),
        Script(chunks=("The bell ", "rings and"), thinking=True, finish="length"),
        Script(chunks=(" it echoes.",)),
        Script(status=429, headers=(("retry-after", "40"),)),
        Script(chunks=("At last.",)),
    )
    tab = await app.open_tab()
    page, keys = tab.page, tab.page.keyboard
    message = page.get_by_role("textbox", name="Message", exact=True)
    await expect(message).to_be_focused()
    await keys.type("Who rings?")
    await keys.press("Enter")
    await tab.wait_text("word")
    await go_to(page, page.locator(".composer").get_by_role("button", name=re.compile("^Stop")))
    await keys.press("Enter")
    await tab.wait_last("stopped")
    provider.release()
    await check_kept(page, ".composer")

    await go_to(page, message)
    await keys.type("And now?")
    await keys.press("Enter")
    await tab.wait_last("cut")
    fold = tab.newest.locator(".thinking summary")
    await go_to(page, fold, "Shift+Tab")
    await keys.press("Enter")
    await expect(tab.newest.locator(".thinking__text")).to_be_visible()
    await keys.press("Enter")
    await go_to(page, tab.newest.get_by_role("button", name=re.compile("Continue")))
    await keys.press("Enter")
    await tab.wait_sign("The bell rings and it echoes.", "complete")
    await check_kept(page, "article.message")

    await go_to(page, message)
    await keys.type("Does he come?")
    await keys.press("Enter")
    waiting = tab.newest.locator(".phase--waiting")
    await go_to(page, waiting.get_by_role("button", name="Stop", exact=True), "Shift+Tab")
    await keys.press("Enter")
    await tab.wait_last("stopped")
    await check_kept(page, "article.message")
    await go_to(page, tab.newest.get_by_role("button", name="Ask again", exact=True))
    await keys.press("Enter")
    await tab.wait_sign("At last.", "complete")
    await check_kept(page, "article.message")


async def test_a_model_is_chosen_set_tested_and_forgets_without_a_mouse(app: App) -> None:
    refusal = {"error": {"message": "max_tokens is not supported; use max_completion_tokens"}}
    scripts = (Script(status=400, error=refusal), *(Script(chunks=("Aye.",)) for _ in range(3)))
    async with OpenAIServer(*scripts, models=[ModelCard("qwen3-32b")], key=None) as provider:
        tab = await app.open_tab("/settings", wait=False)
        page, keys = tab.page, tab.page.keyboard
        own: Any = page.locator("article.provider").filter(
            has=page.locator(".provider__name", has_text=re.compile("^OpenAI-compatible$"))
        )
        await go_to(page, own.locator(".provider__toggle"))
        await keys.press("Enter")
        await go_to(page, own.get_by_label("Address", exact=True))
        await keys.press("Control+a")
        await keys.type(provider.base_url)
        await go_to(page, own.get_by_role("button", name="Save", exact=True))
        await keys.press("Enter")
        await expect(page.locator(".toast").first).to_contain_text("Saved for")
        await check_kept(page, "article.provider")

        await go_to(
            page, page.get_by_role("button", name="Choose a model", exact=True), "Shift+Tab"
        )
        await keys.press("Enter")
        chooser = page.get_by_role("dialog", name="Choose a model", exact=True)
        await expect(chooser.get_by_role("combobox")).to_be_focused()
        await keys.type("qwen3-32b")
        await expect(chooser.get_by_role("option", selected=True)).to_contain_text("qwen3-32b")
        await keys.press("Enter")
        await expect(chooser).to_have_count(0)
        await expect(page.locator("#current-model-name")).to_have_text("qwen3-32b")
        await check_kept(page, ".current-model")

        await go_to(page, page.get_by_role("button", name=re.compile("^Test")).first)
        await keys.press("Enter")
        current = page.locator(".current-model")
        await expect(current.get_by_text(re.compile("answer", re.I)).first).to_be_visible()
        await check_kept(page, ".current-model")
        await go_to(page, current.get_by_role("radio", name="Automatic", exact=True))
        await keys.press("ArrowRight")
        await expect(current.get_by_role("radio", name="Off", exact=True)).to_be_checked()
        await go_to(page, current.get_by_label(re.compile("Context size")))
        await keys.type("16k")
        await go_to(page, current.locator("#at-price input").first)
        await keys.type("3")
        await go_to(page, current.locator("#at-price input").last)
        await keys.type("15")
        await go_to(page, current.get_by_role("button", name="Save", exact=True))
        await keys.press("Enter")
        await expect(current.locator(".model-facts")).to_contain_text("16,000")
        await expect(current.locator(".model-facts")).to_contain_text("$15.00 out")
        await check_kept(page, ".current-model")

        forget = current.get_by_role("button", name="Forget what was learned", exact=True)
        await expect(current.locator(".model-numbers__learned")).to_contain_text("Learned from")
        await go_to(page, forget)
        await keys.press("Enter")
        await expect(forget).to_have_count(0)
        await expect(page.locator(".toast").last).to_contain_text("Forgotten")
        await check_kept(page, ".current-model")
