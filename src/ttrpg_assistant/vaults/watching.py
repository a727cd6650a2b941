"""Looks at every linked folder when something changes there or here, for as long as the server
runs, and once at its start.

What wakes it does not matter: each look compares both sides whole. Where the system does not tell
of changes in a folder, it is looked at once a minute all the same.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import structlog

from ttrpg_assistant.errors import Fault
from ttrpg_assistant.live.changes import Changes, Hint
from ttrpg_assistant.vaults.model import VaultLink
from ttrpg_assistant.vaults.seen_tasks import begin
from ttrpg_assistant.vaults.vaults import Vaults

log = structlog.get_logger(__name__)

AT_LEAST_SECONDS = 60.0
"""After so long a folder is looked at though nothing woke it."""

QUIET_SECONDS = 0.5
"""So long nothing more must happen before a look: programs write many files, in several steps."""

MOST_PATIENT_SECONDS = 5.0
"""A look comes after so long though it never became quiet."""

IDLE_SECONDS = 30.0


class VaultWatcher:
    """Wakes the looks at folders."""

    def __init__(self, vaults: Vaults, changes: Changes) -> None:
        self._vaults, self._changes = vaults, changes
        self._watched: dict[str, tuple[VaultLink, asyncio.Task[None]]] = {}
        self._woken: dict[str, asyncio.Event] = {}
        self._links_changed = asyncio.Event()
        vaults.on_links_changed = self._links_changed.set

    async def run(self) -> None:
        """For ever: watch the folders there are."""
        hints = begin(self._follow_hints())
        try:
            while True:
                self._links_changed.clear()
                await self._watch_those_there()
                if hints.done():
                    hints = begin(self._follow_hints())
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._links_changed.wait(), AT_LEAST_SECONDS)
        finally:
            tasks = [hints, *(task for _, task in self._watched.values())]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._watched.clear()

    async def _watch_those_there(self) -> None:
        try:
            links = {one.id: one for one in await self._vaults.list_links() if one.state == "on"}
        except Fault as fault:
            log.info("vault.postponed", code=fault.code)
            return
        for id in set(self._watched) - set(links):
            _, task = self._watched.pop(id)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        for id, link in links.items():
            known = self._watched.get(id)
            if known is None or known[1].done():
                self._woken[link.campaign_id] = asyncio.Event()
                self._watched[id] = (link, begin(self._keep(link)))

    async def _keep(self, link: VaultLink) -> None:
        woken = self._woken[link.campaign_id]
        watching = begin(self._follow_folder(link, woken))
        try:
            while True:
                woken.clear()
                try:
                    await self._vaults.sync(link.campaign_id)
                except Fault as fault:
                    log.info("vault.postponed", code=fault.code)
                with suppress(TimeoutError):
                    await asyncio.wait_for(woken.wait(), AT_LEAST_SECONDS)
                await self._wait_for_quiet(woken)
                if watching.done():
                    watching = begin(self._follow_folder(link, woken))
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def _wait_for_quiet(self, woken: asyncio.Event) -> None:
        waited = 0.0
        while woken.is_set() and waited < MOST_PATIENT_SECONDS:
            woken.clear()
            await asyncio.sleep(QUIET_SECONDS)
            waited += QUIET_SECONDS

    async def _follow_folder(self, link: VaultLink, woken: asyncio.Event) -> None:
        """Wake for changes in a folder, until it goes away."""
        # Imported when there is a folder: it has a part in another language.
        from watchfiles import awatch

        root = Path(link.folder)
        if not await asyncio.to_thread(root.is_dir):
            return
        try:
            async for changes in awatch(root, watch_filter=None, step=100, debounce=800):
                if any(_is_seen(root, Path(path)) for _, path in changes):
                    woken.set()
        except (OSError, RuntimeError) as trouble:
            log.info("vault.not_watched", reason=str(trouble))

    async def _follow_hints(self) -> None:
        async for hint in self._changes.follow(IDLE_SECONDS, is_wanted=_is_of_campaign):
            woken = None if hint is None else self._woken.get(str(hint[1].get("id")))
            if woken is not None:
                woken.set()


def _is_of_campaign(hint: Hint) -> bool:
    return hint[0] == "campaign"


def _is_seen(root: Path, path: Path) -> bool:
    """Whether a change is one of a note: what is hidden is the business of other programs."""
    try:
        inside = path.relative_to(root)
    except ValueError:
        return False
    return not any(part.startswith(".") for part in inside.parts)
