"""The tab is closed a moment after Enter: what was seen to be sent arrives, once.

Three closings a delay here, a hundred with FAULTS=full.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from dataclasses import dataclass

import pytest

from tests.faults.browser import Guest, Tab
from tests.faults.table import Table, until

pytestmark = [
    pytest.mark.fault,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
]

TIMES = 100 if os.environ.get("FAULTS") == "full" else 1

WATCH_BUBBLES = """() => {
  new MutationObserver(() => {
    for (const bubble of document.querySelectorAll("article.message--user .message__body")) {
      localStorage.setItem(`shown ${bubble.innerText.trim()}`, "1");
    }
  }).observe(document, { childList: true, subtree: true, characterData: true });
}"""
"""Remembers every bubble that was ever in the page, also when the page is gone at once."""


@dataclass(frozen=True)
class Closing:
    """What one closed tab left behind, as the next start finds it."""

    content: str
    shown: bool
    draft: str
    stored: int


async def close_after_enter(
    table: Table, profile: Guest, tab: Tab, content: str, milliseconds: int
) -> tuple[Closing, Tab]:
    """Close the tab a moment after Enter; what was left, and the tab of the next start."""
    await tab.page.evaluate(WATCH_BUBBLES)
    await tab.press_enter(content)
    await asyncio.sleep(milliseconds / 1000)  # the length of the fault itself
    await tab.page.close()
    after = await profile.open_tab()
    await until(lambda: _is_empty(after))
    shown = await after.page.evaluate("name => localStorage.getItem(name)", f"shown {content}")
    draft = await after.composer.input_value()
    return Closing(content, shown is not None, draft, table.said().count(content)), after


async def _is_empty(tab: Tab) -> bool:
    return not await tab.waiting()


async def test_row_02_a_message_that_was_shown_is_delivered_once_on_the_next_start(
    table: Table, profile: Guest, capsys: pytest.CaptureFixture[str]
) -> None:
    table.provider.words = 1
    tab = await profile.open_tab()
    closings: list[Closing] = []
    for milliseconds in (0, 5, 50, 200):
        begun = len(closings)
        for number in range(TIMES):
            content = f"close{milliseconds}-{number}"
            closing, tab = await close_after_enter(table, profile, tab, content, milliseconds)
            closings.append(closing)
        with capsys.disabled():
            told = ", ".join(
                f"{what}: {count}" for what, count in count_ends(closings[begun:]).items()
            )
            print(f"\nclosed {milliseconds} ms after Enter, {TIMES} times: {told}")
    for closing in closings:
        assert closing.stored <= 1, closing
        if closing.shown:
            assert closing.stored == 1, closing
        if closing.stored == 0:
            assert closing.draft == closing.content, closing
        else:
            assert closing.draft == "", f"it is in the composer again: {closing}"
    assert table.said() == [c.content for c in closings if c.stored]


def count_ends(closings: list[Closing]) -> Counter[str]:
    """How often each end was met."""
    return Counter(
        f"{'shown' if c.shown else 'not shown'} and {'delivered' if c.stored else 'draft restored'}"
        for c in closings
    )
