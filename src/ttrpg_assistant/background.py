"""Tasks that run beside the server: started here, watched here, awaited at the end.

A bug in such a task is logged with its traceback and the task is started again after a pause,
so that one bad row or one lost connection does not end indexing, summaries or the heartbeat
for the rest of the server's life.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

import structlog

from ttrpg_assistant.ids import utc_now

log = structlog.get_logger(__name__)

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
"""The pause before a task is started again doubles with each failure, up to this."""

HEALTHY_SECONDS = 300.0
"""A task that ran for this long begins again with the first pause."""

Work = Callable[[], Awaitable[None]]
State = Literal["running", "restarting", "finished"]


@dataclass(slots=True)
class TaskState:
    """How a background task is. `failures` counts since the server started; `error` is the name
    of the last one's type, and `failed_at` its moment."""

    name: str
    state: State = "running"
    failures: int = 0
    error: str | None = None
    failed_at: str | None = None


class BackgroundTasks:
    """The background tasks of one server. `start` needs a running event loop."""

    def __init__(self) -> None:
        self._tasks: list[asyncio.Task[None]] = []
        self._states: dict[str, TaskState] = {}

    def start(self, name: str, work: Work) -> None:
        """Run `work` until it returns, again and again while it raises. Names are unique."""
        state = self._states[name] = TaskState(name)
        self._tasks.append(asyncio.create_task(_supervise(state, work), name=name))

    def list_states(self) -> list[TaskState]:
        """Every task, in the order in which they were started."""
        return list(self._states.values())

    async def close(self) -> None:
        """Cancel every task and wait until all of them have ended."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()


async def _supervise(state: TaskState, work: Work) -> None:
    loop = asyncio.get_running_loop()
    pause = FIRST_PAUSE_SECONDS
    while True:
        started = loop.time()
        try:
            await work()
        except Exception as error:
            state.failures += 1
            state.state, state.error, state.failed_at = (
                "restarting",
                type(error).__name__,
                utc_now(),
            )
            if loop.time() - started >= HEALTHY_SECONDS:
                pause = FIRST_PAUSE_SECONDS
            log.exception("background.failed", task=state.name, again_in_seconds=pause)
        else:
            state.state = "finished"
            return
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        state.state = "running"
