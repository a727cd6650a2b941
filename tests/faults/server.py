"""The real server as a process of its own: started, killed, frozen, started again.

It keeps its data folder and its port from one life to the next, as it does on a game
master's machine. It listens on 127.0.0.1; `proxy.py` stands on 127.0.0.2 at the same port,
so that every byte of a request, the Host header too, passes the proxy unchanged.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2

from tests.faults.forked_process import CAN_FORK, ForkedProcess

TOKEN = "a-launch-token-for-faults"
START_SECONDS = 60
LAUNCHER = ("-m", "ttrpg_assistant")
"""How a user starts it. A server like this is forked from one that has imported the same."""


class ServerProcess:
    """One data folder, one port, any number of lives."""

    def __init__(
        self,
        data_dir: Path,
        *,
        environment: dict[str, str] | None = None,
        launcher: Sequence[str] = LAUNCHER,
        under: Sequence[str] = (),
    ) -> None:
        self.data_dir = data_dir
        self.environment = environment or {}
        self.launcher = launcher
        self.under = under
        self.port = free_port()
        self.token = TOKEN
        self.lives = 0
        self.extra: dict[str, str] = {}
        self._process: asyncio.subprocess.Process | ForkedProcess | None = None
        self._log = data_dir.with_name(f"{data_dir.name}.log")

    @property
    def address(self) -> str:
        """Where it listens, without the proxy."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.data_dir / "ttrpg_assistant.db"

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self, **extra: str) -> None:
        """Start it and return when it says that it listens."""
        assert not self.is_running
        self.extra = extra
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("TTRPG_")},
            "TTRPG_TOKEN": self.token,
            "TTRPG_ALLOWED_HOSTS": "127.0.0.2",
            "PYTHONUNBUFFERED": "1",
            **self.environment,
            **extra,
        }
        where = ("--port", str(self.port), "--data-dir", str(self.data_dir))
        arguments = ("serve", *where, "--no-browser")
        with self._log.open("ab") as log:
            if CAN_FORK and not self.under and self.launcher == LAUNCHER:
                self._process = ForkedProcess(arguments, environment, log)
                output: ForkedProcess | asyncio.StreamReader = self._process
            else:
                self._process = await asyncio.create_subprocess_exec(
                    *self.under,
                    sys.executable,
                    *self.launcher,
                    *arguments,
                    env=environment,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=log,
                    start_new_session=True,
                )
                assert self._process.stdout is not None
                output = self._process.stdout
        async with asyncio.timeout(START_SECONDS):
            while line := await output.readline():
                if line.startswith(b"Listening on"):
                    break
            else:
                raise AssertionError(f"it did not start:\n{self.read_log()[-3000:]}")
        self.lives += 1

    async def wait_killed(self) -> None:
        """Until a failpoint has killed it."""
        assert self._process is not None
        async with asyncio.timeout(START_SECONDS):
            await self._process.wait()

    async def kill(self) -> None:
        """SIGKILL, to the whole group: it may run under another program."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    def send(self, number: signal.Signals) -> None:
        """SIGSTOP, SIGCONT, SIGTERM."""
        os.kill(self.pid, number)

    async def restart(self, **extra: str) -> None:
        """Kill it if it still runs, and start it."""
        await self.kill()
        await self.start(**extra)

    async def stop(self) -> int:
        """SIGTERM, and its exit code."""
        assert self._process is not None
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        return await self._process.wait()

    def client(self, address: str | None = None, timeout: float = 20.0) -> httpx2.AsyncClient:
        """A caller that has been let in."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx2.AsyncClient(
            base_url=address or self.address,
            headers=headers,
            timeout=timeout,
            verify=False,  # plain HTTP needs no certificates, and reading them is slow
        )

    def read_log(self) -> str:
        """What its lives have logged."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""


PORTS = range(20_000, 32_000)
"""Below those that a system gives to outgoing connections by itself: one of them could take the
port of a server that was killed and is to be started again."""


def free_port() -> int:
    """A port that nobody has on either loopback address."""
    for port in random.SystemRandom().sample(PORTS, 50):
        with socket.socket() as one, socket.socket() as two, suppress(OSError):
            one.bind(("127.0.0.1", port))
            two.bind(("127.0.0.2", port))
            return port
    raise AssertionError("no port is free on both addresses")


async def open_chat(client: httpx2.AsyncClient) -> str:
    """The id of the chat that is open now."""
    answer = await client.post("/api/chat-sessions/active")
    assert answer.is_success, answer.text
    chat_id: str = answer.json()["id"]
    return chat_id


async def say(client: httpx2.AsyncClient, chat_id: str, message_id: str, content: str) -> Any:
    """Post a turn; the answer as it came."""
    return await client.post(
        f"/api/chat-sessions/{chat_id}/turns",
        json={"message_id": message_id, "content": content},
    )
