"""Browser contexts and pages that are used again: a new page costs more than twice as much.

Most of what it costs is a window and a process of its own that compiles everything anew. So a
context has one page that no test gets, which keeps the window, and lends its other pages again:
between two tests they are parked where nothing runs, and everything that a site can store is
cleared. The size of a page and what it takes for its reader's wishes are put back; a page that a
test has set up in another way of its own is closed. What cannot be undone for a whole context
(scripts for every page, a clock, a quota) wants a fresh one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, NoReturn

from playwright.async_api import Browser, BrowserContext, CDPSession, Error, Page

CLEAR_SECONDS = 20.0

PARKED = "/healthz"
"""What a parked page shows: it runs nothing."""

KEPT_PAGES = 2
"""More are closed: few tests open three."""

FORGET_TAB = "() => { sessionStorage.clear(); window.name = ''; }"

OWN_WAYS = (
    "add_init_script",
    "expose_binding",
    "expose_function",
    "set_extra_http_headers",
)
"""What stays with a page wherever it goes."""

WISHES = {"color_scheme": "light", "reduced_motion": "no-preference", "forced_colors": "none"}
"""What a page takes for its reader's wishes where its context says nothing of them."""


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
        if waiting:
            found = waiting.pop()
        else:
            found = await _Context.open(self._browser, self._address, options)
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


class _Page:
    """A page that a test takes for a new one, and what the test did to it."""

    def __init__(self, page: Page, devtools: CDPSession, options: dict[str, Any]) -> None:
        self.page = page
        self.devtools = devtools
        self.has_own_ways = False
        self._options = options
        self._changed: set[str] = set()
        for name in ("emulate_media", "set_viewport_size"):
            setattr(page, name, self._note_change(name, getattr(page, name)))
        self._listeners: list[tuple[Any, Any]] = []
        for name in ("on", "once"):
            setattr(page, name, self._remember(getattr(page, name)))
        for name in OWN_WAYS:
            setattr(page, name, self._note(getattr(page, name)))

    async def park(self, address: str) -> None:
        """Leave what the test looked at, and forget what only this page knows."""
        await self.page.unroute_all(behavior="ignoreErrors")
        for event, listener in self._listeners:
            with suppress(KeyError):  # `once` has heard what it waited for
                self.page.remove_listener(event, listener)
        self._listeners.clear()
        await self._put_back()
        await self.page.goto(address + PARKED)
        await self.page.evaluate(FORGET_TAB)
        await self.page.mouse.move(0, 0)
        await self.devtools.send("Page.resetNavigationHistory")

    async def _put_back(self) -> None:
        """The size and the wishes that its context was opened with."""
        if "set_viewport_size" in self._changed:
            await self.page.set_viewport_size(self._options["viewport"])
        if "emulate_media" in self._changed:
            wishes: dict[str, Any] = {k: self._options.get(k, v) for k, v in WISHES.items()}
            await self.page.emulate_media(media="null", **wishes)
        self._changed.clear()

    def _remember(self, listen: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
        def remember(event: Any, listener: Any) -> None:
            self._listeners.append((event, listener))
            listen(event, listener)

        return remember

    def _note_change(
        self, name: str, change: Callable[..., Awaitable[Any]]
    ) -> Callable[..., Awaitable[Any]]:
        async def note(*args: Any, **kwargs: Any) -> Any:
            self._changed.add(name)
            return await change(*args, **kwargs)

        return note

    def _note(self, change: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def note(*args: Any, **kwargs: Any) -> Any:
            self.has_own_ways = True
            return await change(*args, **kwargs)

        return note


class _Context:
    def __init__(self, context: BrowserContext, address: str, options: dict[str, Any]) -> None:
        self.context = context
        self.crashed = False
        self._address = address
        self._options = options
        self._keeper: Page
        self._devtools: CDPSession
        self._pages: list[_Page] = []
        self._parked: list[_Page] = []
        self._new_page = context.new_page
        self._new_cdp_session = context.new_cdp_session
        context.on("page", lambda page: page.on("crash", self._note_crash))
        for name in ("add_init_script", "expose_function", "expose_binding"):
            setattr(context, name, _refuse)
        setattr(context, "new_page", self._lend_page)  # noqa: B010
        setattr(context, "new_cdp_session", self._look_into)  # noqa: B010

    @classmethod
    async def open(cls, browser: Browser, address: str, options: dict[str, Any]) -> _Context:
        made = cls(await browser.new_context(**options), address, options)
        made._keeper = await made._new_page()
        made._devtools = await made._new_cdp_session(made._keeper)
        await made._keeper.goto(address + PARKED)
        return made

    async def clear(self) -> None:
        """Park the pages that can be lent again, and forget everything they left."""
        await self.context.unroute_all(behavior="ignoreErrors")
        await self.context.set_offline(False)
        self._pages = [one for one in self._pages if self._is_as_new(one)][:KEPT_PAGES]
        kept = [self._keeper, *(one.page for one in self._pages)]
        for page in self.context.pages:
            if page not in kept:
                await page.close()
        for one in self._pages:
            await one.park(self._address)
        self._parked = list(self._pages)
        await self.context.clear_permissions()
        await self.context.clear_cookies()
        await self._devtools.send(
            "Storage.clearDataForOrigin", {"origin": self._address, "storageTypes": "all"}
        )

    def _is_as_new(self, one: _Page) -> bool:
        is_at_home = one.page.url.startswith(f"{self._address}/")
        return is_at_home and not one.page.is_closed() and not one.has_own_ways

    async def _make_page(self) -> _Page:
        page = await self._new_page()
        made = _Page(page, await self._new_cdp_session(page), self._options)
        self._pages.append(made)
        return made

    async def _lend_page(self) -> Page:
        return (self._parked.pop(0) if self._parked else await self._make_page()).page

    async def _look_into(self, page: Page) -> CDPSession:
        for one in self._pages:
            one.has_own_ways = one.has_own_ways or one.page is page
        return await self._new_cdp_session(page)

    def _note_crash(self, _: Page) -> None:
        self.crashed = True


async def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise AssertionError("This cannot be undone: ask for a fresh context.")
