"""One server and four providers for every test of the page, in the one Chromium.

Each test gets a conversation and browsers of its own; the server is put right between them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser import everybody
from tests.browser.running_app import App, run_app
from tests.conftest import is_asked_for


def pytest_configure(config: pytest.Config) -> None:
    """The deep part looks at everything in both themes."""
    everybody.whole = is_asked_for("deep", config)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_app(
    tmp_path_factory: pytest.TempPathFactory, page_browser: Browser, chromium: Path
) -> AsyncIterator[App]:
    async with run_app(tmp_path_factory.mktemp("app"), page_browser, chromium) as app:
        yield app


@pytest_asyncio.fixture(loop_scope="session")
async def app(shared_app: App) -> AsyncIterator[App]:
    """The shared application with a new conversation and the built-in model."""
    await shared_app.make_ready()
    yield shared_app
    await shared_app.clean_up()
