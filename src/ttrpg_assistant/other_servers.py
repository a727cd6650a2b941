"""The other servers on this database: where each is, and asking for what only one of them knows.

A reply lives in the memory of the server that writes it, an import in that of the server that has
the file. Every server writes down where it is reached and a secret; only who reads the database
knows it. What cannot be reached is not asked again for a while: then the database alone says how
far a reply is.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

import httpx2
import structlog
from sqlalchemy import Connection

from ttrpg_assistant.errors import PersistenceUnavailable
from ttrpg_assistant.llm.wire import make_client
from ttrpg_assistant.storage import server_rows
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.server_rows import Server

log = structlog.get_logger(__name__)

ASKED_BY = "x-ttrpg-server"
"""The header that names the server that is meant. Who answers to its address may be another."""

MISDIRECTED = 421
_NOT_MEANT = (401, 403, MISDIRECTED)

KNOWN_SECONDS = 2.0
"""How long it is believed which servers there are."""

UNREACHABLE_SECONDS = 30.0
"""How long a server that could not be reached is left alone."""

CONNECT_SECONDS = 1.0
SILENT_SECONDS = 40.0
"""Longer than the pause between two signs of life of a stream."""

MOST_ASKED = 8
LARGEST_ANSWER = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class RelayedEvent:
    """An event of a reply as another server sent it. `offset` is its id, the characters so far."""

    spelled: bytes
    offset: int | None
    is_end: bool


@dataclass(frozen=True, slots=True)
class RelayedAnswer:
    """What another server answered: JSON."""

    status: int
    content: bytes


class OtherServers:
    """Knows this server by its name and address, and the others from the database."""

    def __init__(self, database: Database, name: str, address: str) -> None:
        self._database = database
        self._me = Server(name, address, secrets.token_urlsafe(32))
        self._known: list[Server] = []
        self._known_at: float | None = None
        self._unreachable: dict[str, float] = {}
        self._client: httpx2.AsyncClient | None = None

    # ── This server ────────────────────────────────────────────────────────────────────

    async def join(self) -> None:
        """This server begins: others may ask it from now on, or from its first sign of life on."""
        try:
            await self._database.write(self.note_alive)
        except PersistenceUnavailable as fault:
            log.warning("servers.not_joined", code=fault.code)

    def note_alive(self, tx: Connection) -> None:
        """Write down that this server lives."""
        server_rows.put_server(tx, self._me)

    async def leave(self) -> None:
        """This server ends: nobody asks it any more."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()
        with suppress(PersistenceUnavailable):
            await self._database.write(lambda tx: server_rows.drop_server(tx, self._me.id))

    def is_me(self, name: str) -> bool:
        """Whether this server is meant."""
        return name == self._me.id

    def admits(self, shown: str) -> bool:
        """Whether this is the secret that other servers show."""
        return hmac.compare_digest(shown.encode("utf-8", "replace"), self._me.secret.encode())

    # ── The others ─────────────────────────────────────────────────────────────────────

    async def follow_reply(
        self, name: str, message_id: str, offset: int | None
    ) -> AsyncIterator[RelayedEvent]:
        """The events of a reply that the named server writes, from a character on. Ends early
        where that server cannot be reached, dies, or does not write it."""
        server = await self._find(name)
        if server is None:
            return
        headers = {} if offset is None else {"last-event-id": str(offset)}
        try:
            answer = await self._send(server, "GET", f"/api/replies/{message_id}/stream", headers)
        except httpx2.HTTPError as error:
            self._leave_alone(server, type(error).__name__)
            return
        try:
            if answer.status_code != 200:
                if answer.status_code in _NOT_MEANT:
                    self._leave_alone(server, f"status {answer.status_code}")
                return
            rest = b""
            async for piece in answer.aiter_raw():
                *whole, rest = (rest + piece).split(b"\n\n")
                for spelled in whole:
                    yield _read_event(spelled)
        except httpx2.HTTPError as error:
            log.info("servers.relay_cut", error=type(error).__name__)
        finally:
            await answer.aclose()

    async def stop_reply(self, name: str, message_id: str) -> bool:
        """Let the named server stop the reply it writes. False where it cannot be asked."""
        server = await self._find(name)
        if server is None:
            return False
        answer = await self._ask(server, "POST", f"/api/replies/{message_id}/stop")
        return answer is not None and answer.status == 200

    async def ask(self, method: str, path: str) -> RelayedAnswer | None:
        """What the first of the other servers that knows this path answers, None when none does."""
        for server in (await self._list())[:MOST_ASKED]:
            answer = await self._ask(server, method, path)
            if answer is not None and answer.status != 404:
                return answer
        return None

    async def _ask(self, server: Server, method: str, path: str) -> RelayedAnswer | None:
        try:
            answer = await self._send(server, method, path, {})
        except httpx2.HTTPError as error:
            self._leave_alone(server, type(error).__name__)
            return None
        try:
            if answer.status_code in _NOT_MEANT:
                self._leave_alone(server, f"status {answer.status_code}")
                return None
            return RelayedAnswer(answer.status_code, await _read_bounded(answer))
        except httpx2.HTTPError as error:
            log.info("servers.relay_cut", error=type(error).__name__)
            return None
        finally:
            await answer.aclose()

    async def _send(
        self, server: Server, method: str, path: str, headers: dict[str, str]
    ) -> httpx2.Response:
        if self._client is None:
            self._client = make_client(connect_seconds=CONNECT_SECONDS, idle_seconds=SILENT_SECONDS)
        own = {"authorization": f"Bearer {server.secret}", ASKED_BY: server.id}
        request = self._client.build_request(
            method, server.address + path, headers={**own, **headers}
        )
        return await self._client.send(request, stream=True)

    async def _find(self, name: str) -> Server | None:
        return next((one for one in await self._list() if one.id == name), None)

    async def _list(self) -> list[Server]:
        now = time.monotonic()
        if self._known_at is None or now - self._known_at > KNOWN_SECONDS:
            try:
                self._known = await self._database.read(
                    lambda tx: server_rows.list_servers(tx, but=self._me.id)
                )
            except PersistenceUnavailable:
                return []
            self._known_at = now
        self._unreachable = {
            name: until for name, until in self._unreachable.items() if until > now
        }
        return [one for one in self._known if one.id not in self._unreachable]

    def _leave_alone(self, server: Server, why: str) -> None:
        """Another program may answer there, or a firewall stands between."""
        log.info("servers.unreachable", address=server.address, why=why)
        self._unreachable[server.id] = time.monotonic() + UNREACHABLE_SECONDS


def _read_event(spelled: bytes) -> RelayedEvent:
    offset: int | None = None
    is_end = False
    for line in spelled.split(b"\n"):
        if line.startswith(b"id: ") and line[4:].isdigit():
            offset = int(line[4:16])
        elif line == b"event: done":
            is_end = True
    return RelayedEvent(spelled + b"\n\n", offset, is_end)


async def _read_bounded(answer: httpx2.Response) -> bytes:
    content = b""
    async for piece in answer.aiter_raw():
        content += piece
        if len(content) > LARGEST_ANSWER:
            raise httpx2.ReadError("The answer is too long.")
    return content
