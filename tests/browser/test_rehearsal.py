"""A rehearsal in the browser: a player's question, hints on the voice, samples, traits."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.everybody import list_faults
from tests.browser.running_app import App, Sheet
from tests.browser.talk_table import block, card, in_pieces, lay_campaign, prompt_of, read

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SLIPPED = "As an AI I cannot row. *sighs* Talk quicker, or swim slower. Two pence."
KEPT = "Talk quicker, or swim slower."
TRAITS = "She prices everything.\n\n" + block(
    {"kind": "npc_trait", "target": "Mira Voss", "fields": {"mannerisms": ["Prices everything"]}}
)


def spoken(tab: Sheet) -> Any:
    return tab.page.locator("article.message--assistant[data-mode=as][data-sign=complete]")


async def begin(app: App, *replies: str, **options: Any) -> tuple[Sheet, str]:
    """A rehearsal that has just begun; the NPC's id."""
    laid = await lay_campaign(app)
    await app.provide("openai", *(in_pieces(reply) for reply in replies))
    tab = await app.open_tab(f"/npcs/{laid.npc_id}", **options)
    await tab.button("Rehearse Mira Voss").click()
    await expect(
        tab.page.get_by_role("heading", name="Try out Mira Voss", exact=True)
    ).to_be_visible()
    await tab.wait_ready()
    return tab, laid.npc_id


async def test_a_rehearsal_from_a_players_question_to_a_trait_on_the_sheet(app: App) -> None:
    tab, npc_id = await begin(app, "Why do you look at the sluice?", SLIPPED, TRAITS)
    await tab.button("Suggest a player’s question").click()
    await tab.wait_composer("Why do you look at the sluice?")
    await tab.composer.press("Enter")
    await expect(spoken(tab)).to_have_count(1)
    await expect(spoken(tab).get_by_label("Voice check", exact=True)).to_contain_text(
        "it is a machine"
    )
    await expect(tab.page.get_by_text("1 answer, 1 hint above.")).to_be_visible()

    await tab.button("Save a line as a sample").click()
    line = tab.page.get_by_role("dialog").get_by_role("button", name=re.compile(re.escape(KEPT)))
    await expect(line).to_be_visible()
    assert await list_faults(tab.page) == []
    await line.click()
    await expect(tab.page.get_by_text("Saved to Mira Voss’s sample lines.")).to_be_visible()
    await expect(tab.page.locator(".npc__sheet")).to_contain_text(KEPT)

    await tab.button("Finish").click()
    trait = card(tab.page, "NPC: Mira Voss")
    await expect(trait).to_be_visible()
    await expect(tab.page.locator(".mode-line").last).to_have_text("Result of the rehearsal")
    await expect(tab.button("Finish")).to_be_disabled()
    await trait.get_by_role("button", name="Accept", exact=True).click()
    await expect(trait).to_have_attribute("data-status", "accepted")
    npc = await read(app, f"/api/npcs/{npc_id}")
    assert (npc["sample_lines"], npc["mannerisms"]) == ([KEPT], ["Prices everything"])


async def test_a_rehearsal_is_taken_up_again_and_stays_out_of_talk_at_the_table(
    app: App,
) -> None:
    tab, _ = await begin(app, "Fares first.", "Good evening.")
    await tab.send("Row us over.")
    await expect(spoken(tab)).to_have_count(1)
    await expect(tab.page.get_by_text("the voice is right.", exact=True)).to_be_visible()
    await tab.button("Rename this rehearsal").click()
    await tab.page.get_by_label("Title", exact=True).fill("Before the ferry")
    await tab.page.keyboard.press("Enter")
    await tab.page.reload()
    await expect(
        tab.page.get_by_role("heading", name="Before the ferry", exact=True)
    ).to_be_visible()
    await expect(spoken(tab)).to_have_count(1)
    await tab.button("Back to the conversation with Mira Voss; the rehearsal stays").click()
    await tab.page.get_by_role("radio", name="Speak as NPC", exact=True).click()
    await expect(tab.page.locator("article.message")).to_have_count(0)
    await tab.wait_ready()
    await tab.send("Hello?")
    await expect(tab.newest).to_contain_text("Good evening.")
    assert "Row us over." not in prompt_of(app.providers["openai"].requests[-1])
    await tab.button("Conversations with Mira Voss").click()
    earlier = tab.page.get_by_role("dialog").locator(".past__item")
    await earlier.filter(has_text="Before the ferry").click()
    await expect(
        tab.page.get_by_role("heading", name="Before the ferry", exact=True)
    ).to_be_visible()


async def test_a_players_question_leaves_what_was_written_alone(app: App) -> None:
    tab, _ = await begin(app, "Who sent you?", "Who pays you?", "Whose boat is it?")
    await tab.button("Suggest a player’s question").click()
    await tab.wait_composer("Who sent you?")
    await tab.button("Suggest a player’s question").click()
    await tab.wait_composer("Who pays you?")
    await tab.composer.fill("My own words")
    await tab.button("Suggest a player’s question").click()
    await expect(tab.page.locator(".toast").get_by_text("Whose boat is it?")).to_be_visible()
    await tab.wait_composer("My own words")


async def test_talk_with_an_npc_is_renamed_where_it_is_listed(app: App) -> None:
    laid = await lay_campaign(app)
    await app.provide("openai", in_pieces("Aye."))
    tab = await app.open_tab(f"/npcs/{laid.npc_id}")
    await tab.send("Who is she?")
    await tab.wait_last("complete")
    await tab.button("Conversations with Mira Voss").click()
    await tab.page.get_by_role("button", name=re.compile("^Rename “Conversation of")).click()
    await tab.page.get_by_label("Title", exact=True).fill("The debt")
    await tab.page.keyboard.press("Enter")
    sheet = tab.page.get_by_role("dialog")
    await expect(sheet.locator(".past__title")).to_have_text(["The debt"])
    await tab.page.keyboard.press("Escape")
    await expect(
        tab.page.get_by_label(re.compile("Conversations with Mira Voss")).first
    ).to_be_visible()
    await expect(tab.page.locator(".npc__sheet .past__title")).to_have_text(["The debt"])


@pytest.mark.deep
async def test_nothing_in_a_rehearsal_keeps_anyone_out(app: App) -> None:
    tab, _ = await begin(app, SLIPPED, TRAITS, reduced_motion="reduce", bypass_csp=True)
    assert await list_faults(tab.page) == []
    await tab.send("Row us over.")
    await expect(spoken(tab).get_by_label("Voice check", exact=True)).to_be_visible()
    await tab.button("Finish").click()
    await expect(card(tab.page, "NPC: Mira Voss")).to_be_visible()
    assert await list_faults(tab.page) == []
    await tab.button("Save a line as a sample").first.click()
    assert await list_faults(tab.page) == []
