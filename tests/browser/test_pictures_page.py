"""A portrait on the page: chosen, pasted, dropped, shown where its thing is named, taken back."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.campaign_book import open_book
from tests.browser.everybody import list_faults
from tests.browser.running_app import App
from tests.pictures.samples import draw, make_jpeg, make_png

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

GIVE = """([kind, name, type, bytes]) => {
    const given = new DataTransfer();
    const content = Uint8Array.from(atob(bytes), each => each.charCodeAt(0));
    given.items.add(new File([content], name, { type }));
    const place = document.querySelector(kind === "paste" ? "textarea" : ".frame__face");
    const options = { bubbles: true, cancelable: true };
    place.dispatchEvent(kind === "paste"
        ? new ClipboardEvent("paste", { ...options, clipboardData: given })
        : new DragEvent("drop", { ...options, dataTransfer: given }));
}"""

SHIFT = """() => { window.shifted = 0;
    new PerformanceObserver(list => { for (const each of list.getEntries())
        if (!each.hadRecentInput) window.shifted += each.value; })
        .observe({ type: "layout-shift" }); }"""


async def give(page: Page, kind: str, content: bytes, name: str = "a.png") -> None:
    """Paste a file, with the focus where one writes, or drop it."""
    media_type = "image/svg+xml" if name.endswith("svg") else "image/png"
    await page.evaluate(GIVE, [kind, name, media_type, b64encode(content).decode()])


async def portrait_of(app: App, campaign: str, thing: str) -> Any:
    async with app.server.client() as client:
        path = f"/api/campaigns/{campaign}/pictures?role=portrait&thing_id={thing}"
        found = (await client.get(path)).json()["pictures"]
        return found[0] if found else None


async def wait_shown(page: Page, size: tuple[int, int]) -> None:
    """Until the frame shows a picture of this shape."""
    image = page.locator(".frame .portrait__image")
    await expect(image).to_have_js_property("naturalWidth", size[0])
    await expect(image).to_have_js_property("naturalHeight", size[1])


async def test_a_portrait_is_added_shown_described_replaced_and_taken_back(app: App) -> None:
    campaign = (await app.post("/api/campaigns", {"name": "Marsh"}))["id"]
    npc = (await app.post(f"/api/campaigns/{campaign}/npcs", {"name": "Mira Voss"}))["id"]
    page = (await app.open_tab(f"/npcs/{npc}")).page
    heading = page.get_by_role("heading", name="Mira Voss", exact=True)
    await expect(heading).to_be_visible()
    await page.evaluate(SHIFT)
    before = await heading.bounding_box()

    # By keyboard: the chooser is an ordinary file field.
    chooser = page.get_by_label("Add a portrait of Mira Voss", exact=True)
    await chooser.focus()
    await expect(page.locator(".frame .portrait")).to_have_text("MV")
    await chooser.set_input_files(
        {"name": "m.png", "mimeType": "image/png", "buffer": make_png(draw((300, 200)))}
    )
    await wait_shown(page, (300, 200))
    assert await heading.bounding_box() == before, "nothing moves when the picture comes"
    assert await page.evaluate("window.shifted") == 0
    assert (await portrait_of(app, campaign, npc))["role"] == "portrait"

    # Pasted and dropped ones replace it; what is no picture is said and changes nothing.
    await give(page, "paste", make_png(draw((90, 120))))
    await wait_shown(page, (90, 120))
    await give(page, "drop", make_jpeg(draw((160, 100))))
    await wait_shown(page, (160, 100))
    for content, name in ((b"<svg/>", "a.svg"), (b"nothing", "b.png")):
        await give(page, "drop", content, name)
        fault = page.locator(".frame").get_by_role("alert")
        await expect(fault).to_contain_text("PNG, JPEG, WebP")
    await wait_shown(page, (160, 100))

    # Large, with its description, in a dialog that Escape closes.
    opener = page.get_by_role("button", name=re.compile("Show the portrait of Mira Voss"))
    await opener.press("Enter")
    dialog = page.get_by_role("dialog", name=re.compile("Portrait of Mira Voss"))
    await dialog.get_by_label("Description", exact=True).fill("Mira on the ferry")
    await dialog.get_by_role("button", name="Save", exact=True).click()
    await expect(dialog.get_by_role("img", name=re.compile("Mira on the ferry"))).to_be_visible()
    assert await list_faults(page, "portrait", sizes=[(1280, 800), (390, 844)]) == []
    await page.keyboard.press("Escape")
    await expect(opener).to_be_focused()
    assert await list_faults(page, "NPC with a portrait") == []
    await page.set_viewport_size({"width": 1280, "height": 800})

    # Small, wherever the NPC is named: in the list, and beside what it says.
    book = await open_book(app, f"/campaigns/{campaign}?part=npcs")
    await expect(book.locator(".card .portrait__image")).to_be_visible()
    await page.get_by_role("radio", name="Speak as NPC", exact=True).click()
    await expect(page.locator(".cooldown")).to_have_count(0)
    await page.get_by_label("Message", exact=True).fill("Good evening.")
    await page.keyboard.press("Enter")
    said = page.locator("article.message--assistant[data-mode=as] .portrait__image")
    await expect(said).to_be_visible()

    # Removed here, gone there, and back by Undo.
    await opener.click()
    await dialog.get_by_role("button", name=re.compile("Remove")).click()
    await expect(chooser).to_be_attached()
    await expect(book.locator(".card .portrait__image")).to_have_count(0)
    await page.get_by_role("button", name="Undo", exact=True).click()
    await wait_shown(page, (160, 100))
    await expect(book.locator(".card .portrait__image")).to_be_visible()
    assert (await portrait_of(app, campaign, npc))["caption"] == "Mira on the ferry"
