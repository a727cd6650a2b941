"""Folders that campaigns are synced with, over HTTP.

Only somebody at this computer names a folder: a name from elsewhere could be any folder of it.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import urlsplit

from fastapi import Request, Response
from pydantic import Field

from ttrpg_assistant.api.bodies import PROBLEMS, Body, PathId, Text, Uuid, answer
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.errors import Refused
from ttrpg_assistant.vaults.model import Answers, Choices, ForGone, Side
from ttrpg_assistant.vaults.telling import tell_status
from ttrpg_assistant.vaults.vaults import Vaults

MOST_ANSWERS = 500
_PASSED_ON = ("forwarded", "x-forwarded-for", "x-real-ip")

Word = Annotated[Text, Field(max_length=60)]
NotePath = Annotated[Text, Field(max_length=1_000)]


class FolderBody(Body):
    """A folder by its whole name on the computer that the program runs on."""

    folder: Annotated[Text, Field(min_length=1, max_length=2_000)]


class PauseBody(Body):
    """Whether both sides are left alone."""

    paused: bool


class SeenBody(Body):
    """What an answer is about: the revision of a thing and the hash of its note, as asked."""

    revision: Annotated[int, Field(ge=0, le=2**31 - 1)]
    sha256: Annotated[Text, Field(max_length=64)]


class AnswersBody(Body):
    """What the game master answered. `sides` by thing and field; `emptied` by thing: the note as
    it is, or written again; `gone` by thing; `all_gone` for all notes that are missing; `kinds` of
    new notes by their paths; `paths` of the notes whose things are gone."""

    sides: dict[Uuid, dict[Word, Side]] = Field(default_factory=dict, max_length=MOST_ANSWERS)
    emptied: dict[Uuid, Literal["file", "write"]] = Field(
        default_factory=dict, max_length=MOST_ANSWERS
    )
    gone: dict[Uuid, ForGone] = Field(default_factory=dict, max_length=MOST_ANSWERS)
    all_gone: ForGone | None = None
    kinds: dict[NotePath, Word] = Field(default_factory=dict, max_length=MOST_ANSWERS)
    paths: dict[Uuid, NotePath] = Field(default_factory=dict, max_length=MOST_ANSWERS)
    seen: dict[Uuid, SeenBody] = Field(default_factory=dict, max_length=MOST_ANSWERS)

    @property
    def answers(self) -> Answers:
        """The same for the service."""
        emptied = self.emptied.items()
        choices = Choices(
            sides=self.sides,
            as_it_is=frozenset(id for id, one in emptied if one == "file"),
            again=frozenset(id for id, one in emptied if one == "write"),
        )
        return Answers(choices, self.gone, self.all_gone, self.kinds, self.paths)


def vault_routes(vaults: Vaults) -> Routes:
    """Every operation on folders."""
    routes = Routes(tags=["files"], responses=dict(PROBLEMS))

    @routes.get("/api/campaigns/{campaign_id}/vault", operation_id="get_vault")
    async def get_vault(campaign_id: PathId) -> Response:
        """The folder a campaign is synced with, and how the last look at it went."""
        found = await vaults.find(campaign_id)
        return answer({"vault": None if found is None else tell_status(found)})

    @routes.put("/api/campaigns/{campaign_id}/vault", operation_id="link_vault")
    async def link_vault(campaign_id: PathId, body: FolderBody, request: Request) -> Response:
        """Sync a campaign with a folder of this computer from now on."""
        _check_is_here(request)
        return answer(tell_status(await vaults.link(campaign_id, body.folder)))

    @routes.delete("/api/campaigns/{campaign_id}/vault", operation_id="unlink_vault")
    async def unlink_vault(campaign_id: PathId) -> Response:
        """Stop syncing them; the notes and the campaign stay as they are."""
        await vaults.unlink(campaign_id)
        return answer({"campaign_id": campaign_id})

    @routes.post("/api/campaigns/{campaign_id}/vault/sync", operation_id="sync_vault")
    async def sync_vault(campaign_id: PathId) -> Response:
        """Look at both sides now."""
        return answer(tell_status(await vaults.begin_sync(campaign_id)))

    @routes.post("/api/campaigns/{campaign_id}/vault/pause", operation_id="pause_vault")
    async def pause_vault(campaign_id: PathId, body: PauseBody) -> Response:
        """Leave both sides alone, or go on."""
        return answer(tell_status(await vaults.pause(campaign_id, paused=body.paused)))

    @routes.post("/api/campaigns/{campaign_id}/vault/answers", operation_id="answer_vault")
    async def answer_vault(campaign_id: PathId, body: AnswersBody) -> Response:
        """Answer what the last look asked."""
        seen = {id: (one.revision, one.sha256) for id, one in body.seen.items()}
        return answer(tell_status(await vaults.answer(campaign_id, body.answers, seen)))

    return routes


def _check_is_here(request: Request) -> None:
    """Raises `Refused` for one who is not at this computer."""
    client = request.client.host if request.client else ""
    is_passed_on = any(name in request.headers for name in _PASSED_ON)
    # A proxy on this computer that says nothing of its clients: the address they opened tells.
    opened = [f"//{request.headers.get('host', '')}", request.headers.get("origin", "//localhost")]
    if is_passed_on or not all(map(_is_loopback, [client, *map(_find_name, opened)])):
        raise Refused(
            "A folder is linked at the computer that this program runs on.",
            code="vault_not_here",
            cure="Open the page there, or use the command `ttrpg-assistant vault link`.",
        )


def _find_name(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
