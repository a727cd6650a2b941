"""Keeps the key out of what an answer says.

A gateway that shows what it was sent, or a server that answers with its own log, can put the key
into the text. It would be stored, searched and exported like any other word.
"""

from __future__ import annotations

from typing import Final

STAND_IN: Final = "[key]"

SHORTEST_KEY: Final = 16
"""Shorter ones, and those without a digit, may be words ("password", "lm-studio") that people put
where a server of their own wants any key at all: a story must be able to say them."""


class KeyInText:
    """Replaces the key in a text that comes in pieces, cut anywhere.

    A piece is held back only where its end may be the beginning of the key.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._first = secret[0]
        self._reach = len(secret) - 1
        self._held = ""

    def feed(self, text: str) -> str:
        """What of the text so far can be said."""
        if self._held:
            text, self._held = self._held + text, ""
        elif self._first not in text:
            return text
        secret = self._secret
        if secret in text:
            text = text.replace(secret, STAND_IN)
        at = text.find(self._first, max(0, len(text) - self._reach))
        while at >= 0:
            if secret.startswith(text[at:]):
                self._held = text[at:]
                return text[:at]
            at = text.find(self._first, at + 1)
        return text

    def rest(self) -> str:
        """What is still held back when the answer has ended: it was not the key."""
        held, self._held = self._held, ""
        return held


def keep_out(secret: str | None) -> KeyInText | None:
    """The filter for a key; None where there is none, or one that may be an ordinary word."""
    if secret is None or len(secret) < SHORTEST_KEY or not any(map(str.isdigit, secret)):
        return None
    return KeyInText(secret)
