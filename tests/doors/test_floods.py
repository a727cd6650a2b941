"""Programs that ask without end, badly, or never read: the server refuses, forgets and lives on.

A real server in a process of its own is flooded in every way that a token allows; its memory and
its open files are looked at before and after, and the game master's page is asked meanwhile.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.faults.server import ServerProcess
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.suggestions.outside import MOST_OPEN

pytestmark = [pytest.mark.deep, pytest.mark.fault]

ACCEPT = "application/json, text/event-stream"
MORE_MEMORY = 200 * 1024**2
MORE_FILES = 24


@dataclass
class Flooded:
    """The server, a token of one of its campaigns, and who looks after it meanwhile."""

    server: ServerProcess
    gm: httpx2.AsyncClient
    tool: httpx2.AsyncClient
    secret: str
    campaign: str
    npc: str

    def head(self, path: str, length: int) -> bytes:
        """The head of a POST, as it goes over a socket."""
        return (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.server.port}\r\n"
            f"Authorization: Bearer {self.secret}\r\nContent-Type: application/json\r\n"
            f"Accept: {ACCEPT}\r\nContent-Length: {length}\r\n\r\n"
        ).encode()

    async def open(self, path: str, body: bytes) -> tuple[Any, Any] | None:
        """A connection on which this was asked; None where there was no room for it."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
            writer.write(self.head(path, len(body)) + body)
        except OSError:
            return None
        return reader, writer


def measure(server: ServerProcess) -> tuple[int, int]:
    """Its memory in bytes, and how many files and connections it has open."""
    status = Path(f"/proc/{server.pid}/status").read_text()
    kilobytes = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    files = list(Path(f"/proc/{server.pid}/fd").iterdir())
    return int(kilobytes.split()[1]) * 1024, len(files)


@pytest.fixture
async def flooded(tmp_path: Path) -> AsyncIterator[Flooded]:
    server = ServerProcess(tmp_path / "data", environment={"TTRPG_MODEL": "offline"})
    server.data_dir.mkdir()
    await server.start()
    async with server.client(timeout=60) as gm:
        campaign = (await gm.post("/api/campaigns", json={"name": "Vale"})).json()["id"]
        npc = await gm.post(f"/api/campaigns/{campaign}/npcs", json={"name": "Mira"})
        body = {"campaign_id": campaign, "name": "Flood", "scopes": ["read:gm", "propose", "talk"]}
        secret = (await gm.post("/api/tokens", json=body)).json()["secret"]
        headers = {"Authorization": f"Bearer {secret}"}
        async with httpx2.AsyncClient(
            base_url=server.address, headers=headers, timeout=120, verify=False
        ) as tool:
            made = Flooded(server, gm, tool, secret, campaign, npc.json()["id"])
            for path in ("/api/doors/tools/campaign_brief", "/mcp"):
                await tool.post(path, json=spell_mcp("tools/list"), headers={"Accept": ACCEPT})
            yield made
    await server.kill()


def spell_mcp(method: str, **params: Any) -> Any:
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}


async def look(flooded: Flooded) -> float:
    """How long the game master waits for a list meanwhile."""
    began = time.perf_counter()
    answer = await flooded.gm.get("/api/campaigns")
    assert answer.status_code == 200, answer.text
    return time.perf_counter() - began


async def open_streams(flooded: Flooded) -> str:
    """Two thousand streams that nobody reads."""
    messages = [{"role": "user", "content": "Tell me of everything. " * 400}]
    body = {"model": f"npc/{flooded.campaign}/{flooded.npc}", "messages": messages, "stream": True}
    sent = json.dumps(body).encode()
    opened = [await flooded.open("/v1/chat/completions", sent) for _ in range(2_000)]
    found: Counter[str] = Counter()
    waited = await look_or_wait(flooded)
    for one in opened:
        line = b""
        if one is not None:
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(5):
                    line = await one[0].readline()
            one[1].close()
        found[line[9:12].decode() or "no room"] += 1
    return f"{dict(sorted(found.items()))}, the page waited {waited:.2f} s"


async def look_or_wait(flooded: Flooded) -> float:
    """The same where all connections may be taken by one address."""
    began = time.perf_counter()
    while time.perf_counter() - began < 60:
        with suppress(httpx2.HTTPError):
            await look(flooded)
            break
    return time.perf_counter() - began


async def begin_mcp_sessions(flooded: Flooded) -> str:
    """Two thousand sessions that are begun and never closed."""
    client = {"name": "flood", "version": "1"}
    asked = spell_mcp(
        "initialize", protocolVersion="2025-06-18", capabilities={}, clientInfo=client
    )
    found: Counter[int] = Counter()

    async def begin() -> None:
        answer = await flooded.tool.post("/mcp", json=asked, headers={"Accept": ACCEPT})
        found[answer.status_code] += 1
        assert "mcp-session-id" not in answer.headers

    for _ in range(50):
        await asyncio.gather(*(begin() for _ in range(40)))
    return str(dict(found))


