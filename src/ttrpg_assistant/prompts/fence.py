"""Stands data apart from instructions (seed, "Delimiter-based security").

A block carries a nonce that nobody who wrote its content could know, so nothing inside can
say where it ends. A conversation keeps its nonce from turn to turn, or no prompt would begin
like the one before and no provider could reuse what it has read. It is derived from a secret
of the installation and stored nowhere; an answer that repeats it loses it before it is sent.
"""

from __future__ import annotations

import hmac
import re
import secrets
from typing import Literal

Fenced = Literal["CAMPAIGN", "CHARACTER", "CONVERSATION", "CURRENT"]
"""CURRENT is what belongs to one question alone: it is in the message that asks it."""

STAND_IN = "(marker)"
"""What is shown where a text tried to write a marker."""

Marked = Fenced | Literal["VOICE"]
"""What has markers. Only what is fenced is data; a voice is an instruction."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LENGTH = 10
"""Letters of a nonce: 47 bits. A guess costs a message, and letters cost few tokens."""
_NONCE = re.compile(rf"[a-z]{{{_LENGTH}}}\Z")


def new_nonce() -> str:
    """Ten unpredictable letters, for a prompt that is sent once."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def new_secret() -> str:
    """256 unpredictable bits as hexadecimal digits, to derive nonces from."""
    return secrets.token_hex(32)


def derive_nonce(secret: str, conversation_id: str) -> str:
    """The nonce of one conversation: the same each time, and nobody's to guess."""
    digest = hmac.digest(secret.encode(), f"fence {conversation_id}".encode(), "sha256")
    number = int.from_bytes(digest)
    letters: list[str] = []
    for _ in range(_LENGTH):
        number, letter = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[letter])
    return "".join(letters)


def begin_marker(what: Marked, nonce: str) -> str:
    """The line that opens a block. Raises ValueError for anything but a nonce of ours."""
    if _NONCE.match(nonce) is None:
        raise ValueError(f"A fence needs a nonce of {_LENGTH} small letters.")
    noun = what if what == "VOICE" else f"{what} DATA"
    return f"### {noun} BEGIN {nonce} ###"


def end_marker(what: Marked, nonce: str) -> str:
    """The line that closes the block that `begin_marker` opened."""
    return begin_marker(what, nonce).replace(" BEGIN ", " END ")


def without_nonce(text: str, nonce: str) -> str:
    """The text with a stand-in for every nonce in it, however it is cased."""
    if nonce not in text.lower():
        return text
    return re.sub(nonce, STAND_IN, text, flags=re.IGNORECASE)


def fence(what: Fenced, content: str, nonce: str) -> str:
    """The content between its markers, each on a line of its own.

    Should the content hold the nonce after all (a model's answer that repeated it), it is
    taken out of it.
    """
    inside = without_nonce(content, nonce)
    return f"{begin_marker(what, nonce)}\n{inside}\n{end_marker(what, nonce)}"
