"""How commands on this machine reach the server that runs on their data folder.

The server writes a file for its owner alone: where it listens, and a key that lets in what can
read the file. Whoever can read it can read the database beside it, so it opens nothing more. It
is made anew at each start and removed at the end; one that a killed server left leads nowhere.
"""

from __future__ import annotations

import http.client
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import structlog

from ttrpg_assistant.errors import Fault
from ttrpg_assistant.outside_json import NOT_JSON, decode_outside
from ttrpg_assistant.private_files import write_file

log = structlog.get_logger(__name__)

FILE: Final = "server.json"
LONGEST_FILE: Final = 4096
ANSWER_SECONDS: Final = 30.0
LONGEST_ANSWER: Final = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server on this machine: `address` without a slash at its end, and the key to it."""

    address: str
    key: str = field(repr=False)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Its JSON answer. Raises the `Fault` that it names, `OSError` when it does not answer."""
        sent = None if body is None else json.dumps(body).encode()
        return self._send(method, path, sent, "application/json")

    def as_holder(self, secret: str) -> RunningServer:
        """The same server, asked with this credential."""
        return RunningServer(self.address, secret)

    def send_file(self, path: str, file: Path) -> Any:
        """Its JSON answer to the bytes of a file, sent as they are read. Raises the same."""
        with file.open("rb") as opened:
            return self._send("POST", path, opened, "application/octet-stream", file.stat().st_size)

    def _send(self, method: str, path: str, body: Any, kind: str, size: int | None = None) -> Any:
        parts = urlsplit(self.address)
        connection = http.client.HTTPConnection(
            parts.hostname or "", parts.port, timeout=ANSWER_SECONDS
        )
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": kind}
        if size is not None:
            headers["Content-Length"] = str(size)
        try:
            connection.request(method, path, body, headers)
            reply = connection.getresponse()
            said = decode_outside(reply.read(LONGEST_ANSWER))
        except (http.client.HTTPException, *NOT_JSON) as trouble:
            raise OSError(f"no usable answer from {self.address}") from trouble
        finally:
            connection.close()
        if reply.status >= 400:
            raise Fault(str(said["detail"]), code=str(said["code"]), cure=said.get("cure"))
        return said


@contextmanager
def announce_server(data_dir: Path, address: str, key: str) -> Iterator[None]:
    """Say in the data folder that this server listens there, until it ends."""
    path = data_dir / FILE
    try:
        path.unlink(missing_ok=True)
        write_file(path, json.dumps({"address": address.rstrip("/"), "key": key}))
    except OSError as trouble:
        log.warning("server_file.not_written", reason=trouble.strerror)
    try:
        yield
    finally:
        found = read_server_file(data_dir)
        if found is not None and found.key == key:
            with suppress(OSError):
                path.unlink(missing_ok=True)


def read_server_file(data_dir: Path) -> RunningServer | None:
    """What the file says, whether or not that server still runs; None without a usable file."""
    try:
        with (data_dir / FILE).open("rb") as file:
            if os.name != "nt" and os.fstat(file.fileno()).st_uid != os.geteuid():
                return None
            said = decode_outside(file.read(LONGEST_FILE))
        return RunningServer(str(said["address"]), str(said["key"]))
    except (OSError, KeyError, TypeError, *NOT_JSON):
        return None


def find_running_server(data_dir: Path) -> RunningServer | None:
    """The server that runs on this data folder and answers, or None."""
    found = read_server_file(data_dir)
    if found is None:
        return None
    try:
        found.ask("GET", "/api/persistence")
    except (OSError, Fault):
        return None
    return found
