"""What `ttrpg-assistant doctor` looks at. It changes nothing, and works beside a server."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import platform
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ttrpg_assistant import __version__
from ttrpg_assistant.errors import Fault
from ttrpg_assistant.settings import CONFIG_FILE, Settings

if TYPE_CHECKING:
    from ttrpg_assistant.llm.catalogue import ProviderListing

SMALLEST_FREE_BYTES = 200 * 1024**2
"""Below this a busy evening, its WAL and a backup may no longer fit."""

SHOWN_PROBLEMS = 10

OLD_BACKUP_DAYS = 8
"""A server that runs one evening a week has a backup of that evening."""

MOST_AGE_SECONDS = 100 * 365 * 86_400.0

READY_SECONDS = 2.0
"""How long a running server may take to say how it is."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `is_bad` asks the game master to do something; `notes` say what."""

    name: str
    said: str
    is_bad: bool = False
    notes: Sequence[str] = ()


async def examine(settings: Settings, *, deep: bool = False) -> list[Finding]:
    """Everything worth knowing when something is wrong, most basic first.

    `deep` also walks the whole database, which takes as long as indexing it.
    """
    found = [_examine_program(), *_examine_folder(settings.data_dir)]
    if settings.database_url is None:
        found += [*_examine_sqlite(settings), *_examine_pictures(settings.database_path)]
    else:
        found.append(await _examine_postgresql(settings.database_url))
    found.append(await asyncio.to_thread(_examine_backups, settings))
    if deep:
        found.append(await _examine_rows(settings))
    found += await asyncio.to_thread(_examine_server, settings.host, settings.port)
    return [*found, *await _examine_providers(settings)]


def _examine_server(host: str, port: int) -> list[Finding]:
    """What a server that runs at the usual address says of itself; nothing when none answers."""
    reached = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host
    connection = http.client.HTTPConnection(reached, port, timeout=READY_SECONDS)
    try:
        connection.request("GET", "/readyz")
        said = json.loads(connection.getresponse().read(10_000))
        failing = [str(name) for name in said["failing_tasks"]]
        is_ready, persistence = said["status"] == "ready", str(said["persistence"])
    except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException):
        return []
    finally:
        connection.close()
    notes = [
        f"This keeps failing and is tried again: {name}. The log says why." for name in failing
    ]
    if persistence != "available":
        notes.append(f"Saving is {persistence}.")
    return [Finding("running server", "ready" if is_ready else "not ready", not is_ready, notes)]


def _examine_program() -> Finding:
    version = f"{__version__} on Python {platform.python_version()}, {platform.platform()}"
    page = Path(__file__).parent / "web" / "index.html"
    if not page.is_file():
        return Finding("program", version, True, ["The page's files are missing: install again."])
    return Finding("program", version, notes=[sys.executable])


def _examine_folder(folder: Path) -> list[Finding]:
    config = folder / CONFIG_FILE
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    findings = [
        Finding(
            "data folder",
            str(folder) if folder.exists() else f"{folder} (made at the first start)",
            is_bad=not os.access(existing, os.W_OK),
            notes=() if os.access(existing, os.W_OK) else [f"{existing} cannot be written to."],
        ),
        Finding("config file", str(config) if config.exists() else "none, which is fine"),
    ]
    free = shutil.disk_usage(existing).free
    is_full = free < SMALLEST_FREE_BYTES
    notes = ["Free some space: nothing can be saved on a full disk."] if is_full else ()
    return [*findings, Finding("free space", _spell_size(free), is_full, notes)]


