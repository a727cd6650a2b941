"""Imports over HTTP: files sent and looked at, accepted, followed, cancelled and undone."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from fastapi import Query, Request, Response
from pydantic import Field

from ttrpg_assistant.api.bodies import PROBLEMS, UUID_PATTERN, Body, PathId, Text, Uuid, answer
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.archives.arriving import ArrivingFiles
from ttrpg_assistant.archives.imports import Import, Imports
from ttrpg_assistant.errors import NotFound
from ttrpg_assistant.imports.file_imports import FileImports
from ttrpg_assistant.imports.matching import Choices
from ttrpg_assistant.imports.store.file_imports import FileImport
from ttrpg_assistant.other_servers import ASKED_BY, OtherServers

MOST_CHOICES = 20_000
NAME_CHARACTERS = 500

Id = Annotated[str | None, Query(pattern=UUID_PATTERN)]
Key = Annotated[Text, Field(max_length=500)]
Word = Annotated[Text, Field(max_length=60)]
Number = Annotated[int, Field(ge=0, le=MOST_CHOICES)]

Side = Literal["here", "file"]
Names = Annotated[list[Key], Field(max_length=200)]


class ChoicesBody(Body):
    """What was chosen in a preview: things and facts to leave out, another kind by the key of a
    thing, a side by its key and a field, fields by the headings of columns ("" keeps one only),
    numbers of conversations to leave out, and by the number of one whose lines are the
    assistant's. With `read_notes` notes are kept for a model to read, not split; with
    `open_to_players` the party may know of what players see where it comes from."""

    skip: list[Key] = Field(default_factory=list, max_length=MOST_CHOICES)
    kinds: dict[Key, Word] = Field(default_factory=dict, max_length=MOST_CHOICES)
    fields: dict[Key, dict[Word, Side]] = Field(default_factory=dict, max_length=MOST_CHOICES)
    columns: dict[Key, Word] = Field(default_factory=dict, max_length=200)
    skip_facts: bool = False
    skip_talk: list[Number] = Field(default_factory=list, max_length=MOST_CHOICES)
    answers: dict[Number, Names] = Field(default_factory=dict, max_length=MOST_CHOICES)
    read_notes: bool = False
    open_to_players: bool = False

    @property
    def choices(self) -> Choices:
        """The same for the service."""
        return Choices(
            frozenset(self.skip),
            self.kinds,
            self.fields,
            self.columns,
            self.skip_facts,
            frozenset(self.skip_talk),
            {one: frozenset(map(str.lower, names)) for one, names in self.answers.items()},
            self.read_notes,
            self.open_to_players,
        )


class PreviewAgainBody(Body):
    """An open import looked at again, with other choices or for another campaign."""

    campaign_id: Uuid | None = None
    choices: ChoicesBody = ChoicesBody()


class AcceptBody(Body):
    """What is accepted."""

    choices: ChoicesBody = ChoicesBody()


def import_routes(
    file_imports: FileImports,
    imports: Imports,
    arriving: ArrivingFiles,
    others: OtherServers | None = None,
) -> Routes:
    """Every operation on imports."""
    routes = Routes(tags=["files"], responses=dict(PROBLEMS))

    @routes.post(
        "/api/imports",
        operation_id="preview_import",
        status_code=201,
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {
                    "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
                },
            }
        },
    )
    async def preview_import(
        request: Request,
        filename: Annotated[Text, Query(min_length=1, max_length=NAME_CHARACTERS)],
        campaign_id: Id = None,
        import_id: Id = None,
        more: bool = False,
    ) -> Response:
        """Send a file and see what it would become; nothing of it is in the campaign yet. With
        `import_id` it joins those sent before; with `more` others follow, and nothing is read."""
        arrived = await arriving.receive(request.stream(), ".import")
        try:
            found = await file_imports.add_file(
                arrived, filename, campaign_id=campaign_id, import_id=import_id
            )
        finally:
            arrived.unlink(missing_ok=True)
        if more:
            return answer({"import_id": found.id}, 201)
        return answer(await file_imports.preview(found.id), 201)

    async def _ask_others(request: Request) -> Response | None:
        """What the server answers that runs this import; None where no other one does. Raises
        `NotFound` for another server that asks."""
        if ASKED_BY in request.headers:
            raise NotFound("This server does not run this import.", code="import_not_found")
        if others is None:
            return None
        found = await others.ask(request.method, request.url.path)
        if found is None:
            return None
        return Response(found.content, found.status, media_type="application/json")

    @routes.post("/api/imports/{import_id}/preview", operation_id="preview_import_again")
    async def preview_import_again(import_id: PathId, body: PreviewAgainBody) -> Response:
        """Look at an open import again, with choices or for another campaign."""
        if body.campaign_id is not None:
            await file_imports.choose_campaign(import_id, body.campaign_id)
        return answer(await file_imports.preview(import_id, body.choices.choices))

    @routes.post("/api/imports/{import_id}/accept", operation_id="accept_import", status_code=202)
    async def accept_import(import_id: PathId, body: AcceptBody) -> Response:
        """Store what was looked at; follow it with `get_import` by the `id` in `follow`."""
        return answer(await file_imports.accept(import_id, body.choices.choices), 202)

    @routes.get("/api/imports", operation_id="list_imports")
    async def list_imports(campaign_id: Id = None) -> Response:
        """The latest imports, those under way among them; with `campaign_id` those of files into
        this campaign, with what became of them."""
        if campaign_id is None:
            return answer({"imports": imports.list_all()})
        kept = await file_imports.list_all(campaign_id)
        return answer({"imports": [wire_import(None, one) for one in kept]})

    @routes.get("/api/imports/{import_id}", operation_id="get_import")
    async def get_import(import_id: PathId, request: Request) -> Response:
        """How far an import is, and what became of the files."""
        running = kept = None
        try:
            running = imports.get(import_id)
        except NotFound:
            # The server that runs it knows more than what is stored.
            if (elsewhere := await _ask_others(request)) is not None:
                return elsewhere
            kept = await file_imports.get(import_id)
        if running is not None and running.kind == "files":
            kept = await file_imports.get(import_id)
        return answer(wire_import(running, kept))

    @routes.post("/api/imports/{import_id}/cancel", operation_id="cancel_import")
    async def cancel_import(import_id: PathId, request: Request) -> Response:
        """Stop an import, or forget one that was only looked at; nothing of it is left when this
        answers."""
        elsewhere = None if imports.is_known(import_id) else await _ask_others(request)
        if elsewhere is not None:
            return elsewhere
        ended = await file_imports.cancel(import_id)
        return answer({"id": import_id, "state": "cancelled"} if ended is None else ended)

    @routes.post("/api/imports/{import_id}/undo", operation_id="undo_import")
    async def undo_import(import_id: PathId) -> Response:
        """Take back what an import did; what was changed since stays, and is named."""
        return answer(await file_imports.undo(import_id))

    return routes


def wire_import(running: Import | None, kept: FileImport | None) -> dict[str, Any]:
    """An import as it is sent: how far it is, and of files what became of them."""
    if running is not None:
        told: dict[str, Any] = msgspec.to_builtins(running)
    else:
        assert kept is not None
        told = {"id": kept.id, "kind": "files", "title": kept.title, "state": kept.state}
    if kept is None:
        return told
    about = {"campaign_id": kept.campaign_id, "format": kept.format, "report": kept.report}
    return {**told, **about, "created_at": kept.created_at, "ended_at": kept.ended_at}
