"""A long conversation in a real browser: how soon it is there, how smooth, how light."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, CDPSession, Page, async_playwright

from bench import programs
from bench.figures import Line, median, ms, times
from bench.filled import Filler, make_empty
from bench.talk import QUESTION
from tests.browser_finder import LAUNCH_ARGS, NO_BROWSER, find_chromium

SHORT, LONG = 2, 10_000
MIB = 1024 * 1024
ROUNDS = 5
CHUNKS, PACE = 1000, 200
NEWEST = "and that was the newest thing anybody said"
LAST_WORD = f"word{CHUNKS - 1}"

WATCH_NEWEST = """
(text) => {
  window.newestSeen = new Promise((tell) => {
    const look = () => {
      const all = document.querySelectorAll("[data-message-id]");
      const last = all[all.length - 1];
      if (last && last.textContent.includes(text)) {
        const box = last.getBoundingClientRect();
        if (box.bottom > 0 && box.top < innerHeight) return tell(performance.now());
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}
"""

WATCH_FRAMES = """
() => {
  window.frames_ = []; window.long_ = []; window.watching_ = true;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.long_.push(entry.duration);
  }).observe({ type: "longtask" });
  let last = performance.now();
  const tick = (now) => {
    window.frames_.push(now - last); last = now;
    if (window.watching_) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}
"""

SCROLL_UP = """
async () => {
  const scroller = document.querySelector(".timeline__scroll");
  for (let quiet = 0; quiet < 30; ) {
    scroller.scrollTop = 0;
    await new Promise(requestAnimationFrame);
    quiet = document.querySelector(".timeline__start") ? 0 : quiet + 1;
  }
}
"""
"""To the first message ever said: nothing stands above it any more."""

MOST_AT_TOP, MOST_BACK = 20_000, 1.5
"""DOM nodes held with 400 lines in the page; times as many as at first, back at the newest."""

TELL_FRAMES = "() => { window.watching_ = false; return [window.frames_, window.long_]; }"


async def measure(place: Path) -> list[Line]:
    """Opens the same page with two messages and with ten thousand, in turns; then streams."""
    for size in (SHORT, LONG):
        filler = Filler(await make_empty(place / str(size)))
        filler.add_talk([size], kind="chat", newest=NEWEST)
        filler.finish()
    chromium = find_chromium()
    assert chromium is not None, NO_BROWSER
    async with (
        programs.provider(CHUNKS, PACE) as url,
        programs.serving(place / str(SHORT), url) as short,
        programs.serving(place / str(LONG), url) as long,
        async_playwright() as playwright,
    ):
        browser = await playwright.chromium.launch(executable_path=chromium, args=LAUNCH_ARGS)
        opened = [await _open_both(browser, server) for server in (short, long) * ROUNDS]
        weight = await _scroll_up_and_back(browser, long)
        frames = await _stream_into(browser, long)
        await browser.close()
    return [*_lines_of_opening(opened[::2], opened[1::2]), frames, weight]


async def _open_both(browser: Browser, server: programs.Server) -> tuple[float, float]:
    """Seconds from going there to seeing the newest message: nothing cached, then again."""
    context = await browser.new_context()
    fresh = await _open(context, f"{server.address}/?token={programs.TOKEN}")
    warm = await _open(context, f"{server.address}/chat")
    await context.close()
    return fresh[0], warm[0]


async def _open(context: BrowserContext, address: str) -> tuple[float, Page]:
    page = await context.new_page()
    await page.add_init_script(f"({WATCH_NEWEST})({NEWEST!r})")
    await page.goto(address)
    return float(await page.evaluate("() => window.newestSeen")) / 1000, page


def _lines_of_opening(
    short: list[tuple[float, float]], long: list[tuple[float, float]]
) -> list[Line]:
    lines = []
    for number, (what, limit) in enumerate((("fresh cache", 1.0), ("warm", 0.4))):
        taken, beside = (median([pair[number] for pair in pairs]) for pairs in (long, short))
        lines.append(
            Line(
                f"{LONG:,}-message conversation in Chromium, newest visible, {what}",
                ms(taken),
                f"{ms(beside)} with {SHORT} messages",
                times(taken, beside),
                f"≤ {ms(limit)}",
                taken <= limit,
            )
        )
    return lines


async def _stream_into(browser: Browser, server: programs.Server) -> Line:
    """Frames while nothing happens for as long, then while a reply streams into the page."""
    context = await browser.new_context()
    _, page = await _open(context, f"{server.address}/?token={programs.TOKEN}")
    await page.wait_for_timeout(1000)
    idle = await _watch(page, page.wait_for_timeout(CHUNKS / PACE * 1000))
    await page.get_by_role("textbox", name="Message").fill(QUESTION)

    async def say() -> None:
        await page.keyboard.press("Enter")
        await page.get_by_text(LAST_WORD).wait_for(timeout=30_000)

    told = await _watch(page, say())
    await context.close()
    slow, slow_idle = (sum(frame > 50 for frame in frames) for frames in (told[0], idle[0]))
    return Line(
        f"frames while {CHUNKS:,} chunks at {PACE}/s stream into it",
        f"{slow} of {len(told[0])} over 50 ms, longest {max(told[0]):.0f} ms; "
        f"{len(told[1])} long tasks",
        f"{slow_idle} of {len(idle[0])} over 50 ms, longest {max(idle[0]):.0f} ms while idle",
        times(median(told[0]), median(idle[0])),
        "no frame over 50 ms",
        slow == 0,
    )


async def _watch(page: Page, work: Any) -> tuple[list[float], list[float]]:
    await page.evaluate(WATCH_FRAMES)
    await work
    frames, long_tasks = await page.evaluate(TELL_FRAMES)
    return frames[1:], long_tasks


@dataclass(frozen=True, slots=True)
class Held:
    """What the page holds after a collection: JavaScript, and DOM nodes, also detached ones."""

    mib: float
    nodes: int

    def __str__(self) -> str:
        return f"{self.mib:.1f} MiB, {self.nodes:,} nodes"


async def _scroll_up_and_back(browser: Browser, server: programs.Server) -> Line:
    """What is held at the newest message, at the first one, and at the newest again."""
    context = await browser.new_context()
    _, page = await _open(context, f"{server.address}/?token={programs.TOKEN}")
    devtools = await context.new_cdp_session(page)
    await devtools.send("Performance.enable")
    opened = await _weigh(page, devtools)
    await page.evaluate(SCROLL_UP)
    top = await _weigh(page, devtools)
    lines = await page.locator("[data-message-id]").count()
    await page.get_by_role("button", name="newest").click()
    await page.get_by_text(NEWEST).wait_for()
    back = await _weigh(page, devtools)
    await context.close()
    return Line(
        f"memory of the page: {LONG:,} messages scrolled to the first, and back",
        f"{top} at the first, {back} when back",
        f"{opened} when opened; {lines} lines shown at the first",
        times(back.nodes, opened.nodes),
        f"≤ {MOST_AT_TOP:,} nodes at the first, ≤ {MOST_BACK} × the opened ones when back",
        top.nodes <= MOST_AT_TOP and back.nodes <= MOST_BACK * opened.nodes,
    )


async def _weigh(page: Page, devtools: CDPSession) -> Held:
    await page.wait_for_timeout(1000)  # what is still being drawn
    await devtools.send("HeapProfiler.collectGarbage")
    told = await devtools.send("Performance.getMetrics")
    values = {each["name"]: each["value"] for each in told["metrics"]}
    return Held(values["JSHeapUsedSize"] / MIB, int(values["Nodes"]))
