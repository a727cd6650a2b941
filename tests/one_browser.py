"""One Chromium a worker, for every test of the page. Loaded as a plugin by tests/conftest.py."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest_asyncio

from tests.memory_disk import has_room

if TYPE_CHECKING:
    from playwright.async_api import Browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def page_browser(chromium: Path) -> AsyncIterator[Browser]:
    """A running Chromium, to open contexts in."""
    # Loaded only where a browser is wanted: most tests want none.
    from playwright.async_api import async_playwright

    from tests.faults.browser import ARGS

    # Playwright has it draw through files on the disk, for containers with little such memory.
    unwanted = ["--disable-dev-shm-usage"] if has_room() else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=ARGS, headless=True, ignore_default_args=unwanted
        )
        yield browser
        await browser.close()
