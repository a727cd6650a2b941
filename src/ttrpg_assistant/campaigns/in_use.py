"""Who and what is in use: what a prompt tells of whatever is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.declaration import E, EntityKind
from ttrpg_assistant.campaigns.mentions import EntityRef
from ttrpg_assistant.campaigns.model import KindName
from ttrpg_assistant.campaigns.seen import choose_seen
from ttrpg_assistant.campaigns.store import prompt_reading as reading
from ttrpg_assistant.prompts.entity_facts import Why


def list_in_use(
    tx: Connection,
    kind: EntityKind[E],
    campaign_id: str,
    most: int,
    is_seen: Callable[[E], bool] = lambda one: True,
) -> list[tuple[E, Why]]:
    """Up to `most` of those that may be seen, the present before the latest used, in the order in
    which they were made."""
    whose = (tx, kind, campaign_id)
    present = choose_seen(lambda count: reading.list_present(*whose, count), is_seen, most)
    chosen: dict[str, tuple[E, Why]] = {one.id: (one, "present") for one in present}
    if len(chosen) == most:
        return [chosen[id] for id in sorted(chosen)]
    for recent in choose_seen(lambda count: reading.list_recent(*whose, count), is_seen, most):
        if len(chosen) == most:
            break
        chosen.setdefault(recent.id, (recent, "recent"))
    return [chosen[id] for id in sorted(chosen)]


def list_ids(refs: Iterable[EntityRef], kind: KindName) -> list[str]:
    """The ids of those that are of this kind."""
    return [ref.id for ref in refs if ref.kind == kind]
