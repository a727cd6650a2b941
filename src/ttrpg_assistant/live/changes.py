"""Hints that something has changed, told to every page that listens.

A hint carries no content: it names what changed, and the page pulls. Hints about the
same thing replace each other while a page is slow, so a follower never falls behind by
more than one hint a thing and never makes the server remember more.

Where several servers share a database, a hint is stored with the change itself, and the pages of
the others hear of it from there (`live.shared_changes`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any, Literal

from sqlalchemy import Connection

from ttrpg_assistant.storage.database import Database, T, Work
from ttrpg_assistant.storage.server_rows import add_changes

Hint = tuple[str, dict[str, Any]]
Origin = Literal["here", "elsewhere"]
"""Whether this server or another one made a change."""


class Changes:
    """Where hints are announced (after commit) and followed.

    `server` is this server's name where others use the same database, None where it is alone.
    """

    def __init__(self, server: str | None = None) -> None:
        self._server = server
        self._followers: set[_Follower] = set()
        self._closed = False
        self._told: set[int] = set()
        self._unstored: dict[tuple[str, Any], Hint] = {}

    async def write(
        self,
        database: Database,
        work: Work[T],
        hints: Callable[[T], Iterable[Hint]],
        *,
        tell_here: bool = True,
    ) -> T:
        """Run the work as `Database.write` does, and tell every page of every server what it
        changed: `hints` says that of its value. Raises what `Database.write` does; nobody is told
        then. Without `tell_here` the caller tells its own pages when it is time (`announce_here`).
        """
        server = self._server
        if server is None:
            value = await database.write(work)
            if tell_here:
                self._tell_here(hints(value))
            return value
        written, told, numbers = await database.write(lambda tx: _write(tx, server, work, hints))
        self.note_told(numbers)
        if tell_here:
            self._tell_here(told)
        return written

    def announce(self, name: str, content: dict[str, Any]) -> None:
        """Tell every follower of what no write of `write` changed, those of other servers a moment
        later. Must be called on the event loop."""
        self._tell(name, content, "here")
        if self._server is not None:
            self._unstored[(name, content.get("id"))] = (name, content)

    def announce_here(self, name: str, content: dict[str, Any]) -> None:
        """Tell the followers of this server alone. Must be called on the event loop."""
        self._tell(name, content, "here")

    def take_unstored(self) -> list[Hint]:
        """What was announced without a write since the last time, for the other servers."""
        taken, self._unstored = self._unstored, {}
        return list(taken.values())

    def put_back(self, hints: Iterable[Hint]) -> None:
        """These could not be stored."""
        self._unstored = {(hint[0], hint[1].get("id")): hint for hint in hints} | self._unstored

    def note_told(self, numbers: Iterable[int]) -> None:
        """The stored hints of these numbers have been told here."""
        self._told.update(numbers)

    def forget_told(self, before: int) -> None:
        """Nobody asks for numbers before this one any more."""
        self._told = {number for number in self._told if number >= before}

    def announce_stored(self, number: int, server: str, name: str, content: dict[str, Any]) -> None:
        """Tell the followers of a stored hint, unless this server has told them already."""
        if number in self._told:
            self._told.discard(number)
            return
        # Of this server's own: whoever wrote it was cancelled, or did not hear that it is stored.
        self._tell(name, content, "here" if server == self._server else "elsewhere")

    def _tell_here(self, hints: Iterable[Hint]) -> None:
        for name, content in hints:
            self._tell(name, content, "here")

    def _tell(self, name: str, content: dict[str, Any], origin: Origin) -> None:
        for follower in self._followers:
            if follower.origin in (None, origin):
                follower.put(name, content)

    def close(self) -> None:
        """End every follower: the server is going down."""
        self._closed = True
        self.restart_followers()

    def restart_followers(self) -> None:
        """End every page's following, so that it begins anew: what changed is not known."""
        for follower in self._followers:
            follower.has_ended = self._closed or follower.origin is None
            follower.ready.set()

    @property
    def follower_count(self) -> int:
        """How many pages listen."""
        return sum(follower.origin is None for follower in self._followers)

    async def follow(
        self,
        idle_seconds: float,
        origin: Origin | None = None,
        is_wanted: Callable[[Hint], bool] | None = None,
    ) -> AsyncIterator[Hint | None]:
        """Hints as they come, of all servers or of one origin, and of these only what is wanted;
        None whenever nothing happened for `idle_seconds`.

        Say what is wanted: every follower that is woken for nothing holds up the answer to what
        was just said.
        """
        follower = _Follower(origin, is_wanted)
        self._followers.add(follower)
        try:
            while not self._closed and not follower.has_ended:
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


def is_of_talk(hint: Hint) -> bool:
    """Whether it says that a conversation went on."""
    return hint[0] == "conversation"


def _write(
    tx: Connection, server: str, work: Work[T], hints: Callable[[T], Iterable[Hint]]
) -> tuple[T, list[Hint], list[int]]:
    value = work(tx)
    told = list(hints(value))
    return value, told, add_changes(tx, server, told) if told else []


class _Follower:
    """The newest hint about each thing that this page has not been told yet."""

    def __init__(self, origin: Origin | None, is_wanted: Callable[[Hint], bool] | None) -> None:
        self.origin = origin
        self.has_ended = False
        self.ready = asyncio.Event()
        self._is_wanted = is_wanted
        self._waiting: dict[tuple[str, Any], Hint] = {}

    def put(self, name: str, content: dict[str, Any]) -> None:
        hint = (name, content)
        if self._is_wanted is not None and not self._is_wanted(hint):
            return
        self._waiting[(name, content.get("id"))] = hint
        self.ready.set()

    def take(self) -> list[Hint]:
        hints = list(self._waiting.values())
        self._waiting.clear()
        self.ready.clear()
        return hints
