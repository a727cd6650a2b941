"""Hints that something has changed, told to every page that listens.

A hint carries no content: it names what changed, and the page pulls. Hints about the
same thing replace each other while a page is slow, so a follower never falls behind by
more than one hint a thing and never makes the server remember more.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

Hint = tuple[str, dict[str, Any]]


class Changes:
    """Where hints are announced (after commit) and followed."""

    def __init__(self) -> None:
        self._followers: set[_Follower] = set()
        self._closed = False

    def announce(self, name: str, content: dict[str, Any]) -> None:
        """Tell every follower. Must be called on the event loop."""
        for follower in self._followers:
            follower.put(name, content)

    def close(self) -> None:
        """End every follower: the server is going down."""
        self._closed = True
        for follower in self._followers:
            follower.ready.set()

    @property
    def follower_count(self) -> int:
        """How many pages listen."""
        return len(self._followers)

    async def follow(self, idle_seconds: float) -> AsyncIterator[Hint | None]:
        """Hints as they come; None whenever nothing happened for `idle_seconds`."""
        follower = _Follower()
        self._followers.add(follower)
        try:
            while not self._closed:
                try:
                    async with asyncio.timeout(idle_seconds):
                        await follower.ready.wait()
                except TimeoutError:
                    yield None
                    continue
                for hint in follower.take():
                    yield hint
        finally:
            self._followers.discard(follower)


class _Follower:
    """The newest hint about each thing that this page has not been told yet."""

    def __init__(self) -> None:
        self.ready = asyncio.Event()
        self._waiting: dict[tuple[str, Any], Hint] = {}

    def put(self, name: str, content: dict[str, Any]) -> None:
        self._waiting[(name, content.get("id"))] = (name, content)
        self.ready.set()

    def take(self) -> list[Hint]:
        hints = list(self._waiting.values())
        self._waiting.clear()
        self.ready.clear()
        return hints
