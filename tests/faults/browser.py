"""A real Chromium with a profile on disk: opened, used, killed, opened again.

async with Profile(tmp_path / "profile", proxy.address) as profile:
    tab = await profile.open_tab()
    await tab.send("Hello")
    profile.kill()                 # SIGKILL to every process of it
    await profile.reopen()
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import psutil
from playwright.async_api import (
    BrowserContext,
    Error,
    Page,
    Playwright,
    async_playwright,
    expect,
)

from tests.browser_finder import LAUNCH_ARGS, find_chromium
from tests.faults.server import TOKEN

WAIT = 60_000
"""Milliseconds after which something that must happen is said not to happen. A busy machine may
take ten times as long as an idle one; patience costs nothing otherwise."""

expect.set_options(timeout=WAIT)

NOT_WANTED = (
    # Playwright turns these off itself, but of two such lists only the last one counts.
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "TcpPortRandomizationWin",
    "ThirdPartyStoragePartitioning",
    # Each new window loads two pages of its own for its address bar: half of what it costs.
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxPopup",
)

ARGS = [
    *LAUNCH_ARGS,
    f"--disable-features={','.join(NOT_WANTED)}",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-gpu",
]

DURABILITY = """
(() => {
  const made = IDBDatabase.prototype.transaction;
  window.writes = [];
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    const tx = made.call(this, stores, mode, options);
    if (mode === "readwrite") window.writes.push(tx.durability);
    return tx;
  };
})();
"""
"""Notes how durable every writing transaction of the page was asked to be."""


@dataclass(frozen=True)
class Line:
    """One message as the page shows it."""

    id: str
    role: str
    sign: str
    text: str


OUTBOX = "**/v/*/page.js"
"""Where the page's own modules come from, the outbox among them."""


