"""Kills server, tabs and browser at random points while everybody sends, then checks.

    python -m tests.faults.crash_run --kills 300 --seed 7

Two tabs of one browser and two callers of the API send without a pause, into one chat and
one thread. The schedule kills; whatever was killed is started again. At the end everything
is healed and left alone until nothing moves, and the checker looks at every view.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from playwright.async_api import Error

from tests.faults.browser import Profile, Tab
from tests.faults.checker import Evidence, Violation, check, lost_at_kills
from tests.faults.provider import answer_to
from tests.faults.recorder import Recorder
from tests.faults.schedule import Kill, describe, make_schedule, pick_seed
from tests.faults.table import Table, laid_table, until
from tests.faults.views import read_api, read_page, read_sql, read_waiting
from tests.faults.writing import post_until_taken, watch_replies

TABS = 2
WORDS = 12
PACE = 150.0
LONG = 120
"""Words of every seventh answer: long enough to be cut in the middle."""
HEALING_SECONDS = 120.0
USUAL_START = 2.0


@dataclass
class Outcome:
    """What a run showed."""

    seed: int
    kills: int
    seconds: float
    violations: list[Violation]
    figures: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        told = ", ".join(f"{name} {value}" for name, value in self.figures.items())
        return (
            f"{self.kills} kills in {self.seconds:.0f} s, seed {self.seed}: "
            f"{len(self.violations)} violations; {told}"
        )


class CrashRun:
    """One run over one table."""

    def __init__(self, table: Table, profile: Profile, seed: int, record: Path) -> None:
        self.table = table
        self.profile = profile
        self.record = Recorder(record)
        self.seed = seed
        self.over = asyncio.Event()
        self.tabs: list[Tab | None] = [None] * TABS
        self.opened = [asyncio.Event() for _ in range(TABS)]
        self.thread_id = ""

    async def run(self, schedule: list[Kill]) -> Outcome:
        """Everything, from the first message to the verdict."""
        start = time.monotonic()
        async with self.table.client() as client:
            made = await client.post("/api/threads", json={"purpose": "general"})
            assert made.is_success, made.text
            self.thread_id = made.json()["id"]
        for number in range(TABS):
            await self._open_tab(number)
        senders = [
            *(asyncio.create_task(self._send_from_tab(number)) for number in range(TABS)),
            asyncio.create_task(self._send_by_api("api-chat", "chat-sessions", self.table.chat_id)),
            asyncio.create_task(self._send_by_api("api-thread", "threads", self.thread_id)),
        ]
        path = f"chat-sessions/{self.table.chat_id}"
        watcher = asyncio.create_task(watch_replies(self.table.server, self.record, [path]))
        try:
            for number, kill in enumerate(schedule, 1):
                await asyncio.sleep(kill.wait)
                await self._kill(kill)
                if number % 50 == 0:
                    print(f"{number} kills after {time.monotonic() - start:.0f} s", flush=True)
            self.over.set()
            for number in range(TABS):
                if self.tabs[number] is None:
                    await self._open_tab(number)
            await asyncio.gather(*senders)
            await self._heal()
        finally:
            watcher.cancel()
            for task in senders:
                task.cancel()
            await asyncio.gather(watcher, *senders, return_exceptions=True)
        evidence = await self._gather()
        return self._judge(evidence, len(schedule), time.monotonic() - start)

    # ── Killing ────────────────────────────────────────────────────────────────────────

    async def _kill(self, kill: Kill) -> None:
        if kill.victim in ("server", "starting server"):
            await self._kill_server(kill)
        elif kill.victim == "browser":
            self.record.note("chaos", "kill", "ok", victim=kill.victim)
            self._forget_tabs()
            await self.profile.kill()
            await self.profile.reopen()
            for number in range(TABS):
                await self._open_tab(number)
        else:
            tab, self.tabs[kill.tab] = self.tabs[kill.tab], None
            self.opened[kill.tab].clear()
            self.record.note("chaos", "kill", "ok", victim=kill.victim)
            if tab is not None:
                if kill.victim == "crashed tab":
                    await tab.crash()
                await tab.page.close()
            await self._open_tab(kill.tab)

    async def _kill_server(self, kill: Kill) -> None:
        provider = self.table.provider
        await self.table.server.kill()
        sent = {text: provider.count_sent(text) for text in list(provider.latest)[-40:]}
        self.record.note("chaos", "kill", "ok", victim=kill.victim, sent=sent)
        if kill.victim == "starting server":
            starting = asyncio.create_task(self.table.server.start())
            await asyncio.wait({starting}, timeout=kill.part * USUAL_START)
            starting.cancel()
            with suppress(asyncio.CancelledError, AssertionError):
                await starting
            await self.table.server.kill()
        await self.table.server.start()

    def _forget_tabs(self) -> None:
        for number in range(TABS):
            self.tabs[number] = None
            self.opened[number].clear()

    async def _open_tab(self, number: int) -> None:
        async with asyncio.timeout(HEALING_SECONDS):
            while True:
                try:
                    self.tabs[number] = await self.profile.open_tab()
                    self.opened[number].set()
                    return
                except Error:
                    await asyncio.sleep(0.1)  # the server was killed while the page was loading

    # ── Sending ────────────────────────────────────────────────────────────────────────

    async def _send_from_tab(self, number: int) -> None:
        actor, count = f"tab{number}", 0
        while not self.over.is_set():
            await self.opened[number].wait()
            tab = self.tabs[number]
            if tab is None:
                continue
            content = f"{actor}-{count}" + (f"*{LONG}" if count % 7 == 6 else "")
            count += 1
            self.record.note(actor, "accept", "invoke", content=content, text=content)
            try:
                await tab.send(content)
            except Error:
                # The tab died: the message may or may not have been taken.
                self.record.note(actor, "accept", "info", content=content, text=content)
                if self.tabs[number] is tab:
                    self.opened[number].clear()
            else:
                self.record.note(actor, "accept", "ok", content=content, text=content)
            await asyncio.sleep(0.25)

    async def _send_by_api(self, actor: str, door: str, conversation: str) -> None:
        count = 0
        async with self.table.client(timeout=5) as client:
            while not self.over.is_set():
                content = f"{actor}-{count}" + (f"*{LONG}" if count % 7 == 3 else "")
                await post_until_taken(
                    client, self.record, actor, f"{door}/{conversation}", content
                )
                count += 1
                await asyncio.sleep(0.25)

    # ── The end ────────────────────────────────────────────────────────────────────────

    async def _heal(self) -> None:
        """Wait until the outbox is empty and no reply is being written."""
        unended = (
            "SELECT (SELECT count(*) FROM turns WHERE state IN ('queued', 'running'))"
            " + (SELECT count(*) FROM messages WHERE status = 'streaming')"
        )
        with suppress(TimeoutError, Error):  # what is not quiet by then is for the checker to tell
            async with asyncio.timeout(HEALING_SECONDS):
                for tab in self._live_tabs():
                    await until(partial(_is_empty, tab), HEALING_SECONDS)
                await until(lambda: not self.table.rows(unended)[0][0], HEALING_SECONDS)
                for tab in self._live_tabs():
                    await tab.wait_answered(0)
                    await until(partial(self._has_caught_up, tab), HEALING_SECONDS)

    async def _has_caught_up(self, tab: Tab) -> bool:
        tip = "SELECT tip_message_id FROM conversations WHERE id = ?"
        lines = await tab.lines()
        stored = self.table.rows(tip, self.table.chat_id)[0][0]
        return bool(lines) and lines[-1].id == stored

    def _live_tabs(self) -> list[Tab]:
        return [tab for tab in self.tabs if tab is not None]

    async def _gather(self) -> Evidence:
        chat_id = self.table.chat_id
        live = [
            await read_page(f"tab {number}", tab, chat_id)
            for number, tab in enumerate(self._live_tabs())
        ]
        waiting = await read_waiting(self._live_tabs())
        await self.table.server.restart()
        async with self.table.server.client() as client:
            api = await read_api(client, {chat_id: "chat", self.thread_id: "thread"})
        async with self.table.browser(self.table.folder / "fresh") as fresh:
            tab = await fresh.open_tab()
            with suppress(Error):
                await tab.wait_answered(0)
            live.append(await read_page("a fresh profile", tab, chat_id))
        return Evidence(
            events=self.record.events,
            others=[api, *live],
            calls=dict(self.table.provider.calls),
            answer=lambda content: answer_to(content, WORDS),
            checkpoint_characters=4000,
            **read_sql(self.table.server.database),
            **waiting,
        )

    def _judge(self, evidence: Evidence, kills: int, seconds: float) -> Outcome:
        events = evidence.events
        lost = [sent - kept for _, sent, kept in lost_at_kills(evidence)]
        figures = {
            "messages": sum(m.role == "user" for m in evidence.sql.messages),
            "acknowledged": sum(v.op == "send" and v.type == "ok" for v in events),
            "accepted": sum(v.op == "accept" and v.type == "ok" for v in events),
            "uncertain": sum(v.type == "info" for v in events),
            "interrupted replies": sum(m.status == "interrupted" for m in evidence.sql.messages),
            "most characters lost": max(lost, default=0),
        }
        return Outcome(self.seed, kills, seconds, check(evidence), figures)


async def _is_empty(tab: Tab) -> bool:
    return not await tab.waiting()


async def crash_run(folder: Path, kills: int, seed: int, longest: float = 1.5) -> Outcome:
    """A whole run in an empty folder."""
    schedule = make_schedule(seed, kills, tabs=TABS, longest=longest)
    print(f"Random crash run: {kills} kills ({describe(schedule)}), seed {seed}", flush=True)
    async with laid_table(folder, words=WORDS, pace=PACE) as table, table.browser() as profile:
        return await CrashRun(table, profile, seed, folder / "record.jsonl").run(schedule)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--folder", type=Path, help="where to leave database and record")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="crash_run_"))
    folder.mkdir(parents=True, exist_ok=True)
    outcome = asyncio.run(crash_run(folder, given.kills, pick_seed(given.seed)))
    for violation in outcome.violations:
        print(violation)
    print(f"{outcome}\nDatabase and record: {folder}")
    sys.exit(1 if outcome.violations else 0)


if __name__ == "__main__":
    main()
