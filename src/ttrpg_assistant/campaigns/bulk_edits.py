"""Tags and audience of many things at once, and the tags of a campaign.

One call is one transaction. A thing is changed as it was asked or left alone, and what was left
alone is said with its reason. Adding and removing tags is meant whatever else was edited, so no
revision is asked for; each thing that changes gets its next revision and an entry in its history.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.campaigns import checks
from ttrpg_assistant.campaigns.store import bulk_edits
from ttrpg_assistant.campaigns.store.bulk_edits import (
    BulkChange,
    BulkResult,
    MadeEdit,
    Picked,
    TagCount,
)
from ttrpg_assistant.errors import InvalidInput, TooLarge
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.storage.database import Database

MOST_AT_ONCE = 500
"""Things that one call may change: as many as a list shows."""


class BulkEdits:
    """Edits of many things of a campaign at once."""

    def __init__(self, database: Database, changes: Changes) -> None:
        self._database, self._changes = database, changes

    async def edit(
        self,
        campaign_id: str,
        things: Sequence[Picked],
        *,
        add_tags: Sequence[str] = (),
        remove_tags: Sequence[str] = (),
        audience: str | None = None,
        known_to: Sequence[Any] | None = None,
    ) -> BulkResult:
        """Add and remove tags of these things and set who may know of them.

        Raises `NotFound` without such a campaign, `InvalidInput` when nothing is asked for or a
        tag is both added and removed, `TooLarge` for more than `MOST_AT_ONCE` things.
        """
        _check_number(things)
        change = BulkChange(
            add_tags=tuple(checks.check_names("add_tags", list(add_tags))),
            remove_tags=frozenset(checks.check_names("remove_tags", list(remove_tags))),
            audience=audience,
            known_to=(
                None if known_to is None else checks.check_known_to("known_to", list(known_to))
            ),
        )
        both = sorted(change.remove_tags.intersection(change.add_tags))
        if both:
            raise InvalidInput(
                f"The tag {both[0]} cannot be added and removed at once.",
                facts={"field": "remove_tags"},
            )
        if change.is_nothing:
            raise InvalidInput(
                "Nothing is asked for: name tags to add or remove, or an audience.",
                facts={"field": "add_tags"},
            )
        return await self._write(
            campaign_id, lambda tx: bulk_edits.edit_many(tx, campaign_id, things, change)
        )

    async def undo(self, campaign_id: str, edits: Sequence[MadeEdit]) -> BulkResult:
        """Take back what `edit` changed, each thing by the revision that made. What was changed
        again since is left alone. Raises `NotFound` without such a campaign, `TooLarge`."""
        _check_number(edits)
        return await self._write(
            campaign_id, lambda tx: bulk_edits.undo_many(tx, campaign_id, edits)
        )

    async def list_tags(
        self, campaign_id: str, *, kind: str | None = None, search: str = "", limit: int = 200
    ) -> tuple[TagCount, ...]:
        """The tags of what is in use in the campaign, the commonest first; `search` finds a part
        of one. Raises `NotFound` without such a campaign or kind."""
        return await self._database.read(
            lambda tx: bulk_edits.count_tags(
                tx, campaign_id, kind_name=kind, search=search, limit=limit
            )
        )

    async def _write(
        self, campaign_id: str, work: Callable[[Connection], BulkResult]
    ) -> BulkResult:
        return await self._changes.write(
            self._database,
            work,
            lambda result: [("campaign", {"id": campaign_id})] if result.changed else [],
        )


def _check_number(things: Sequence[object]) -> None:
    if len(things) > MOST_AT_ONCE:
        raise TooLarge(
            f"At most {MOST_AT_ONCE} things can be changed at once.",
            facts={"field": "things", "limit": MOST_AT_ONCE},
        )
