"""Words of any language: input methods, and scripts written from right to left."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.campaign_book import get, go, make, open_table
from tests.browser.running_app import App

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WORD = "水車小屋"

SAFARI = """(area) => {
  area.focus();
  area.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true, data: "x" }));
  const key = new KeyboardEvent("keydown",
    { key: "Enter", code: "Enter", keyCode: 229, which: 229, bubbles: true, cancelable: true });
  area.dispatchEvent(key);
}"""


async def confirm_a_word(page: Page, field: Any) -> None:
    """A word is written by an input method and confirmed by Enter: as Chromium does it, then in
    the order of Safari."""
    await field.focus()
    typing = await page.context.new_cdp_session(page)
    await typing.send(
        "Input.imeSetComposition", {"text": WORD, "selectionStart": 4, "selectionEnd": 4}
    )
    await typing.send(
        "Input.dispatchKeyEvent",
        {"type": "rawKeyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229},
    )
    await typing.send("Input.insertText", {"text": WORD})
    await field.evaluate(SAFARI)
    await typing.detach()


async def test_enter_that_confirms_a_word_does_nothing_else(app: App) -> None:
    campaign = await make(app, "campaigns", name="Any language")
    evening = await make(app, f"campaigns/{campaign['id']}/game-sessions", title="Low water")
    await app.post(f"/api/game-sessions/{evening['id']}/start")
    note = await make(app, f"game-sessions/{evening['id']}/notes", text="The bell rang")
    page = (await open_table(app, campaign["id"])).page

    composer = page.get_by_role("textbox", name="Message", exact=True)
    await confirm_a_word(page, composer)
    await expect(composer).to_have_value(WORD)
    await composer.fill("")

    quick = page.get_by_label("Quick note", exact=True)
    await confirm_a_word(page, quick)
    await expect(quick).to_have_value(WORD)
    await quick.fill("")

    log = page.get_by_role("list", name="Notes and events", exact=True)
    await log.get_by_text("The bell rang").hover()
    await log.get_by_role("button", name="Edit this note", exact=True).click()
    edited = log.get_by_role("textbox", name="Note", exact=True)
    await edited.fill("")
    await confirm_a_word(page, edited)
    await expect(edited).to_have_value(WORD)
    await edited.press("Escape")

    await page.keyboard.press("Control+k")
    query = page.get_by_role("combobox", name=re.compile("^Find a screen"))
    await query.fill("sett")
    await expect(page.get_by_role("option", name=re.compile("Settings"))).to_be_visible()
    await confirm_a_word(page, query)
    await expect(query).to_be_focused()
    await page.keyboard.press("Escape")

    assert page.url.split("?")[0].endswith(f"/session/{campaign['id']}")
    assert await app.history() == []
    notes = (await get(app, f"game-sessions/{evening['id']}/notes"))["notes"]
    assert [(each["id"], each["text"]) for each in notes] == [(note["id"], "The bell rang")]


LINE = "مرحبا، الطاحونة قرب النهر (مهجورة)! Mira تعرف 3 أسرار."
SHORT = "ميرا القديمة"
TALK = (
    f"{LINE}\n\n- {LINE}\n- Mira knows it.\n\n> {LINE}\n\n| {SHORT} | Mira |\n|---|---|\n"
    f"| Salt | {SHORT} |\n\nA line in English\n{LINE}"
)

WRONG_SIDE = """() => {
  const letter = /\\p{L}/u, rtl = /[\\u0590-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufeff]/;
  const wrong = [], seen = [];
  for (const element of document.body.querySelectorAll("*")) {
    if (element.closest("svg, code, pre, option, select, .sr-only")) continue;
    const written = element.matches("input, textarea") ? element.value : "";
    const own = [...element.childNodes].filter((each) => each.nodeType === 3);
    // Text before its inline neighbours: it is what decides for an element that holds both.
    const text = written || own.map((each) => each.data).join("");
    const first = letter.exec(text)?.[0];
    if (!first || !rtl.test(first)) continue;
    if (!element.getClientRects().length) continue;
    seen.push(element.tagName);
    const inherited = element.tagName === "MARK" || element.tagName === "BR";
    if (getComputedStyle(element).direction !== "rtl" && !inherited)
      wrong.push(`${element.tagName}.${element.className}: ${text.trim().slice(0, 60)}`);
  }
  return { wrong, seen: seen.length };
}"""


async def look(page: Page, what: str, least: int = 1) -> list[str]:
    """What stands on the wrong side; fails when fewer than `least` such texts are on the screen."""
    await page.wait_for_function(f"() => ({WRONG_SIDE})().seen >= {least}")
    found = await page.evaluate(WRONG_SIDE)
    return [f"{what}: {each}" for each in found["wrong"]]


async def test_whatever_people_write_is_read_from_its_own_side(app: App) -> None:
    campaign = await make(
        app, "campaigns", name=SHORT, setting=LINE, description=LINE, system=SHORT
    )
    at = f"campaigns/{campaign['id']}"
    npc = await make(
        app,
        f"{at}/npcs",
        name=SHORT,
        role=SHORT,
        personality=LINE,
        voice_card=[SHORT],
        secrets=[{"text": LINE}],
    )
    await make(app, f"{at}/locations", name=SHORT, description=LINE)
    await make(app, f"{at}/plot-points", title=SHORT, description=LINE)
    await make(app, f"{at}/facts", text=LINE, audience="public")
    evening = await make(app, f"{at}/game-sessions", title=SHORT, plan=LINE)
    await app.post(f"/api/game-sessions/{evening['id']}/start")
    await make(app, f"game-sessions/{evening['id']}/notes", text=LINE)
    thread = await make(app, "threads", purpose="general", campaign_id=campaign["id"], title=SHORT)
    await make(app, f"threads/{thread['id']}/messages", role="user", content=TALK)
    await make(app, f"threads/{thread['id']}/messages", role="assistant", content=TALK)

    page = (await open_table(app, campaign["id"])).page
    await page.get_by_role("tab", name=re.compile(SHORT)).click()
    wrong = await look(page, "table", 16)
    sides = await page.evaluate(
        """() => ["li", "td", "th", "blockquote"].map((what) =>
          [...document.querySelectorAll(`.message--assistant .prose ${what}`)]
            .map((each) => getComputedStyle(each).direction).join(" "))"""
    )
    assert sides == ["rtl ltr", "ltr rtl", "rtl ltr", "rtl"]
    composer = page.get_by_role("textbox", name="Message", exact=True)
    await composer.fill(LINE)
    await page.get_by_label("Quick note", exact=True).fill(LINE)
    wrong += await look(page, "fields", 16)
    for part in ("Locations", "Plot", "NPCs"):
        await page.get_by_role("tab", name=re.compile(re.escape(part))).last.click()
        wrong += await look(page, part, 16)
    await page.keyboard.press("Control+k")
    await page.get_by_role("combobox", name=re.compile("^Find a screen")).fill(SHORT)
    await expect(page.get_by_role("option", name=re.compile(SHORT)).first).to_be_visible()
    wrong += await look(page, "palette", 16)
    for path, least in (
        ("/campaigns", 1),
        (f"/campaigns/{campaign['id']}", 3),
        (f"/campaigns/{campaign['id']}?section=knowledge", 2),
        (f"/npcs/{npc['id']}", 3),
        (f"/search?q={SHORT}", 2),
    ):
        await go(page, path)
        wrong += await look(page, path, least)
    assert wrong == []
