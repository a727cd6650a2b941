"""`python -m bench.proxy --provider URL --journal FILE`: the least that can keep a question safe.

It speaks as much of the application's protocol as the bench asks for, and does nothing else: a
question is appended to a file and forced to the disk before it is answered, its answer is relayed
from the provider to whoever follows it and appended when it has ended. No history, no campaign, no
checks. It is the limit that the rows put beside the application: what is left to win, not a rival.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import httptools
import msgspec
import uvloop

from bench.programs import MODEL
from ttrpg_assistant.ids import new_id

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


class Reply:
    """A reply as it grows, and the page that follows it."""

    def __init__(self) -> None:
        self.text = ""
        self.follower: asyncio.Transport | None = None
        self.is_whole = False

    def add(self, text: str) -> None:
        """More of it, for whoever follows."""
        self.text += text
        if self.follower is not None:
            self.follower.write(_piece("text", {"text": text}))

    def end(self) -> None:
        """It is whole."""
        self.is_whole = True
        if self.follower is not None:
            self.tell_end()

    def tell_end(self) -> None:
        """Say so, and end the stream."""
        assert self.follower is not None
        message = {"content": self.text, "status": "complete"}
        self.follower.write(_piece("done", {"message": message}) + b"0\r\n\r\n")


class Journal:
    """Where questions are safe when they are acknowledged."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def append(self, content: Any) -> None:
        """Write a line and force it to the disk."""
        os.write(self._file, _encode(content) + b"\n")
        os.fsync(self._file)


class Upstream(asyncio.Protocol):
    """A kept connection to the provider, for one reply at a time."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self._rest = b""

    def ask(self, question: str, reply: Reply) -> None:
        """Have it answered."""
        self._reply, self._rest = reply, b""
        self._parser = httptools.HttpResponseParser(self)
        body = _encode(
            {"model": MODEL, "stream": True, "messages": [{"role": "user", "content": question}]}
        )
        self._transport.write(
            b"POST %s/chat/completions HTTP/1.1\r\nhost: %s\r\ncontent-type: application/json\r\n"
            b"content-length: %d\r\n\r\n" % (self._proxy.path, self._proxy.host, len(body)) + body
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        lines = (self._rest + body).split(b"\n")
        self._rest = lines.pop()
        text = ""
        for line in lines:
            if line.startswith(b"data: {"):
                for choice in _decode(line[6:])["choices"]:
                    text += choice["delta"].get("content") or ""
        if text:
            self._reply.add(text)

    def on_message_complete(self) -> None:
        self._proxy.journal.append({"answer": self._reply.text})
        self._proxy.idle.append(self)
        self._reply.end()


class Page(asyncio.Protocol):
    """A connection of the bench."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._parser = httptools.HttpRequestParser(self)
        self._url, self._body = b"", b""

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        url, body = self._url, self._body
        self._url, self._body = b"", b""
        if self._parser.get_method() == b"POST":
            asked = _decode(body)
            self._proxy.journal.append(asked)
            answer, reply = new_id(), Reply()
            self._proxy.replies[answer] = reply
            told = _encode({"assistant_message": {"id": answer}})
            self._transport.write(
                b"HTTP/1.1 202 Accepted\r\ncontent-type: application/json\r\n"
                b"content-length: %d\r\n\r\n" % len(told) + told
            )
            self._proxy.start(asked["content"], reply)
            return
        reply = self._proxy.replies.pop(url.split(b"/")[3].decode())
        self._transport.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
            b"transfer-encoding: chunked\r\n\r\n" + _piece("snapshot", {"content": reply.text})
        )
        reply.follower = self._transport
        if reply.is_whole:
            reply.tell_end()


class Proxy:
    """What the connections share."""

    def __init__(self, provider: str, journal: Path) -> None:
        parts = urlsplit(provider)
        self.host, self.path = parts.netloc.encode(), parts.path.rstrip("/").encode()
        self._where = (parts.hostname or "127.0.0.1", parts.port or 80)
        self.journal = Journal(journal)
        self.replies: dict[str, Reply] = {}
        self.idle: list[Upstream] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, question: str, reply: Reply) -> None:
        """Ask the provider, over a kept connection where one is free."""
        if self.idle:
            self.idle.pop().ask(question, reply)
            return
        task = asyncio.create_task(self._start_anew(question, reply))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _start_anew(self, question: str, reply: Reply) -> None:
        loop = asyncio.get_running_loop()
        _, upstream = await loop.create_connection(lambda: Upstream(self), *self._where)
        upstream.ask(question, reply)


def _piece(name: str, content: Any) -> bytes:
    told = b"event: %s\ndata: %s\n\n" % (name.encode(), _encode(content))
    return b"%x\r\n%s\r\n" % (len(told), told)


async def serve(provider: str, journal: Path) -> None:
    """Serve until the process ends; prints its base URL."""
    proxy = Proxy(provider, journal)
    server = await asyncio.get_running_loop().create_server(
        lambda: Page(proxy), "127.0.0.1", 0, backlog=1_024
    )
    host, port = server.sockets[0].getsockname()
    print(f"http://{host}:{port}", flush=True)
    await asyncio.Event().wait()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--provider", required=True)
    parser.add_argument("--journal", type=Path, required=True)
    given = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        uvloop.run(serve(given.provider, given.journal))


if __name__ == "__main__":
    main()
