"""Folders that campaigns are synced with: linked, looked at, asked about, unlinked."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.store.named_campaigns import get_named_campaign
from ttrpg_assistant.errors import (
    Conflict,
    Fault,
    InvalidInput,
    NotFound,
    PersistenceUnavailable,
)
from ttrpg_assistant.ids import utc_now
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.vaults import store
from ttrpg_assistant.vaults.folders import (
    check_folder,
    find_trouble,
    mark_folder,
    unmark_folder,
)
from ttrpg_assistant.vaults.model import Answers, Report, VaultLink
from ttrpg_assistant.vaults.note_files import (
    MOST_NOTES,
    SETTLE_SECONDS,
    clean_temporary,
    list_files,
)
from ttrpg_assistant.vaults.seen_tasks import begin, run_while

log = structlog.get_logger(__name__)

HINT = "vault"
"""The hint that something about a synced folder changed; its `id` is the campaign's."""

MOST_LOOKS = 6
"""Looks one after the other while files are still being written."""


@dataclass(frozen=True, slots=True)
class VaultStatus:
    """A campaign's folder as it is now: `is_looking` while it is looked at."""

    link: VaultLink
    is_looking: bool


class Vaults:
    """The folders of every campaign. `owner` is this server's id."""

    def __init__(self, database: Database, changes: Changes, owner: str, data_dir: Path) -> None:
        self._database, self._changes = database, changes
        self._owner, self._data_dir = owner, data_dir
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._cleaned: set[str] = set()
        self._looking: set[asyncio.Task[VaultStatus]] = set()
        self.on_links_changed: Callable[[], None] = lambda: None

    async def get_campaign(self, named: str) -> str:
        """The id of a campaign that is named by its id or by what it is called. Raises `NotFound`,
        and `InvalidInput` where several are called so."""
        return await self._database.read(lambda tx: get_named_campaign(tx, named))

    # ── Linking ────────────────────────────────────────────────────────────────────────

    async def link(self, campaign_id: str, folder: str) -> VaultStatus:
        """Sync a campaign with a folder from now on; nothing was looked at yet. Raises
        `NotFound`, `InvalidInput`, `Conflict`."""
        root = await asyncio.to_thread(check_folder, folder, self._data_dir)
        made = await self._database.write(lambda tx: store.add_link(tx, campaign_id, str(root)))
        try:
            await asyncio.to_thread(mark_folder, root, made.id)
        except OSError as trouble:
            if made.synced_at is None:
                await self._database.write(lambda tx: store.drop_link(tx, made.id))
            raise InvalidInput(
                f"This program cannot write in this folder: {trouble.strerror}.",
                code="vault_folder_not_readable",
                cure="Allow it, or choose another folder.",
            ) from None
        self._tell(campaign_id)
        self.on_links_changed()
        return VaultStatus(made, is_looking=False)

    async def unlink(self, campaign_id: str) -> None:
        """Stop syncing them. Both sides stay as they are. Raises `NotFound`."""
        link = await self._get(campaign_id)
        async with self._locks[link.id]:
            await self._database.write(lambda tx: store.drop_link(tx, link.id))
            await asyncio.to_thread(unmark_folder, Path(link.folder), link.id)
        self._tell(campaign_id)
        self.on_links_changed()

    async def pause(self, campaign_id: str, *, paused: bool) -> VaultStatus:
        """Let both sides be, or go on. Raises `NotFound`."""
        link = await self._get(campaign_id)
        state = "paused" if paused else "on"
        await self._database.write(lambda tx: store.set_link(tx, link.id, state=state))
        self._tell(campaign_id)
        self.on_links_changed()
        return await self.get(campaign_id)

    # ── Looking ────────────────────────────────────────────────────────────────────────

    async def find(self, campaign_id: str) -> VaultStatus | None:
        """The folder of a campaign, None where it has none. Raises `NotFound`."""
        link = await self._database.read(lambda tx: store.find_link(tx, campaign_id))
        return None if link is None else VaultStatus(link, self._locks[link.id].locked())

    async def get(self, campaign_id: str) -> VaultStatus:
        """The folder of a campaign. Raises `NotFound`."""
        link = await self._get(campaign_id)
        return VaultStatus(link, self._locks[link.id].locked())

    async def list_links(self) -> list[VaultLink]:
        """Every folder."""
        return await self._database.read(store.list_links)

    async def sync(self, campaign_id: str, answers: Answers | None = None) -> VaultStatus:
        """Look at both sides now, again while files are being written, and do as was answered.
        Raises `NotFound`, and what a look raises."""
        link = await self._get(campaign_id)
        for number in range(MOST_LOOKS):
            is_last = number == MOST_LOOKS - 1
            report = await self.look(link, answers if number == 0 else None, is_last=is_last)
            if not report.waits:
                break
            if not is_last:
                await asyncio.sleep(SETTLE_SECONDS)
        return await self.get(campaign_id)

    async def begin_sync(self, campaign_id: str, patience_seconds: float = 5.0) -> VaultStatus:
        """Look at both sides now; how it is when that has ended, or after so long. Raises
        `NotFound`."""
        await self._get(campaign_id)
        looking = begin(self.sync(campaign_id))
        self._looking.add(looking)
        looking.add_done_callback(self._looking.discard)
        done, _ = await asyncio.wait([looking], timeout=patience_seconds)
        return looking.result() if done else await self.get(campaign_id)

    async def close(self) -> None:
        """End every look that was begun; another server may look after the folders now."""
        for one in list(self._looking):
            one.cancel()
        await asyncio.gather(*self._looking, return_exceptions=True)
        if self._cleaned:
            with suppress(PersistenceUnavailable):
                await self._database.write(lambda tx: store.release_links(tx, self._owner))

    async def answer(
        self, campaign_id: str, answers: Answers, seen: Mapping[str, tuple[int, str]]
    ) -> VaultStatus:
        """Do as the game master answered. `seen` are the revision of each thing and the hash of
        its note that they answered about. Raises `Conflict` where either is another by now."""
        link = await self._get(campaign_id)
        usable = [one.name for one in KINDS.values() if one.name != "campaign"]
        if not set(answers.kinds.values()) <= set(usable):
            raise InvalidInput("There is no such kind of thing.", code="unknown_kind")
        if link.state == "paused":
            raise Conflict(
                "This folder is paused, so nothing is changed on either side.",
                code="vault_paused",
                cure="Go on with it first.",
            )
        fresh = {
            one["id"]: (one["revision"], one["sha256"])
            for one in link.report.get("questions", ())
            if "sha256" in one
        }
        for id, was in seen.items():
            if fresh.get(id) != was:
                raise Conflict(
                    "This was changed since it was shown; nothing was overwritten.",
                    code="vault_question_changed",
                    cure="Look at both again, then answer.",
                    facts={"id": id},
                )
        choices = replace(answers.choices, seen=dict(seen))
        return await self.sync(campaign_id, replace(answers, choices=choices))

    async def look(
        self, link: VaultLink, answers: Answers | None = None, *, is_last: bool = True
    ) -> Report:
        """Look at one folder once, and write down how it went: unless it is worth another look,
        and this was not the last."""
        async with self._locks[link.id]:
            now = await self._database.read(lambda tx: store.find_link(tx, link.campaign_id))
            if now is None or now.id != link.id:
                return Report(state="unlinked")
            link = now
            report = await self._look(link, answers or Answers())
            if report.waits and not is_last:
                return report
            told = {**report.tell(), "looked_at": utc_now()}
            values: dict[str, Any] = {"report": told}
            if report.state == "synced":
                values["synced_at"] = utc_now()
            if report.state != "elsewhere" and (_news(told) != _news(link.report) or answers):
                await self._database.write(partial(store.set_link, id=link.id, **values))
                self._tell(link.campaign_id)
            elif report.state == "synced":
                await self._database.write(partial(store.set_link, id=link.id, **values))
        return report

    async def _look(self, link: VaultLink, answers: Answers) -> Report:
        root = Path(link.folder)
        if link.state == "paused":
            return Report(state="paused")
        trouble = await asyncio.to_thread(find_trouble, root, link.id)
        if not await self._claim(link.id):
            return Report(state="elsewhere")
        if trouble is not None:
            return Report(state="missing", sentence=trouble[0], cure=trouble[1])
        # Imported when there is a folder: what reads notes takes longer than a start may.
        from ttrpg_assistant.vaults.looking import Look

        look = Look(self._database, self._changes, link, answers)
        try:
            if link.id not in self._cleaned:
                await asyncio.to_thread(clean_temporary, root)
                self._cleaned.add(link.id)
            files = await asyncio.to_thread(list_files, root)
            if len(files) > MOST_NOTES:
                return Report(
                    state="failed",
                    sentence=f"This folder holds more than {MOST_NOTES:,} notes.",
                    cure="Link a folder inside it.",
                )
            if await asyncio.to_thread(find_trouble, root, link.id) is not None:
                return Report(state="missing", sentence="The folder went away.", waits=True)
            if not await run_while(look.run(files), self._hold(link.id)):
                return Report(state="elsewhere")
        except OSError as trouble_of_disk:
            look.report.state = "failed"
            look.report.sentence = f"The folder cannot be used now: {trouble_of_disk.strerror}."
            look.report.cure = "Look whether its disk is there and may be read and written."
        except (NotFound, Conflict, InvalidInput):
            raise
        except Fault as fault:
            log.info("vault.postponed", code=fault.code)
            look.report.state, look.report.sentence = "failed", fault.sentence
            look.report.cure = fault.cure or ""
        return look.report

    async def _hold(self, id: str) -> None:
        """Say every so often that this server looks after a folder, until another one does: this
        one may have slept for longer than a server is waited for."""
        while True:
            await asyncio.sleep(store.LEASE_SECONDS / 4)
            with suppress(PersistenceUnavailable):
                if not await self._claim(id):
                    return

    async def _claim(self, id: str) -> bool:
        return await self._database.write(lambda tx: store.claim_link(tx, id, self._owner))

    async def _get(self, campaign_id: str) -> VaultLink:
        return await self._database.read(lambda tx: store.get_link(tx, campaign_id))

    def _tell(self, campaign_id: str) -> None:
        self._changes.announce(HINT, {"id": campaign_id})


def _news(report: Mapping[str, Any]) -> dict[str, Any]:
    """What of a report is worth telling a page."""
    return {name: one for name, one in report.items() if name not in ("looked_at", "counts")}
