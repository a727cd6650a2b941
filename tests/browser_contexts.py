"""Browser contexts that are used again: a page opened beside another one costs half.

Most of what a new context costs is a process of its own that compiles the page anew. So a context
keeps one parked page, which keeps its process, and everything a site can store is cleared between
two tests. What cannot be undone (scripts for every page, a clock, a quota) wants a fresh context.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, NoReturn

from playwright.async_api import Browser, BrowserContext, CDPSession, Error, Page

CLEAR_SECONDS = 20.0

PARKED = "/healthz"
"""What the parked page shows: it runs nothing."""


class UsedContexts:
    """The contexts of one browser that wait for their next test, by their options."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser = browser
        self._address = address
        self._waiting: dict[str, list[_Context]] = {}
        self._lent: dict[BrowserContext, tuple[str, _Context]] = {}

    async def lend(self, **options: Any) -> BrowserContext:
        """A context in which nothing is stored, as if it had never been here."""
        kind = repr(sorted(options.items()))
        waiting = self._waiting.setdefault(kind, [])
        found = waiting.pop() if waiting else await _open(self._browser, self._address, options)
        self._lent[found.context] = kind, found
        return found.context

    async def give_back(self, context: BrowserContext) -> None:
        """Clear it for the next test, or close it when that cannot be done."""
        kind, found = self._lent.pop(context)
        try:
            async with asyncio.timeout(CLEAR_SECONDS):
                await found.clear()
        except (Error, TimeoutError):
            found.crashed = True
        if found.crashed:
            with suppress(Error):
                await context.close()
        else:
            self._waiting[kind].append(found)

    async def close(self) -> None:
        """Close all that wait."""
        for waiting in self._waiting.values():
            for one in waiting:
                await one.context.close()
        self._waiting.clear()


class _Context:
    def __init__(self, context: BrowserContext, parked: Page, devtools: CDPSession) -> None:
        self.context = context
        self.crashed = False
        self._parked = parked
        self._devtools = devtools
        self._origin = parked.url.removesuffix(PARKED)
        context.on("page", lambda page: page.on("crash", self._note_crash))
        parked.on("crash", self._note_crash)
        for name in ("add_init_script", "expose_function", "expose_binding"):
            setattr(context, name, _refuse)

    async def clear(self) -> None:
        """Close every page but the parked one, and forget everything they left."""
        for page in self.context.pages:
            if page is not self._parked:
                await page.close()
        await self.context.unroute_all(behavior="ignoreErrors")
        await self.context.set_offline(False)
        await self.context.clear_permissions()
        await self.context.clear_cookies()
        await self._devtools.send(
            "Storage.clearDataForOrigin", {"origin": self._origin, "storageTypes": "all"}
        )

    def _note_crash(self, _: Page) -> None:
        self.crashed = True


async def _open(browser: Browser, address: str, options: dict[str, Any]) -> _Context:
    context = await browser.new_context(**options)
    parked = await context.new_page()
    await parked.goto(address + PARKED)
    return _Context(context, parked, await context.new_cdp_session(parked))


def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise AssertionError("This cannot be undone: ask for a fresh context.")
