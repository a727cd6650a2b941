"""One server, four providers and one Chromium for every test of the page.

Each test gets a conversation and browsers of its own; the server is put right between them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.browser.desk import Desk, laid_desk
from tests.faults.browser import ARGS


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def page_browser(chromium: Path) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=ARGS, headless=True
        )
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_desk(
    tmp_path_factory: pytest.TempPathFactory, page_browser: Browser, chromium: Path
) -> AsyncIterator[Desk]:
    async with laid_desk(tmp_path_factory.mktemp("desk"), page_browser, chromium) as desk:
        yield desk


@pytest_asyncio.fixture(loop_scope="session")
async def desk(shared_desk: Desk) -> AsyncIterator[Desk]:
    """The shared desk with a new conversation and the built-in model."""
    await shared_desk.make_ready()
    yield shared_desk
    await shared_desk.put_away()
