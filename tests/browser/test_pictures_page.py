"""Pictures on the page: portraits, and the gallery of a handout."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.campaign_book import get, open_book
from tests.browser.everybody import list_faults
from tests.browser.running_app import App
from tests.pictures.samples import draw, make_jpeg, make_png

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

GIVE = """([kind, selector, files]) => {
    const given = new DataTransfer();
    for (const [name, type, bytes] of files) {
        const content = Uint8Array.from(atob(bytes), each => each.charCodeAt(0));
        given.items.add(new File([content], name, { type }));
    }
    const place = document.querySelector(selector);
    const options = { bubbles: true, cancelable: true };
    place.dispatchEvent(kind === "paste"
        ? new ClipboardEvent("paste", { ...options, clipboardData: given })
        : new DragEvent("drop", { ...options, dataTransfer: given }));
}"""

SHIFT = """() => { window.shifted = 0;
    new PerformanceObserver(list => { for (const each of list.getEntries())
        if (!each.hadRecentInput) window.shifted += each.value; })
        .observe({ type: "layout-shift" }); }"""


async def give(
    page: Page, kind: str, *contents: bytes, name: str = "a.png", to: str | None = None
) -> None:
    """Paste files, with the focus where one writes, or drop them."""
    media_type = "image/svg+xml" if name.endswith("svg") else "image/png"
    files = [[name, media_type, b64encode(content).decode()] for content in contents]
    place = to or ("textarea" if kind == "paste" else ".frame__face")
    await page.evaluate(GIVE, [kind, place, files])


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
    tab = await app.open_tab(f"/npcs/{npc}")
    page = tab.page
    heading = page.get_by_role("heading", name="Mira Voss", exact=True)
    await expect(heading).to_be_visible()
    # What is measured is what the picture moves: everything else has come by then.
    await tab.wait_phase("ready")
    await expect(page.get_by_role("link", name="Marsh", exact=True)).to_be_visible()
    await expect(page.get_by_role("link", name=re.compile("^Table"))).to_be_visible(timeout=5_000)
    for nothing in ("No pictures yet.", "No relations yet."):
        await expect(page.get_by_text(nothing)).to_be_visible()
    await page.evaluate("document.fonts.ready.then(() => null)")
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
    fault = page.locator(".frame").get_by_role("alert")
    await give(page, "drop", b"<svg/>", name="a.svg")
    await expect(fault).to_contain_text("PNG, JPEG, WebP")
    # The first fault looks like the second: only the answer tells that the server refused it.
    async with page.expect_response(lambda one: "/pictures?" in one.url and not one.ok):
        await give(page, "drop", b"nothing", name="b.png")
    await expect(page.locator(".frame").get_by_role("progressbar")).to_have_count(0)
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
    speak_as = page.get_by_role("radio", name="Speak as NPC", exact=True)
    await speak_as.click()
    await expect(speak_as).to_have_attribute("aria-checked", "true")
    await page.get_by_label("Message", exact=True).fill("Good evening.")
    await page.get_by_label("Message", exact=True).press("Enter")
    said = page.locator("article.message--assistant[data-mode=as] .portrait__image")
    await expect(said).to_be_visible()

    # Removed here, gone there, and back by Undo.
    await opener.click()
    await dialog.get_by_role("button", name=re.compile("Remove")).click()
    await expect(chooser).to_be_attached()
    undo = page.get_by_role("button", name="Undo", exact=True)
    await undo.focus()  # Focused, it stays for as long as the other page takes.
    await expect(book.locator(".card .portrait__image")).to_have_count(0)
    await undo.press("Enter")
    await wait_shown(page, (160, 100))
    await expect(book.locator(".card .portrait__image")).to_be_visible()
    assert (await portrait_of(app, campaign, npc))["caption"] == "Mira on the ferry"


async def test_the_pictures_of_a_handout_are_added_captioned_ordered_shown_and_removed(
    app: App,
) -> None:
    campaign = (await app.post("/api/campaigns", {"name": "Marsh"}))["id"]
    at = f"/api/campaigns/{campaign}/things/handout"
    handout = (await app.post(at, {"fields": {"name": "The map", "text": "Torn"}}))["id"]
    page = await open_book(app, f"/campaigns/{campaign}?part=handouts&show={handout}")
    sheet = page.get_by_role("dialog", name="The map", exact=True)
    gallery = sheet.get_by_role("region", name="Pictures", exact=True)
    shown, images = gallery.get_by_role("listitem"), gallery.locator(".gallery__image")
    await expect(gallery.get_by_text("No pictures yet.", exact=True)).to_be_visible()
    chosen = [
        {"name": f"{n}.png", "mimeType": "image/png", "buffer": make_png(draw((60 + n, 40)))}
        for n in range(2)
    ]
    await gallery.get_by_label("Add pictures", exact=True).set_input_files(chosen)  # type: ignore[arg-type]
    await expect(shown).to_have_count(2)
    files = (make_png(draw((62, 40))), b"nothing", make_png(draw((63, 40))))
    await give(page, "drop", *files, to=".gallery")
    await expect(shown).to_have_count(4)
    await expect(gallery.get_by_role("alert")).to_contain_text("a.png: ")
    await give(page, "paste", make_png(draw((64, 40))), to=".gallery")
    await expect(shown).to_have_count(5)
    await expect(gallery.get_by_role("status")).to_have_count(0)

    async def expect_order(*numbers: int) -> None:
        for place, number in enumerate(numbers):
            await expect(images.nth(place)).to_have_js_property("naturalWidth", 60 + number)

    await expect_order(0, 1, 2, 3, 4)
    third = gallery.get_by_role("button", name="Show Picture 3 of The map", exact=True)
    await third.press("Alt+ArrowUp")
    await expect_order(0, 2, 1, 3, 4)
    first = gallery.get_by_role("button", name="Move Picture 1 of The map down", exact=True)
    await first.press("Enter")
    await expect_order(2, 0, 1, 3, 4)

    await gallery.get_by_role("button", name="Show Picture 1 of The map", exact=True).press("Enter")
    large = page.get_by_role("dialog", name="Picture 1 of The map", exact=True)
    await large.get_by_label("Caption", exact=True).fill("The torn corner")
    await large.get_by_label("Who may see it", exact=True).select_option("party")
    await large.get_by_role("button", name="Save", exact=True).press("Enter")
    large = page.get_by_role("dialog", name="The torn corner", exact=True)
    await expect(large.get_by_role("img", name="The torn corner", exact=True)).to_be_visible()
    faults = await list_faults(page, "a picture", sizes=[(1280, 800), (390, 844)])
    await page.keyboard.press("Escape")
    await expect(shown.first).to_contain_text("The party")
    faults += await list_faults(page, "a gallery", sizes=[(1280, 800), (390, 844)])
    assert faults == []

    await gallery.get_by_role("button", name="Show The torn corner", exact=True).press("Enter")
    await large.get_by_role("button", name="Remove", exact=True).press("Enter")
    undo = page.get_by_role("button", name="Undo", exact=True)
    await undo.focus()
    await expect_order(0, 1, 3, 4)
    await undo.press("Enter")
    await expect(shown.first).to_contain_text("The torn corner")
    await expect_order(2, 0, 1, 3, 4)
    stored = (await get(app, f"campaigns/{campaign}/pictures?thing_id={handout}"))["pictures"]
    assert [one["role"] for one in stored] == ["picture"] * 5
    assert [one["audience"] for one in stored] == ["party"] + ["gm"] * 4
