"""A real PgBouncer before a PostgreSQL server of ours, in transaction mode."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

PROGRAM = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin")

SETTINGS = """
[databases]
* = host={host} port={port} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
auth_type = any
pool_mode = transaction
default_pool_size = {pool}
max_client_conn = 500
unix_socket_dir =
logfile = {folder}/pgbouncer.log
"""


@contextmanager
def start_pgbouncer(address: str, *, pool: int = 4, more: str = "") -> Iterator[str]:
    """One that serves every database of the server at this address; gives the address of the
    same database through it. `more` are further lines of its settings. Skips when PgBouncer is
    not installed."""
    if PROGRAM is None:
        pytest.skip("PgBouncer is not installed, so nothing was tested through it.")
    parts = urlsplit(address)
    host = parse_qs(parts.query).get("host", [parts.hostname or "127.0.0.1"])[0]
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        listen = free.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="ttrpg-pgbouncer-"))
    folder.chmod(0o777)
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        SETTINGS.format(
            host=host,
            port=parts.port or 5432,
            user=parts.username or "postgres",
            listen=listen,
            folder=folder,
            pool=pool,
        )
        + more
    )
    command = [PROGRAM, str(settings)]
    if Path("/proc/self").stat().st_uid == 0:  # It refuses to be root.
        command[1:1] = ["-u", Path(host).owner() if host.startswith("/") else "nobody"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_until_it_listens(running, listen)
        name = parts.path.lstrip("/")
        yield f"postgresql://{parts.username or 'postgres'}@127.0.0.1:{listen}/{name}"
    finally:
        running.terminate()
        running.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_it_listens(running: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 20
    while running.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("PgBouncer did not start")
