"""Folders from the command line: of the server that runs on the data folder, or without one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from ttrpg_assistant.campaigns.registry import get_kind
from ttrpg_assistant.ids import check_id
from ttrpg_assistant.imports.command_line import ask_campaign
from ttrpg_assistant.vaults import store
from ttrpg_assistant.vaults.ports import VaultServer
from ttrpg_assistant.vaults.telling import tell_status
from ttrpg_assistant.vaults.vaults import Vaults

MOST_LISTED = 30

_STATES = {
    "new": "Not synced yet.",
    "synced": "Synced.",
    "paused": "Paused: nothing is changed on either side.",
    "elsewhere": "Another server is syncing this folder.",
}
_QUESTIONS = {
    "conflict": "{label} was changed here and in the note",
    "note_gone": "the note is gone, the thing is still here",
    "thing_gone": "the thing was archived or deleted, its note is still there",
    "emptied": "the note is empty now",
    "kind": "a new note that does not say what it is",
}


class VaultsHere:
    """Folders without a server: the database is opened meanwhile."""

    def __init__(self, vaults: Vaults) -> None:
        self._vaults = vaults

    async def get_campaign(self, named: str) -> str:
        """The id of a campaign that is named by its id or by what it is called."""
        return await self._vaults.get_campaign(named)

    async def link(self, campaign_id: str, folder: str) -> None:
        """Link a campaign with a folder."""
        await self._vaults.link(check_id(campaign_id), folder)

    async def unlink(self, campaign_id: str) -> None:
        """Unlink it."""
        await self._vaults.unlink(check_id(campaign_id))

    async def get(self, campaign_id: str) -> Any:
        """How it is."""
        return tell_status(await self._vaults.get(check_id(campaign_id)))

    async def sync(self, campaign_id: str) -> Any:
        """Look at both sides now; how it is then."""
        return tell_status(await self._vaults.sync(check_id(campaign_id)))


class VaultsOfServer:
    """Folders of a server that runs."""

    def __init__(self, server: VaultServer) -> None:
        self._server = server

    async def get_campaign(self, named: str) -> str:
        """The id of a campaign that is named by its id or by what it is called."""
        return await asyncio.to_thread(ask_campaign, self._server.ask, named)

    async def link(self, campaign_id: str, folder: str) -> None:
        """Link a campaign with a folder."""
        await self._ask("PUT", campaign_id, "", {"folder": folder})

    async def unlink(self, campaign_id: str) -> None:
        """Unlink it."""
        await self._ask("DELETE", campaign_id, "")

    async def get(self, campaign_id: str) -> Any:
        """How it is."""
        found = (await self._ask("GET", campaign_id, ""))["vault"]
        if found is None:
            raise store.not_linked()
        return found

    async def sync(self, campaign_id: str) -> Any:
        """Look at both sides now; how it is then."""
        told = await self._ask("POST", campaign_id, "/sync", {})
        while told["is_looking"]:
            await asyncio.sleep(0.3)
            told = await self.get(campaign_id)
        return told

    async def _ask(self, method: str, campaign_id: str, what: str, body: Any = None) -> Any:
        path = f"/api/campaigns/{check_id(campaign_id)}/vault{what}"
        return await asyncio.to_thread(self._server.ask, method, path, body)


def spell_status(told: Any) -> Iterator[str]:
    """The state of a folder, line by line."""
    yield f"Folder: {told['folder']}"
    yield told["sentence"] or _STATES.get(told["state"], told["state"])
    if told["cure"]:
        yield told["cure"]
    yield f"Notes synced: {told['notes']:,}. Last synced: {told['synced_at'] or 'never'}."
    if told["question_count"]:
        yield f"{told['question_count']:,} wait for you. Answer them on the page, under Import:"
    for one in told["questions"][:MOST_LISTED]:
        yield f"  {_spell_question(one)}"
    for one in told["faults"][:MOST_LISTED]:
        yield f"! {one['path']}: {one['sentence']}"


def _spell_question(one: Any) -> str:
    if one["question"] == "many_gone":
        return f"{one['count']:,} of {one['of']:,} notes are gone at once"
    said = _QUESTIONS[one["question"]].format(label=one.get("label", ""))
    noun = get_kind(one["kind"]).noun
    return f"{noun} {one['name']} ({one['path']}): {said}"
