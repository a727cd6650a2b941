"""Many conversations at once: each keeps its own words, draft, place and running reply."""

from __future__ import annotations

import random
import re
import statistics
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.running_app import App, Sheet
from tests.browser.talk_table import choose_tab, lay_campaign, read
from tests.providers import Script, words

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def long_answer(length: int) -> Script:
    """So many words, of which the last ten are held back: it runs as long as it is wanted to."""
    return Script(chunks=words(length), pace=25, stalls=(length - 10,))


SWITCH = """async key => {
  const begun = performance.now();
  document.querySelector(`.tab[data-tab="${key}"]`).click();
  const panel = document.querySelector('.threads__panel');
  for (;;) {
    await new Promise(requestAnimationFrame);
    const area = panel.querySelector('textarea.composer__text:not([disabled])');
    if (panel.dataset.tab === key && area && panel.querySelector('article.message')) break;
  }
  const took = performance.now() - begun;
  const scroller = panel.querySelector('.timeline__scroll');
  const edge = scroller.getBoundingClientRect().top;
  const all = [...panel.querySelectorAll('article.message')];
  const first = all.find(e => e.getBoundingClientRect().bottom > edge);
  return {
    took,
    draft: panel.querySelector('textarea.composer__text').value,
    ids: all.map(e => e.dataset.messageId),
    place: [first.dataset.messageId, Math.round(first.getBoundingClientRect().top - edge)],
    toEnd: scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop,
  };
}"""


async def lay_thread(app: App, campaign_id: str, title: str, lines: int) -> str:
    """A thread with so many messages in it."""
    wanted = {"purpose": "general", "campaign_id": campaign_id, "title": title}
    made = await app.post("/api/threads", wanted)
    for n in range(lines):
        role = "assistant" if n % 2 else "user"
        said = {"role": role, "content": f"{title}, line {n}. " + "It is told at length. " * 8}
        await app.post(f"/api/threads/{made['id']}/messages", said)
    thread_id: str = made["id"]
    return thread_id


@pytest.mark.parametrize(
    ("switches", "length"), [(8, 60), pytest.param(400, 300, marks=pytest.mark.deep)]
)
async def test_many_switches_mix_nothing_up_while_two_replies_run(
    app: App, switches: int, length: int
) -> None:
    laid = await lay_campaign(app)
    await app.turn_to(laid.campaign_id)
    await app.say("user", "The campaign's own chat")
    left = await lay_thread(app, laid.campaign_id, "Left", 40)
    right = await lay_thread(app, laid.campaign_id, "Right", 12)
    await app.provide("openai", long_answer(length))
    tab = await app.open_tab(laid.table)
    keys = {"general": "general", "left": f"thread:{left}", "right": f"thread:{right}"}
    drafts = {name: f"a draft for {name}" for name in keys}

    for name in ("Left", "Right"):
        await choose_tab(tab, name)
        await tab.send(f"Tell me of the {name.lower()}")
        await tab.wait_phase("streaming")
    await choose_tab(tab, "General")
    await tab.composer.fill(drafts["general"])
    await choose_tab(tab, "Right")
    await tab.composer.fill(drafts["right"])
    await choose_tab(tab, "Left")
    await tab.composer.fill(drafts["left"])
    place = await read_far_up(tab)

    dice = random.Random(20261122)
    took: list[float] = []
    now = "left"
    own = {
        "general": {m["id"] for m in await app.history()},
        **{name: await ids_of(app, at) for name, at in (("left", left), ("right", right))},
    }
    for _ in range(switches):
        now = dice.choice([name for name in keys if name != now])
        seen: dict[str, Any] = await tab.page.evaluate(SWITCH, keys[now])
        took.append(seen["took"])
        assert set(seen["ids"]) <= own[now], f"{now} shows what was said elsewhere"
        assert seen["draft"] == drafts[now]
        if now == "left":
            assert seen["place"][0] == place[0] and abs(seen["place"][1] - place[1]) <= 2
        else:
            assert seen["toEnd"] <= 80, f"{now} is not at its newest"
        if dice.random() < 0.1:
            drafts[now] += "!"
            await tab.composer.fill(drafts[now])
    slow = sorted(took)[int(switches * 0.95)]
    print(
        f"\n{switches} switches: median {statistics.median(took):.0f} ms, "
        f"95 % within {slow:.0f} ms, worst {max(took):.0f} ms"
    )

    app.providers["openai"].release(2)
    whole = "".join(words(length)).strip()
    for name, thread_id in (("Left", left), ("Right", right)):
        await choose_tab(tab, name)
        if name == "Left":
            await (
                tab.page.get_by_role("button", name=re.compile("below"))
                .or_(tab.page.get_by_role("button", name="Newest", exact=True))
                .click()
            )
        await tab.wait_last("complete")
        await expect(tab.answer).to_have_text(whole)
        said = (await read(app, f"/api/threads/{thread_id}/messages?limit=500"))["messages"]
        assert said[-1]["content"].strip() == whole
        shown = [line.id for line in await tab.lines()]
        assert shown == [message["id"] for message in said][-len(shown) :]


async def read_far_up(tab: Sheet) -> list[Any]:
    """Scroll up, and where that leads: the first line in sight and how far down it stands."""
    scroller = tab.page.locator(".timeline__scroll")
    await scroller.hover()
    await tab.page.mouse.wheel(0, -2500)
    await expect(tab.page.locator(".to-newest")).to_be_visible()
    place: list[Any] = []
    while True:
        seen = await tab.page.evaluate(
            """async () => {
                for (let n = 0; n < 12; n += 1) await new Promise(requestAnimationFrame);
                const scroller = document.querySelector('.timeline__scroll');
                const edge = scroller.getBoundingClientRect().top;
                const first = [...scroller.querySelectorAll('article.message')]
                    .find(e => e.getBoundingClientRect().bottom > edge);
                return [first.dataset.messageId,
                        Math.round(first.getBoundingClientRect().top - edge)];
            }"""
        )
        if seen == place:
            return place
        place = seen


async def ids_of(app: App, thread_id: str) -> set[str]:
    said = (await read(app, f"/api/threads/{thread_id}/messages?limit=500"))["messages"]
    return {message["id"] for message in said}
