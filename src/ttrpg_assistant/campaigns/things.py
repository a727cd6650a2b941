"""Things of every kind by one set of use cases: what the generic operations and the page call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ttrpg_assistant.campaigns.entities import Entities
from ttrpg_assistant.campaigns.model import KindName
from ttrpg_assistant.campaigns.ports import RecordRemoval
from ttrpg_assistant.campaigns.registry import get_kind
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database


class Things:
    """The use cases of each kind of thing, by its name."""

    def __init__(
        self,
        database: Database,
        changes: Changes,
        record_removal: RecordRemoval,
        own: Mapping[KindName, Entities[Any]],
    ) -> None:
        """`own` are the kinds whose use cases are more than these."""
        self._database, self._changes, self._record_removal = database, changes, record_removal
        self._own = own

    def of_kind(self, name: KindName) -> Entities[Any]:
        """Its use cases. Raises `NotFound` when there is no such kind of thing."""
        kind = get_kind(name)
        if not kind.is_thing:
            raise NotFound(f"There are no things of this kind: {kind.noun}.", facts={"kind": name})
        if name in self._own:
            return self._own[name]
        return Entities(self._database, self._changes, self._record_removal, kind)

    async def get(self, campaign_id: str, name: KindName, id: str) -> Any:
        """One of this campaign's things. Raises `NotFound`."""
        found = await self.of_kind(name).get(id)
        if found.campaign_id != campaign_id:
            noun = get_kind(name).noun
            raise NotFound(f"There is no such {noun}.", facts={"kind": name, "id": id})
        return found

    async def restore(self, campaign_id: str, name: KindName, id: str) -> Any:
        """Take back the last step with one of this campaign's things. Raises `NotFound`."""
        return await self.of_kind(name).restore(id, campaign_id=campaign_id)
