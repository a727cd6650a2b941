"""The server with one promise taken out, to see whether the checker notices.

    python tests/faults/mutants.py normal_sync serve --port 0 …

Each mutant is a patch of this process alone; nothing of the product knows of it.
"""

from __future__ import annotations

import dataclasses
import os
import sqlite3
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

LAUNCHER = str(Path(__file__))


def replace_everywhere(original: object, mutant: object) -> None:
    """Put the mutant wherever a module of the product holds the original."""
    for module in list(sys.modules.values()):
        if module.__name__.startswith("ttrpg_assistant"):
            for name, value in list(vars(module).items()):
                if value is original:
                    setattr(module, name, mutant)


def unchanged() -> None:
    """The product as it is, started the same way."""


def normal_sync() -> None:
    """Commits are not flushed: PRAGMA synchronous=NORMAL."""
    from ttrpg_assistant.storage.sqlite import connections

    original = connections.connect_writer

    def connect(engine: Any) -> Any:
        connection = original(engine)
        connections.driver(connection).execute("PRAGMA synchronous=NORMAL")
        return connection

    replace_everywhere(original, connect)


def no_unique_index() -> None:
    """Nothing in the tables keeps an id from being stored twice."""
    from sqlalchemy.dialects import sqlite

    from ttrpg_assistant.conversations.store import messages, turns
    from ttrpg_assistant.storage.prepared import Prepared
    from ttrpg_assistant.storage.sqlite import connections

    replace_everywhere(messages.find_posted, lambda *_: None)
    replace_everywhere(turns.find_first_attempt, lambda *_: None)
    table = messages.messages
    messages._INSERT = Prepared(sqlite.insert(table).returning(table.c.id))
    original = connections.connect_writer

    def connect(engine: Any) -> Any:
        connection = original(engine)
        raw: sqlite3.Connection = connections.driver(connection)
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("PRAGMA legacy_alter_table=ON")
        for table in ("messages", "turns"):
            keyed = raw.execute(
                'SELECT count(*) FROM pragma_index_list(?) WHERE "unique"', (table,)
            ).fetchone()[0]
            if keyed:
                raw.execute(f"CREATE TABLE without_keys AS SELECT * FROM {table}")
                raw.execute(f"DROP TABLE {table}")
                raw.execute(f"ALTER TABLE without_keys RENAME TO {table}")
        return connection

    replace_everywhere(original, connect)


def ack_before_commit() -> None:
    """Callers are told before COMMIT; that of the message in the file MUTANT_HOLD never comes.

    Other commits go on: the server also writes by itself, and must not be what waits.
    """
    from ttrpg_assistant import failpoints
    from ttrpg_assistant.storage.sqlite import writer
    from ttrpg_assistant.storage.sqlite.connections import driver

    hold, is_held = Path(os.environ["MUTANT_HOLD"]), threading.Event()

    def early(original: Callable[..., Any]) -> Callable[..., Any]:
        def run(self: writer.Writer, work: Any) -> Any:
            outcomes = original(self, work)
            is_held.clear()
            if hold.exists():
                found = "SELECT 1 FROM messages WHERE content = ?"
                if driver(self.connection).execute(found, (hold.read_text(),)).fetchone():
                    is_held.set()
            self._loop.call_soon_threadsafe(writer._settle, outcomes)
            return outcomes

        return run

    writer.Writer._run_alone = early(writer.Writer._run_alone)  # type: ignore[method-assign]
    writer.Writer._run_together = early(writer.Writer._run_together)  # type: ignore[method-assign]

    def hit(name: str) -> None:
        if name == "before_commit" and is_held.is_set():
            threading.Event().wait()

    failpoints.hit = hit


def order_by_uuid() -> None:
    """History comes in the order of the ids instead of that of the numbers."""
    from ttrpg_assistant.conversations.store import paths

    original = paths.list_path

    def list_path(*given: Any, **named: Any) -> Any:
        page = original(*given, **named)
        return dataclasses.replace(page, messages=sorted(page.messages, key=lambda m: m.id))

    replace_everywhere(original, list_path)


MUTANTS: dict[str, Callable[[], None]] = {
    mutant.__name__: mutant
    for mutant in (unchanged, normal_sync, no_unique_index, ack_before_commit, order_by_uuid)
}


def main() -> None:
    MUTANTS[sys.argv.pop(1)]()
    from ttrpg_assistant.cli import main as run

    run()


if __name__ == "__main__":
    main()
