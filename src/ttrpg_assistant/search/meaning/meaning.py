"""Finding by meaning: off unless somebody turned it on, and honest about what it lacks."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import structlog
from sqlalchemy import Connection

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.errors import Fault
from ttrpg_assistant.live.changes import Changes, is_of_talk
from ttrpg_assistant.search.meaning.encoder import (
    INSTALL,
    NAME,
    Encoder,
    find_folder,
    load_encoder,
    not_installed,
)
from ttrpg_assistant.search.meaning.installation import (
    Installation,
    InstallProgress,
    as_fault,
)
from ttrpg_assistant.search.meaning.passages import PASSAGE_CHARACTERS, cut_passages
from ttrpg_assistant.search.meaning.vector_matrix import VectorMatrix, pack
from ttrpg_assistant.search.model import Filters
from ttrpg_assistant.search.store import meanings
from ttrpg_assistant.search.store.hits import Recollection
from ttrpg_assistant.storage.database import Database

log = structlog.get_logger(__name__)

IDLE_SECONDS = 60.0
SETTLE_SECONDS = 2.0
PAUSE_SECONDS = 0.05
BATCH_MESSAGES = 24
QUESTION_CHARACTERS = 600
LEAST_LIKENESS = 0.2
"""Passages less like the question than this have nothing to do with it."""


@dataclass(frozen=True, slots=True)
class MeaningState:
    """`waiting` messages are not looked through yet. `install` is what can be typed where
    `is_installed` is False; `installing` how far it is where somebody pressed the button, and
    `fault` why the last try failed, until the next."""

    is_on: bool
    is_installed: bool
    install: str
    model: str
    waiting: int
    installing: InstallProgress | None
    fault: InstallFault | None


@dataclass(frozen=True, slots=True)
class InstallFault:
    """Why something could not be installed, as it is shown."""

    code: str
    detail: str
    cure: str | None


class Meaning:
    """Keeps vectors behind the talk, and answers which passages are nearest to a question."""

    def __init__(
        self,
        database: Database,
        changes: Changes,
        load: Callable[[], Encoder] = load_encoder,
        is_installed: Callable[[], bool] = lambda: find_folder() is not None,
        installation: Installation | None = None,
    ) -> None:
        self._database = database
        self._changes = changes
        self._installation = installation
        self._installing: asyncio.Task[None] | None = None
        self._pressing = asyncio.Lock()  # a new installation waits until a stopped one is gone
        self._fault: InstallFault | None = None
        if installation is not None:
            installation.use()
        self._load = load
        self._is_installed = is_installed
        self._is_on = False
        self._encoder: Encoder | None = None
        self._vectors_in_memory: VectorMatrix | None = None
        self._loading = threading.Lock()
        self._wake = asyncio.Event()

    async def get_state(self) -> MeaningState:
        """What the settings page shows."""
        on, waiting = await self._database.read(
            lambda tx: (meanings.is_on(tx), meanings.count_waiting(tx))
        )
        installed = self._is_installed()
        is_running = self._installing is not None and not self._installing.done()
        progress = self._installation.progress if self._installation and is_running else None
        if is_running and progress is None:
            progress = InstallProgress()
        return MeaningState(
            on, installed, INSTALL, NAME, waiting if on else 0, progress, self._fault
        )

    async def turn(self, on: bool) -> MeaningState:
        """Turn it on or off. Raises `Conflict` when what it needs is not installed."""
        if on and not self._is_installed():
            raise not_installed()
        await self._database.write(lambda tx: meanings.turn(tx, on))
        self._is_on = on
        self._wake.set()
        return await self.get_state()

    async def install(self) -> MeaningState:
        """Begin to install what is missing, and turn it on when it is there. While that runs,
        asking again changes nothing. Raises `Conflict` where nothing can be installed."""
        if self._installation is None:
            raise not_installed()
        async with self._pressing:
            if self._installing is None or self._installing.done():
                self._fault = None
                self._installing = asyncio.create_task(self._install(self._installation))
        return await self.get_state()

    async def stop_install(self) -> MeaningState:
        """End the installation and remove what had arrived. Where none runs, nothing happens."""
        await self.close()
        return await self.get_state()

    async def close(self) -> None:
        """End what was begun for a press of a button."""
        async with self._pressing:
            running, self._installing = self._installing, None
            if running is not None:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)

    async def run(self) -> None:
        """For ever, while it is on: vectors for what was said."""
        if self._installation is not None and self._installing is None:
            await asyncio.to_thread(self._installation.sweep)
        with suppress(Fault):
            self._is_on = self._is_installed() and await self._database.read(meanings.is_on)
        # In a group: a listener that fails ends the work too, and both are started again.
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            while True:
                await self._follow()
                await self._wake.wait()
                self._wake.clear()
                await asyncio.sleep(SETTLE_SECONDS)

    async def catch_up(self) -> int:
        """Look through everything that waits; returns how many messages that were."""
        done = 0
        while self._is_on and (count := await self._look_through_some()):
            done += count
            await asyncio.sleep(PAUSE_SECONDS)
        if self._is_on and self._vectors_in_memory is not None:
            await self._database.read(
                self._vectors_in_memory.refresh
            )  # or the next question pays for it
        return done

    def list_near(
        self, tx: Connection, text: str, filters: Filters, most: int
    ) -> list[tuple[Recollection, str, float]]:
        """The messages that mean what is asked, nearest first, each with its nearest passage
        and its likeness. Empty while it is off or not ready yet."""
        encoder, shelf = self._encoder, self._vectors_in_memory
        if not self._is_on or encoder is None or shelf is None or not text.strip():
            return []
        [vector] = encoder.encode([cut_text(text, QUESTION_CHARACTERS)])
        allowed = meanings.list_allowed(tx, filters)
        nearest = shelf.find_nearest(tx, vector, allowed, filters.mode, most)
        near = [one for one in nearest if one[2] >= LEAST_LIKENESS]
        there = meanings.read_recollections(tx, [one[0] for one in near], filters)
        found = []
        for message_id, part, likeness in near:
            message = there.get(message_id)
            if message is not None:
                found.append((message, _passage_of(message.content, part), likeness))
        return found

    # ── Beside the talk ────────────────────────────────────────────────────────────────

    async def _listen(self) -> None:
        async for _ in self._changes.follow(IDLE_SECONDS, "here", is_of_talk):
            if self._is_on:
                self._wake.set()

    async def _install(self, installation: Installation) -> None:
        try:
            await installation.install()
            await self.turn(True)
        except Exception as error:  # shown where it was asked for, and logged
            if not isinstance(error, Fault):
                log.exception("meaning.install_failed")
            fault = as_fault(error)
            self._fault = InstallFault(fault.code, fault.sentence, fault.cure)

    async def _follow(self) -> None:
        try:
            await self.catch_up()
        except Fault as fault:
            log.info("meaning.postponed", code=fault.code)

    async def _look_through_some(self) -> int:
        waiting = await self._database.read(lambda tx: meanings.list_waiting(tx, BATCH_MESSAGES))
        encoder = await asyncio.to_thread(self._ready)
        if not waiting:
            return 0
        cut = [(id, part, text) for _, id, body in waiting for part, text in _parts(body)]
        vectors = await asyncio.to_thread(encoder.encode, [text for _, _, text in cut])
        made = [
            (id, part, stored) for (id, part, _), stored in zip(cut, pack(vectors), strict=True)
        ]
        through = waiting[-1][0]
        await self._database.write(lambda tx: meanings.put_vectors(tx, made, through))
        return len(waiting)

    def _ready(self) -> Encoder:
        with self._loading:
            if self._encoder is None:
                self._vectors_in_memory = VectorMatrix()
                self._encoder = self._load()
            return self._encoder


def _passage_of(text: str, part: int) -> str:
    if len(text) <= PASSAGE_CHARACTERS:
        return text
    passages = cut_passages(text)
    return passages[part] if part < len(passages) else text


def _parts(text: str) -> list[tuple[int, str]]:
    """Every message has a part, so that one without words does not wait for ever."""
    return list(enumerate(cut_passages(text) or ["…"]))