async def send_batches(flooded: Flooded) -> str:
    """Batches of messages, up to what is far too large."""
    found: Counter[str] = Counter()
    for count in (2, 2_000, 9_000, 60_000):
        batch = [spell_mcp("tools/call", name="campaign_brief", arguments={})] * count
        answer = await flooded.tool.post("/mcp", json=batch, headers={"Accept": ACCEPT})
        found[f"{count}: {answer.status_code}"] += 1
        assert 400 <= answer.status_code < 500, answer.text[:300]
    return ", ".join(found)


async def cancel_calls(flooded: Flooded) -> str:
    """A thousand calls whose callers go away at once."""
    calls = json.dumps({"arguments": {"query": "the vault of the duke"}}).encode()
    talk = json.dumps({"arguments": {"npc": "Mira", "message": "Hello?"}}).encode()
    for number in range(1_000):
        tool, body = ("ask_npc", talk) if number % 2 else ("search", calls)
        one = await flooded.open(f"/api/doors/tools/{tool}", body)
        if one is not None:
            one[1].transport.abort()
    return f"the page waited {await look(flooded):.2f} s"


async def send_giants(flooded: Flooded) -> str:
    """Calls of ten megabytes, and JSON that is nested without end."""
    found: Counter[str] = Counter()
    deep = b"[" * 400_000 + b"]" * 400_000
    nested = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    tool = "/api/doors/tools/propose_new"
    bodies = {
        "9 MB": b'{"arguments":{"kind":"npc","fields":{"name":"' + b"x" * 9_400_000 + b'"}}}',
        "11 MB": b'{"arguments":{"kind":"' + b"x" * 11_000_000 + b'"}}',
        "wide": b'{"arguments":{"kind":"npc","fields":{"a":[' + b"1," * 2_000_000 + b"1]}}}",
        "deep": b'{"arguments":{"kind":"npc","fields":{"a":' + deep + b"}}}",
        "nested": b'{"arguments":' + nested + b"}",
    }
    headers = {"Content-Type": "application/json", "Accept": ACCEPT}
    for name, body in bodies.items():
        for path in (tool, "/api/doors/proposals", "/v1/chat/completions", "/mcp"):
            answer = await flooded.tool.post(path, content=body, headers=headers)
            found[f"{name} {answer.status_code}"] += 1
            assert 400 <= answer.status_code < 500, (name, path, answer.text[:300])
    return str(dict(found))


async def propose_much(flooded: Flooded) -> str:
    """A thousand proposals, and the inbox afterwards."""
    found: Counter[int] = Counter()
    began = time.perf_counter()
    for number in range(1_000):
        fields = {"name": f"Nobody {number}", "background": "x" * 3_000}
        body = {"id": new_id(), "kind": "npc", "fields": fields}
        found[(await flooded.tool.post("/api/doors/proposals", json=body)).status_code] += 1
    took = time.perf_counter() - began
    began = time.perf_counter()
    path = f"/api/suggestions?campaign_id={flooded.campaign}&from_tools=true"
    listed = (await flooded.gm.get(path)).json()["suggestions"]
    waited = time.perf_counter() - began
    assert found == {200: MOST_OPEN, 409: 1_000 - MOST_OPEN}
    rejected = await flooded.gm.post(f"/api/suggestions/{listed[0]['id']}/reject", json={})
    assert rejected.status_code == 200, rejected.text
    return f"{dict(found)} in {took:.1f} s; {len(listed)} listed in {waited:.2f} s"


FLOODS: tuple[Callable[[Flooded], Awaitable[str]], ...] = (
    open_streams,
    begin_mcp_sessions,
    send_batches,
    cancel_calls,
    send_giants,
    propose_much,
)


async def test_no_flood_through_a_token_harms_the_server(flooded: Flooded) -> None:
    before = measure(flooded.server)
    for flood in FLOODS:
        said = await flood(flooded)
        waited = await look_or_wait(flooded)
        memory, files = measure(flooded.server)
        print(f"{flood.__name__}: {said}; {memory >> 20} MB, {files} files, {waited:.2f} s")
    async with asyncio.timeout(150):
        while measure(flooded.server)[1] > before[1] + MORE_FILES:
            await look_or_wait(flooded)
            await asyncio.sleep(0.5)
    after = measure(flooded.server)
    print(f"before {before[0] >> 20} MB, {before[1]} files; after {after[0] >> 20} MB, {after[1]}")
    assert after[0] < before[0] + MORE_MEMORY
    assert "Traceback" not in flooded.server.read_log()
