"""Threads at the table: an evening is planned, and what is proposed becomes the campaign."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.everybody import list_faults
from tests.browser.running_app import App, Sheet
from tests.browser.talk_table import (
    Laid,
    block,
    card,
    choose_tab,
    in_pieces,
    lay_campaign,
    prompt_of,
    read,
    rows,
    tab_of,
)
from tests.providers import Script

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PLAN = (
    "Begin at the bridge.\n\n"
    + block({"kind": "npc", "fields": {"name": "Old Bertram", "role": "toll-keeper"}})
    + block(
        {"kind": "plot_point", "fields": {"title": "The bridge burns"}, "rationale": "A clock."}
    )
    + block({"field": "campaign.setting", "value": "Salt and fog"})
    + block({"source_name": "The Salt Road"}, "citation")
    + block({"source_name": "The Lost Codex"}, "citation")
    + "Shall I go on?"
)

WATCH = """() => {
  window.flashes = [];
  new MutationObserver(() => {
    const text = document.querySelector('.timeline')?.innerText ?? '';
    if (/"kind"|"fields"|```/.test(text)) window.flashes.push(text);
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


async def plan(app: App, laid: Laid) -> Sheet:
    """The planning thread of the next evening, opened and answered."""
    tab = await app.open_tab(laid.table)
    await tab.button("Plan game session").click()
    await expect(tab_of(tab, "Session 2 Planning")).to_be_visible()
    await expect(
        tab.page.get_by_role("heading", name="Session 2 Planning", exact=True)
    ).to_be_visible()
    await tab.composer.press("Enter")
    await tab.wait_last("complete")
    return tab


async def test_an_evening_is_planned_from_the_button_to_the_undo(app: App) -> None:
    provider = await app.provide("openai", in_pieces(PLAN))
    laid = await lay_campaign(app)
    tab = await app.open_tab(laid.table)
    await tab.page.evaluate(WATCH)
    await tab.button("Plan game session").click()
    await expect(
        tab.page.get_by_role("heading", name="Session 2 Planning", exact=True)
    ).to_be_visible()
    await tab.composer.press("Enter")
    await expect(tab.page.locator("article.proposal")).to_have_count(3)

    asked = prompt_of(provider.requests[-1])
    assert "plan one game session" in asked
    assert "The Salt Road" in asked and "Mira Voss" in asked
    assert "burned the ferry and fled north" in asked
    assert await tab.page.evaluate("window.flashes") == []
    (thread,) = (await read(app, f"/api/threads?campaign_id={laid.campaign_id}"))["threads"]
    evening = await read(app, f"/api/game-sessions/{thread['game_session_id']}")
    assert (thread["purpose"], evening["session_number"]) == ("session_planning", 2)

    npc = card(tab.page, "Old Bertram")
    await npc.get_by_role("button", name="Accept", exact=True).click()
    await expect(npc).to_have_attribute("data-status", "accepted")
    plot = card(tab.page, "The bridge burns")
    await plot.get_by_role("button", name="Accept", exact=True).click()
    await expect(plot).to_have_attribute("data-status", "accepted")
    npcs = (await read(app, f"/api/campaigns/{laid.campaign_id}/npcs"))["npcs"]
    assert [(one["name"], one["role"]) for one in npcs] == [
        ("Mira Voss", "smuggler"),
        ("Old Bertram", "toll-keeper"),
    ]
    points = (await read(app, f"/api/campaigns/{laid.campaign_id}/plot-points"))["plot_points"]
    assert [one["title"] for one in points] == ["The bridge burns"]
    events = (
        "SELECT a.entity_kind, a.undone_at IS NOT NULL FROM acceptance_events a "
        "JOIN suggestions s ON s.id = a.suggestion_id WHERE s.campaign_id = ? ORDER BY a.created_at"
    )
    assert rows(app, events, laid.campaign_id) == [("npc", 0), ("plot_point", 0)]

    await npc.get_by_role("button", name="Undo", exact=True).click()
    await expect(npc).to_have_attribute("data-status", "undone")
    assert rows(app, events, laid.campaign_id) == [("npc", 1), ("plot_point", 0)]
    npcs = (await read(app, f"/api/campaigns/{laid.campaign_id}/npcs"))["npcs"]
    assert [one["name"] for one in npcs] == ["Mira Voss"]


async def test_planning_twice_opens_the_same_thread(app: App) -> None:
    await app.provide("openai", in_pieces(PLAN))
    laid = await lay_campaign(app)
    tab = await plan(app, laid)
    await choose_tab(tab, "General")
    await tab.button("Plan game session").click()
    await expect(tab_of(tab, "Session 2 Planning")).to_have_attribute("aria-selected", "true")
    assert len((await read(app, f"/api/threads?campaign_id={laid.campaign_id}"))["threads"]) == 1


async def test_what_was_changed_meanwhile_is_shown_as_a_conflict_and_stays(app: App) -> None:
    await app.provide("openai", in_pieces(PLAN))
    laid = await lay_campaign(app)
    tab = await plan(app, laid)
    setting = card(tab.page, "Campaign: setting")
    await expect(setting.locator("del")).to_contain_text("A coast")
    campaign = await read(app, f"/api/campaigns/{laid.campaign_id}")
    async with app.server.client() as client:
        change = {"revision": campaign["revision"], "changes": {"setting": "A white desert"}}
        await client.patch(f"/api/campaigns/{laid.campaign_id}", json=change)
    await expect(setting).to_contain_text("Changed since this was suggested")
    await expect(setting).to_contain_text("A white desert")
    await expect(setting.get_by_role("button", name="Accept", exact=True)).to_be_disabled()
    await setting.get_by_role("checkbox", name="Setting", exact=True).check()
    await setting.get_by_role("button", name="Accept", exact=True).click()
    await expect(setting).to_have_attribute("data-status", "accepted")
    campaign = await read(app, f"/api/campaigns/{laid.campaign_id}")
    assert campaign["setting"] == "Salt and fog"


async def test_a_proposal_is_taken_in_the_gms_own_words_in_part_or_not_at_all(
    app: App,
) -> None:
    await app.provide("openai", in_pieces(PLAN))
    laid = await lay_campaign(app)
    tab = await plan(app, laid)
    npc = card(tab.page, "Old Bertram")
    await npc.get_by_role("button", name="Edit first", exact=True).click()
    await npc.get_by_label("Role", exact=True).fill("keeper of the toll")
    assert await list_faults(tab.page) == []
    await npc.get_by_role("button", name="Accept as written", exact=True).click()
    await expect(npc).to_have_attribute("data-status", "accepted")
    npcs = (await read(app, f"/api/campaigns/{laid.campaign_id}/npcs"))["npcs"]
    assert npcs[-1]["role"] == "keeper of the toll"

    plot = card(tab.page, "The bridge burns")
    await plot.get_by_role("button", name="Dismiss", exact=True).click()
    await plot.get_by_label(re.compile("Why not")).fill("Too obvious")
    await plot.get_by_role("button", name="Dismiss", exact=True).click()
    await expect(plot).to_contain_text("“Too obvious”")
    reasons = "SELECT reason FROM suggestions WHERE campaign_id = ? AND status = 'rejected'"
    assert rows(app, reasons, laid.campaign_id) == [("Too obvious",)]
    await expect(tab_of(tab, "Session 2 Planning").locator(".tab__pending")).to_contain_text("1")

    known = tab.page.get_by_role("link", name=re.compile("The Salt Road")).and_(
        tab.page.locator(".source")
    )
    await expect(known).to_have_attribute("href", f"/campaigns/{laid.campaign_id}")
    await expect(tab.page.locator(".source", has_text="The Lost Codex")).to_contain_text(
        "unverified"
    )


PLACED = (
    "For the toll:\n\n1. Its keeper, who is owed a favour:\n"
    + block(
        {
            "kind": "npc",
            "fields": {"name": "Old Bertram", "role": "toll-keeper", "personality": "Slow. " * 20},
            "rationale": "Somebody has to hold the rope.",
        }
    )
    + "2. The house he keeps:\n\n"
    + block({"kind": "location", "fields": {"name": "Toll House", "description": "Damp."}})
    + "Both are known in the valley.\n\n"
    + block({"kind": "npc", "fields": {"name": "Wim", "role": "ferryman"}})
    + "Shall I go on?"
)
READ = PLACED.index("Both are known") + 29

TOPS = """() => {
  const [prose] = [...document.querySelectorAll('article.message--assistant .prose')].slice(-1);
  const top = prose.getBoundingClientRect().top;
  const isOurs = (one) => one.matches('.proposal') || !one.closest('.card-place');
  const first = (one) => one.matches('.proposal') ? 'card' : one.innerText.trim();
  return [...prose.querySelectorAll('p, .proposal')].filter(isOurs)
    .map((one) => [first(one), Math.round(one.getBoundingClientRect().top - top)]);
}"""

COVERED = """() => [
  ...document.querySelectorAll('.proposal button, .proposals button'),
].flatMap((button) => {
  button.scrollIntoView({ block: 'nearest' });
  const box = button.getBoundingClientRect();
  const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return button.contains(at) ? [] : [button.innerText];
})"""


async def test_proposals_stand_in_the_text_where_they_are_made_and_are_taken_by_one_press(
    app: App,
) -> None:
    provider = await app.provide("openai", in_pieces(PLACED, stalls=(READ // 9 + 1,)))
    laid = await lay_campaign(app)
    tab = await app.open_tab(laid.table, reduced_motion="reduce", bypass_csp=True)
    await tab.button("Plan game session").click()
    await expect(
        tab.page.get_by_role("heading", name="Session 2 Planning", exact=True)
    ).to_be_visible()
    await tab.composer.press("Enter")
    await tab.wait_text("Both are known in the")
    # While it is written, the room of each card is held, and nothing of a block is shown.
    await expect(tab.answer.locator(".proposal--coming")).to_have_count(2)
    for at, name in enumerate(("Old Bertram", "Toll House")):
        await expect(tab.answer.locator(".proposal--coming").nth(at)).to_contain_text(name)
    assert "kind" not in await tab.answer.inner_text()
    # A page that joins now, and hears it from this one, has the same picture.
    other = await app.open_tab(laid.table, context=tab.page.context, wait=False)
    await choose_tab(other, "Session 2 Planning")
    await other.wait_text("Both are known in the")
    await expect(other.answer.locator(".proposal--coming")).to_have_count(2)
    await expect(other.answer.locator(".proposal--coming").nth(1)).to_contain_text("Toll House")
    assert "kind" not in await other.answer.inner_text()
    await other.page.close()
    written = await tab.page.evaluate(TOPS)
    reading = tab.answer.get_by_text("Both are known in the valley.")
    await tab.page.locator(".timeline__scroll").hover()
    await tab.page.mouse.wheel(0, -60)
    await expect(tab.button("Answering below")).to_be_visible()
    before = await reading.bounding_box()
    provider.release()
    await tab.wait_last("complete")
    await expect(tab.answer.locator("article.proposal")).to_have_count(3)
    await expect(tab.answer.locator(".proposal--coming")).to_have_count(0)
    whole = await tab.page.evaluate(TOPS)
    assert [what for what, _ in whole] == [
        "For the toll:",
        "Its keeper, who is owed a favour:",
        "card",
        "The house he keeps:",
        "card",
        "Both are known in the valley.",
        "card",
        "Shall I go on?",
    ]
    # The cards took the room that was held for them: what was read has not moved.
    assert all(abs(top - was) <= 2 for (_, top), (_, was) in zip(whole, written, strict=False))
    after = await reading.bounding_box()
    assert before and after and abs(after["y"] - before["y"]) <= 2
    assert await list_faults(tab.page, sizes=((390, 844), (1280, 800))) == []
    # By a key: after a change of the window's size the timeline may settle below the pointer.
    await tab.button("Accept all 3: 2 NPCs, 1 location").press("Enter")
    accepted = tab.page.locator("article.proposal[data-status=accepted]")
    await expect(accepted).to_have_count(3)
    await expect(tab.page.locator(".tab__pending")).to_have_count(0)
    # A notice and the way to the newest are shown; neither is over a button.
    for width in (390, 1280):
        await tab.page.set_viewport_size({"width": width, "height": 844})
        await tab.page.locator(".timeline__scroll").evaluate("(one) => one.scrollTo(0, 0)")
        await expect(tab.button("Newest")).to_be_visible()
        await expect(tab.page.locator(".toast")).to_be_visible()
        assert await tab.page.evaluate(COVERED) == []


async def test_a_thread_is_named_archived_restored_and_branched(app: App) -> None:
    await app.provide("openai", Script(chunks=("Fog, and bells.",)))
    laid = await lay_campaign(app)
    tab = await app.open_tab(laid.table)
    await tab.button("New thread").click()
    world = tab.page.get_by_role("button", name=re.compile("^Build the world"))
    await expect(world).to_be_visible()
    assert await list_faults(tab.page) == []
    await world.click()
    await expect(
        tab.page.get_by_role("heading", name=re.compile("^Build the world"), level=2)
    ).to_be_visible()
    await tab.wait_ready()
    await tab.send("What does the harbour smell of at night, when the boats are in and the fog is?")
    await tab.wait_last("complete")
    await expect(tab_of(tab, "What does the harbour smell of at night, when…")).to_be_visible()

    await tab.button("Rename this thread").click()
    await tab.page.get_by_label("Title", exact=True).fill("The harbour")
    await tab.button("Rename").click()
    await expect(tab_of(tab, "The harbour")).to_be_visible()

    await tab.newest.hover()
    await tab.newest.get_by_role("button", name="Branch from here", exact=True).click()
    await expect(tab_of(tab, "The harbour (branch)")).to_have_attribute("aria-selected", "true")
    await tab.send("And by day?")
    await expect(tab.page.locator("article.message")).to_have_count(4)
    await tab.wait_last("complete")
    await tab.page.locator(".tab", has_text="The harbour").filter(has_not_text="branch").click()
    await expect(tab.page.locator("article.message")).to_have_count(2)

    await tab.button("Archive this thread").click()
    await expect(
        tab.page.get_by_text("This thread is archived. You can read it, but")
    ).to_be_visible()
    await expect(tab.composer).to_have_count(0)
    await tab.button("Unarchive").click()
    await tab.wait_ready()


async def test_the_chosen_thread_is_there_again_after_going_elsewhere(app: App) -> None:
    laid = await lay_campaign(app)
    made = await app.post(
        "/api/threads",
        {"purpose": "general", "campaign_id": laid.campaign_id, "title": "Loose ends"},
    )
    tab = await app.open_tab(f"{laid.table}")
    await choose_tab(tab, "Loose ends")
    await tab.composer.fill("half a thought")
    await tab.page.get_by_role("link", name="Settings", exact=True).first.click()
    await expect(tab.page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()
    await tab.page.goto(f"{app.server.address}{laid.table}")
    await expect(tab_of(tab, "Loose ends")).to_have_attribute("aria-selected", "true")
    await tab.wait_composer("half a thought")
    await choose_tab(tab, "General")
    await tab.page.goto(f"{app.server.address}{laid.table}?thread={made['id']}")
    await expect(tab_of(tab, "Loose ends")).to_have_attribute("aria-selected", "true")


async def test_an_answer_that_came_elsewhere_is_marked_unread_until_it_is_seen(
    app: App,
) -> None:
    await app.provide("openai", Script(chunks=("A bell.",)))
    laid = await lay_campaign(app)
    made = await app.post(
        "/api/threads",
        {"purpose": "general", "campaign_id": laid.campaign_id, "title": "Loose ends"},
    )
    tab = await app.open_tab(laid.table)
    mark = tab_of(tab, "Loose ends").locator(".tab__unread")
    await expect(tab_of(tab, "Loose ends")).to_be_visible()
    await app.post(f"/api/threads/{made['id']}/send", {"content": "What rings?"})
    await expect(mark).to_be_visible()
    await choose_tab(tab, "Loose ends")
    await expect(mark).to_have_count(0)
    await choose_tab(tab, "General")
    await expect(tab.page.locator(".threads__panel[data-tab=general]")).to_be_visible()
    await expect(mark).to_have_count(0)
    assert (await read(app, f"/api/threads/{made['id']}"))["unread_count"] == 0


async def test_threads_and_proposals_need_no_mouse(app: App) -> None:
    await app.provide("openai", in_pieces(PLAN))
    laid = await lay_campaign(app)
    tab = await plan(app, laid)
    keys = tab.page.keyboard
    await tab_of(tab, "Session 2 Planning").focus()
    await keys.press("ArrowLeft")
    await expect(tab_of(tab, "General")).to_be_focused()
    await expect(tab_of(tab, "General")).to_have_attribute("aria-selected", "false")
    await keys.press("Enter")
    await expect(tab_of(tab, "General")).to_have_attribute("aria-selected", "true")
    await keys.press("Control+k")
    await expect(tab.page.get_by_role("combobox")).to_be_focused()
    await keys.type("Session 2 Planning")
    await expect(tab.page.get_by_role("combobox")).to_have_value("Session 2 Planning")
    chosen = tab.page.get_by_role("option", selected=True)
    await expect(chosen).to_have_accessible_name("Session 2 Planning Conversation")
    await keys.press("Enter")
    await expect(tab_of(tab, "Session 2 Planning")).to_have_attribute("aria-selected", "true")
    accept = card(tab.page, "Old Bertram").get_by_role("button", name="Accept", exact=True)
    await accept.focus()
    await keys.press("Enter")
    await expect(card(tab.page, "Old Bertram")).to_have_attribute("data-status", "accepted")


@pytest.mark.deep
async def test_nothing_in_threads_and_proposals_keeps_anyone_out(app: App) -> None:
    await app.provide("openai", in_pieces(PLAN))
    laid = await lay_campaign(app)
    tab = await app.open_tab(laid.table, reduced_motion="reduce", bypass_csp=True)
    await tab.button("Plan game session").click()
    await expect(
        tab.page.get_by_role("heading", name="Session 2 Planning", exact=True)
    ).to_be_visible()
    await tab.composer.press("Enter")
    await expect(tab.page.locator("article.proposal")).to_have_count(3)
    assert await list_faults(tab.page) == []
    await card(tab.page, "Old Bertram").get_by_role("button", name="Edit first", exact=True).click()
    assert await list_faults(tab.page) == []
    await tab.button("New thread").click()
    assert await list_faults(tab.page) == []
