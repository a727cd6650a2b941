"""The server, stopping in the middle of every long import until it is cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from ttrpg_assistant.archives import imports, restoring, transcripts
from ttrpg_assistant.archives.imports import Import, Imports
from ttrpg_assistant.cli import main

T = TypeVar("T")
LONG = 200_000
"""Bytes of a file, as unpacked."""
MIDDLE = range(20, 90)
"""Hundredths of the file, from and to which nothing goes on."""
held: set[str] = set()
note = Imports.note
unless_cancelled = imports.unless_cancelled


def note_and_hold(self: Imports, now: Import) -> None:
    """Hold what is in its middle, whatever ends lets go."""
    is_held = now.bytes_total > LONG and 100 * now.bytes_read // now.bytes_total in MIDDLE
    (held.add if is_held and now.state == "running" else held.discard)(now.id)
    note(self, now)


async def wait_in_the_middle(step: Awaitable[T]) -> T:
    """Take the step, and no other one while an import is held."""
    found = await unless_cancelled(step)
    while held:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    return found


if __name__ == "__main__":
    Imports.note = note_and_hold  # type: ignore[method-assign]
    restoring.unless_cancelled = transcripts.unless_cancelled = wait_in_the_middle  # type: ignore[attr-defined]
    main()
