"""A campaign and a folder that are synced, with both sides changed by hand."""

from __future__ import annotations

import os
import time
from itertools import count
from pathlib import Path
from typing import Any

from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.campaigns.registry import get_kind
from ttrpg_assistant.campaigns.store import edits, entities
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.vaults.model import Answers
from ttrpg_assistant.vaults.telling import tell_status
from ttrpg_assistant.vaults.vaults import Vaults

_MOMENTS = count(1)


def settle(path: Path) -> None:
    """Let a file look as if it was written a while ago, each at another moment."""
    moment = time.time_ns() - 3_600 * 10**9 + next(_MOMENTS) * 10**6
    os.utime(path, ns=(moment, moment))


class VaultTable:
    """The folder is `folder`, the campaign `campaign`."""

    def __init__(self, database: Database, folder: Path, campaign: str) -> None:
        self.database, self.folder, self.campaign = database, folder, campaign
        self.vaults = Vaults(database, Changes(), new_id(), folder.parent / "data")

    @classmethod
    async def lay(cls, database: Database, place: Path) -> VaultTable:
        """An empty campaign and an empty folder, not linked yet."""
        folder = place / "Notes"
        folder.mkdir()
        (place / "data").mkdir(exist_ok=True)
        values = CAMPAIGN.check_new({"name": "Marsh"})
        made = await database.write(lambda tx: edits.add_entity(tx, CAMPAIGN, None, values))
        return cls(database, folder, made.id)

    async def link(self) -> Any:
        """Link both and sync them."""
        await self.vaults.link(self.campaign, str(self.folder))
        return await self.sync()

    async def sync(self, answers: Answers | None = None) -> Any:
        """Look at both; how it is then."""
        return tell_status(await self.vaults.sync(self.campaign, answers))

    def write(self, name: str, text: str | bytes) -> Path:
        """Write a note, as an editor does."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        settle(path)
        return path

    def read(self, name: str) -> str:
        """The text of a note."""
        return (self.folder / name).read_bytes().decode()

    def replace(self, name: str, was: str, now: str) -> None:
        """Change words in a note."""
        text = self.read(name)
        assert was in text, text
        self.write(name, text.replace(was, now))

    def names(self) -> list[str]:
        """The notes that are there."""
        found = (one.relative_to(self.folder).as_posix() for one in self.folder.rglob("*.md"))
        return sorted(found)

    async def add(self, kind: str, **values: Any) -> Any:
        """Make a thing here."""
        declared = get_kind(kind)
        checked = declared.check_new(values)
        return await self.database.write(
            lambda tx: edits.add_entity(tx, declared, self.campaign, checked)
        )

    async def get(self, kind: str, id: str) -> Any:
        """A thing as it is here."""
        return await self.database.read(lambda tx: entities.get_entity(tx, get_kind(kind), id))

    async def change(self, kind: str, id: str, **changes: Any) -> Any:
        """Change a thing here."""
        declared = get_kind(kind)
        checked = declared.check_changes(changes)

        def work(tx: Any) -> Any:
            now = entities.get_entity(tx, declared, id)
            return edits.edit_entity(tx, declared, id, now.revision, checked)

        return await self.database.write(work)

    async def things(self, kind: str) -> dict[str, Any]:
        """The things of a kind here, by name."""
        from ttrpg_assistant.exports.store.reading import iterate_entities

        declared = get_kind(kind)

        def work(tx: Any) -> dict[str, Any]:
            pages = iterate_entities(tx, declared, self.campaign, with_archived=True)
            return {str(getattr(one, declared.name_field)): one for page in pages for one in page}

        return await self.database.read(work)
