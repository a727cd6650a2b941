"""An NPC, a game session and a campaign on paper: all of it, or nothing that is GM only."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.campaign_book import go, make, open_book
from tests.browser.everybody import list_faults
from tests.browser.running_app import App

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CONTROLS = """() => [...document.querySelectorAll("button, input, select, textarea, nav, dialog")]
    .filter(each => each.checkVisibility()).map(each => each.outerHTML.slice(0, 80))"""


async def lay(app: App) -> tuple[str, str, str]:
    """A campaign with something open and something GM only of every kind; NPC, game session."""
    secret = {"gm_notes": "canary notes", "secrets": [{"text": "canary secret"}]}
    campaign = (await make(app, "campaigns", name="On paper", gm_notes="canary campaign"))["id"]
    at = f"campaigns/{campaign}"
    npcs = [await make(app, f"{at}/npcs", name=f"Open NPC {n}", **secret) for n in range(3)]
    for number in range(3):
        await make(app, f"{at}/locations", name=f"Open place {number}", **secret)
        await make(app, f"{at}/facts", text=f"canary fact {number}")
        await make(app, f"{at}/facts", text=f"Open fact {number}", audience="public")
    told = {"text": "canary told", "audience": "npcs", "npc_ids": [npcs[0]["id"]]}
    await make(app, f"{at}/facts", **told)
    hidden = await make(app, f"{at}/plot-points", title="canary plot", audience="gm")
    await make(app, f"{at}/plot-points", title="Open plot", audience="public", status="happened")
    recaps = {"recap_players": "Open recap", "recap_gm": "canary recap"}
    game = await make(app, f"{at}/game-sessions", title="Low water", plan="canary plan", **recaps)
    path = f"game-sessions/{game['id']}"
    await app.post(f"/api/{path}/start")
    await make(app, f"{path}/notes", text="Open note", gm_only=False)
    await make(app, f"{path}/notes", text="canary note", gm_only=True)
    about = {"entity_kind": "plot_point", "entity_id": hidden["id"]}
    await make(app, f"{path}/events", kind="happened", text="canary event", **about)
    return campaign, npcs[0]["id"], game["id"]


async def on_paper(page: Page) -> str:
    """What is displayed in print; controls are not among it."""
    await page.emulate_media(media="print")
    text: str = await page.evaluate("() => document.body.innerText")
    assert await page.evaluate(CONTROLS) == []
    await page.emulate_media(media="screen")
    return text


async def test_print_holds_everything_or_nothing_that_is_gm_only(app: App) -> None:
    campaign, npc, game = await lay(app)
    page = await open_book(app, f"/npcs/{npc}")

    async def in_small_pages(route: Route) -> None:
        await route.continue_(url=route.request.url.replace("limit=500", "limit=2"))

    await page.route(re.compile(r"limit=500"), in_small_pages)
    ways = {
        f"/npcs/{npc}": (["Open NPC 0", "Open fact 0"], ["notes", "secret", "told"]),
        f"/campaigns/{campaign}?part=game_sessions&show={game}": (
            ["Low water", "Open note", "Open recap"],
            ["plan", "recap", "note", "event"],
        ),
        f"/campaigns/{campaign}": (
            [f"Open {what} {n}" for what in ("NPC", "place", "fact") for n in range(3)]
            + ["Open plot", "Open recap"],
            ["campaign", "notes", "secret", "fact 0", "fact 2", "told", "plot", "plan", "recap"],
        ),
    }
    for way, (is_open, is_secret) in ways.items():
        await go(page, way)
        await page.get_by_role("link", name="Print", exact=True).click()
        await expect(page.locator(".paper")).to_be_visible()
        players = await on_paper(page)
        assert [text for text in is_open if text not in players] == [], way
        assert "canary" not in players, way
        await page.get_by_label("With GM-only parts", exact=True).check()
        await expect(page.locator(".paper")).to_contain_text(f"canary {is_secret[0]}")
        gm = await on_paper(page)
        wanted = [*is_open, *(f"canary {text}" for text in is_secret), "GM only"]
        assert [text for text in wanted if text not in gm] == [], way
    faults = await list_faults(page, "print", sizes=[(1280, 800), (390, 844)])
    assert faults == []
    assert (await page.pdf(format="Letter")).startswith(b"%PDF")
    await page.get_by_role("link", name="Back", exact=True).click()
    await expect(page).to_have_url(re.compile(rf"/campaigns/{campaign}$"))
