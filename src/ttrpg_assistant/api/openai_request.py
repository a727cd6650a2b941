"""What clients of OpenAI's interface send, read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ttrpg_assistant.doors.talking import Asked, Said
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.outside_json import NOT_JSON, decode_outside

MOST_MESSAGES = 5_000
MOST_TOKENS = 1_000_000
MOST_STOPS = 64
STOP_CHARACTERS = 200
PICTURE = "[a picture, which is not read here]"

_LIMIT = {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1}
DECLARED: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["model", "messages"],
                    "properties": {
                        "model": {"type": "string"},
                        "messages": {"type": "array", "items": {"type": "object"}},
                        "stream": {"type": "boolean"},
                        "stream_options": {"type": "object"},
                        "max_tokens": _LIMIT,
                        "max_completion_tokens": _LIMIT,
                        "stop": {},
                        "response_format": {},
                    },
                }
            }
        },
    }
}
"""What counts of a request, for `/openapi.json`. Clients send more, which is left aside."""


class ChatRequest(msgspec.Struct, frozen=True):
    """What of a request counts here. `model` names who is to answer."""

    model: str
    asked: Asked
    is_streamed: bool
    with_usage: bool


def read_request(body: bytes) -> ChatRequest:
    """A request. What an answer is as true without (temperature, tools that may be called) is left
    aside. Raises `InvalidInput`, also for what would be missed in the answer."""
    try:
        said = decode_outside(body)
    except NOT_JSON:
        raise InvalidInput("The request is not valid JSON.", code="malformed_json") from None
    if not isinstance(said, dict) or not isinstance(said.get("model"), str):
        raise InvalidInput("The request names no model.", code="model_missing")
    _refuse_what_is_not_given(said)
    options = said.get("stream_options")
    talk, sent_along = _read_messages(said.get("messages"))
    return ChatRequest(
        model=said["model"][:300],
        asked=Asked(talk, sent_along, _read_limit(said), _read_stops(said.get("stop"))),
        is_streamed=said.get("stream") is True,
        with_usage=isinstance(options, dict) and options.get("include_usage") is True,
    )


def _refuse_what_is_not_given(said: Mapping[str, Any]) -> None:
    """Raises `InvalidInput` for what a program would rely on and not get."""
    if said.get("n") not in (None, 1):
        raise InvalidInput("One answer is given for each request.", code="one_answer_only")
    form = said.get("response_format")
    wanted = form.get("type") if isinstance(form, dict) else form
    if wanted not in (None, "text"):
        raise InvalidInput(
            "Answers are prose here: no other response_format is given.",
            code="prose_only",
            cure="Ask without response_format.",
        )
    if said.get("tool_choice") not in (None, "auto", "none"):
        raise InvalidInput(
            "Nobody here calls a program's tools.",
            code="tools_not_called",
            cure="Ask without tool_choice; the tools of this campaign are offered at /mcp.",
        )
    kinds = said.get("modalities")
    if kinds is not None and kinds != ["text"]:
        raise InvalidInput("Answers are text here.", code="text_only")


def _read_stops(stop: Any) -> tuple[str, ...]:
    """The texts at which the answer is to end. Raises `InvalidInput`."""
    texts = [] if stop is None else [stop] if isinstance(stop, str) else stop
    if not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
        raise InvalidInput("stop is a text or a list of texts.", code="stop_malformed")
    if len(texts) > MOST_STOPS or any(len(one) > STOP_CHARACTERS for one in texts):
        raise InvalidInput(
            f"stop has {MOST_STOPS} texts of {STOP_CHARACTERS} characters at most.",
            code="stop_too_long",
        )
    return tuple(one for one in texts if one)


def _read_limit(said: Mapping[str, Any]) -> int | None:
    for name in ("max_completion_tokens", "max_tokens"):
        limit = said.get(name)
        if isinstance(limit, int) and not isinstance(limit, bool) and limit > 0:
            return min(limit, MOST_TOKENS)
    return None


def _read_messages(messages: Any) -> tuple[list[Said], str]:
    """What was said, and what the program sends along with it."""
    if not isinstance(messages, list) or not messages:
        raise InvalidInput("The request has no messages.", code="messages_missing")
    if len(messages) > MOST_MESSAGES:
        raise InvalidInput(f"At most {MOST_MESSAGES} messages.", code="too_many_messages")
    talk: list[Said] = []
    beside: list[str] = []
    for one in messages:
        role = one.get("role") if isinstance(one, dict) else None
        if not isinstance(role, str):
            raise InvalidInput("A message needs a role and a content.", code="message_malformed")
        text = _read_content(one.get("content"))
        if role in ("user", "assistant"):
            if text.strip():
                talk.append(Said("user" if role == "user" else "assistant", text))
        elif text.strip():
            beside.append(text)
    while talk and talk[-1].role == "assistant":
        # A beginning that the program would have continued: the question before it is answered.
        talk.pop()
    return talk, "\n".join(beside)


def _read_content(content: Any) -> str:
    if content is None:
        return ""
    if isinstance(content, str):
        return _storable(content)
    if not isinstance(content, list):
        raise InvalidInput("The content of a message is text.", code="message_malformed")
    parts: list[str] = []
    for part in content:
        if isinstance(part, dict) and isinstance(part.get("text"), str):
            parts.append(_storable(part["text"]))
        elif isinstance(part, dict) and "image" in str(part.get("type")):
            parts.append(PICTURE)
    return "\n".join(parts)


def _storable(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
