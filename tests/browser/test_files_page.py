"""Campaigns and conversations go out as files and come in again, by the page."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from tests.browser.campaign_book import go
from tests.browser.everybody import list_faults
from tests.browser.running_app import App, Sheet, run_app
from tests.imports.card_samples import card, png, spell, text_chunk, world
from ttrpg_assistant.ids import new_id

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


HELD = (str(Path(__file__).with_name("held_server.py")),)
"""How far a long import is can only be seen while it is held there."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def held_server(
    tmp_path_factory: pytest.TempPathFactory, page_browser: Browser, chromium: Path
) -> AsyncIterator[App]:
    async with run_app(
        tmp_path_factory.mktemp("held"), page_browser, chromium, launcher=HELD
    ) as app:
        yield app


@pytest_asyncio.fixture(loop_scope="session")
async def held_app(held_server: App) -> AsyncIterator[App]:
    """A server that stops in the middle of long imports."""
    await held_server.make_ready()
    yield held_server
    await held_server.clean_up()


async def new_campaign(app: App, name: str) -> Any:
    return await app.post("/api/campaigns", {"name": name})


async def save(tab: Sheet, kind: str, folder: Path) -> Path:
    """Save a file of this kind from the dialog that is open."""
    await tab.page.get_by_role("radio", name=re.compile(f"^{kind}")).check()
    async with tab.page.expect_download() as begun:
        await tab.page.get_by_role("button", name=re.compile("^Save")).last.click()
    download = await begun.value
    await expect(tab.page.get_by_text(re.compile("is in your downloads"))).to_be_visible()
    target = folder / download.suggested_filename
    await download.save_as(target)
    return target


async def choose(page: Page, *path: Path) -> None:
    await page.locator(".drop__file").set_input_files([str(each) for each in path])


async def test_a_campaign_goes_out_whole_and_comes_in_as_a_copy(app: App, tmp_path: Path) -> None:
    campaign = await new_campaign(app, "Marsh of Müll")
    await app.post(f"/api/campaigns/{campaign['id']}/npcs", {"name": "Mira"})
    gone = await app.post(f"/api/campaigns/{campaign['id']}/npcs", {"name": "Tomas"})
    async with app.server.client() as client:
        assert (await client.delete(f"/api/npcs/{gone['id']}")).is_success
    tab = await app.open_tab(f"/campaigns/{campaign['id']}", wait=False)
    page = tab.page
    await tab.button("Export").click()
    file = await save(tab, "Everything, as an archive", tmp_path)
    assert file.name == "Marsh of Müll.zip"
    with zipfile.ZipFile(file) as archive:
        assert json.loads(archive.read("manifest.json"))["holds"]["in_use"] == {"npcs": 1}
    await tab.button("Done").click()
    await page.get_by_role("link", name="Campaigns", exact=True).first.click()
    await page.get_by_role("link", name=re.compile("Import")).click()
    await choose(page, file)
    await expect(page.get_by_role("heading", name=re.compile("Marsh of Müll"))).to_be_visible()
    await expect(page.get_by_text("1 NPC", exact=True)).to_be_visible()
    await expect(page.get_by_text("You already have this campaign")).to_be_visible()
    await tab.button("Import as a copy").click()
    await expect(page.get_by_text("is imported as a copy")).to_be_visible()
    await page.get_by_role("link", name=re.compile("Open the campaign")).click()
    await expect(
        page.get_by_role("heading", name=re.compile("Marsh of Müll \\(imported"))
    ).to_be_visible()
    assert campaign["id"] not in page.url


async def test_a_file_that_is_no_archive_says_so_and_sends_nothing(
    app: App, tmp_path: Path
) -> None:
    (tmp_path / "holiday.zip").write_bytes(b"PK\x03\x04 and nothing more")
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    tab = await app.open_tab("/import", wait=False)
    await choose(tab.page, tmp_path / "holiday.zip")
    await expect(tab.page.get_by_role("alert")).to_contain_text("This zip is damaged or cut off.")
    await tab.button("Choose a file").click()
    await choose(tab.page, tmp_path / "picture.txt")
    await expect(tab.page.get_by_role("alert")).to_contain_text("This is a PNG picture")
    await tab.button("Choose a file").click()
    await expect(tab.page.locator(".drop")).to_be_visible()