class Tab:
    """One page of the assistant."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def composer(self) -> Any:
        return self.page.get_by_label("Message", exact=True)

    async def wait_ready(self) -> None:
        """Until something can be written."""
        await self.page.wait_for_selector("textarea.composer__text:not([disabled])", timeout=WAIT)

    async def press_enter(self, text: str) -> None:
        """Write a text and press Enter, without waiting for what comes of it."""
        await self.composer.fill(text)
        await self.composer.press("Enter")

    async def send(self, text: str) -> None:
        """Write, press Enter, and wait until the page has taken it: the composer is empty."""
        await self.press_enter(text)
        await self.wait_composer("")

    async def wait_composer(self, text: str) -> None:
        await self.page.wait_for_function(
            "text => document.querySelector('textarea.composer__text')?.value === text",
            arg=text,
            timeout=WAIT,
        )

    async def lines(self) -> list[Line]:
        """Every message shown, in order, where nothing changes any more: else wait for it."""
        found = await self.page.evaluate(
            """() => [...document.querySelectorAll('article.message')].map(e => ({
                id: e.dataset.messageId,
                role: e.classList.contains('message--user') ? 'user' : 'assistant',
                sign: e.dataset.sign,
                text: (e.querySelector('.message__body')?.innerText ?? '').trim(),
            }))"""
        )
        return [Line(**line) for line in found]

    async def wait_contents(self, *expected: str, role: str | None = None) -> None:
        """Until just this is said on the page, in this order, by this role or by anyone."""
        said = self.page.locator(f"article.message{f'--{role}' if role else ''} .message__body")
        await expect(said).to_have_text(list(expected), use_inner_text=True)

    async def wait_messages(self, *ids: str) -> None:
        """Until just these messages are on the page, in this order."""
        await self.page.wait_for_function(
            """ids => JSON.stringify(ids) === JSON.stringify(
                [...document.querySelectorAll('article.message')].map(e => e.dataset.messageId))""",
            arg=list(ids),
            timeout=WAIT,
        )

    async def wait_sign(self, text: str, sign: str) -> None:
        """Until the message with this text carries this sign."""
        await self.page.wait_for_function(
            """([text, sign]) => [...document.querySelectorAll('article.message')].some(e =>
                e.dataset.sign === sign
                && (e.querySelector('.message__body')?.innerText ?? '').trim() === text)""",
            arg=[text, sign],
            timeout=WAIT,
        )

    async def wait_answered(self, count: int) -> None:
        """Until so many answers are complete and nothing is being written or waits."""
        await self.page.wait_for_function(
            """count => {
                const all = [...document.querySelectorAll('article.message')];
                const own = all.filter(e => e.classList.contains('message--user'));
                return all.filter(e => e.dataset.sign === 'complete').length >= count
                    && !all.some(e => e.dataset.sign === 'answering')
                    && own.every(e => e.dataset.sign === 'saved');
            }""",
            arg=count,
            timeout=WAIT,
        )

    async def wait_banner(self, kind: str | None) -> None:
        """Until there is a banner of this kind, or (None) none at all."""
        await self.page.wait_for_function(
            """kind => (document.querySelector('[data-persistence]')?.dataset.persistence
                ?? null) === kind""",
            arg=kind,
            timeout=WAIT,
        )

    async def waiting(self) -> list[dict[str, Any]]:
        """What waits in the outbox on disk."""
        found: list[dict[str, Any]] = await self.page.evaluate(
            """() => new Promise((done, fail) => {
                const open = indexedDB.open('ttrpg-assistant');
                open.onerror = () => fail(open.error);
                open.onsuccess = () => {
                    const db = open.result;
                    if (!db.objectStoreNames.contains('outbox')) { db.close(); return done([]); }
                    const all = db.transaction('outbox').objectStore('outbox').getAll();
                    all.onsuccess = () => { db.close(); done(all.result); };
                };
            })"""
        )
        return found

    async def crash(self) -> None:
        """Crash the renderer, as a bug of the browser would."""
        crashed = asyncio.Event()
        self.page.on("crash", lambda _: crashed.set())
        with suppress(Error):
            await self.page.goto("chrome://crash", timeout=5000)
        async with asyncio.timeout(WAIT / 1000):
            await crashed.wait()


class Opener:
    """Opens the assistant in tabs of a browser context."""

    address: str
    token: str

    @property
    def context(self) -> BrowserContext:
        raise NotImplementedError

    async def open_tab(self, path: str = "/chat", *, wait: bool = True) -> Tab:
        """Open the assistant in a new tab, with the start link."""
        tab = Tab(await self.context.new_page())
        await tab.page.goto(f"{self.address}{path}?token={self.token}")
        if wait:
            await tab.wait_ready()
        return tab


class Guest(Opener):
    """A context of a shared browser, as fresh as a new profile."""

    def __init__(self, context: BrowserContext, address: str, token: str) -> None:
        self._context = context
        self.address = address
        self.token = token

    @property
    def context(self) -> BrowserContext:
        return self._context


class Profile(Opener):
    """A browser profile that outlives its browser."""

    def __init__(
        self,
        folder: Path,
        address: str,
        *,
        prepare: Callable[[BrowserContext], Awaitable[None]] | None = None,
        viewport: tuple[int, int] = (1000, 700),
    ) -> None:
        self.folder = folder
        self.address = address
        self.prepare = prepare
        self.token = TOKEN
        self.executable = find_chromium()
        self._viewport = {"width": viewport[0], "height": viewport[1]}
        self._playwright: Playwright | None = None
        self._context: BrowserContext | None = None

    async def __aenter__(self) -> Self:
        self._playwright = await async_playwright().start()
        await self.reopen()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
        assert self._playwright is not None
        await self._playwright.stop()

    @property
    def context(self) -> BrowserContext:
        assert self._context is not None
        return self._context

    async def reopen(self) -> None:
        """Open the browser on the profile as it is on disk."""
        assert self._playwright is not None
        assert self.executable is not None
        for lock in self.folder.glob("Singleton*"):
            lock.unlink()  # a killed browser leaves it
        self._context = await self._playwright.chromium.launch_persistent_context(
            self.folder,
            executable_path=self.executable,
            args=ARGS,
            headless=True,
            viewport=self._viewport,  # type: ignore[arg-type]
        )
        if self.prepare is not None:
            await self.prepare(self._context)

    async def close(self) -> None:
        """Close it as a person would, if it still runs."""
        if self._context is not None:
            with suppress(Error):
                await self._context.close()
            self._context = None

    def processes(self) -> list[psutil.Process]:
        """Every process of the browser, the first one first."""
        marker = f"--user-data-dir={self.folder}"
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if marker in process.cmdline() and process.name() != "strace":
                    found.append(process)
        return sorted(found, key=lambda p: any("--type=" in word for word in p.cmdline()))

    async def kill(self) -> None:
        """SIGKILL to all of it at once: no page can say goodbye."""
        victims = self.processes()
        for process in victims:
            with suppress(psutil.Error):
                process.kill()
        await asyncio.to_thread(psutil.wait_procs, victims, 10)
        await self.close()
