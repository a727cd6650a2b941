"""A process of its own for tests that lock, limit, starve or kill one.

child.py hold FILE [SECONDS]   take the write lock, say "held", let go when told to or after so
                               long, say "released" and for how many seconds it was really held
child.py serve FILE            open the database, say "open", close when told to
child.py write FILE COUNT      write one after the other, say "acked N" after each;
                               a refused one is said ("refused CODE STATE") and tried again
child.py together FILE COUNT   the same writes, all at once
child.py fill FILE BALLAST     write until refused, say it, remove the ballast, wait until
                               writing works again by itself, say "recovered N"
child.py read FILE             open, read, try to write, say what happened
child.py migrations            for each line of its input (FAILPOINT FILE) bring the schema of
                               FILE to this program's in a fork of it, with that failpoint
                               armed; say how the fork ended
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
import time
import traceback
from pathlib import Path

from ttrpg_assistant import failpoints
from ttrpg_assistant.errors import PersistenceUnavailable
from ttrpg_assistant.storage import schema
from ttrpg_assistant.storage.database import Database, Patience
from ttrpg_assistant.storage.engines import create_database
from ttrpg_assistant.storage.preferences import find_preference, put_preference
from ttrpg_assistant.storage.sqlite.connections import make_engine

QUICK = Patience(base=0.02, busy=0.02, probe=0.05)


def say(*words: object) -> None:
    print(*words, flush=True)


def hold(path: str, seconds: str | None = None) -> None:
    raw = sqlite3.connect(path, isolation_level=None)
    begun = time.monotonic()
    raw.execute("BEGIN IMMEDIATE")
    say("held")
    if seconds is None:
        sys.stdin.readline()
    else:
        time.sleep(float(seconds))
    raw.execute("ROLLBACK")
    say("released", round(time.monotonic() - begun, 3))


async def put(database: Database, number: int, text: str = "x") -> None:
    await database.write(lambda tx: put_preference(tx, f"{number:06d}", text))


async def serve(path: str) -> None:
    database = create_database(path)
    await database.open()
    say("open")
    await asyncio.to_thread(sys.stdin.readline)
    await database.close()
    say("closed")


async def write(path: str, count: str) -> None:
    database = create_database(path, patience=QUICK)
    await database.open()
    say("open")
    for number in range(int(count)):
        while True:
            try:
                await put(database, number)
            except PersistenceUnavailable as fault:
                outcome = fault.facts.get("outcome", "not-stored")
                say("refused", fault.code, outcome, database.health.state)
                await available(database)
            else:
                say("acked", number)
                break
    await database.close()
    say("closed")


async def together(path: str, callers: str) -> None:
    database = create_database(path, patience=QUICK)
    await database.open()

    async def ten(caller: int) -> None:
        for number in range(caller * 10, caller * 10 + 10):
            await put(database, number)
            say("acked", number)

    await asyncio.gather(*[ten(caller) for caller in range(int(callers))])
    await database.close()


async def fill(path: str, ballast: str) -> None:
    database = create_database(path, patience=QUICK)
    await database.open()
    acked = 0
    try:
        while True:
            await put(database, acked, "x" * 20_000)
            acked += 1
    except PersistenceUnavailable as fault:
        say("refused", fault.code, database.health.state)
    Path(ballast).unlink()
    await available(database)
    await put(database, acked, "after")
    kept = await database.read(lambda tx: find_preference(tx, f"{acked - 1:06d}"))
    assert len(kept) == 20_000
    await database.close()
    check = sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone()[0]
    say("recovered", acked, check)


async def available(database: Database) -> None:
    """Wait for the health itself to say so."""
    told = asyncio.Event()
    unsubscribe = database.health.subscribe(lambda health: told.set())
    while database.health.state != "available":
        told.clear()
        await told.wait()
    unsubscribe()


async def read(path: str) -> None:
    database = create_database(path, patience=QUICK)
    await database.open()
    say("read", await database.read(lambda tx: find_preference(tx, "kept")))
    say(database.health.state)
    try:
        await put(database, 1)
    except PersistenceUnavailable as fault:
        say("refused", fault.code)
    await database.close()


def migrate_in_forks() -> None:
    from alembic import command, config  # noqa: F401  imported once for all forks

    say("ready")
    for line in sys.stdin:
        os.environ["TTRPG_FAILPOINT"], _, path = line.rstrip("\n").partition(" ")
        fork = os.fork()
        if fork == 0:
            try:
                failpoints._armed, failpoints._remaining = failpoints._read()
                schema.upgrade_sqlite(Path(path))
                os._exit(0)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
        say("ended", os.waitstatus_to_exitcode(os.waitpid(fork, 0)[1]))


def main() -> None:
    command, *arguments = sys.argv[1:]
    if user := os.environ.get("CHILD_USER"):
        make_engine(Path(arguments[0]), 1)  # what is imported late may be out of reach then
        os.setgid(int(user))
        os.setuid(int(user))
    if command == "hold":
        hold(*arguments)
    elif command == "migrations":
        migrate_in_forks()
    elif command == "create":
        schema.create_sqlite(Path(arguments[0]))
    else:
        commands = {"serve": serve, "write": write, "together": together, "fill": fill}
        asyncio.run(({**commands, "read": read})[command](*arguments))


if __name__ == "__main__":
    main()