async def test_a_character_card_is_looked_at_imported_and_undone(app: App, tmp_path: Path) -> None:
    campaign = await new_campaign(app, "Carded")
    (tmp_path / "mira.png").write_bytes(png(text_chunk(b"chara", card(2))))
    (tmp_path / "Ostrel.json").write_bytes(spell(world()))
    tab = await app.open_tab("/import", wait=False)
    page = tab.page
    await choose(page, tmp_path / "mira.png", tmp_path / "Ostrel.json")
    await expect(page.get_by_role("checkbox", name="Import Mira Vale", exact=True)).to_be_checked()
    await page.get_by_role("combobox", name="Campaign", exact=True).select_option(campaign["id"])
    await page.get_by_label("Kind of Mira Vale", exact=True).select_option("character")
    await page.get_by_label("Kind of Vault", exact=True).last.select_option("location")
    await expect(page.get_by_role("checkbox", name="Import Vault", exact=True)).to_be_checked()
    await tab.button("Import").click()
    await expect(page.get_by_text("2 things made, 2 facts added, 1 picture added.")).to_be_visible()
    async with app.server.client() as client:
        path = f"/api/campaigns/{campaign['id']}/things/character"
        assert [one["name"] for one in (await client.get(path)).json()["things"]] == ["Mira Vale"]
    await tab.button("Undo this import").click()
    await expect(page.get_by_text("Undone: 5 removed, 0 as before.")).to_be_visible()
    async with app.server.client() as client:
        assert (await client.get(path)).json()["things"] == []


async def test_a_transcript_is_looked_at_taken_in_and_opened(app: App, tmp_path: Path) -> None:
    campaign = await new_campaign(app, "Transcribed")
    lines = "".join(f"{name}: line {n}\n" for n in range(40) for name in ("GM", "Oracle"))
    (tmp_path / "first_evening.txt").write_text(lines, encoding="utf-8")
    tab = await app.open_tab("/import", wait=False)
    page = tab.page
    await choose(page, tmp_path / "first_evening.txt")
    await expect(page.get_by_text("This is a transcript in text: 80 messages.")).to_be_visible()
    await page.get_by_label("Role of Oracle", exact=True).select_option("assistant")
    await expect(page.get_by_label("Title", exact=True)).to_have_value("first evening")
    await page.get_by_role("combobox", name="Campaign", exact=True).select_option(campaign["id"])
    await tab.button("Import").click()
    await page.get_by_role("link", name="Open the conversation", exact=True).click()
    await tab.wait_ready()
    await expect(page.get_by_role("heading", name="first evening", exact=True)).to_be_visible()
    await tab.wait_text("Oracle: line 39")


@pytest.mark.xdist_group("held imports")
async def test_an_import_can_be_called_off_and_survives_a_reload(
    held_app: App, tmp_path: Path
) -> None:
    app = held_app
    await new_campaign(app, "Long tale")
    with (tmp_path / "long.txt").open("w", encoding="utf-8") as file:
        file.writelines(
            f"GM: line {n} of a tale that goes on for very long\n" for n in range(24_000)
        )
    tab = await app.open_tab("/import", wait=False)
    page = tab.page
    await choose(page, tmp_path / "long.txt")
    await expect(
        page.get_by_text(re.compile(r"Its first megabyte has [\d,]+ messages"))
    ).to_be_visible()
    await tab.button("Import").click()
    await expect(page.get_by_text(re.compile(r"\d % of the file$"))).to_be_visible()
    await page.reload()
    await expect(page.get_by_text(re.compile(r"\d % of the file$"))).to_be_visible()
    await tab.button("Cancel").click()
    await expect(page.get_by_text("Cancelled. Nothing was imported.", exact=True)).to_be_visible()
    async with app.server.client() as client:
        found = (await client.get("/api/search", params={"q": "tale"})).json()
        assert not found["hits"]


async def make_long_archive(app: App, target: Path, count: int) -> None:
    """An archive of a campaign with one thread of so many messages."""
    campaign = await new_campaign(app, "Long campaign")
    thread = await app.post("/api/threads", {"purpose": "general", "campaign_id": campaign["id"]})
    said = {"id": new_id(), "role": "user", "content": "What was said at the very first."}
    await app.post(f"/api/threads/{thread['id']}/messages", said)
    async with app.server.client() as client:
        answer = await client.get(f"/api/campaigns/{campaign['id']}/archive")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        entries = {name: file.read(name) for name in file.namelist()}
    [first] = [json.loads(line) for line in entries["messages.jsonl"].splitlines()]
    rows, parent = [], None
    for seq in range(1, count + 1):
        rows.append({**first, "id": new_id(), "seq": seq, "parent_id": parent})
        parent = rows[-1]["id"]
    [talk] = [json.loads(line) for line in entries["conversations.jsonl"].splitlines()]
    talk |= {"tip_message_id": parent, "next_seq": count + 1, "message_count": count}
    manifest = json.loads(entries["manifest.json"])
    manifest["rows"]["messages"] = count
    entries["manifest.json"] = json.dumps(manifest).encode()
    entries["conversations.jsonl"] = json.dumps(talk).encode() + b"\n"
    entries["messages.jsonl"] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in entries.items():
            file.writestr(name, text)


