"""The views of a run when it is over: the file, the API, the live pages, a fresh profile."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2

from tests.faults.browser import Tab
from tests.faults.checker import Evidence, Stored, TurnRow, View
from ttrpg_assistant.errors import Fault
from ttrpg_assistant.storage.backup import back_up
from ttrpg_assistant.verification.verify import verify

DOORS = {"chat": "chat-sessions", "thread": "threads"}


def read_sql(database: Path) -> dict[str, Any]:
    """Rows, turns and soundness, as arguments for `Evidence`."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as raw:
        rows = raw.execute(
            "SELECT id, conversation_id, role, content, status, seq, parent_id "
            "FROM messages ORDER BY conversation_id, seq"
        ).fetchall()
        turns = raw.execute(
            "SELECT conversation_id, user_message_id, state, attempt FROM turns"
        ).fetchall()
        integrity = raw.execute("PRAGMA integrity_check").fetchone()[0]
        try:
            broken = len(raw.execute("PRAGMA foreign_key_check").fetchall())
        except sqlite3.OperationalError:  # a table lacks the key that others refer to
            broken = 1
    return {
        "sql": View("the file", tuple(Stored(*row) for row in rows)),
        "turns": [TurnRow(*row) for row in turns],
        "integrity": integrity if integrity != "ok" else _walk(database),
        "foreign_key_faults": broken,
        "round_trip_equal": _comes_back(database),
    }


def _walk(database: Path) -> str:
    """What `verify` finds in a copy, where the server that has the file open cannot mind."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.db"
        try:
            back_up(database, copy)
        except Fault as fault:
            return fault.sentence
        with ThreadPoolExecutor(1) as thread:  # a loop runs in this one
            problems = thread.submit(lambda: asyncio.run(verify(copy))).result()
    return "; ".join(f"{one.place}: {one.sentence}" for one in problems) or "ok"


def _comes_back(database: Path) -> bool:
    """Whether a backup holds what the database holds."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.db"
        try:
            back_up(database, copy)
        except Fault:
            return False
        return _digest(copy) == _digest(database)


def _digest(database: Path) -> str:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as raw:
        names = ("conversations", "messages", "turns", "removals", "campaigns", "npcs")
        hashed = hashlib.sha256()
        for name in names:
            for row in raw.execute(f"SELECT * FROM {name} ORDER BY id"):
                hashed.update(repr(row).encode())
        return hashed.hexdigest()


async def read_api(client: httpx2.AsyncClient, conversations: dict[str, str]) -> View:
    """Every page of each conversation (id → kind), newest page first as the page asks."""
    found: list[Stored] = []
    for conversation_id, kind in conversations.items():
        path = f"/api/{DOORS[kind]}/{conversation_id}/messages"
        own: list[Any] = []
        before = ""
        while True:
            answer = await client.get(f"{path}?limit=200{before}")
            assert answer.is_success, answer.text
            page = answer.json()
            own[:0] = page["messages"]
            if not page["has_more"]:
                break
            before = f"&before={page['next_cursor']}"
        found += [_of_api(message) for message in own]
    return View("the API", tuple(found))


def _of_api(m: dict[str, Any]) -> Stored:
    return Stored(
        m["id"],
        m["conversation_id"],
        m["role"],
        m["content"],
        m["status"],
        m["seq"],
        m["parent_id"],
    )


async def read_page(name: str, tab: Tab, conversation: str) -> View:
    """What a page shows. Its status is the sign that a person sees."""
    lines = await tab.lines()
    return View(
        name,
        tuple(Stored(line.id, conversation, line.role, line.text, line.sign) for line in lines),
        whole=False,
    )


async def read_waiting(tabs: Sequence[Tab]) -> dict[str, Any]:
    """What is in the outbox, and what of it a page shows as not saved."""
    waiting = {entry["id"]: entry["content"] for entry in await tabs[0].waiting()}
    seen = {
        line.text
        for tab in tabs
        for line in await tab.lines()
        if line.sign in ("not_saved", "refused")
    }
    return {"waiting": waiting, "seen_waiting": frozenset(seen)}


__all__ = ["Evidence", "read_api", "read_page", "read_sql", "read_waiting"]
