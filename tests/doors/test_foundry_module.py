"""The Foundry module in a real Chromium, on a page of another origin that has what it touches."""

from __future__ import annotations

import functools
import http.server
import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from tests.doors.test_openai_door import spell_request
from tests.running import Running, running
from ttrpg_assistant.llm.scripted import ScriptedProvider

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

HERE = Path(__file__).parent / "foundry_world"
MODULE = Path(__file__).parents[2] / "foundry"
UNDER = "/modules/ttrpg-assistant/"


class _Files(http.server.SimpleHTTPRequestHandler):
    def guess_type(self, path: Any) -> str:
        return "text/javascript" if str(path).endswith(".mjs") else super().guess_type(path)

    def translate_path(self, path: str) -> str:
        clean = path.partition("?")[0]
        if clean.startswith(UNDER):
            return str(MODULE / clean.removeprefix(UNDER))
        return str(HERE / (clean.lstrip("/") or "index.html"))

    def log_message(self, format: str, *args: Any) -> None:
        return None


@contextmanager
def serving_world() -> Iterator[str]:
    """The origin of a Foundry world."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Files))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class World:
    """A world with the module, and the server that it asks."""

    app: Running
    page: Page
    model: ScriptedProvider
    campaign: str
    npc: str

    async def run(self, script: str, given: Any = None) -> Any:
        return await self.page.evaluate(script, given)

    async def told(self) -> list[str]:
        """What the game master was told since the last time."""
        found: list[str] = await self.run("() => world.told.splice(0)")
        return found


@asynccontextmanager
async def a_world(tmp_path: Path, browser: Browser, version: int = 14) -> AsyncIterator[World]:
    model = ScriptedProvider(default=["At dawn."])
    with serving_world() as origin:
        async with running(tmp_path, providers=[model], allowed_origins=(origin,)) as app:
            campaign = (await app.post("/api/campaigns", {"name": "The Salt Road"}))["id"]
            fields = {"name": "Mira Vale", "role": "ferrywoman", "is_present": True}
            fields |= {"secrets": [{"text": "She is the duke's sister.", "may_hint": False}]}
            npc = (await app.post(f"/api/campaigns/{campaign}/npcs", fields))["id"]
            given = {"address": app.address}
            for key, scopes in (
                ("gmToken", ["read:gm", "propose", "talk"]),
                ("playersToken", ["read:players", "talk"]),
            ):
                body = {"campaign_id": campaign, "name": key, "scopes": scopes}
                given[key] = (await app.post("/api/tokens", body))["secret"]
            page = await browser.new_page()
            try:
                await page.goto(f"{origin}/?version={version}")
                await page.wait_for_function("globalThis.world !== undefined && Hooks")
                await page.wait_for_function("() => world.menu('getActorContextOptions').length")
                await page.evaluate(
                    "(given) => Object.entries(given).forEach((one) => world.set(...one))", given
                )
                yield World(app, page, model, campaign, npc)
            finally:
                await page.close()


SAY = """async ({ content, author, whisper }) => {
  const message = await ChatMessage.create({ content, author, whisper });
  return game.messages.contents.slice(1 + game.messages.contents.indexOf(message))
    .map((one) => [one.speaker.alias, one.content, one.whisper]);
}"""


async def test_an_npc_answers_in_chat_from_what_the_asker_may_know(
    tmp_path: Path, page_browser: Browser
) -> None:
    async with a_world(tmp_path, page_browser) as world:
        player = {"id": "p1", "isGM": False, "name": "Kim"}
        asked = {"content": "<p>@Mira When does it leave?</p>", "author": player, "whisper": []}
        assert await world.run(SAY, asked) == [["Mira Vale", "<p>At dawn.</p>", []]]
        quiet = {**asked, "content": '@"Mira Vale" And back?', "whisper": ["gm"]}
        assert await world.run(SAY, quiet) == [["Mira Vale", "<p>At dawn.</p>", ["gm", "p1"]]]
        assert await world.run(SAY, {**asked, "content": "@Nobody Hello?"}) == []
        assert await world.run(SAY, {**asked, "content": "Mira is late."}) == []
        assert await world.told() == []
        first, second = world.model.history
        assert "duke's sister" not in spell_request(first) + spell_request(second)
        assert "leave?" not in spell_request(second), "what was said aloud is not whispered on"
        world.app.services.tokens._noted.clear()
        await world.run("() => world.set('playersToken', 'ttrpg_wrong')")
        assert await world.run(SAY, asked) == []
        (told,) = await world.told()
        assert "valid token" in told


async def test_rolls_and_combat_go_into_the_log_of_the_game_session(
    tmp_path: Path, page_browser: Browser
) -> None:
    async with a_world(tmp_path, page_browser) as world:
        gm = {"id": "gm", "isGM": True, "name": "GM"}
        roll = {"author": gm, "speaker": {"alias": "Tomas"}, "flavor": "<b>Stealth</b>"}
        roll["rolls"] = [{"formula": "1d20 + 3", "total": 17}]
        make = "(roll) => ChatMessage.create(roll)"
        await world.run(make, roll)
        assert await world.told() == [], "without a game session there is no log, and no warning"
        games = await world.app.post(f"/api/campaigns/{world.campaign}/game-sessions", {})
        await world.app.post(f"/api/game-sessions/{games['id']}/start")
        await world.run(make, roll)
        fight = """async () => {
          const combat = { id: "c1", round: 1, combatants: [{ name: "Tomas" }, { name: "Wolf" }] };
          const wolf = { id: "w", name: "Wolf", combat };
          await world.hear("updateCombat", combat, { round: 1 });
          await world.hear("updateCombat", combat, { round: 1 });
          await world.hear("updateCombat", combat, { turn: 1 });
          combat.round = 2;
          await world.hear("updateCombat", combat, { round: 2 });
          await world.hear("updateCombatant", wolf, { defeated: true });
          await world.hear("updateCombatant", wolf, { initiative: 3 });
          await world.hear("deleteCombat", combat);
        }"""
        await world.run(fight)
        log = (await world.app.get(f"/api/game-sessions/{games['id']}/events"))["events"]
        assert {(one["kind"], one["text"]) for one in log} >= {
            ("combat", "Combat began: Tomas, Wolf"),
            ("combat", "Round 2"),
            ("combat", "Wolf is down"),
            ("combat", "Combat ended in round 2"),
            ("roll", "Tomas: Stealth: 1d20 + 3 = 17"),
        }
        told = [one["text"] for one in log if one["kind"] in ("combat", "roll")]
        assert len(told) == 5, "what several browsers hear is one line"
        await world.run("() => { world.set('logsRolls', false); world.set('logsCombat', false); }")
        await world.run(make, roll)
        await world.run(fight)
        again = (await world.app.get(f"/api/game-sessions/{games['id']}/events"))["events"]
        assert len(again) == len(log)


@pytest.mark.parametrize("version", [13, 14])
async def test_documents_are_pulled_changed_proposed_and_pulled_again(
    tmp_path: Path, page_browser: Browser, version: int
) -> None:
    async with a_world(tmp_path, page_browser, version) as world:
        await world.run("() => world.openJournals()")
        pull = world.page.get_by_role("button", name="Pull from TTRPG Assistant", exact=True)

        async def pulled() -> list[str]:
            await pull.click()
            await world.page.wait_for_function("() => world.told.length > 0")
            await world.page.wait_for_function("() => !document.querySelector('button').disabled")
            return await world.told()

        first = await pulled()
        assert first[0].endswith("are up to date."), first
        count = await world.run("() => [game.journal.size, game.actors.size, game.folders.size]")
        own = "(one) => one.name === 'Mira Vale'"
        assert await world.run(f"() => game.journal.find({own}).ownership") == {"default": 0}
        assert await world.run(f"() => game.actors.find({own}).type") == "npc"
        assert await pulled() == first, "pulling again makes nothing twice"
        assert count == await world.run(
            "() => [game.journal.size, game.actors.size, game.folders.size]"
        )
        kind = "JournalEntry"
        offer = """async ({ kind, name }) => {
          const shelf = kind === "Actor" ? game.actors : game.journal;
          const line = document.createElement("li");
          line.dataset.entryId = shelf.find((one) => one.name === name).id;
          const [item] = world.menu(`get${kind}ContextOptions`);
          const isShown = item.visible ?? item.condition;
          if (!isShown(line)) throw new Error("not shown");
          await (item.onClick ? item.onClick(new Event("click"), line) : item.callback(line));
        }"""
        await world.run(offer, {"kind": kind, "name": "Mira Vale"})
        assert "says nothing that is not" in (await world.told())[0]
        await world.run(
            f"""async () => {{
              const page = game.journal.find({own}).pages.contents.at(-1);
              const content = page.text.content.replace("ferrywoman", "harbour master");
              await page.update({{ text: {{ content }} }});
            }}"""
        )
        kept = await pulled()
        assert "Changed here and left as they are: Mira Vale" in kept[-1]
        await world.run(offer, {"kind": kind, "name": "Mira Vale"})
        assert "waits for you" in (await world.told())[0]
        path = f"/api/suggestions?campaign_id={world.campaign}"
        (waiting,) = (await world.app.get(path))["suggestions"]
        assert waiting["kind"] == "npc_trait" and "harbour master" in json.dumps(waiting)
        assert await pulled() == first, "what was proposed is not lost by pulling"
        await world.run("() => JournalEntry.create({ name: 'The mill', pages: [], flags: {} })")
        await world.run("() => { world.choice = 'location'; }")
        await world.run(offer, {"kind": kind, "name": "The mill"})
        assert "The mill waits for you" in (await world.told())[0]
        await world.run("() => { world.choice = null; }")
        await world.run(offer, {"kind": kind, "name": "The mill"})
        assert len((await world.app.get(path))["suggestions"]) == 2, "nothing was chosen"


async def test_the_settings_hide_the_tokens_and_say_whether_they_work(
    tmp_path: Path, page_browser: Browser
) -> None:
    async with a_world(tmp_path, page_browser) as world:
        await world.run("() => { world.openSettings(); world.openSettings(); }")
        for key in ("gmToken", "playersToken"):
            field = world.page.locator(f"[name='ttrpg-assistant.{key}']")
            assert await field.get_attribute("type") == "password"
        check = world.page.get_by_role("button", name="Check the saved connection", exact=True)
        told = world.page.get_by_role("status").get_by_role("listitem")
        await check.click()
        await told.nth(1).wait_for()
        lines = await told.all_inner_texts()
        assert lines == [
            "✓ GM token: lets into The Salt Road.",
            "✓ Players' token: lets into The Salt Road.",
        ]
        await world.run(
            "() => { world.set('playersToken', game.settings.get('ttrpg-assistant', 'gmToken'));"
            " world.set('gmToken', ''); }"
        )
        await check.click()
        await world.page.get_by_text("reads everything").wait_for()
        first, second = await told.all_inner_texts()
        assert first.startswith("✗ GM token: There is no GM token")
        assert second.startswith("✗ Players' token: reads everything")
