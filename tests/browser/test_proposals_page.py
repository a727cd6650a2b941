"""What a reply proposes, wherever it is looked at: unreadable, in a branch, from what it made."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.everybody import list_faults
from tests.browser.running_app import App
from tests.browser.talk_table import (
    block,
    card,
    choose_tab,
    in_pieces,
    lay_campaign,
    read,
    tab_of,
)
from tests.browser.test_threads import plan

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NPC = block({"kind": "npc", "fields": {"name": "Old Bertram", "role": "toll-keeper"}})
BROKEN = "```suggestion\n" + '{"mood": "grim"}\n```\n'
TRAIT = block(
    {"kind": "npc_trait", "target": "Mira Voss", "fields": {"role": "spy", "personality": "Warm."}}
)
UNKNOWN = "A suggestion of an unknown kind is shown as text."


async def test_what_could_not_be_read_is_said_at_once_and_after_a_reload(app: App) -> None:
    await app.provide("openai", in_pieces(f"Look:\n\n{BROKEN}Shall I go on?"))
    laid = await lay_campaign(app)
    tab = await plan(app, laid)
    # In its place: between what was said before it and what of it is shown as text.
    notes = tab.answer.locator("p:has-text('Look:') + .card-place:has(+ ul)")
    await expect(notes).to_have_text(UNKNOWN)
    # What follows stands outside of what became a list.
    await expect(tab.answer.locator("li")).to_have_text("mood: grim")
    await expect(tab.answer.locator("p").last).to_have_text("Shall I go on?")
    await tab.page.reload()
    await tab.wait_ready()
    await expect(notes).to_have_text(UNKNOWN)


async def change_role(app: App, npc_id: str, role: str) -> None:
    """Another tab writes."""
    npc = await read(app, f"/api/npcs/{npc_id}")
    async with app.server.client() as client:
        change = {"revision": npc["revision"], "changes": {"role": role}}
        assert (await client.patch(f"/api/npcs/{npc_id}", json=change)).is_success


async def test_words_typed_first_never_overwrite_what_a_hand_wrote_meanwhile(
    app: App,
) -> None:
    await app.provide("openai", in_pieces(f"Look:\n\n{TRAIT}"))
    laid = await lay_campaign(app)
    tab = await plan(app, laid)
    mira = card(tab.page, "NPC: Mira Voss")
    await mira.get_by_role("button", name="Edit first", exact=True).click()
    await mira.get_by_label("Role", exact=True).fill("double agent")
    await change_role(app, laid.npc_id, "harbour master")
    await expect(mira).to_contain_text("Nowharbour master")
    await mira.get_by_role("button", name="Accept 1 of 2 as written", exact=True).click()
    await expect(mira).to_have_attribute("data-status", "partly_accepted")
    npc = await read(app, f"/api/npcs/{laid.npc_id}")
    assert (npc["role"], npc["personality"]) == ("harbour master", "Warm.")
    await expect(mira.get_by_label("Role", exact=True)).to_have_value("double agent")
    await mira.get_by_role("button", name="Cancel", exact=True).click()
    await mira.get_by_role("button", name="Edit first", exact=True).click()
    await expect(mira.get_by_text("harbour master", exact=True)).to_be_visible()
    await expect(mira.get_by_role("button", name=re.compile("as written"))).to_be_disabled()
    await mira.get_by_role("checkbox", name=re.compile("Replace it with my text")).check()
    await mira.get_by_role("button", name=re.compile("as written")).click()
    await expect(mira).to_have_attribute("data-status", "accepted")
    assert (await read(app, f"/api/npcs/{laid.npc_id}"))["role"] == "spy"


async def test_the_same_npc_twice_is_made_once_and_then_a_change(app: App) -> None:
    revised = {"name": "Old Bertram", "role": "smuggler", "personality": "Sly."}
    name_only = {"kind": "npc", "fields": {"name": "Mira Voss"}}
    said = NPC + block({"kind": "npc", "fields": revised}) + block(name_only)
    await app.provide("openai", in_pieces(f"Look:\n\n{said}"))
    laid = await lay_campaign(app)
    for place in ("Tarrow", "Vesk"):
        fact = {"text": f"Old Bertram was born in {place}."}
        await app.post(f"/api/campaigns/{laid.campaign_id}/facts", fact)
    tab = await plan(app, laid)
    barren = card(tab.page, "Mira Voss")
    await expect(barren).to_contain_text("the suggestion says nothing new")
    await expect(barren.get_by_role("button")).to_have_text(["Dismiss"])
    await tab.button("Accept all 2: 2 NPCs").click()
    await expect(
        tab.page.get_by_text("Old Bertram exists by now; nothing was done.")
    ).to_be_visible()
    first, second = card(tab.page, "Old Bertram").nth(0), card(tab.page, "Old Bertram").nth(1)
    await expect(first).to_have_attribute("data-status", "accepted")
    told = first.get_by_role("region", name="This contradicts what was there", exact=True)
    await expect(told).to_contain_text("Two answers about Old Bertram: where born.")
    await expect(second).to_contain_text("Old Bertram exists already; this changes what is there.")
    await second.get_by_role("button", name="Accept 1 of 2", exact=True).click()
    await expect(second).to_have_attribute("data-status", "partly_accepted")
    await second.get_by_role("checkbox", name="Role", exact=True).check()
    await second.get_by_role("button", name="Edit first", exact=True).click()
    await second.get_by_role("checkbox", name=re.compile("Replace it with my text")).check()
    await second.get_by_label("Role", exact=True).fill("fence")
    await second.get_by_role("button", name="Accept as written", exact=True).click()
    await expect(second).to_have_attribute("data-status", "accepted")
    await expect(second.get_by_text("fence", exact=True)).to_be_visible()
    await expect(second.get_by_text("smuggler")).to_have_count(0)
    npcs = (await read(app, f"/api/campaigns/{laid.campaign_id}/npcs"))["npcs"]
    told = [(npc["role"], npc["personality"]) for npc in npcs if npc["name"] == "Old Bertram"]
    assert told == [("fence", "Sly.")]


async def test_what_is_meant_is_told_apart_or_given_a_name(app: App) -> None:
    trait = block({"kind": "npc_trait", "target": "Mira Voss", "fields": {"role": "spy"}})
    nameless = block({"kind": "npc", "fields": {"personality": "Gruff."}})
    await app.provide("openai", in_pieces(f"Look:\n\n{trait}{nameless}"))
    laid = await lay_campaign(app)
    at = f"/api/campaigns/{laid.campaign_id}"
    await app.post(f"{at}/npcs", {"name": "Mira Voss", "role": "weaver"})
    tab = await plan(app, laid)
    trait_card = tab.page.locator("article.proposal").nth(0)
    options = trait_card.get_by_label("Which NPC is meant?", exact=True).get_by_role("option")
    await expect(options).to_have_text(["Choose…", "Mira Voss, smuggler", "Mira Voss, weaver"])
    named = tab.page.locator("article.proposal").nth(1)
    await named.get_by_label(re.compile("Give it a name")).fill("Wim")
    await named.get_by_role("button", name="Create", exact=True).click()
    await expect(named).to_have_attribute("data-status", "accepted")
    npcs = (await read(app, f"{at}/npcs"))["npcs"]
    assert [npc["personality"] for npc in npcs if npc["name"] == "Wim"] == ["Gruff."]


async def test_a_branch_shows_what_it_shares_and_counts_it_once(app: App) -> None:
    await app.provide("openai", in_pieces(f"Look:\n\n{NPC}"))
    laid = await lay_campaign(app)
    tab = await plan(app, laid)
    await expect(card(tab.page, "Old Bertram")).to_be_visible()
    await tab.newest.hover()
    await tab.newest.get_by_role("button", name="Branch from here", exact=True).click()
    branch = tab_of(tab, "Session 2 Planning (branch)")
    home = tab_of(tab, "Session 2 Planning")
    await expect(branch).to_have_attribute("aria-selected", "true")
    await expect(tab.page.get_by_text("Suggested before this branch began")).to_be_visible()
    await expect(home.locator(".tab__pending")).to_be_visible()
    await expect(branch.locator(".tab__pending")).to_have_count(0)

    (thread,) = [
        one
        for one in (await read(app, f"/api/threads?campaign_id={laid.campaign_id}"))["threads"]
        if one["branched_from_id"] is None
    ]
    await app.post(f"/api/threads/{thread['id']}/archive")
    await expect(home).to_have_count(0)
    await expect(branch.locator(".tab__pending")).to_be_visible()
    await card(tab.page, "Old Bertram").get_by_role("button", name="Accept", exact=True).click()
    await expect(card(tab.page, "Old Bertram")).to_have_attribute("data-status", "accepted")
    await expect(branch.locator(".tab__pending")).to_have_count(0)


async def test_what_was_accepted_leads_back_to_the_message_that_proposed_it(
    app: App,
) -> None:
    await app.provide("openai", in_pieces(f"Look:\n\n{NPC}"))
    laid = await lay_campaign(app)
    tab = await plan(app, laid)
    bertram = card(tab.page, "Old Bertram")
    await bertram.get_by_role("button", name="Accept", exact=True).click()
    await expect(bertram).to_have_attribute("data-status", "accepted")
    message_id = await tab.newest.get_attribute("data-message-id")
    await choose_tab(tab, "General")
    npcs = (await read(app, f"/api/campaigns/{laid.campaign_id}/npcs"))["npcs"]
    (made,) = [one["id"] for one in npcs if one["name"] == "Old Bertram"]
    await tab.page.goto(f"{app.server.address}/npcs/{made}")
    link = tab.page.get_by_role("link", name="“Session 2 Planning”", exact=True)
    assert f"message={message_id}" in str(await link.get_attribute("href"))
    await link.click()
    await expect(tab_of(tab, "Session 2 Planning")).to_have_attribute("aria-selected", "true")
    await expect(tab.page.locator(f"[data-message-id='{message_id}']")).to_be_in_viewport()


@pytest.mark.deep
async def test_nothing_in_voices_and_recaps_keeps_anyone_out(app: App) -> None:
    laid = await lay_campaign(app)
    tab = await app.open_tab(laid.table, reduced_motion="reduce", bypass_csp=True)
    await tab.button("Write the recap").or_(tab.button("Recap")).first.click()
    await expect(tab.page.get_by_role("dialog")).to_contain_text("For the players")
    assert await list_faults(tab.page) == []
    await tab.page.keyboard.press("Escape")
    await tab.button("New thread").click()
    await tab.button("Change voice").click()
    await expect(tab.page.get_by_role("dialog")).to_contain_text("Storyteller")
    assert await list_faults(tab.page) == []
    await tab.button("New voice").click()
    await expect(
        tab.page.get_by_label("Instructions for the assistant", exact=True)
    ).to_be_visible()
    assert await list_faults(tab.page) == []
