"""Checking what is said to an NPC without holding up those who talk meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

AT_ONCE = 4_000
"""Characters checked in about 10 ms; a longer text is checked in a thread."""


async def check_aside(check_input: Callable[[str], None], text: str) -> None:
    """Check the text. Raises what `check_input` raises: `Blocked`, `TooLarge`."""
    if len(text) <= AT_ONCE:
        check_input(text)
    else:
        await asyncio.to_thread(check_input, text)
