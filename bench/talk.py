"""The same reply heard twice: straight from the provider, and through the application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bench.http_client import Client, Heard
from bench.programs import MODEL
from tests.providers.script import words
from ttrpg_assistant.ids import new_id

FIRST_WORD = b"word0 "
QUESTION = "What waits behind the second door?"


@dataclass(frozen=True, slots=True)
class Told:
    """A reply as it was heard. Seconds, counted from when it was asked for."""

    first: float
    last: float
    text: str

    def is_whole(self, chunks: int) -> bool:
        """Whether every chunk arrived, once and in order."""
        return self.text == "".join(words(chunks))


async def ask_directly(client: Client) -> Told:
    """The reply over a direct connection, as a client of the provider would hear it."""
    body = {
        "model": MODEL,
        "messages": [{"role": "user", "content": QUESTION}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    heard = await client.ask("POST", "/chat/completions", body)
    pieces = [
        choice["delta"].get("content") or ""
        for _, chunk in heard.events()
        for choice in chunk["choices"]
    ]
    return _told(heard.asked_at, heard, "".join(pieces))


async def ask_through(client: Client, turns_path: str) -> Told:
    """The reply through the application: say it (it is committed first), then follow."""
    posted = await client.ask("POST", turns_path, {"message_id": new_id(), "content": QUESTION})
    answer = posted.json()["assistant_message"]["id"]
    heard = await client.ask("GET", f"/api/replies/{answer}/stream")
    told, stored = read_reply(heard)
    assert stored is not None, heard.events()
    assert (stored["content"], stored["status"]) == (told, "complete"), stored["status"]
    return _told(posted.asked_at, heard, told)


def read_reply(heard: Heard) -> tuple[str, Any]:
    """The text told by a reply's stream, and the stored message if its end was heard."""
    told, stored = "", None
    for name, content in heard.events():
        if name == "snapshot":
            told = content["content"]
        elif name == "text":
            told += content["text"]
        elif name == "done":
            stored = content["message"]
    return told, stored


def _told(asked_at: float, heard: Heard, text: str) -> Told:
    return Told(heard.when(FIRST_WORD) - asked_at, heard.ended_at - asked_at, text)
