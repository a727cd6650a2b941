"""The shapes in which clients of OpenAI's interface are answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from fastapi import Response

from ttrpg_assistant.api.bodies import PROBLEMS
from ttrpg_assistant.clock import wall_seconds
from ttrpg_assistant.outside_json import NOT_JSON, decode_outside

if TYPE_CHECKING:
    from ttrpg_assistant.doors.talking import End

ROOT = "/v1"
"""Everything under it is answered in this shape, errors too."""

OWNER = "ttrpg-assistant"

_TYPES = {401: "authentication_error", 403: "permission_error", 404: "not_found_error"}
_TYPES |= {429: "rate_limit_error"}

encode = msgspec.json.Encoder().encode

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
