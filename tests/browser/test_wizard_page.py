"""A campaign made in eight steps on the page, left in the middle and taken up again."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.everybody import list_faults
from tests.browser.running_app import App
from tests.browser.talk_table import block, card, in_pieces, read

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_what_was_typed_is_there_again_after_the_server_is_killed(app: App) -> None:
    tab = await app.open_tab("/wizard", wait=False)
    page = tab.page
    name = page.get_by_label("Name", exact=True)
    await name.fill("The Glass Coast")
    await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    await app.server.kill()
    await page.get_by_label("Setting", exact=True).fill("A coast of furnaces.")
    await expect(page.get_by_text("On this device, not saved yet.")).to_be_visible()
    await page.get_by_role("button", name="Review", exact=True).click()
    await page.get_by_role("button", name="Create the campaign", exact=True).click()
    trouble = page.get_by_role("alert").filter(has_text="The campaign is not created yet.")
    await expect(trouble).to_contain_text("Not saved: “Setting”.")
    await app.server.start()
    await page.reload()
    await page.get_by_role("button", name=re.compile("The Glass Coast")).click()
    # Where the wizard was left depends on whether it was saved before the reload.
    await page.get_by_role("button", name=re.compile("Basics")).click()
    await expect(page.get_by_label("Setting", exact=True)).to_have_value("A coast of furnaces.")
    await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()

    await page.get_by_role("button", name=re.compile("First content")).click()
    await (
        page.get_by_role("group", name=re.compile("NPCs"))
        .get_by_role("button", name=re.compile("Add one"))
        .click()
    )
    await page.get_by_label(re.compile("Name, NPCs 1")).fill("Mira")
    await page.get_by_role("button", name="Review", exact=True).click()
    await expect(page.get_by_text("A coast of furnaces.", exact=True)).to_be_visible()
    assert await list_faults(tab.page) == []
    await page.get_by_role("button", name="Create the campaign", exact=True).click()
    await page.wait_for_url("**/campaigns/*")
    await expect(page.locator("main").get_by_text("The Glass Coast").first).to_be_visible()
    await expect(page.locator(".toast")).to_have_count(0)
    made = page.url.rsplit("/", 1)[-1]
    campaign = await read(app, f"/api/campaigns/{made}")
    assert (campaign["name"], campaign["setting"]) == ("The Glass Coast", "A coast of furnaces.")
    npcs = (await read(app, f"/api/campaigns/{made}/npcs"))["npcs"]
    assert [npc["name"] for npc in npcs] == ["Mira"]


async def test_a_proposal_made_beside_the_wizard_fills_its_fields(app: App) -> None:
    await app.provide(
        "openai", in_pieces("Here.\n\n" + block({"field": "campaign.setting", "value": "Salt"}))
    )
    tab = await app.open_tab("/wizard", wait=False)
    page = tab.page
    await page.get_by_role("button", name=re.compile("Ask the assistant")).click()
    await tab.wait_ready()
    await tab.send("Where is it?")
    proposal = card(page, "Campaign: setting").or_(page.locator("article.proposal")).first
    await proposal.get_by_role("button", name="Accept", exact=True).click()
    await expect(proposal).to_have_attribute("data-status", "accepted")
    await expect(page.get_by_role("textbox", name=re.compile("Setting"))).to_have_value("Salt")
