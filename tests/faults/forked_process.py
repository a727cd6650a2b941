"""A server forked by `server_forks.py`, used like `asyncio.subprocess.Process`."""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

PROGRAM = str(Path(__file__).with_name("server_forks.py"))

CAN_FORK = sys.platform == "linux" and hasattr(os, "pidfd_open")
"""Elsewhere each server is started as a user starts it."""


class Forks:
    """The process that forks, and the talk with it."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", PROGRAM, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
                start_new_session=True,
            )
        atexit.register(self.close)
        assert self._line.recv(100) == b"{}", "The program could not be imported."

    def ask(self, request: Mapping[str, object], *descriptors: int) -> Any:
        """What it answers. It never keeps anybody waiting."""
        socket.send_fds(self._line, [json.dumps(request).encode()], list(descriptors))
        return json.loads(self._line.recv(1000))

    def close(self) -> None:
        """Let it go, and every server that it has forked."""
        self._line.close()
        self._process.wait()


@cache
def find_forks() -> Forks:
    """The one of this worker."""
    return Forks()


class ForkedProcess:
    """One forked server."""

    def __init__(
        self, arguments: Sequence[str], environment: Mapping[str, str], log: BinaryIO
    ) -> None:
        read, write = os.pipe()
        request = {"arguments": list(arguments), "environment": dict(environment)}
        self._forks = find_forks()
        self.pid: int = self._forks.ask(request, write, log.fileno())["pid"]
        os.close(write)
        self._output = os.fdopen(read, "rb")
        self._pidfd = os.pidfd_open(self.pid)
        self._exit: int | None = None

    async def readline(self) -> bytes:
        """The next line of its output; nothing when it has ended."""
        return await asyncio.to_thread(self._output.readline)

    @property
    def returncode(self) -> int | None:
        """How it ended, if it has: less than nothing for a signal."""
        if self._exit is None and select.select([self._pidfd], [], [], 0)[0]:
            self._exit = self._forks.ask({"wait": self.pid})["exit"]
            os.close(self._pidfd)
            self._output.close()
        return self._exit

    async def wait(self) -> int:
        """Until it has ended; how it did."""
        while (code := self.returncode) is None:
            loop, ended = asyncio.get_running_loop(), asyncio.Event()
            # Several may wait for it, each with a descriptor of its own.
            watched = os.dup(self._pidfd)
            loop.add_reader(watched, ended.set)
            try:
                await ended.wait()
            finally:
                loop.remove_reader(watched)
                os.close(watched)
        return code

    def send_signal(self, number: signal.Signals) -> None:
        """Raises ProcessLookupError when it has ended."""
        if self.returncode is not None:
            raise ProcessLookupError
        signal.pidfd_send_signal(self._pidfd, number)
