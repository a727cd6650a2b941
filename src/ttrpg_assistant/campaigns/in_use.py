"""Who and what is in use: what a prompt tells of whatever is asked."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.declaration import E, EntityKind
from ttrpg_assistant.campaigns.mentions import EntityRef
from ttrpg_assistant.campaigns.model import KindName
from ttrpg_assistant.campaigns.store import prompt_reading as reading
from ttrpg_assistant.prompts.entity_facts import Why


def list_in_use(
    tx: Connection, kind: EntityKind[E], campaign_id: str, most: int
) -> list[tuple[E, Why]]:
    """Up to `most`, the present before the latest used, in the order in which they were made."""
    chosen: dict[str, tuple[E, Why]] = {
        one.id: (one, "present") for one in reading.list_present(tx, kind, campaign_id, most)
    }
    for recent in reading.list_recent(tx, kind, campaign_id, most):
        if len(chosen) == most:
            break
        chosen.setdefault(recent.id, (recent, "recent"))
    return [chosen[id] for id in sorted(chosen)]


def list_ids(refs: Iterable[EntityRef], kind: KindName) -> list[str]:
    """The ids of those that are of this kind."""
    return [ref.id for ref in refs if ref.kind == kind]
