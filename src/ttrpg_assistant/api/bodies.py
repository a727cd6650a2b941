"""What requests may hold, and how answers are spelled.

Text is checked here, once, at the edge: NUL characters and halves of surrogate pairs are
refused because no database keeps them, and a message of nothing but white space is not a
message.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from fastapi import Path, Query, Response
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from ttrpg_assistant.conversations.model import MESSAGE_CHARACTERS, MessageStatus, Role
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.ids import check_id

_encode = msgspec.json.Encoder().encode

UUID_PATTERN = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"


def answer(value: Any, status: int = 200) -> Response:
    """A JSON answer. Dataclasses and plain values are encoded as they are."""
    return Response(_encode(value), status_code=status, media_type="application/json")


UNSTORABLE = "This text has a character that cannot be saved. Remove it, or type the text again."
"""No database keeps NUL, nor half of a surrogate pair."""


def _check_text(text: str) -> str:
    if "\x00" in text:
        raise ValueError(UNSTORABLE)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(UNSTORABLE) from None
    return text


def _check_said(text: str) -> str:
    if not text.strip():
        raise ValueError("This text is empty.")
    return text


def _check_uuid(text: str) -> str:
    try:
        return check_id(text)
    except InvalidInput as fault:
        raise ValueError(fault.sentence) from None


def _only_text(value: Any) -> Any:
    if isinstance(value, str):
        _check_text(value)
    return value


Text = Annotated[str, BeforeValidator(_only_text)]
"""Any text that can be stored."""

Said = Annotated[
    str,
    BeforeValidator(_only_text),
    Field(min_length=1, max_length=MESSAGE_CHARACTERS),
    AfterValidator(_check_said),
]
"""Something a person said: not empty, not too long."""

Uuid = Annotated[str, Field(pattern=UUID_PATTERN), AfterValidator(_check_uuid)]
PathId = Annotated[str, Path(pattern=UUID_PATTERN), AfterValidator(_check_uuid)]
MOST_STORED = 2**31 - 1
"""The largest number that a column of either database holds."""

Limit = Annotated[int, Query(ge=1, le=500)]
Count = Annotated[int, Field(ge=0, le=MOST_STORED)]
Seq = Annotated[int | None, Query(ge=0, le=MOST_STORED)]
ConversationCursor = Annotated[
    str | None, Query(pattern=r"^[0-9TZ:.\-]{27}\|[0-9a-f\-]{36}$", max_length=64)
]


class Body(BaseModel):
    """A request body: unknown fields are refused, so that a typing error is not lost. What checks
    it is made when the first one arrives."""

    model_config = ConfigDict(extra="forbid", strict=False, defer_build=True)


class AskedUnderBody(Body):
    """What was on the screen when something was said."""

    campaign_id: Uuid | None = None
    game_session_id: Uuid | None = None


class TurnBody(Body):
    """What was said, to be answered."""

    message_id: Uuid
    content: Said
    mode: Literal["about", "as"] | None = None
    replaces: Uuid | None = None
    asked_under: AskedUnderBody | None = None


class NewMessageBody(Body):
    """A message to be stored without an answer."""

    id: Uuid | None = None
    role: Role
    mode: Literal["about", "as"] | None = None
    content: Annotated[str, BeforeValidator(_only_text), Field(max_length=MESSAGE_CHARACTERS)]
    tokens: tuple[Count, Count] | None = None
    status: MessageStatus = "complete"
    recovered: bool = False


class UpdateMessageBody(Body):
    """The text of a message, written again."""

    content: Annotated[str, BeforeValidator(_only_text), Field(max_length=MESSAGE_CHARACTERS)]
    tokens: tuple[Count, Count] | None = None
    is_streaming: bool = False


class LinkBody(Body):
    """What a chat is tied to; None unties."""

    game_session_id: Uuid | None = None
    campaign_id: Uuid | None = None


class RegenerateBody(Body):
    """The id of the new answer, when the caller wants repeating to be harmless."""

    new_message_id: Uuid | None = None


class ContinueBody(Body):
    """An id for this continuation, when the caller wants repeating to be harmless."""

    turn_id: Uuid | None = None


PROBLEMS: Mapping[int | str, dict[str, Any]] = {
    status: {
        "description": description,
        "content": {
            "application/problem+json": {
                "schema": {
                    "type": "object",
                    "required": ["type", "title", "status", "code", "detail"],
                    "properties": {
                        "type": {"type": "string"},
                        "title": {"type": "string"},
                        "status": {"type": "integer"},
                        "code": {"type": "string"},
                        "detail": {"type": "string"},
                        "cure": {"type": "string"},
                    },
                }
            }
        },
    }
    for status, description in {
        400: "The request is not valid JSON, or its cursor is not one.",
        401: "The caller is not signed in.",
        403: "The caller is not allowed to do this.",
        404: "There is no such thing.",
        409: "What is stored does not allow this.",
        413: "The request is too large.",
        415: "Writes are JSON only.",
        422: "The request cannot be understood.",
        429: "Too many wrong tokens came from this address.",
        502: "The language model could not answer.",
        503: "Nothing can be stored right now.",
        507: "The disk is full.",
    }.items()
}
"""How errors look, for `/openapi.json`."""
