"""Wrong tokens are slowed, each address by itself.

After ten different wrong ones an address is answered 429 with a pause that doubles. What is right
is let in all the same: another program at the same address must not be able to lock its owner
out. What protects a token is its length; this keeps guessing from costing anything else.
"""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from dataclasses import dataclass, field

from ttrpg_assistant.errors import TooManyAttempts

FREE = 10
"""Different wrong tokens that an address may try before it is slowed."""

LONGEST_PAUSE_SECONDS = 60.0
FORGOTTEN_SECONDS = 900.0
"""After so long without a wrong token an address begins anew."""

MOST_ADDRESSES = 1024
REMEMBERED = 32
"""Wrong tokens remembered for each address: trying one again is no new guess."""


@dataclass(slots=True)
class _Address:
    wrong: int = 0
    until: float = 0.0
    last: float = 0.0
    tried: OrderedDict[str, None] = field(default_factory=OrderedDict)


class Attempts:
    """Counts wrong tokens. Times are in seconds on the monotonic clock."""

    def __init__(self) -> None:
        self._addresses: OrderedDict[str, _Address] = OrderedDict()

    def has_tried(self, address: str, hashed: str) -> bool:
        """Whether this wrong token was refused at this address before."""
        known = self._addresses.get(_network_of(address))
        return known is not None and hashed in known.tried

    def check_pause(self, address: str) -> None:
        """Raises `TooManyAttempts` while the address has to wait."""
        known = self._addresses.get(_network_of(address))
        left = 0.0 if known is None else known.until - time.monotonic()
        if left > 0:
            raise TooManyAttempts(retry_after=left)

    def note_wrong(self, address: str, hashed: str) -> None:
        """Count a wrong token. Raises `TooManyAttempts` when the address has to wait."""
        now = time.monotonic()
        key = _network_of(address)
        known = self._addresses.pop(key, None)
        if known is None or now - known.last > FORGOTTEN_SECONDS:
            known = _Address()
        self._addresses[key] = known
        if len(self._addresses) > MOST_ADDRESSES:
            self._addresses.popitem(last=False)
        pause = known.until - now
        known.last = now
        known.tried[hashed] = None
        if len(known.tried) > REMEMBERED:
            known.tried.popitem(last=False)
        if pause <= 0:
            known.wrong += 1
            beyond = known.wrong - FREE
            if beyond <= 0:
                return
            pause = (
                min(2.0 ** (beyond - 1), LONGEST_PAUSE_SECONDS)
                if beyond < 10
                else (LONGEST_PAUSE_SECONDS)
            )
            known.until = now + pause
        raise TooManyAttempts(retry_after=pause)


def _network_of(address: str) -> str:
    """An IPv6 machine has a whole /64 to itself, so that is what counts as one address."""
    if ":" not in address:
        return address
    try:
        parsed = ipaddress.IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((parsed, 64), strict=False))
