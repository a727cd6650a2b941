"""The server, whose looks for contradictions wait while the file `TEST_LOOKS_HELD` is there."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

from ttrpg_assistant.cli import main
from ttrpg_assistant.continuity import continuity
from ttrpg_assistant.continuity.continuity import Continuity

HELD = Path(os.environ["TEST_LOOKS_HELD"])
look = Continuity._look


async def look_later(self: Continuity, campaign_id: str) -> Any:
    """Look when nothing holds it any more."""
    while HELD.exists():  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    return await look(self, campaign_id)


if __name__ == "__main__":
    Continuity._look = look_later  # type: ignore[method-assign]
    continuity.LOOK_SECONDS = 0.2
    main()
