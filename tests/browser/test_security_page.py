"""A local server and a page that shows hostile text, attacked from a real browser."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.hostile import PAYLOADS, WATCH, Collector, collector
from tests.browser.running_app import App, Sheet
from tests.faults.browser import ARGS
from tests.providers import Script

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ATTEMPT = """async ([address, options]) => {
    try {
        const answer = await fetch(address, options);
        return answer.type === "opaque" ? "opaque" : answer.status;
    } catch {
        return "failed";
    }
}"""


async def watched(app: App) -> Sheet:
    """A page that notes what runs in it and what is put into its prose."""
    context = await app.new_context()
    await context.add_init_script(WATCH)
    return await app.open_tab(context=context)


async def check_untouched(tab: Sheet, listener: Collector) -> None:
    """Nothing ran, nothing left, nobody was led away."""
    assert await tab.page.evaluate("window.caught") == []
    assert listener.heard == []
    assert tab.page.url.endswith("/chat") and len(tab.page.context.pages) == 1


async def test_no_stored_hostile_text_runs_or_reaches_anybody(app: App) -> None:
    async with collector() as listener:
        for number, payload in enumerate(PAYLOADS):
            role = "assistant" if number % 2 else "user"
            await app.say(role, f"{listener.arm(payload)}\n\nafter {number}")
        tab = await watched(app)
        while await tab.page.get_by_text("after 0", exact=True).count() == 0:
            await tab.page.locator("article.message").first.scroll_into_view_if_needed()
        await expect(tab.page.locator("article.message")).to_have_count(len(PAYLOADS))
        for link in await tab.page.locator(".prose a").all():
            await link.dispatch_event("mouseover")
        await tab.page.evaluate("new Promise((done) => setTimeout(done, 200))")
        await check_untouched(tab, listener)
        assert await tab.page.evaluate("window.blocked ?? []") == []


async def test_no_hostile_text_runs_while_it_streams_in_halves(app: App) -> None:
    async with collector() as listener:
        hostile = "\n\n".join(listener.arm(payload) for payload in PAYLOADS) + "\n\nthe end"
        pieces = tuple(hostile[at : at + 7] for at in range(0, len(hostile), 7))
        await app.provide("openai", Script(chunks=pieces, pace=600))
        tab = await watched(app)
        await tab.send("Be wicked")
        await expect(tab.answer).to_contain_text("the end")
        await tab.wait_last("complete")
        await check_untouched(tab, listener)
        await tab.page.reload()
        await tab.wait_ready()
        await check_untouched(tab, listener)


async def test_a_link_outside_is_shown_before_it_is_followed(app: App) -> None:
    async with collector() as listener:
        await app.say("assistant", f"See [the map]({listener.address}/map).")
        tab = await watched(app)
        for button in ("left", "middle"):
            await tab.page.get_by_role("link", name="the map", exact=True).click(button=button)
            dialog = tab.page.get_by_role("dialog")
            await expect(dialog).to_contain_text(f"{listener.address}/map")
            await dialog.get_by_role("button", name="Stay here", exact=True).click()
        assert len(tab.page.context.pages) == 1
        await check_untouched(tab, listener)


async def test_the_browser_itself_stops_what_a_failing_sanitiser_would_let_through(
    app: App,
) -> None:
    # A refresh by <meta> is beyond any policy: only the sanitiser stops it.
    raw = [payload for payload in PAYLOADS if payload[:1] == "<" and "refresh" not in payload]
    async with collector() as listener:
        tab = await app.open_tab(context=await app.new_context())
        await tab.page.evaluate(
            "() => { window.caught = []; window.pwned = () => caught.push(1); }"
        )
        for payload in raw:
            await tab.page.evaluate(
                """(markup) => {
                    const place = document.createElement("div");
                    document.body.append(place);
                    place.innerHTML = markup;
                    for (const old of place.querySelectorAll("script")) {
                        const made = document.createElement("script");
                        for (const { name, value } of old.attributes) {
                            made.setAttribute(name, value);
                        }
                        made.textContent = old.textContent;
                        old.replaceWith(made);
                    }
                }""",
                listener.arm(payload),
            )
        await tab.page.evaluate("new Promise((done) => setTimeout(done, 300))")
        await check_untouched(tab, listener)


async def test_a_rebound_name_gets_nothing(app: App) -> None:
    chromium = await app.browser.browser_type.launch(
        executable_path=app.executable,
        args=[*ARGS, "--host-resolver-rules=MAP evil.test 127.0.0.1"],
    )
    try:
        page = await chromium.new_page()
        rebound = f"http://evil.test:{app.server.port}"
        for path in ("/", "/healthz", "/app/main.js", "/api/models", "/openapi.json"):
            answer = await page.goto(f"{rebound}{path}")
            assert answer is not None and answer.status == 403, path
            assert "host_not_allowed" in await answer.text()
        headers = {"Authorization": f"Bearer {app.server.token}"}
        options = {"method": "POST", "headers": {**headers, "Content-Type": "application/json"}}
        path = f"/api/chat-sessions/{app.chat_id}/end"
        assert await page.evaluate(ATTEMPT, [path, {**options, "body": "{}"}]) == 403
        assert await page.evaluate(ATTEMPT, ["/api/changes", {"headers": headers}]) == 403
    finally:
        await chromium.close()
    assert await app.history() == []


async def elsewhere(app: App, listener: Collector) -> Page:
    """A page of another origin, in a browser that has been let in."""
    tab = await app.open_tab()
    await tab.page.goto(listener.address)
    return tab.page


async def test_another_sites_page_can_neither_write_nor_read(app: App) -> None:
    async with collector() as listener:
        page = await elsewhere(app, listener)
        statuses: list[int] = []
        page.on("response", lambda answer: statuses.append(answer.status))
        target = f"{app.server.address}/api/chat-sessions/{app.chat_id}/end"
        simple = {"method": "POST", "mode": "no-cors", "body": "{}", "credentials": "include"}
        assert await page.evaluate(ATTEMPT, [target, simple]) in ("opaque", "failed")
        bearer = {
            "Authorization": f"Bearer {app.server.token}",
            "Content-Type": "application/json",
        }
        asked = {"method": "POST", "headers": bearer, "body": "{}"}
        assert await page.evaluate(ATTEMPT, [target, asked]) == "failed"
        read = [f"{app.server.address}/api/models", {"headers": bearer}]
        assert await page.evaluate(ATTEMPT, read) == "failed"
        assert await page.evaluate(ATTEMPT, [f"{app.server.address}/healthz", {}]) == "failed"
        form = "<form method=post enctype=text/plain><input name='{\"a\":\"' value='\"}'></form>"
        async with page.expect_navigation():
            await page.evaluate(
                """([markup, target]) => {
                    document.body.innerHTML = markup;
                    document.forms[0].action = target;
                    document.forms[0].submit();
                }""",
                [form, target],
            )
        assert statuses and not [status for status in statuses if status < 400 and status != 200]
        assert statuses[-1] == 403
    async with app.server.client() as client:
        active = (await client.get("/api/chat-sessions/active")).json()
    assert active["id"] == app.chat_id, "the conversation was not ended"


async def test_another_port_of_this_machine_is_sent_no_credential_and_cannot_frame_the_page(
    app: App,
) -> None:
    async with collector() as listener:
        page = await elsewhere(app, listener)
        await page.evaluate("fetch('/mine', {method: 'POST', credentials: 'include'})")
        cookies = "".join(f"{c['name']}={c['value']}" for c in await page.context.cookies())
        assert len(listener.heard) == 1
        for told in (listener.heard[0], cookies):
            assert app.server.token not in told and "Bearer" not in told
        await page.evaluate(
            """async (address) => {
                const frame = document.createElement("iframe");
                const loaded = new Promise((done) => (frame.onload = done));
                frame.src = address;
                document.body.append(frame);
                await loaded;
            }""",
            f"{app.server.address}/chat",
        )
        assert await page.frames[1].locator("textarea, main").count() == 0


async def test_nothing_but_the_door_answers_without_a_credential(app: App) -> None:
    page = await (await app.lend_context()).new_page()
    await page.goto(f"{app.server.address}/chat")
    async with app.server.client() as client:
        operations = (await client.get("/openapi.json")).json()["paths"]
    asked = [
        (method.upper(), path.replace("{", "").replace("}", ""))
        for path, methods in operations.items()
        for method in methods
        if path.startswith("/api/") and path != "/api/access"
    ]
    assert len(asked) > 40
    answers = await page.evaluate(
        """(asked) => Promise.all(asked.map(async ([method, path]) => {
            const body = method === "GET" ? undefined : "{}";
            const headers = { "Content-Type": "application/json" };
            return [method, path, (await fetch(path, { method, headers, body })).status];
        }))""",
        asked,
    )
    assert [answer for answer in answers if answer[2] != 401] == []
