"""A campaign in the app, and replies that propose: for tests of threads and of NPC talk."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Page, expect

from tests.browser.running_app import App, Sheet
from tests.providers import Script

SECRET = "She sank the Gull for the insurance."


@dataclass(frozen=True)
class Laid:
    """A campaign with one evening behind it and one NPC."""

    campaign_id: str
    npc_id: str
    game_session_id: str

    @property
    def table(self) -> str:
        return f"/session/{self.campaign_id}"


async def lay_campaign(app: App) -> Laid:
    """A campaign of this test's own."""
    campaign = await app.post("/api/campaigns", {"name": "The Salt Road", "setting": "A coast"})
    at = f"/api/campaigns/{campaign['id']}"
    npc = await app.post(
        f"{at}/npcs",
        {
            "name": "Mira Voss",
            "role": "smuggler",
            "personality": "Wry and quick.",
            "secrets": [{"text": SECRET, "may_hint": False}],
        },
    )
    evening = await app.post(
        f"{at}/game-sessions",
        {"title": "The Ferry", "recap_gm": "The party burned the ferry and fled north."},
    )
    for step in ("start", "end"):
        await app.post(f"/api/game-sessions/{evening['id']}/{step}")
    return Laid(campaign["id"], npc["id"], evening["id"])


def block(value: object, label: str = "suggestion") -> str:
    """A fenced block as models write it."""
    return f"```{label}\n{json.dumps(value)}\n```\n"


def in_pieces(text: str, size: int = 9, **more: Any) -> Script:
    """A reply that comes a few characters at a time."""
    return Script(chunks=tuple(text[i : i + size] for i in range(0, len(text), size)), **more)


async def read(app: App, path: str) -> Any:
    """A GET, decoded."""
    async with app.server.client() as client:
        answer = await client.get(path)
        assert answer.is_success, answer.text
        return answer.json()


def rows(app: App, statement: str, *values: str) -> list[tuple[Any, ...]]:
    """What the database file holds."""
    with sqlite3.connect(f"file:{app.server.database}?mode=ro", uri=True) as database:
        return database.execute(statement, values).fetchall()


def prompt_of(request: Any) -> str:
    """Everything a provider was sent."""
    said = request.body["messages"]
    return "\n".join(str(message["content"]) for message in said)


def tab_of(sheet: Sheet, name: str) -> Any:
    """The tab of a conversation, by its name. Marks stand behind that."""
    whole = re.compile(rf"^{re.escape(name)}(?! \(branch\))")
    return sheet.page.get_by_role("tab", name=whole, exact=True).and_(sheet.page.locator(".tab"))


async def choose_tab(sheet: Sheet, name: str) -> None:
    await tab_of(sheet, name).click()
    await expect(tab_of(sheet, name)).to_have_attribute("aria-selected", "true")
    await sheet.wait_ready()


def card(page: Page, title: str) -> Any:
    """The card of a proposal."""
    return page.locator("article.proposal").filter(
        has=page.get_by_role("heading", name=title, exact=True)
    )
