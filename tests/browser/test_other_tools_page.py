"""Tokens of other programs in Settings, and what these programs propose on the campaign's page."""

from __future__ import annotations

import os
import re
from typing import Any

import httpx2
import pytest
from playwright.async_api import expect

from tests.browser.everybody import list_faults
from tests.browser.running_app import App
from tests.browser.talk_table import card, lay_campaign, read
from ttrpg_assistant.ids import new_id

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SIZES = ((1280, 800), (390, 844))


async def ask_as_tool(app: App, secret: str, method: str, path: str, body: Any = None) -> Any:
    """What another program is answered."""
    headers = {"Authorization": f"Bearer {secret}"}
    async with httpx2.AsyncClient(base_url=app.server.address, headers=headers) as tool:
        return await tool.request(method, path, json=body)


async def take_pictures(page: Any, name: str) -> None:
    """For whoever wants to look: into the folder that SHOTS names, if it names one."""
    folder = os.environ.get("SHOTS")
    for theme in ("light", "dark") if folder else ():
        await page.emulate_media(color_scheme=theme)
        for width, height in SIZES:
            await page.set_viewport_size({"width": width, "height": height})
            await page.screenshot(path=f"{folder}/{name}-{width}-{theme}.png", full_page=True)


async def test_a_token_is_made_shown_once_used_and_revoked(app: App) -> None:
    laid = await lay_campaign(app)
    name = f"Foundry {new_id()[-6:]}"
    tab = await app.open_tab("/settings", wait=False)
    part = tab.page.get_by_role("region", name="Other tools", exact=True)
    make = part.get_by_role("button", name="Create token", exact=True)
    await expect(make).to_be_disabled()
    await part.get_by_label("Name of the tool", exact=True).fill(name)
    await expect(make).to_be_disabled()
    await part.get_by_label("Campaign", exact=True).select_option(laid.campaign_id)
    await part.get_by_role("checkbox", name=re.compile("read:gm")).check()
    await part.get_by_role("checkbox", name=re.compile("propose")).check()
    await make.click()
    secret = await part.get_by_label("Token", exact=True).input_value()
    await expect(part.get_by_role("status")).to_contain_text(f"The token “{name}” is shown only")
    assert await list_faults(tab.page, "a token", sizes=SIZES) == []
    await take_pictures(tab.page, "token")
    told = (await ask_as_tool(app, secret, "GET", "/api/doors/token")).json()
    assert (told["name"], told["scopes"]) == (name, ["read:gm", "propose"])
    await part.get_by_role("button", name="Done", exact=True).click()
    line = part.get_by_role("listitem").filter(has_text=name)
    await expect(line).to_contain_text("last used")
    await tab.page.reload()
    await expect(line).to_contain_text("last used")
    assert secret not in await tab.page.content()
    for value in await tab.page.locator("input").all():
        assert await value.input_value() != secret
    await take_pictures(tab.page, "tokens")
    await part.get_by_role("button", name=f"Revoke {name}", exact=True).click()
    question = tab.page.get_by_role("dialog", name=f"Revoke the token “{name}”?", exact=True)
    await question.get_by_role("button", name="Revoke", exact=True).click()
    await expect(line).to_have_count(0)
    refused = await ask_as_tool(app, secret, "GET", "/api/doors/token")
    assert (refused.status_code, refused.json()["code"]) == (401, "token_not_valid")


async def test_what_other_tools_suggest_is_accepted_dismissed_or_looked_at_again(
    app: App,
) -> None:
    laid = await lay_campaign(app)
    body = {"campaign_id": laid.campaign_id, "name": f"Codex {new_id()[-6:]}"}
    secret = (await app.post("/api/tokens", {**body, "scopes": ["read:gm", "propose"]}))["secret"]

    async def propose(**said: Any) -> None:
        proposal = {"id": new_id(), "rationale": "It was said tonight.", **said}
        made = await ask_as_tool(app, secret, "POST", "/api/doors/proposals", proposal)
        assert made.status_code == 200, made.text

    tab = await app.open_tab(f"/campaigns/{laid.campaign_id}", wait=False)
    await expect(tab.page.get_by_role("heading", level=1)).to_have_text("The Salt Road")
    inbox = tab.page.get_by_role("region", name="From other tools", exact=True)
    await expect(inbox).to_have_count(0)
    await propose(kind="npc", fields={"name": "Old Bertram", "role": "toll-keeper"})
    new = card(tab.page, "Old Bertram")
    await expect(inbox).to_contain_text(f"From {body['name']}")
    await propose(kind="location", fields={"name": "The mill"})
    changed = {"kind": "npc_trait", "target": laid.npc_id, "fields": {"role": "spy"}}
    npc = await read(app, f"/api/npcs/{laid.npc_id}")
    await propose(**changed, base_revision=npc["revision"])
    trait = card(tab.page, "NPC: Mira Voss")
    await expect(trait).to_contain_text("spy")
    async with app.server.client() as client:
        change = {"revision": npc["revision"], "changes": {"role": "harbour master"}}
        assert (await client.patch(f"/api/npcs/{laid.npc_id}", json=change)).is_success
    await expect(trait).to_contain_text("Changed since this was suggested")
    assert await list_faults(tab.page, "the inbox", sizes=SIZES) == []
    await take_pictures(tab.page, "inbox")
    await expect(trait.get_by_role("button", name="Accept", exact=True)).to_be_disabled()
    await trait.get_by_role("checkbox", name="Role", exact=True).check()
    await trait.get_by_role("button", name="Accept", exact=True).click()
    await expect(trait).to_have_count(0)
    assert (await read(app, f"/api/npcs/{laid.npc_id}"))["role"] == "spy"
    await new.get_by_role("button", name="Accept", exact=True).click()
    await expect(new).to_have_count(0)
    mill = card(tab.page, "The mill")
    await mill.get_by_role("button", name="Dismiss", exact=True).click()
    await mill.get_by_label("Why not? (optional)", exact=True).fill("It burned down.")
    await mill.get_by_role("button", name="Dismiss", exact=True).click()
    await expect(inbox).to_have_count(0)
    at = f"/api/campaigns/{laid.campaign_id}"
    names = {one["name"] for one in (await read(app, f"{at}/npcs"))["npcs"]}
    assert names == {"Mira Voss", "Old Bertram"}
    assert (await read(app, f"{at}/locations"))["locations"] == []
