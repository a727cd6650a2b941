"""The assistant's voices over HTTP: look, make, change, delete."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Response
from pydantic import Field

from ttrpg_assistant.api.bodies import PROBLEMS, Body, Text, Uuid, answer
from ttrpg_assistant.api.entities import Changing, given
from ttrpg_assistant.api.late_routes import Routes
from ttrpg_assistant.conversations.voices import WORDS_CHARACTERS, Voices
from ttrpg_assistant.prompts.voices import VOICE_CHARACTERS, VOICE_NAME_CHARACTERS

VoiceId = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,36}$")]
"""A built-in voice's word, or the UUID of an own one."""

_SLACK = 4
"""White space around a text does not count; what is far too long is refused at once."""


class VoiceFields(Body):
    """What can be changed in a voice. `instruction` is what the model is told."""

    name: Annotated[Text, Field(max_length=VOICE_NAME_CHARACTERS * _SLACK)] = ""
    words: Annotated[Text, Field(max_length=WORDS_CHARACTERS * _SLACK)] = ""
    instruction: Annotated[Text, Field(max_length=VOICE_CHARACTERS * _SLACK)] = ""


class NewVoiceBody(VoiceFields):
    """A voice of one's own. With an `id` of the caller's, repeating is harmless."""

    id: Uuid | None = None


def voice_routes(voices: Voices) -> Routes:
    """Every operation on voices."""
    routes = Routes(tags=["voices"], responses=dict(PROBLEMS))

    @routes.get("/api/voices", operation_id="list_voices")
    async def list_voices() -> Response:
        """Every voice there is to choose from; the built-in ones first."""
        return answer({"voices": await voices.list_all()})

    @routes.post("/api/voices", operation_id="create_voice", status_code=201)
    async def create_voice(body: NewVoiceBody) -> Response:
        """A voice of one's own."""
        return answer(await voices.create(given(body, "id"), body.id), 201)

    @routes.patch("/api/voices/{voice_id}", operation_id="update_voice")
    async def update_voice(voice_id: VoiceId, body: Changing[VoiceFields]) -> Response:
        """Change a voice, a built-in one too; 409 when it was changed elsewhere."""
        return answer(await voices.update(voice_id, body.revision, given(body.changes)))

    @routes.post("/api/voices/{voice_id}/accept", operation_id="accept_voice")
    async def accept_voice(voice_id: VoiceId) -> Response:
        """Use a voice that came in an archive from now on; before, it is in no prompt."""
        return answer(await voices.accept(voice_id))

    @routes.delete("/api/voices/{voice_id}", operation_id="delete_voice")
    async def delete_voice(voice_id: VoiceId) -> Response:
        """Delete an own voice; a built-in one is as it came again. Undoable for 30 days."""
        return answer(await voices.remove(voice_id))

    return routes
