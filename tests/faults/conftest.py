"""One server, one proxy, one model and one browser for all tests that can share them.

Each test gets a conversation of its own and a browser context in which nothing is stored; what a
test has broken is put right before the next one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser_contexts import UsedContexts
from tests.faults.browser import Guest
from tests.faults.table import Table, laid_table

VIEWPORT = {"width": 1000, "height": 700}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_table(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Table]:
    async with laid_table(tmp_path_factory.mktemp("table")) as table:
        yield table


@pytest_asyncio.fixture(loop_scope="session")
async def table(shared_table: Table) -> AsyncIterator[Table]:
    """The shared table with a new conversation, an honest proxy and a talkative model."""
    await shared_table.make_ready()
    yield shared_table
    shared_table.proxy.clear()
    shared_table.provider.reset()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def used_contexts(shared_table: Table, page_browser: Browser) -> UsedContexts:
    return UsedContexts(page_browser, shared_table.proxy.address)


@pytest_asyncio.fixture(loop_scope="session")
async def profile(table: Table, used_contexts: UsedContexts) -> AsyncIterator[Guest]:
    """A browser in which nothing is stored."""
    context = await used_contexts.lend(viewport=VIEWPORT)
    yield Guest(context, table.proxy.address, table.server.token)
    await used_contexts.give_back(context)


@pytest_asyncio.fixture(loop_scope="session")
async def fresh_profile(table: Table, page_browser: Browser) -> AsyncIterator[Guest]:
    """A browser that has never been here, for what cannot be undone: scripts, clocks, quotas."""
    context = await page_browser.new_context(viewport=VIEWPORT)
    yield Guest(context, table.proxy.address, table.server.token)
    await context.close()
