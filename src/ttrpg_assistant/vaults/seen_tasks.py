"""Tasks of folders kept in step: however one ends, somebody sees it."""

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


def _see_end(task: asyncio.Task[Any]) -> None:
    if task.cancelled() or (error := task.exception()) is None:
        return
    if isinstance(error, Fault):
        log.info("vault.postponed", code=error.code)
    else:
        log.error("vault.broke", exc_info=error)