@pytest.mark.xdist_group("held imports")
async def test_restoring_shows_how_far_it_is_and_can_be_cancelled(
    held_app: App, tmp_path: Path
) -> None:
    app = held_app
    await make_long_archive(app, tmp_path / "long.zip", 3_000)
    tab = await app.open_tab("/import", wait=False)
    page = tab.page
    await choose(page, tmp_path / "long.zip")
    await tab.button("Import as a copy").click()
    await expect(page.get_by_text(re.compile(r"\d % of the file$"))).to_be_visible()
    progress = page.get_by_role("progressbar", name="Import progress", exact=True)
    await expect(progress).to_have_attribute("value", re.compile(r"0\.[2-9]"))
    await page.reload()
    await expect(page.get_by_text(re.compile(r"\d % of the file$"))).to_be_visible()
    await tab.button("Cancel").click()
    await expect(page.get_by_text("Cancelled. Nothing was imported.", exact=True)).to_be_visible()
    async with app.server.client() as client:
        found = (await client.get("/api/campaigns", params={"search": "Long camp"})).json()
        assert len(found["campaigns"]) == 1
    await make_long_archive(app, tmp_path / "short.zip", 20)
    await choose(page, tmp_path / "short.zip")
    await tab.button("Import as a copy").click()
    await expect(page.get_by_text("is imported as a copy")).to_be_visible()


async def test_a_conversation_goes_out_from_its_menu_and_a_failed_one_can_be_tried_again(
    app: App, tmp_path: Path
) -> None:
    await app.say("user", "The gate is shut")
    tab = await app.open_tab()
    failed: list[str] = []

    async def fail_once(route: Route) -> None:
        if failed:
            await route.fallback()
        else:
            failed.append(route.request.url)
            await route.abort()

    await tab.page.route("**/export?*", fail_once)
    await tab.choose_from_menu("Export this conversation")
    await tab.button("Save the file").click()
    await expect(tab.page.get_by_role("alert")).to_contain_text("is not answering")
    file = await save(tab, "JSON Lines", tmp_path)
    assert json.loads(file.read_text(encoding="utf-8").splitlines()[1])["content"] == (
        "The gate is shut"
    )
    file = await save(tab, "Markdown", tmp_path)
    assert "The gate is shut" in file.read_text(encoding="utf-8")


DROP = """([name, text]) => {
    const dropped = new DataTransfer();
    dropped.items.add(new File([text], name, { type: "text/markdown" }));
    const target = document.querySelector("main") ?? document.body;
    for (const type of ["dragenter", "dragover", "drop"]) {
        const how = { dataTransfer: dropped, bubbles: true, cancelable: true };
        const event = new DragEvent(type, how);
        const isOurs = !target.dispatchEvent(event);
        if (type !== "dragenter" && !isOurs) return `${type} is left to the browser`;
    }
    return "";
}"""


async def test_a_file_dropped_on_any_screen_is_looked_at(app: App) -> None:
    campaign = await new_campaign(app, "Dropped")
    here = f"/campaigns/{campaign['id']}"
    npc = await app.post(f"/api{here}/npcs", {"name": "Wim"})
    page = (await app.open_tab()).page
    screens = ("/", "/campaigns", here, f"{here}/npcs/{npc['id']}", "/settings", "/import")
    for number, screen in enumerate(screens):
        await go(page, screen)
        await page.get_by_role("link", name="Campaigns", exact=True).first.wait_for()
        note = f"# Gull {number}\n\nA tavern.\n\n# Mill {number}\n\nA mill.\n"
        assert await page.evaluate(DROP, [f"town{number}.md", note]) == "", screen
        found = page.get_by_role("checkbox", name=f"Import Gull {number}", exact=True)
        await expect(found).to_be_checked()
        assert page.url.endswith("/import"), screen


async def test_what_players_see_elsewhere_is_opened_to_the_party_with_one_tick(
    app: App, tmp_path: Path
) -> None:
    campaign = await new_campaign(app, "Published")
    with zipfile.ZipFile(tmp_path / "vault.zip", "w") as vault:
        vault.writestr("World/.obsidian/app.json", "{}")
        vault.writestr("World/Places/The Gull.md", "---\npublish: true\n---\nSmoky.")
        vault.writestr("World/Places/The Vault.md", "---\ntype: cellar\n---\nDamp.")
    tab = await app.open_tab("/import", wait=False)
    page = tab.page
    await choose(page, tmp_path / "vault.zip")
    tick = page.get_by_role("checkbox", name=re.compile("^The party may know of 1 thing"))
    await expect(tick).not_to_be_checked()
    # For another campaign it is looked at anew.
    async with page.expect_response(re.compile("/preview$")):
        chosen = page.get_by_role("combobox", name="Campaign", exact=True)
        await chosen.select_option(campaign["id"])
    await tick.check()
    assert await list_faults(page, "opened to the party", sizes=((1280, 800), (390, 844))) == []
    await tab.button("Import").click()
    await expect(page.get_by_text("2 things made.", exact=True)).to_be_visible()
    await page.get_by_role("link", name="Open the campaign", exact=True).click()
    await page.get_by_role("link", name=re.compile("^Locations")).click()
    await page.get_by_role("link", name="The Gull", exact=True).click()
    await expect(page.get_by_role("heading", name="The Gull", exact=True)).to_be_visible()
    async with app.server.client() as client:
        answer = await client.get(f"/api/campaigns/{campaign['id']}/things/location")
    known = {one["name"]: one["audience"] for one in answer.json()["things"]}
    assert known == {"The Gull": "party", "The Vault": "name"}
