"""What talk may be tied to: things that exist, and all of one campaign.

Every write of a link goes through `check_links`. Talk about one campaign that hangs on another
one's game session or NPC would bring the facts of one table into the prompts of the other.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, column, select, table

from ttrpg_assistant.errors import InvalidInput, NotFound

_OWNED = {
    "game_session_id": (
        table("game_sessions", column("id"), column("campaign_id")),
        "game session",
    ),
    "npc_id": (table("npcs", column("id"), column("campaign_id")), "NPC"),
    "wizard_id": (table("wizards", column("id"), column("campaign_id")), "wizard"),
}
"""The links besides the campaign itself, the table of each, and what it is called."""

_CAMPAIGNS = table("campaigns", column("id"))

LINKS = frozenset({"campaign_id", *_OWNED})


def check_links(tx: Connection, links: Mapping[str, str | None]) -> None:
    """Check the links that a conversation would have, all of them at once.

    A thing that belongs to no campaign yet (a wizard at work) may be linked under any, and a game
    session without a campaign stays: a chat that left the table still says where it was held.
    Raises `NotFound` for a thing that does not exist, `InvalidInput` for things of two campaigns.
    """
    campaign_id = links.get("campaign_id")
    if links.get("campaign_id") is not None:
        wanted = select(_CAMPAIGNS.c.id).where(_CAMPAIGNS.c.id == links["campaign_id"])
        if tx.execute(wanted).first() is None:
            raise _missing("campaign")
    for name, (owner, noun) in _OWNED.items():
        linked_id = links.get(name)
        if linked_id is None:
            continue
        found = tx.execute(select(owner.c.campaign_id).where(owner.c.id == linked_id)).first()
        if found is None:
            if name != "wizard_id":  # a plain id: it may be named before it is stored
                raise _missing(noun)
        elif campaign_id is not None and found[0] not in (None, campaign_id):
            raise InvalidInput(
                f"This {noun} belongs to another campaign; nothing was changed.",
                code="link_across_campaigns",
                cure=f"Choose a {noun} of the same campaign.",
                facts={"field": name},
            )


def _missing(noun: str) -> NotFound:
    return NotFound(
        f"There is no such {noun} to link to.",
        code="link_target_not_found",
        cure="Reload the page: it may have been deleted meanwhile.",
    )
