"""The shapes of OpenAI's chat completions: what programs send, and what they are answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from fastapi import Response

from ttrpg_assistant.api.bodies import PROBLEMS
from ttrpg_assistant.clock import wall_seconds
from ttrpg_assistant.doors.talking import Asked, End, Said
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.outside_json import NOT_JSON, decode_outside

ROOT = "/v1"
"""Everything under it is answered in this shape, errors too."""

OWNER = "ttrpg-assistant"
MOST_MESSAGES = 5_000
MOST_TOKENS = 1_000_000
_LIMIT = {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1}
PICTURE = "[a picture, which is not read here]"

_TYPES = {401: "authentication_error", 403: "permission_error", 404: "not_found_error"}
_TYPES |= {429: "rate_limit_error"}

encode = msgspec.json.Encoder().encode

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
                    },
                }
            }
        },
    }
}
"""What counts of a request, for `/openapi.json`. Clients send more, which is left aside."""

ERRORS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": said["description"],
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["error"],
                    "properties": {
                        "error": {
                            "type": "object",
                            "required": ["message", "type", "param", "code"],
                            "properties": {
                                "message": {"type": "string"},
                                "type": {"type": "string"},
                                "code": {"type": "string"},
                            },
                        }
                    },
                }
            }
        },
    }
    for status, said in PROBLEMS.items()
}
"""How errors look under `/v1`, for `/openapi.json`."""


def is_here(path: str) -> bool:
    """Whether a path is answered in this shape."""
    return path == ROOT or path.startswith(f"{ROOT}/")


def reshape(problem: Response) -> Response:
    """A problem of ours as an error of this shape, with its status and headers."""
    try:
        said = decode_outside(bytes(problem.body))
        detail, code = str(said["detail"]), str(said["code"])
    except (KeyError, TypeError, *NOT_JSON):
        return problem
    answer = Response(
        encode(spell_error(problem.status_code, code, detail, said.get("cure"))),
        status_code=problem.status_code,
        media_type="application/json",
    )
    for name in ("www-authenticate", "retry-after", "allow"):
        if name in problem.headers:
            answer.headers[name] = problem.headers[name]
    return answer


def spell_error(status: int, code: str, detail: str, cure: str | None = None) -> dict[str, Any]:
    """An error in this shape."""
    usual = "invalid_request_error" if status < 500 else "server_error"
    message = " ".join(filter(None, (detail, cure)))
    kind = _TYPES.get(status, usual)
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


class ChatRequest(msgspec.Struct, frozen=True):
    """What of a request counts here. `model` names who is to answer."""

    model: str
    asked: Asked
    is_streamed: bool
    with_usage: bool


def read_request(body: bytes) -> ChatRequest:
    """A request. What has no meaning here (temperature, tools) is left aside. Raises
    `InvalidInput`."""
    try:
        said = decode_outside(body)
    except NOT_JSON:
        raise InvalidInput("The request is not valid JSON.", code="malformed_json") from None
    if not isinstance(said, dict) or not isinstance(said.get("model"), str):
        raise InvalidInput("The request names no model.", code="model_missing")
    if said.get("n") not in (None, 1):
        raise InvalidInput("One answer is given for each request.", code="one_answer_only")
    options = said.get("stream_options")
    return ChatRequest(
        model=said["model"][:300],
        asked=_read_messages(said.get("messages"), _read_limit(said)),
        is_streamed=said.get("stream") is True,
        with_usage=isinstance(options, dict) and options.get("include_usage") is True,
    )


def _read_limit(said: Mapping[str, Any]) -> int | None:
    for name in ("max_completion_tokens", "max_tokens"):
        limit = said.get(name)
        if isinstance(limit, int) and not isinstance(limit, bool) and limit > 0:
            return min(limit, MOST_TOKENS)
    return None


def _read_messages(messages: Any, most_tokens: int | None) -> Asked:
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
    return Asked(talk, "\n".join(beside), most_tokens)


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


def spell_models(models: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The list of models, each with the name of who speaks."""
    return {
        "object": "list",
        "data": [
            {"id": model, "object": "model", "created": 0, "owned_by": OWNER, "name": name}
            for model, name in models
        ],
    }


class Completion:
    """One answer on its way out: the same id and moment in every piece."""

    def __init__(self, answer_id: str, model: str) -> None:
        self._head = {"id": f"chatcmpl-{answer_id}", "created": int(wall_seconds()), "model": model}

    def whole(self, end: End) -> dict[str, Any]:
        """The answer at once."""
        message = {"role": "assistant", "content": end.text, "refusal": None}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": end.reason}
        return {
            **self._head,
            "object": "chat.completion",
            "choices": [choice],
            "usage": _usage(end),
        }

    def piece(self, delta: Mapping[str, str], reason: str | None = None) -> dict[str, Any]:
        """A piece of a stream."""
        choice = {"index": 0, "delta": dict(delta), "logprobs": None, "finish_reason": reason}
        return {**self._head, "object": "chat.completion.chunk", "choices": [choice]}

    def usage(self, end: End) -> dict[str, Any]:
        """The last piece for those who asked for the counts."""
        return {
            **self._head,
            "object": "chat.completion.chunk",
            "choices": [],
            "usage": _usage(end),
        }


def _usage(end: End) -> dict[str, int]:
    counted = {"prompt_tokens": end.tokens_in, "completion_tokens": end.tokens_out}
    return {**counted, "total_tokens": end.tokens_in + end.tokens_out}
