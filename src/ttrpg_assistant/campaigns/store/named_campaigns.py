"""A campaign that somebody names on the command line: by its id or by what it is called."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.kinds.campaign import KIND as CAMPAIGN
from ttrpg_assistant.campaigns.store.entities import find_entity
from ttrpg_assistant.campaigns.store.listing import list_entities
from ttrpg_assistant.errors import InvalidInput, NotFound

MOST_LISTED = 500
"""Campaigns that one name is looked for in."""


def get_named_campaign(tx: Connection, named: str) -> str:
    """The id of a campaign. Raises `NotFound`, and `InvalidInput` where several are called so."""
    id = named.strip().lower()
    if find_entity(tx, CAMPAIGN, id) is not None:
        return id
    page = list_entities(tx, CAMPAIGN, search=named, archived=None, limit=MOST_LISTED)
    return choose_campaign(named, [(one.id, one.name) for one in page.items])


def choose_campaign(named: str, listed: Sequence[tuple[str, str]]) -> str:
    """The id of the one that is called so, of ids and names that a search found. Raises
    `NotFound`, and `InvalidInput` where several are."""
    same = [one for one in listed if one[1].casefold() == named.strip().casefold()]
    found = same or listed
    if len(found) == 1:
        return found[0][0]
    if not found:
        raise NotFound(
            "There is no campaign of this name.",
            cure="Give its name or its id: the end of the address of its page.",
        )
    names = "; ".join(f"{name} ({id})" for id, name in found[:10])
    raise InvalidInput(
        f"{len(found)} campaigns are called like this: {names}.",
        code="ambiguous_name",
        cure="Give the id of one of them.",
    )
