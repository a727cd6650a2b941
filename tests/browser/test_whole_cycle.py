"""A game master's whole cycle on the page: from nothing to a copy of it all on another server.

Every prompt is recorded where it arrives and checked for what it must and must not hold, and every
word that was said or noted is looked for in the copy.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser.campaign_book import get, make, patch, wait_linked
from tests.browser.running_app import App, Sheet, run_app
from tests.browser.talk_table import in_pieces, prompt_of, rows, tab_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.deep,
    pytest.mark.asyncio(loop_scope="session"),
]

SAFETY = "canary-safety no drowned children"
COMFORT = "canary-comfort a raised card stops the scene"
PARTY = "canary-party Wren the locksmith"
AGREED = (SAFETY, COMFORT, PARTY)
"""For the game master's side of every prompt, and for no other."""
SECRET = "canary-secret she sank the Gull"
FIRST_PLAN = "canary-plan-one the bell rings early"
NEXT_PLAN = "canary-plan-two the ferry burns"
OPEN_NOTE = "They swore the oath of the guides."
GM_NOTE = "canary-note the warden is bribed"
NEXT_NOTE = "The bell was heard again."
ELSEWHERE = ("canary-other-campaign", "canary-quick-chat")
GM_ONLY = (*AGREED, SECRET, FIRST_PLAN, NEXT_PLAN, GM_NOTE)
ASKED = 5
"""Questions of the two game sessions and of the planning between them."""
ANSWER = "A lantern gutters on the seventh pier."

DUMP = """SELECT content FROM messages UNION ALL SELECT text FROM session_notes
UNION ALL SELECT plan FROM game_sessions UNION ALL SELECT gm_notes FROM campaigns
UNION ALL SELECT secrets FROM npcs UNION ALL SELECT recap_gm FROM game_sessions"""


@pytest_asyncio.fixture(loop_scope="session")
async def new_app(tmp_path: Path, page_browser: Browser, chromium: Path) -> AsyncIterator[App]:
    """A server that has never been used, and a provider that records what it is sent."""
    async with run_app(tmp_path, page_browser, chromium) as app:
        await app.make_ready()
        await app.provide("openai", in_pieces(ANSWER))
        yield app
        await app.clean_up()


@dataclass
class Cycle:
    """What the game master has said and written so far, at one page."""

    app: App
    tab: Sheet
    said: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        return self.tab.page

    async def ask(self, text: str) -> str:
        """Say it in the conversation that is open; the prompt that went out for it."""
        requests = self.app.providers["openai"].requests
        before = len(requests)
        await self.tab.send(text)
        await self.tab.wait_text(ANSWER)
        await expect(self.page.locator("article.message--assistant").last).to_have_attribute(
            "data-sign", "complete"
        )
        self.said += [text, ANSWER]
        [prompt] = [one for one in map(prompt_of, requests[before:]) if text in one]
        return prompt

    async def note(self, text: str, *, gm_only: bool) -> None:
        switch = self.page.get_by_role("switch", name="GM only", exact=True)
        if (await switch.get_attribute("aria-checked") == "true") != gm_only:
            await switch.click()
        box = self.page.get_by_label("Quick note", exact=True)
        await box.fill(text)
        await box.press("Enter")
        log = self.page.get_by_role("list", name="Notes and events", exact=True)
        await expect(log.get_by_text(text)).to_be_visible()
        await expect(log.locator("[data-sign=on_device]")).to_have_count(0)
        self.said.append(text)

    async def open_campaign(self, campaign: str) -> None:
        await self.page.goto(f"{self.app.server.address}/campaigns/{campaign}")

    async def open_table(self, campaign: str) -> None:
        await self.page.goto(f"{self.app.server.address}/session/{campaign}")
        await tab_of(self.tab, "General").click()
        await wait_linked(self.page, campaign)


def check(prompt: str, *, holds: tuple[str, ...], never: tuple[str, ...]) -> None:
    """A prompt has all of the ones and none of the others; nothing of elsewhere in any case."""
    assert [text for text in holds if text not in prompt] == []
    assert [text for text in (*never, *ELSEWHERE) if text in prompt] == []


async def fill(page: Page, step: int, **values: str) -> None:
    """Answers of one step of the wizard, by the names of their fields."""
    await page.locator(".wizard__step").nth(step).click()
    for name, text in values.items():
        await page.locator(f".wizard__fields [data-field={name}]").fill(text)


