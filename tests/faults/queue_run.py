"""Kills the server while four writers keep questions waiting behind running replies.

    python -m tests.faults.queue_run --kills 60 --seed 7 --power-loss

Two callers write into one chat and two into one thread, in bursts, so that most of what they
ask waits behind another reply. With the power-loss model, a kill also takes away what the server
had written and not flushed (`power_loss.py`). When all kills are over, every question that only
waited must have been answered, in its turn.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sqlite3
import sys
import tempfile
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.checker import Evidence, Violation, check
from tests.faults.power_loss import NO_STRACE, Disk, can_trace, kill_traced, read_calls, tracing
from tests.faults.provider import answer_to
from tests.faults.recorder import Recorder
from tests.faults.schedule import pick_seed
from tests.faults.table import Table, laid_table, until
from tests.faults.views import read_api, read_sql
from tests.faults.writing import post_until_taken, watch_replies

WORDS = 12
PACE = 60.0
LONG = 90
"""Words of every fifth answer: long enough to be cut in the middle."""
BURST = 3
MOST_WAITING = 5
"""Each writer waits when so many questions of its conversation are unanswered."""
LONGEST_WAIT = 1.2
START_SHARE = 0.15
"""How many of the kills hit the next server too, while it starts."""
USUAL_START = 2.0
HEALING_SECONDS = 300.0


@dataclass
class Counts:
    """What the kills met."""

    kills: int = 0
    waiting: set[str] = field(default_factory=set)
    """Questions that waited at a kill."""
    written: set[str] = field(default_factory=set)
    """Questions whose answer was being written at a kill."""
    unsynced_writes: int = 0


class QueueRun:
    """One run over one table."""

    def __init__(self, table: Table, seed: int, record: Path, *, power_loss: bool) -> None:
        self.table = table
        self.record = Recorder(record)
        self.chance = random.Random(seed)
        self.power_loss = power_loss
        self.counts = Counts()
        self.over = asyncio.Event()
        self.is_down = False
        """Killed, and what is left of its files is being looked at or changed."""
        self.disk = Disk()
        self.log = table.folder / "calls"

    async def run(self, kills: int) -> tuple[list[Violation], dict[str, Any]]:
        """Everything, from the first question to the verdict and the figures."""
        began = time.monotonic()
        async with self.table.client() as client:
            made = await client.post("/api/threads", json={"purpose": "general"})
            assert made.is_success, made.text
        thread_id = str(made.json()["id"])
        paths = [f"chat-sessions/{self.table.chat_id}", f"threads/{thread_id}"]
        if self.power_loss:
            assert await self.table.server.stop() == 0
            self.disk = Disk.of(self._files())
            await self._start()
        writers = [
            asyncio.create_task(self._write(f"writer{number}", paths[number % 2]))
            for number in range(4)
        ]
        watcher = asyncio.create_task(watch_replies(self.table.server, self.record, paths))
        try:
            for number in range(kills):
                await until(lambda: self._count_waiting() or any(w.done() for w in writers))
                await asyncio.sleep(self.chance.uniform(0, LONGEST_WAIT))
                await self._kill_server()
                if number % 10 == 9:
                    print(f"{number + 1} kills, {time.monotonic() - began:.0f} s", flush=True)
            self.over.set()
            await asyncio.gather(*writers)
            with suppress(TimeoutError):  # what is not quiet by then is for the checker to say
                await until(lambda: not self._count_unended(), HEALING_SECONDS)
        finally:
            for task in (watcher, *writers):
                task.cancel()
            await asyncio.gather(watcher, *writers, return_exceptions=True)
        self.table.server.under = ()
        await self.table.server.restart()
        async with self.table.server.client() as client:
            api = await read_api(client, {self.table.chat_id: "chat", thread_id: "thread"})
        evidence = Evidence(
            events=self.record.events,
            others=[api],
            calls=dict(self.table.provider.calls),
            answer=lambda content: answer_to(content, WORDS),
            checkpoint_characters=4000,
            written_at_kills=frozenset(self.counts.written),
            **read_sql(self.table.server.database),
        )
        figures = self._figures(evidence) | {"seconds": round(time.monotonic() - began)}
        return check(evidence), figures

    # ── Writing ────────────────────────────────────────────────────────────────────────

    async def _write(self, actor: str, path: str) -> None:
        count, conversation = 0, path.rpartition("/")[2]
        async with self.table.client(timeout=5) as client:
            while not self.over.is_set():
                for _ in range(BURST):
                    content = f"{actor}-{count}" + (f"*{LONG}" if count % 5 == 3 else "")
                    await post_until_taken(client, self.record, actor, path, content)
                    count += 1
                await until(
                    lambda: self.over.is_set() or self._may_write(conversation),
                    HEALING_SECONDS,
                )

    def _may_write(self, conversation: str) -> bool:
        return not self.is_down and self._count_unended(conversation) < MOST_WAITING

    # ── Killing ────────────────────────────────────────────────────────────────────────

    async def _kill_server(self) -> None:
        await self._die("server")
        if self.chance.random() < START_SHARE:
            starting = asyncio.create_task(self._start())
            await asyncio.wait({starting}, timeout=self.chance.random() * USUAL_START)
            starting.cancel()
            with suppress(asyncio.CancelledError, AssertionError):
                await starting
            await self._die("starting server")
        await self._start()

    async def _start(self) -> None:
        if self.power_loss:
            self.log.unlink(missing_ok=True)
            self.table.server.under = tracing(self.log)
        await self.table.server.start()

    async def _die(self, victim: str) -> None:
        provider, server = self.table.provider, self.table.server
        self.is_down = True
        if self.power_loss and server.is_running:
            await asyncio.to_thread(kill_traced, server.pid)
        await server.kill()
        sent = {text: provider.count_sent(text) for text in list(provider.latest)[-20:]}
        self.record.note("chaos", "kill", "ok", victim=victim, sent=sent)
        if self.power_loss:
            await asyncio.to_thread(self._cut_power)
        self.counts.kills += 1
        active = "SELECT user_message_id, state FROM turns WHERE state IN ('queued', 'running')"
        for message_id, state in self._rows(active):
            found = self.counts.waiting if state == "queued" else self.counts.written
            found.add(message_id)
        self.is_down = False

    def _cut_power(self) -> None:
        files = self._files()
        names = {str(path) for path in files}
        if self.log.exists():
            for call in read_calls(self.log, self.table.server.data_dir):
                if call.path in names:
                    self.disk.apply(call)
        self.counts.unsynced_writes += sum(map(len, self.disk.pending.values()))
        # By turns everything that was not flushed is lost, and any part of it.
        self.disk.cut_power(self.chance if self.counts.kills % 2 else None)
        database = self.table.server.database
        for path in [*files, database.with_name(f"{database.name}-shm")]:
            path.unlink(missing_ok=True)
        folder = self.table.server.data_dir
        self.disk.save(folder, folder)

    # ── Looking ────────────────────────────────────────────────────────────────────────

    def _files(self) -> list[Path]:
        database = self.table.server.database
        return [database, database.with_name(f"{database.name}-wal")]

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of the file as a server would find them, not changing anything for it."""
        if self.table.server.is_running:
            return self.table.rows(sql, *values)
        with tempfile.TemporaryDirectory() as folder:
            for path in self._files():
                if path.exists():
                    (Path(folder) / path.name).write_bytes(path.read_bytes())
            with closing(sqlite3.connect(Path(folder) / self._files()[0].name)) as raw:
                assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                return raw.execute(sql, values).fetchall()

    def _count_waiting(self) -> int:
        found: int = self._rows("SELECT count(*) FROM turns WHERE state = 'queued'")[0][0]
        return found

    def _count_unended(self, conversation: str | None = None) -> int:
        sql = "SELECT count(*) FROM turns WHERE state IN ('queued', 'running')"
        if conversation is None:
            rows = self._rows(sql)
        else:
            rows = self._rows(f"{sql} AND conversation_id = ?", conversation)
        found: int = rows[0][0]
        return found

    def _figures(self, evidence: Evidence) -> dict[str, Any]:
        states = {turn.user_message_id: turn.state for turn in evidence.turns}
        questions = {m.id: m.content for m in evidence.sql.messages if m.role == "user"}
        cut = [one for one in self.counts.written if states.get(one) == "interrupted"]
        calls = self.table.provider.calls
        return {
            "kills": self.counts.kills,
            "questions": len(questions),
            "acknowledged": sum(e.op == "send" and e.type == "ok" for e in evidence.events),
            "uncertain posts": sum(e.type == "info" for e in evidence.events),
            "waited at a kill": len(self.counts.waiting),
            "of these answered whole": sum(
                states.get(i) == "complete" for i in self.counts.waiting
            ),
            "answers cut by a kill": len(cut),
            "of these before the model was asked": sum(not calls[questions[i]] for i in cut),
            "most calls for one question": max(calls.values(), default=0),
            "writes not flushed at a cut": self.counts.unsynced_writes,
        }


async def queue_run(
    folder: Path, kills: int, seed: int, *, power_loss: bool
) -> tuple[list[Violation], dict[str, Any]]:
    """A whole run in an empty folder; what is not as promised, and the figures."""
    if power_loss and not can_trace():
        raise RuntimeError(NO_STRACE)
    async with laid_table(folder, words=WORDS, pace=PACE) as table:
        run = QueueRun(table, seed, folder / "record.jsonl", power_loss=power_loss)
        return await run.run(kills)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--power-loss", action="store_true")
    parser.add_argument("--folder", type=Path, help="where to leave database and record")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="queue_run_"))
    folder.mkdir(parents=True, exist_ok=True)
    seed = pick_seed(given.seed)
    violations, figures = asyncio.run(
        queue_run(folder, given.kills, seed, power_loss=given.power_loss)
    )
    for violation in violations:
        print(violation)
    print(f"seed {seed}, power loss {given.power_loss}, {len(violations)} violations: {figures}")
    print(f"Database and record: {folder}")
    sys.exit(1 if violations else 0)


if __name__ == "__main__":
    main()
