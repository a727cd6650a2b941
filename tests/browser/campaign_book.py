"""A game master's campaign book in the browser: what several tests of it do."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Page, expect

from tests.browser.running_app import App, Sheet

SAMPLE = "9d5ab022-84e8-50f3-93c8-d2f080eb9a90"
"""The sample campaign has the same id everywhere."""

WAIT = 30_000


async def open_book(app: App, path: str = "/campaigns", **options: Any) -> Page:
    """A page of the campaign book in a new browser, or in `context`."""
    tab = await app.open_tab(path, wait=False, **options)
    await expect(tab.page.get_by_role("main").get_by_role("heading").first).to_be_visible(
        timeout=WAIT
    )
    return tab.page


async def open_table(app: App, campaign_id: str, **options: Any) -> Sheet:
    """The table of a campaign, when the chat there knows it."""
    tab = await app.open_tab(f"/session/{campaign_id}", **options)
    await wait_linked(tab.page, campaign_id)
    return tab


async def wait_linked(page: Page, campaign_id: str) -> None:
    """Until the chat on the screen is said to know this campaign, and can be written into."""
    await page.wait_for_selector(f".table__general[data-linked='{campaign_id}']", timeout=WAIT)
    await page.wait_for_selector("textarea.composer__text:not([disabled])", timeout=WAIT)


async def go(page: Page, path: str) -> None:
    """Move within the page, as a link does."""
    await page.evaluate(
        """path => {
            history.pushState(null, '', path);
            dispatchEvent(new PopStateEvent('popstate'));
        }""",
        path,
    )


async def load_sample(app: App) -> Any:
    return await app.post("/api/sample-campaign")


async def make(app: App, path: str, **fields: Any) -> Any:
    """Something of a campaign, made beside the page."""
    return await app.post(f"/api/{path}", fields)


async def get(app: App, path: str) -> Any:
    async with app.server.client() as client:
        answer = await client.get(f"/api/{path}")
        assert answer.is_success, answer.text
        return answer.json()


async def patch(app: App, path: str, revision: int, **changes: Any) -> Any:
    async with app.server.client() as client:
        answer = await client.patch(f"/api/{path}", json={"revision": revision, "changes": changes})
        assert answer.is_success, answer.text
        return answer.json()


async def campaigns_seen(app: App, reply_id: str) -> set[str]:
    """The campaigns that the model had in front of it for an answer."""
    manifest = await get(app, f"replies/{reply_id}/manifest")
    return {
        entity["id"]
        for part in manifest["sections"]
        for entity in part["entities"]
        if entity["kind"] == "campaign"
    }


async def list_names(app: App, campaign_id: str, what: str = "npcs") -> list[str]:
    page = await get(app, f"campaigns/{campaign_id}/{what}?limit=500")
    return [entity["name"] for entity in page[what]]
