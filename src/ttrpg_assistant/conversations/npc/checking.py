"""Checking what is said to an NPC without holding up those who talk meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

AT_ONCE = 4_000
"""Characters checked in about 10 ms; a longer text is checked in a thread."""

_ONE_BY_ONE = ThreadPoolExecutor(1, thread_name_prefix="spoken-check")
"""However many long texts come together, they compete with everybody else as one thread does."""


async def check_aside(check_input: Callable[[str], None], text: str) -> None:
    """Check the text. Raises what `check_input` raises: `Blocked`, `TooLarge`."""
    if len(text) <= AT_ONCE:
        check_input(text)
    else:
        await asyncio.get_running_loop().run_in_executor(_ONE_BY_ONE, check_input, text)
