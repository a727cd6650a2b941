"""Stands data apart from instructions (seed, "Delimiter-based security").

A block carries a nonce that nobody who wrote its content could know, so nothing inside can
say where it ends. The nonce is made once a request, by the caller: rendering stays pure.
"""

from __future__ import annotations

import re
import secrets
from typing import Literal

Fenced = Literal["CAMPAIGN", "CHARACTER", "CONVERSATION"]

STAND_IN = "(marker)"
"""What is shown where a field tried to write a marker."""

Marked = Fenced | Literal["VOICE"]
"""What has markers. Only what is fenced is data; a voice is an instruction."""

_NONCE = re.compile(r"[0-9a-f]{32}\Z")


def new_nonce() -> str:
    """128 unpredictable bits as 32 hexadecimal digits."""
    return secrets.token_hex(16)


def begin_marker(what: Marked, nonce: str) -> str:
    """The line that opens a block. Raises ValueError for anything but a nonce of `new_nonce`."""
    if _NONCE.match(nonce) is None:
        raise ValueError("A fence needs a nonce of 32 hexadecimal digits.")
    noun = what if what == "VOICE" else f"{what} DATA"
    return f"### {noun} BEGIN {nonce} ###"


def end_marker(what: Marked, nonce: str) -> str:
    """The line that closes the block that `begin_marker` opened."""
    return begin_marker(what, nonce).replace(" BEGIN ", " END ")


def fence(what: Fenced, content: str, nonce: str) -> str:
    """The content between its markers, each on a line of its own.

    Should the content hold the nonce after all (a model's answer that was kept, a nonce used
    twice), it is taken out of it.
    """
    inside = content.replace(nonce, STAND_IN)
    return f"{begin_marker(what, nonce)}\n{inside}\n{end_marker(what, nonce)}"