async def make_by_wizard(cycle: Cycle) -> tuple[str, str]:
    """The campaign, with what was agreed at its table; its id and that of its NPC."""
    page = cycle.page
    await page.get_by_role("link", name="New campaign, step by step", exact=True).click()
    await fill(page, 0, name="The Glass Coast", setting="A coast of furnaces.")
    await fill(page, 1, avoid=SAFETY)
    await fill(page, 3, safety=COMFORT)
    await fill(page, 4, characters=PARTY)
    await fill(page, 6, first_session=FIRST_PLAN)
    await (
        page.get_by_role("group", name="NPCs", exact=True)
        .get_by_role("button", name="Add one", exact=True)
        .click()
    )
    await page.get_by_label("Name, NPCs 1", exact=True).fill("Mira Voss")
    await page.locator(".wizard__step").nth(7).click()
    await page.get_by_role("button", name="Create the campaign", exact=True).click()
    await page.wait_for_url("**/campaigns/*")
    campaign = page.url.rsplit("/", 1)[1]
    [npc] = (await get(cycle.app, f"campaigns/{campaign}/npcs"))["npcs"]
    await patch(cycle.app, f"npcs/{npc['id']}", npc["revision"], secrets=[{"text": SECRET}])
    cycle.said += [SAFETY, COMFORT, PARTY, FIRST_PLAN, SECRET]
    return campaign, npc["id"]


async def lay_elsewhere(app: App) -> None:
    """Another campaign and the quick chat, with words of their own."""
    await app.say("user", ELSEWHERE[1])
    other = await make(app, "campaigns", name="The Other", gm_notes=ELSEWHERE[0])
    await make(app, f"campaigns/{other['id']}/npcs", name="Mira Other", background=ELSEWHERE[0])
    chat = await app.post("/api/chat-sessions/active", {"campaign_id": other["id"]})
    path = f"/api/chat-sessions/{chat['id']}/messages"
    await app.post(path, {"role": "user", "content": ELSEWHERE[0]})


async def play_first(cycle: Cycle, campaign: str, npc: str) -> None:
    """The first game session: notes, talk, an NPC's voice; it ends without a recap."""
    page = cycle.page
    steps = page.get_by_role("region", name="What next", exact=True)
    await steps.get_by_role("button", name="Start game session 1", exact=True).first.click()
    await wait_linked(page, campaign)
    await cycle.note(OPEN_NOTE, gm_only=False)
    await cycle.note(GM_NOTE, gm_only=True)
    prompt = await cycle.ask("What do we see from the pier?")
    check(prompt, holds=(*AGREED, FIRST_PLAN, OPEN_NOTE, GM_NOTE), never=())
    await speak_as_mira(cycle, "Good evening, Mira.")

    requests = cycle.app.providers["openai"].requests
    before = len(requests)
    await page.get_by_role("button", name="End", exact=True).click()
    dialog = page.get_by_role("dialog")
    for name in ("recap_gm", "recap_players"):
        drafted = dialog.locator(f".recap__field[data-field={name}]")
        await expect(drafted).to_have_attribute("data-state", "drafted")
    for recap in map(prompt_of, requests[before:]):
        is_for_players = "for its players" in recap
        never = GM_ONLY if is_for_players else ()
        check(recap, holds=(OPEN_NOTE,) if is_for_players else (OPEN_NOTE, GM_NOTE), never=never)
    assert len(requests) == before + 2
    await dialog.get_by_role("button", name="Keep as draft", exact=True).click()


async def speak_as_mira(cycle: Cycle, text: str) -> None:
    """She answers for herself, and knows nothing that is the game master's."""
    await cycle.page.get_by_role("link", name="Speak as Mira Voss", exact=True).click()
    await expect(tab_of(cycle.tab, "Mira Voss")).to_have_attribute("aria-selected", "true")
    await cycle.tab.wait_ready()
    prompt = await cycle.ask(text)
    check(prompt, holds=("You ARE Mira Voss",), never=(*GM_ONLY, OPEN_NOTE))


