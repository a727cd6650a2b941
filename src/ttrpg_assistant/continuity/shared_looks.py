"""One look through a campaign for all who ask for one at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import structlog

T = TypeVar("T")

log = structlog.get_logger(__name__)


class SharedLooks(Generic[T]):
    """Looks that are shared: whoever asks while one is under way waits, with all others who do,
    for the next. So each answer knows what was written before it was asked for, and of one
    campaign only one is looked through at a time."""

    def __init__(self, look: Callable[[str], Awaitable[T]]) -> None:
        self._look = look
        self._running: dict[str, asyncio.Task[T]] = {}
        self._next: dict[str, asyncio.Task[T]] = {}

    def ask(self, campaign_id: str) -> asyncio.Task[T]:
        """The look that begins now or when the one that is under way has ended. It goes on when
        whoever asked stops waiting; it must not be cancelled."""
        waiting = self._next.get(campaign_id)
        if waiting is not None:
            return waiting
        task = asyncio.create_task(self._run(campaign_id, self._running.get(campaign_id)))
        self._next[campaign_id] = task
        task.add_done_callback(_hear)
        return task

    async def _run(self, campaign_id: str, before: asyncio.Task[T] | None) -> T:
        me = asyncio.current_task()
        assert me is not None
        try:
            if before is not None:
                await asyncio.wait([before])
            self._running[campaign_id] = self._next.pop(campaign_id)
            return await self._look(campaign_id)
        finally:
            for tasks in (self._running, self._next):
                if tasks.get(campaign_id) is me:
                    del tasks[campaign_id]

    async def close(self) -> None:
        """End what is under way: the server is going down."""
        tasks = [*self._running.values(), *self._next.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)


def _hear(task: asyncio.Task[object]) -> None:
    """Whoever still waits gets the exception; the log has it in any case."""
    if not task.cancelled() and (failure := task.exception()) is not None:
        log.warning("continuity.look_failed", error=type(failure).__name__)