def _examine_backups(settings: Settings) -> Finding:
    from ttrpg_assistant.clock import DAY_SECONDS, elapsed_seconds
    from ttrpg_assistant.storage.backup_folder import list_backups
    from ttrpg_assistant.storage.postgresql_tools import find_tool

    notes = []
    if settings.database_url is not None and settings.backups_kept:
        try:
            find_tool("pg_dump")
        except Fault as fault:
            notes = [fault.sentence, fault.cure or ""]
    found = list_backups(settings.backups_path)
    if not found:
        is_new = settings.database_url is None and not settings.database_path.exists()
        said = "none yet" if settings.backups_kept else "none, and daily ones are turned off"
        return Finding("backups", said, bool(notes) or not (is_new or settings.backups_kept), notes)
    age = elapsed_seconds(found[0].made_at, at_most=MOST_AGE_SECONDS)
    is_old = age > OLD_BACKUP_DAYS * DAY_SECONDS
    if is_old:
        notes.append(
            "The server makes one a day while it runs; Settings says what stops it, and the"
            " backup command makes one now."
        )
    last = f"the last good one is {_spell_age(age)} old ({found[0].path})"
    return Finding("backups", last, is_old or bool(notes), notes)


def _spell_age(seconds: float) -> str:
    hours = int(seconds // 3600)
    if hours < 1:
        return "less than an hour"
    if hours < 48:
        return f"{hours} hour{'' if hours == 1 else 's'}"
    return f"{hours // 24} days"


def _examine_sqlite(settings: Settings) -> list[Finding]:
    from ttrpg_assistant.storage.inspection import inspect

    found = inspect(settings.database_path)
    size = _spell_size(found.size + found.journal_size)
    state = "in use by a running server" if found.in_use else "not in use"
    is_refused = found.is_too_new or found.integrity not in (None, "ok")
    return [
        Finding("SQLite", found.sqlite_version),
        Finding(
            "database",
            f"{found.path} ({size}, {state})" if found.exists else str(found.path),
            is_bad=is_refused,
            notes=found.warnings,
        ),
        Finding(
            "schema",
            f"{found.revision or 'none yet'} of {found.needed_revision}, "
            f"integrity {found.integrity or 'not checked'}",
            is_bad=is_refused,
        ),
    ]


def _examine_pictures(database_path: Path) -> list[Finding]:
    from ttrpg_assistant.storage.backup_pictures import measure

    count, missing, size = measure(database_path)
    if missing:
        notes = ["Run the verify command: it looks for copies beside the backups."]
        return [Finding("pictures", f"{missing} of {count} files are missing", True, notes)]
    return [Finding("pictures", f"{count} files ({_spell_size(size)})" if count else "none yet")]


async def _examine_postgresql(url: str) -> Finding:
    from ttrpg_assistant.storage.engines import create_database

    database = create_database(url)
    try:
        await database.open()
    except Fault as fault:
        return Finding("database", fault.sentence, True, [fault.cure] if fault.cure else ())
    await database.close()
    return Finding("database", "PostgreSQL, answers and has this version's schema")


async def _examine_rows(settings: Settings) -> Finding:
    from ttrpg_assistant.verification.verify import verify

    try:
        address = settings.database_url or settings.database_path
        problems = await verify(address, data_dir=settings.data_dir)
    except Fault as fault:
        return Finding("rows", fault.sentence, True, [fault.cure] if fault.cure else ())
    if not problems:
        return Finding("rows", "every one in order")
    notes = [f"{one.place}: {one.sentence}" for one in problems[:SHOWN_PROBLEMS]]
    notes.append("Run the verify command to see all of them, and to mend what can be mended.")
    return Finding("rows", f"{len(problems)} problems", True, notes)


async def _examine_providers(settings: Settings) -> list[Finding]:
    from ttrpg_assistant.services import build_models

    models = build_models(settings)
    try:
        return [_describe_provider(entry) for entry in await models.list_catalogue()]
    finally:
        await models.aclose()


def _describe_provider(entry: ProviderListing) -> Finding:
    """A provider that was set up and does not answer is bad; one never set up is not."""
    if entry.fault is not None:
        cure = [entry.fault.cure] if entry.fault.cure else ()
        return Finding(entry.name, entry.fault.sentence, entry.has_key, cure)
    if entry.models:
        key = f", key from the {entry.key_source}" if entry.key_source else ""
        return Finding(entry.name, f"{len(entry.models)} models{key}")
    return Finding(entry.name, "no key" if entry.needs_key else "not found")


def _spell_size(count: int) -> str:
    size, unit = float(count), "B"
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1024 or unit == "GB":
            break
        size /= 1024
    return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