async def plan_next(cycle: Cycle, campaign: str) -> None:
    """The plan is talked over, then written; what was noted stands in for the recap."""
    page = cycle.page
    await cycle.open_campaign(campaign)
    steps = page.get_by_role("region", name="What next", exact=True)
    await steps.get_by_role("button", name="Plan game session 2", exact=True).first.click()
    await expect(tab_of(cycle.tab, "Session 2 Planning")).to_have_attribute("aria-selected", "true")
    await cycle.tab.wait_ready()
    prompt = await cycle.ask("What should the second one open with?")
    check(prompt, holds=(*AGREED, OPEN_NOTE, GM_NOTE), never=())
    await page.get_by_role("button", name="Write the plan", exact=True).click()
    await page.get_by_role("dialog").locator("[data-field=plan]").fill(NEXT_PLAN)
    await page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("checkbox", name=NEXT_PLAN, exact=True)).to_be_visible()
    cycle.said.append(NEXT_PLAN)


async def play_next(cycle: Cycle, campaign: str) -> None:
    """The second game session knows its plan and what happened in the first."""
    page = cycle.page
    await page.get_by_role("button", name="Start", exact=True).click()
    await expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    await cycle.open_table(campaign)
    prompt = await cycle.ask("What happened last time?")
    check(prompt, holds=(*AGREED, NEXT_PLAN, OPEN_NOTE, GM_NOTE), never=())
    await cycle.note(NEXT_NOTE, gm_only=False)
    await speak_as_mira(cycle, "Is it burning already?")


async def export(cycle: Cycle, campaign: str, folder: Path) -> Path:
    page = cycle.page
    await cycle.open_campaign(campaign)
    await page.get_by_role("button", name="Export", exact=True).click()
    await page.get_by_role("radio", name=re.compile("^Everything, as an archive")).check()
    async with page.expect_download() as begun:
        await page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).click()
    target = folder / "glass.zip"
    await (await begun.value).save_as(target)
    return target


async def import_elsewhere(app: App, file: Path) -> Sheet:
    tab = await app.open_tab("/import", wait=False)
    await tab.page.locator(".drop__file").set_input_files(str(file))
    await tab.page.get_by_role("button", name=re.compile("^Import")).last.click()
    await tab.page.get_by_role("link", name="Open the campaign", exact=True).click()
    await expect(
        tab.page.get_by_role("heading", name="The Glass Coast", exact=True)
    ).to_be_visible()
    return tab


def count_said(app: App, campaign: str) -> list[tuple[Any, ...]]:
    """Kind of conversation, who spoke and what: every message of the campaign."""
    return sorted(
        rows(
            app,
            """SELECT c.kind, m.role, m.content FROM messages m
            JOIN conversations c ON c.id = m.conversation_id WHERE c.campaign_id = ?""",
            campaign,
        )
    )


async def test_from_an_empty_start_through_two_game_sessions_to_a_copy_elsewhere(
    new_app: App, app: App, tmp_path: Path
) -> None:
    cycle = Cycle(new_app, await new_app.open_tab())
    campaign, npc = await make_by_wizard(cycle)
    await lay_elsewhere(new_app)
    await play_first(cycle, campaign, npc)
    await plan_next(cycle, campaign)
    await play_next(cycle, campaign)

    copy = await import_elsewhere(app, await export(cycle, campaign, tmp_path))
    there = [str(row[0]) for row in rows(app, DUMP)]
    lost = [text for text in cycle.said if not any(text in words for words in there)]
    assert lost == []
    assert not any(words in text for text in there for words in ELSEWHERE)
    assert len(count_said(new_app, campaign)) == 2 * ASKED
    assert count_said(app, campaign) == count_said(new_app, campaign)
    # The copy goes on where it was: its table shows what was said there.
    await copy.page.get_by_role("link", name="To the table", exact=True).click()
    await copy.wait_ready()
    question = copy.page.locator("article.message--user").last
    await expect(question).to_contain_text("What happened last time?")

    # The quick chat has heard nothing of any of it.
    await cycle.page.goto(f"{new_app.server.address}/chat")
    await cycle.tab.wait_ready()
    prompt = await cycle.ask("And out here?")
    assert [text for text in (*GM_ONLY, OPEN_NOTE, ELSEWHERE[0]) if text in prompt] == []
    # No prompt has gone out that was not looked at: these, and two recaps.
    assert len(new_app.providers["openai"].requests) == ASKED + 1 + 2
