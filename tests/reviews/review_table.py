"""A campaign, a transcript in it, and its review, over HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import httpx2

from tests.faults.table import until
from tests.reviews.made_evening import CAST, PLAYERS

FILE = {"Content-Type": "application/octet-stream"}


class Caller(Protocol):
    """A server and a client that has been let in."""

    client: httpx2.AsyncClient

    async def post(self, path: str, body: Any = None, *, status: int | None = None) -> Any: ...

    async def get(self, path: str, *, status: int | None = None, **params: Any) -> Any: ...


class Outside:
    """A server in a process of its own."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self.client = client

    async def post(self, path: str, body: Any = None, *, status: int | None = None) -> Any:
        """POST JSON; the decoded answer."""
        return _checked(await self.client.post(path, json={} if body is None else body), status)

    async def get(self, path: str, *, status: int | None = None, **params: Any) -> Any:
        """GET; the decoded answer."""
        return _checked(await self.client.get(path, params=params), status)


def _checked(answer: httpx2.Response, status: int | None) -> Any:
    assert answer.is_success if status is None else answer.status_code == status, answer.text
    return answer.json()


@dataclass
class ReviewTable:
    """What a test of reviews needs at hand. All calls go through `app`."""

    app: Caller
    campaign_id: str
    game_session_id: str
    conversation_id: str
    review: dict[str, Any]

    @property
    def path(self) -> str:
        return f"/api/transcript-reviews/{self.review['id']}"

    async def read(self, **body: object) -> dict[str, Any]:
        """Start it, and give it as it is when nothing is read any more."""
        await self.app.post(f"{self.path}/start", body)
        return await self.wait()

    async def wait(self) -> dict[str, Any]:
        async def ended() -> Any:
            state = await self.app.get(self.path)
            return None if state["status"] == "reading" else state

        found: dict[str, Any] = await until(ended, 300)
        return found

    async def queue(self) -> list[dict[str, Any]]:
        """All that it proposes."""
        found: list[dict[str, Any]] = []
        more: dict[str, str] = {}
        while True:
            page = await self.app.get(f"{self.path}/suggestions", **more)
            found += page["suggestions"]
            if not page["has_more"]:
                return found
            more = {"after": page["next_cursor"]}


async def make_campaign(app: Caller, things: Mapping[str, Sequence[str]] = CAST) -> str:
    made = await app.post("/api/campaigns", {"name": "Marsh"})
    for kind, names in things.items():
        for name in names:
            fields = {"name": name}
            player = next((one for one, character in PLAYERS.items() if character == name), None)
            if kind == "character" and player:
                fields["player"] = player
            await app.post(f"/api/campaigns/{made['id']}/things/{kind}", {"fields": fields})
    campaign_id: str = made["id"]
    return campaign_id


async def import_text(app: Caller, campaign_id: str, text: str) -> str:
    """The conversation that a transcript became."""
    answer = await app.client.post(
        "/api/transcripts",
        content=text.encode(),
        params={"campaign_id": campaign_id, "title": "The evening"},
        headers=FILE,
    )
    assert answer.status_code == 202, answer.text
    path = f"/api/imports/{answer.json()['id']}"

    async def ended() -> bool:
        state: str = (await app.get(path))["state"]
        return state != "running"

    await until(ended)
    conversation_id: str = answer.json()["conversation_id"]
    return conversation_id


async def make_review(
    app: Caller, text: str, things: Mapping[str, Sequence[str]] = CAST
) -> ReviewTable:
    """A campaign with a cast, a transcript in it, and a review that is not read yet."""
    campaign_id = await make_campaign(app, things)
    game = await app.post(f"/api/campaigns/{campaign_id}/game-sessions", {})
    conversation_id = await import_text(app, campaign_id, text)
    body = {"conversation_id": conversation_id, "game_session_id": game["id"]}
    review = await app.post("/api/transcript-reviews", body, status=201)
    return ReviewTable(app, campaign_id, game["id"], conversation_id, review)
