"""Identity and time: UUIDv7 ids and the one spelling of a moment.

Moments are kept and sent as RFC 3339 text in UTC, always 27 characters
(``2026-11-22T09:30:00.000000Z``), so text order is time order on every database
and nothing has to be converted on the way to the page.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

import uuid_utils

from ttrpg_assistant import clock
from ttrpg_assistant.errors import InvalidInput

MOMENT_CHARACTERS = 27
"""The length of every moment."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")


def new_id() -> str:
    """A new UUIDv7 as text. It is identity only: order comes from `seq`, never from an id."""
    return str(uuid_utils.uuid7())


def check_id(value: str, what: str = "id") -> str:
    """The id in its canonical spelling, or `InvalidInput` when it is not a UUID.

    Clients make ids too (they are the idempotency keys of messages), so any
    version of UUID is accepted.
    """
    lowered = value.lower()
    if _UUID.match(lowered) is None:
        raise InvalidInput(f"The {what} is not a valid identifier.", code="invalid_id")
    return lowered


def utc_now() -> str:
    """This moment, in the spelling the module describes."""
    return clock.spell(clock.wall_now())


def spell_moment(moment: datetime) -> str:
    """An aware datetime in the spelling the module describes."""
    return clock.spell(moment)


def spell_epoch(seconds: float) -> str:
    """Seconds since 1970 in the spelling the module describes."""
    return clock.spell(datetime.fromtimestamp(seconds, UTC))
