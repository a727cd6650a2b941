"""Tasks of synced folders: however one ends, it is logged."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import structlog

from ttrpg_assistant.errors import Fault

log = structlog.get_logger(__name__)

T = TypeVar("T")


def begin(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """A task whose fault or bug is logged, also where nobody waits for it."""
    task = asyncio.create_task(work)
    task.add_done_callback(_see_end)
    return task


async def run_while(work: Coroutine[Any, Any, None], held: Coroutine[Any, Any, None]) -> bool:
    """Do the work for as long as `held` goes on; False where that ended first, and the work with
    it. Raises what the work raises."""
    working, holding = asyncio.create_task(work), asyncio.create_task(held)
    try:
        await asyncio.wait((working, holding), return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
            return True
        holding.result()
        return False
    finally:
        working.cancel()
        holding.cancel()
        await asyncio.gather(working, holding, return_exceptions=True)


def _see_end(task: asyncio.Task[Any]) -> None:
    if task.cancelled() or (error := task.exception()) is None:
        return
    if isinstance(error, Fault):
        log.info("vault.postponed", code=error.code)
    else:
        log.error("vault.broke", exc_info=error)
