"""From Enter to the first word on the screen, in a real browser, split by step."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from bench import programs
from bench.figures import Line, median, ms, percentile, times
from bench.filled import Filler, make_empty
from bench.talk import QUESTION, ask_through
from tests.browser_finder import LAUNCH_ARGS, NO_BROWSER, find_chromium

SAMPLES, WARM_UP = 30, 3
SIZES = (2, 10_000)
TARGET = 0.045

WATCH = """
() => {
  const ask = window.fetch;
  let mark = {};
  window.fetch = async (...asked) => {
    const url = String(asked[0]?.url ?? asked[0]);
    if (!mark.drawn) mark.requests = (mark.requests ?? 0) + 1;
    if (url.endsWith("/turns")) mark.left = performance.now();
    if (url.endsWith("/stream") && url.includes("/replies/")) mark.followed ??= performance.now();
    const answer = await ask(...asked);
    if (url.endsWith("/turns")) mark.kept = performance.now();
    return answer;
  };
  addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const all = () => [...document.querySelectorAll("[data-message-id]")];
    const before = new Set(all().map((one) => one.dataset.messageId));
    mark = { enter: event.timeStamp };
    window.painted = new Promise((tell) => {
      const channel = new MessageChannel();
      let inFrame = false;
      const tick = () => {
        inFrame = true;
        channel.port2.postMessage(null);
        if (!mark.painted) requestAnimationFrame(tick);
      };
      channel.port1.onmessage = () => {
        inFrame = false;
        if (!mark.isDue || mark.painted) return;
        mark.painted = performance.now();
        tell(mark);
      };
      requestAnimationFrame(tick);
      const watch = new MutationObserver(() => {
        const last = all().at(-1);
        if (!last || before.has(last.dataset.messageId)) return;
        if (!last.textContent.includes("word0")) return;
        watch.disconnect();
        mark.drawn = performance.now();
        // Drawn before a frame's own painting it is in that one, otherwise in the next.
        if (inFrame) mark.isDue = true;
        else requestAnimationFrame(() => (mark.isDue = true));
      });
      watch.observe(document.body, { subtree: true, childList: true, characterData: true });
    });
  }, true);
}
"""
"""When Enter was pressed, the message left, was stored, its answer followed, drawn, painted."""

STEPS = ("enter", "left", "kept", "followed", "drawn", "painted")


@dataclass(frozen=True, slots=True)
class Way:
    """Seconds from Enter to the first word painted, and those of each step of it."""

    whole: float
    steps: tuple[float, ...]
    requests: int


async def measure(place: Path) -> list[Line]:
    """The page with two messages and with ten thousand, in turns; beside it a bare client."""
    for size in SIZES:
        filler = Filler(await make_empty(place / str(size)))
        filler.add_talk([size], kind="chat")
        (beside,) = filler.add_talk([size])
        filler.finish()
        (place / f"{size}.thread").write_text(beside, encoding="utf-8")
    chromium = find_chromium()
    assert chromium is not None, NO_BROWSER
    lines = []
    async with programs.provider(30, 100) as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=LAUNCH_ARGS)
        for size in SIZES:
            thread = (place / f"{size}.thread").read_text(encoding="utf-8")
            async with programs.serving(place / str(size), url) as server:
                lines.append(await _measure_one(browser, server, size, thread))
        await browser.close()
    return lines


async def _measure_one(browser: Browser, server: programs.Server, size: int, thread: str) -> Line:
    client = server.connect()
    page = await browser.new_page()
    await page.goto(f"{server.address}/?token={programs.TOKEN}")
    await page.get_by_role("textbox", name="Message").wait_for()
    await page.evaluate(WATCH)
    ways, bare = [], []
    for number in range(SAMPLES + WARM_UP):
        way = await _say(page)
        told = await ask_through(client, f"/api/threads/{thread}/turns")
        if number >= WARM_UP:
            ways.append(way)
            bare.append(told.first)
    await page.close()
    whole = [way.whole for way in ways]
    parts = [median([way.steps[at] for way in ways]) for at in range(len(STEPS) - 1)]
    spelled = " + ".join(ms(part) for part in parts)
    p50 = median(whole)
    return Line(
        f"Enter to the first word painted, conversation of {size:,} messages",
        f"{ms(p50)} p50, {ms(percentile(whole, 0.95))} p95: {spelled}; "
        f"{median([float(way.requests) for way in ways]):.0f} requests",
        f"{ms(median(bare))} to the first word by a bare client",
        times(p50, median(bare)),
        f"≤ {ms(TARGET)} p50",
        p50 <= TARGET,
    )


async def _say(page: Page) -> Way:
    box = page.get_by_role("textbox", name="Message")
    await box.fill(QUESTION)
    await box.press("Enter")
    told: dict[str, Any] = await page.evaluate("() => window.painted")
    await page.wait_for_timeout(600)  # until the reply has ended, and what came after is done
    moments = [float(told[step]) / 1000 for step in STEPS]
    steps = tuple(after - before for before, after in pairwise(moments))
    return Way(moments[-1] - moments[0], steps, int(told["requests"]))
