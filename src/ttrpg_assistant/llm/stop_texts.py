"""Ends an answer where a text begins at which the program that asked wants it to end."""

from __future__ import annotations

from collections.abc import Iterable


class StopFilter:
    """Gives out what comes before the first of these texts, and nothing of it or after it. First
    is the one that is whole first, however the answer comes in.

    Only the end of what has come that may still become one of them is held back, so the work is
    bounded by the length of the answer times that of the texts.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self.ended = False
        """Whether one of the texts has come: stop the call."""
        self._texts = tuple(dict.fromkeys(text for text in texts if text))
        self._beginnings = {text[:n] for text in self._texts for n in range(1, len(text))}
        self._longest = max(map(len, self._beginnings), default=0)
        self._held = ""

    def feed(self, text: str) -> str:
        """The part of the answer that is known to come before all of them."""
        if self.ended or not self._texts:
            return "" if self.ended else text
        said = self._held + text
        places = ((one, said.find(one)) for one in self._texts)
        found = [(at + len(one), at) for one, at in places if at >= 0]
        if found:
            self.ended, self._held = True, ""
            return said[: min(found)[1]]
        keep = self._count_held(said)
        self._held = said[len(said) - keep :]
        return said[: len(said) - keep]

    def rest(self) -> str:
        """What is still held back when the answer has ended."""
        rest, self._held = self._held, ""
        return rest

    def _count_held(self, said: str) -> int:
        """How many characters at the end of `said` are the beginning of one of the texts."""
        longest = min(self._longest, len(said))
        return next((n for n in range(longest, 0, -1) if said[-n:] in self._beginnings), 0)
