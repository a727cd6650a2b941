"""Many conversations at one table: the one that is shown is seen, all are found, none is missed."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.campaign_book import make, open_table
from tests.browser.running_app import App
from tests.browser.test_accessibility import list_faults
from tests.faults.table import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LONG = [
    "Sir Balthasar of the Long Road and his mill",
    "What the harbour master is hiding from everyone",
    "Planning the third evening and what comes after it",
    "The names of all the bells of the drowned city",
]

CUT = """() => {
  const strip = document.querySelector(".threads__tabs").getBoundingClientRect();
  const tab = document.querySelector(".tab[aria-selected=true]").getBoundingClientRect();
  return Math.max(strip.left - tab.left, tab.right - strip.right);
}"""

COVERED = """(element) => {
  const box = element.getBoundingClientRect();
  const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return !element.contains(at);
}"""


async def expect_whole(page: Page, name: str) -> None:
    """The tab of this name is the chosen one and no part of it is outside of its strip."""
    chosen = page.locator(".tab[aria-selected=true]")
    await expect(chosen).to_contain_text(name)
    await page.wait_for_function(f"() => ({CUT})() <= 1")


async def lay(app: App, name: str) -> tuple[Any, Any]:
    """A campaign with four threads and an NPC that has said something unread."""
    campaign = await make(app, "campaigns", name=name)
    for title in LONG:
        await make(app, "threads", purpose="general", campaign_id=campaign["id"], title=title)
    npc = await make(app, f"campaigns/{campaign['id']}/npcs", name="Mira Voss")
    talk = await make(app, f"npcs/{npc['id']}/conversation")
    path = f"npc-conversations/{talk['id']}/messages"
    await make(app, path, role="assistant", content="Psst.", mode="as")
    return campaign, npc


async def test_the_active_tab_is_whole_and_every_conversation_has_a_key(app: App) -> None:
    campaign, _ = await lay(app, "Long names")
    tab = await open_table(app, campaign["id"])
    page = tab.page
    await expect(page.locator(".tab__name")).to_have_count(1 + len(LONG))
    names = [str(each) for each in await page.locator(".tab__name").all_text_contents()]
    assert sorted(names[1:]) == sorted(LONG)
    for place in (5, 2, 4, 3):
        await page.keyboard.press(f"Control+Shift+Digit{place}")
        await expect_whole(page, names[place - 1])
    # A narrower window, later: still whole.
    await page.set_viewport_size({"width": 1000, "height": 800})
    await expect_whole(page, names[2])
    await page.set_viewport_size({"width": 390, "height": 800})
    await expect_whole(page, names[2])
    await page.set_viewport_size({"width": 1280, "height": 800})
    # From one to the next in the order of the tabs, also while a message is being written.
    await page.get_by_role("textbox", name="Message", exact=True).fill("A thought")
    await page.keyboard.press("Alt+ArrowDown")
    await expect_whole(page, names[3])
    await page.keyboard.press("Alt+ArrowUp")
    await expect_whole(page, names[2])
    await expect(page.get_by_role("textbox", name="Message", exact=True)).to_have_value("A thought")
    await page.get_by_role("button", name=re.compile("^All conversations")).click()
    listed = page.get_by_role("dialog")
    await expect(listed.get_by_role("button", name=re.compile(re.escape(LONG[0])))).to_contain_text(
        "Ctrl Shift"
    )
    assert not await list_faults(page)
    await listed.get_by_role("button", name=re.compile("Mira Voss")).click()
    await expect_whole(page, "Mira Voss")


async def test_what_is_unread_is_marked_wherever_the_npc_is_named(app: App) -> None:
    campaign, npc = await lay(app, "Unread")
    page = (await open_table(app, campaign["id"])).page
    other = (await open_table(app, campaign["id"])).page
    await other.goto(f"{app.server.address}/campaigns/{campaign['id']}?part=npcs")
    card = other.locator(".card").filter(has_text="Mira Voss")
    await expect(card.get_by_role("img", name="1 unread", exact=True)).to_be_visible()
    person = page.locator(".person").filter(has_text="Mira Voss")
    await expect(person.get_by_role("link", name=re.compile("1 unread"))).to_be_visible()
    await expect(
        page.get_by_role("button", name=re.compile("All conversations, some unread"))
    ).to_be_visible()
    assert not await list_faults(page)
    await person.get_by_role("link", name=re.compile("Speak as Mira Voss")).click()
    await expect(page.locator(".talk[data-mode=as]")).to_be_visible()
    await expect(page.locator(f"[data-tab='npc:{npc['id']}']").first).to_be_visible()
    await expect(person.get_by_role("link", name="unread")).to_have_count(0)
    await expect(card.get_by_role("img", name="unread")).to_have_count(0)
    await expect(page.get_by_role("button", name=re.compile("^All conversations"))).to_be_visible()


async def is_uncovered(seen: Locator) -> bool:
    return not await seen.evaluate(COVERED)


async def stand_in_order(page: Page) -> bool:
    """Whether one is above the other and none over the next: when nothing moves any more."""
    boxes = [
        await page.locator(what).bounding_box()
        for what in (".timeline__scroll", ".to-newest", ".composer", ".toasts")
    ]
    tops = [(box["y"], box["y"] + box["height"]) for box in boxes if box]
    pairs = itertools.pairwise(tops)
    return len(tops) == 4 and all(above[1] <= below[0] + 1 for above, below in pairs)


async def test_neither_a_notice_nor_the_way_to_the_newest_covers_what_is_pressed(
    app: App,
) -> None:
    campaign, _ = await lay(app, "Uncovered")
    evening = await make(app, f"campaigns/{campaign['id']}/game-sessions", title="Low water")
    await app.post(f"/api/game-sessions/{evening['id']}/start")
    await make(app, f"game-sessions/{evening['id']}/notes", text="Too rash")
    page = (await open_table(app, campaign["id"])).page
    chat = await make(app, "chat-sessions/active", campaign_id=campaign["id"])
    for number in range(60):
        path = f"chat-sessions/{chat['id']}/messages"
        await make(app, path, role="user", content=f"Line {number}")
    await expect(page.locator("article.message").get_by_text("Line 59", exact=True)).to_be_visible()
    for size in ({"width": 1280, "height": 800}, {"width": 390, "height": 800}):
        await page.set_viewport_size(size)  # type: ignore[arg-type]
        if size["width"] == 390:
            await page.get_by_role("tab", name="Notes", exact=True).click()
        line = page.get_by_role("listitem").filter(has_text="Too rash")
        await line.hover()
        await line.get_by_role("button", name="Delete this note", exact=True).click()
        undo = page.locator(".toast").get_by_role("button", name="Undo", exact=True)
        # A notice stays for as long as the focus is in it.
        await undo.focus()
        if size["width"] == 390:
            await page.get_by_role("tab", name="Chat", exact=True).click()
        await page.locator(".timeline__scroll").hover()
        await page.mouse.wheel(0, -1500)
        await expect(page.locator(".to-newest")).to_be_visible()
        for seen in (
            page.get_by_role("textbox", name="Message", exact=True),
            page.locator(".to-newest"),
            undo,
        ):
            await until(lambda seen=seen: is_uncovered(seen))
        await until(lambda: stand_in_order(page))
        await undo.click()
        await page.locator(".to-newest").click()
        await expect(page.locator(".to-newest")).to_have_count(0)
        await expect(page.locator(".toast")).to_have_count(0)
