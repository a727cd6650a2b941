"""What a game master does at the table, in key presses and clicks: by the screens, and by typing it
into the palette. Typed text is not counted."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.campaign_book import get, go, make
from tests.browser.everybody import list_faults
from tests.browser.running_app import App

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@dataclass
class Hands:
    """Whoever works with the page, and how often a key or a button was pressed."""

    page: Page
    presses: int = 0

    async def press(self, key: str) -> None:
        self.presses += 1
        await self.page.keyboard.press(key)

    async def click(self, where: Locator) -> None:
        self.presses += 1
        await where.click()

    async def type(self, text: str) -> None:
        await self.page.keyboard.type(text)

    async def command(self, text: str) -> None:
        """By the palette: opened, typed, entered at once, whatever has been found by then."""
        await self.press("Control+k")
        await expect(self.page.get_by_role("combobox")).to_be_focused()
        await self.type(text)
        await self.press("Enter")

    async def go_to_table(self) -> None:
        table = re.compile("^Table")  # and that a game session is running, when that is known
        await self.click(self.page.locator(".rail").get_by_role("link", name=table))
        await expect(self.page.get_by_label("Quick note", exact=True)).to_be_visible()

    def side(self, name: str) -> Locator:
        return self.page.locator(".table__side").get_by_role("tab", name=name, exact=True)


Way = Callable[[Hands], Awaitable[None]]


async def look_up(hands: Hands) -> None:
    await hands.command("Korrin")


async def note_by_table(hands: Hands) -> None:
    await hands.go_to_table()
    await hands.click(hands.page.get_by_label("Quick note", exact=True))
    await hands.type("The gate is burning")
    await hands.press("Enter")


async def ask_by_table(hands: Hands) -> None:
    await hands.go_to_table()
    await expect(hands.page.locator(".composer textarea")).to_be_focused()
    await hands.type("Who rings the bell?")
    await hands.press("Enter")


async def speak_by_table(hands: Hands) -> None:
    await hands.go_to_table()
    await hands.click(hands.page.get_by_role("link", name="Speak as Mira Voss", exact=True))
    await expect(hands.page.locator(".npc-talk .composer textarea")).to_be_focused()
    await hands.type("Who goes there?")
    await hands.press("Enter")


async def roll_by_table(hands: Hands) -> None:
    await hands.go_to_table()
    await hands.click(hands.side("Dice"))
    await hands.click(hands.page.get_by_label("Dice", exact=True).last)
    await hands.type("2d6+3")
    await hands.press("Enter")


async def plan_by_table(hands: Hands) -> None:
    await hands.go_to_table()
    await hands.click(hands.page.locator(".plan-button"))
    await expect(hands.page.locator(".composer textarea")).not_to_be_empty()
    await hands.press("Enter")


async def end_by_table(hands: Hands) -> None:
    await hands.go_to_table()
    await hands.click(hands.page.get_by_role("button", name="End", exact=True))


def by_palette(text: str) -> Way:
    async def command(hands: Hands) -> None:
        await hands.command(text)

    return command


async def roll_by_palette(hands: Hands) -> None:
    """What runs is asked for in vain once: the roll is for the log all the same."""
    lost = "**/api/running-game-sessions"
    await hands.page.route(lost, lambda route: route.abort(), times=1)
    await hands.command("roll 2d6+3")


WAYS: dict[str, tuple[Way, Way]] = {
    "look something up": (look_up, look_up),
    "note": (note_by_table, by_palette("note The gate is burning")),
    "ask": (ask_by_table, by_palette("ask Who rings the bell?")),
    "an NPC speaks": (speak_by_table, by_palette("speak as mira: Who goes there?")),
    "roll": (roll_by_table, roll_by_palette),
    "plan": (plan_by_table, by_palette("plan Who opens the gate?")),
    "end": (end_by_table, by_palette("end session")),
}


async def count(page: Page, start: str, way: Way, done: Callable[[], Awaitable[None]]) -> int:
    await go(page, start)
    await expect(page.get_by_role("heading", name="Mira Voss", exact=True).first).to_be_visible()
    hands = Hands(page)
    await way(hands)
    await done()
    return hands.presses


@pytest.mark.parametrize("by_screens", [False, pytest.param(True, marks=pytest.mark.deep)])
async def test_seven_tasks_take_no_more_presses_by_the_palette_and_four_take_fewer(
    app: App, by_screens: bool
) -> None:
    """Two presses each by the palette; how many by the screens is counted in the deep part."""
    campaign = await make(app, "campaigns", name="By keys")
    at = f"campaigns/{campaign['id']}"
    mira = await make(app, f"{at}/npcs", name="Mira Voss", role="smuggler")
    korrin = await make(app, f"{at}/npcs", name="Korrin")
    tonight = await make(app, f"{at}/game-sessions", title="The Gate")
    elsewhere = await make(app, "campaigns", name="Another table")
    theirs = await make(app, f"campaigns/{elsewhere['id']}/game-sessions", title="Not here")
    for game in (theirs, tonight):  # the rail leads to the one that began last
        await app.post(f"/api/game-sessions/{game['id']}/start")
    tab = await app.open_tab(f"/session/{campaign['id']}", reduced_motion="reduce", bypass_csp=True)
    page = tab.page
    evening = f"game-sessions/{tonight['id']}"

    def seen(text: str) -> Callable[[], Awaitable[None]]:
        return lambda: expect(page.locator(".message").get_by_text(text).first).to_be_visible()

    async def is_stored(path: str, holds: Callable[[Any], bool]) -> None:
        for _ in range(600):
            if holds(await get(app, path)):
                return
            await page.wait_for_timeout(50)
        raise AssertionError(f"{path} does not say so")

    counts: dict[str, list[int]] = {}
    for task, (screens, palette) in WAYS.items():
        presses = counts[task] = []
        for number, way in enumerate((screens, palette) if by_screens else (palette,), 1):
            done: Any = {
                "look something up": lambda: expect(page).to_have_url(
                    f"{app.server.address}/npcs/{korrin['id']}"
                ),
                "note": lambda n=number: is_stored(
                    f"{evening}/notes", lambda all: len(all["notes"]) == n
                ),
                "ask": seen("Who rings the bell?"),
                "an NPC speaks": seen("Who goes there?"),
                "roll": lambda n=number: is_stored(
                    f"{evening}/events?kind=roll", lambda all: len(all["events"]) == n
                ),
                "plan": seen("Who opens the gate?" if way is palette else "Help me plan"),
                "end": lambda: is_stored(evening, lambda one: one["status"] == "ended"),
            }[task]
            presses.append(await count(page, f"/npcs/{mira['id']}", way, done))
            if task == "end" and way is screens:
                await app.post(f"/api/game-sessions/{tonight['id']}/resume")
    # What cannot be done is not offered: nothing runs in this campaign any more. What runs in
    # another one is not what is ended, noted in or rolled for here.
    await page.keyboard.press("Control+k")
    await page.keyboard.type("session")
    offered = page.get_by_role("option")
    await expect(offered.filter(has_text="Start a game session")).to_be_visible()
    await expect(offered.filter(has_text="End game session 1")).to_have_count(0)
    # Chosen without what it takes, it asks for that in the same field.
    field = page.get_by_role("combobox")
    await field.fill("new location")
    await page.keyboard.press("Enter")
    await expect(field).to_have_value("new location ")
    assert await list_faults(page, sizes=((390, 844), (1280, 800))) == []
    await page.keyboard.type("The Green Door")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog").get_by_text("The Green Door").first).to_be_visible()
    assert {presses[-1] for presses in counts.values()} == {2}, counts
    if by_screens:
        assert all(after <= before for before, after in counts.values()), counts
        assert sum(after < before for before, after in counts.values()) >= 4, counts
