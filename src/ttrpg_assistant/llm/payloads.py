"""Finds what a decoded payload says, whichever of the known forms it has.

Nothing here raises: a field of another type than expected says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ttrpg_assistant.llm.types import FinishReason

THOUGHT_FIELDS = (
    "reasoning_content", "reasoning", "thinking", "reasoning_text", "thought",
    "reasoning_details", "thinking_blocks",
)  # fmt: skip


@dataclass(slots=True)
class Piece:
    """What one part of a payload says."""

    text: str = ""
    thinking: str = ""
    thought_field: str = ""
    refusal: str = ""
    blocked: str = ""
    reason: object = None
    otherwise: FinishReason = "stop"
    is_whole: bool = False
    """A whole message rather than the next piece of it."""
    closes: bool = False
    """Nothing comes after it."""


def find_pieces(value: dict[str, Any]) -> list[Piece]:
    """The parts of a payload in any known form, empty when it has none of them."""
    kind = value.get("type")
    if isinstance(choices := value.get("choices"), list):
        return _read_choices(value, choices)
    if isinstance(candidates := value.get("candidates"), list) or "promptFeedback" in value:
        return _read_candidates(value, candidates if isinstance(candidates, list) else [])
    if isinstance(kind, str) and kind.startswith(("content_block", "message", "ping")):
        return _read_event(kind, value)
    if isinstance(message := value.get("message"), dict) or "done" in value:
        return _read_line(value, message if isinstance(message, dict) else {})
    if isinstance(inner := value.get("response") or value.get("result"), dict):
        return find_pieces(inner)
    if isinstance(text := value.get("content"), str):
        # llama.cpp's own completions: its `stop` says whether this is the last piece.
        ended = value.get("stop") is True
        length = value.get("stop_type") == "limit" or value.get("stopped_limit") is True
        return [Piece(text, reason=("length" if length else "stop") if ended else None)]
    return []


def list_counts(value: dict[str, Any]) -> list[dict[str, Any]]:
    """Everything in the payload that may hold counts."""
    places = [value.get("usage"), value.get("usageMetadata")]
    for name in ("x_groq", "message", "response", "result"):
        if isinstance(inner := value.get(name), dict):
            places += [inner.get("usage"), inner.get("usageMetadata")]
    if isinstance(choices := value.get("choices"), list):
        places += [choice.get("usage") for choice in choices[:1] if isinstance(choice, dict)]
    if "eval_count" in value or "prompt_eval_count" in value:
        places.append(value)
    if isinstance(timings := value.get("timings"), dict):
        cached = {"cache_n": timings.get("cache_n")}
        places.append(cached)
    return [place for place in places if isinstance(place, dict) and place]


def find_error(value: dict[str, Any]) -> Any:
    """What the payload says went wrong, for `spoken_fault`; None when it says nothing."""
    error = value.get("error") or value.get("errors") or _find_inner_error(value)
    if error and error is not True and not _means_fine(error):
        return {"error": _with_number(error)}
    if value.get("object") == "error" or value.get("type") == "error" or error is True:
        return _with_number(value)
    if "choices" in value or "candidates" in value:
        return None
    numbered = _with_number(value)
    number = next((numbered.get(name) for name in ("code", "status_code", "status")), None)
    if any(_is_failure(numbered.get(name)) for name in ("code", "status_code", "status")):
        return numbered
    if value.get("success") is False and number is None:
        return numbered
    return None


def _find_inner_error(value: dict[str, Any]) -> Any:
    """An error that a gateway puts into the part of the answer that failed."""
    for name in ("choices", "candidates"):
        parts = value.get(name)
        if isinstance(parts, list) and parts and isinstance(parts[0], dict):
            return parts[0].get("error")
    return None


def find_complaint(value: dict[str, Any]) -> dict[str, Any] | None:
    """A sentence in a payload that is nothing else; perhaps about an error."""
    for name in ("detail", "message", "msg", "error_msg", "title"):
        if value.get(name) and isinstance(value[name], str | list | dict):
            return value
    return None


# ------------------------------------------------------------------ each form


def _read_choices(value: dict[str, Any], choices: list[Any]) -> list[Piece]:
    choice = choices[0] if choices and isinstance(choices[0], dict) else {}
    reason = choice.get("finish_reason") or choice.get("stop_reason")
    delta, message = choice.get("delta"), choice.get("message")
    piece = Piece(reason=reason or choice.get("finishReason"))
    if isinstance(delta, dict):
        _read_message(delta, piece)
    elif isinstance(delta, str):
        piece.text = delta
    if not (piece.text or piece.thinking or piece.refusal):
        if isinstance(message, dict):
            _read_message(message, piece)
            piece.is_whole = True
        elif text := choice.get("text"):
            _read_content(text, piece)
    if value.get("object") == "chat.completion":
        piece.closes = True
    return [piece]


def _read_message(message: dict[str, Any], piece: Piece) -> None:
    for name in THOUGHT_FIELDS:
        if thought := _text_of(message.get(name)):
            piece.thinking, piece.thought_field = thought, name
            break
    _read_content(message.get("content"), piece)
    if isinstance(refusal := message.get("refusal"), str):
        piece.refusal = refusal


def _read_content(content: Any, piece: Piece) -> None:
    """Text as it is, or in parts: text, thinking and refusals."""
    if not isinstance(content, list):
        piece.text += _text_of(content)
        return
    for part in content:
        kind = part.get("type") if isinstance(part, dict) else "text"
        if kind in ("thinking", "reasoning"):
            piece.thinking += _text_of(part.get("thinking") or part.get("text") or part)
            piece.thought_field = "content"
        elif kind == "refusal":
            piece.refusal += _text_of(part.get("refusal"))
        elif kind in ("text", "output_text", "", None):
            piece.text += _text_of(part)


def _read_candidates(value: dict[str, Any], candidates: list[Any]) -> list[Piece]:
    piece = Piece(otherwise="filtered")
    candidate = candidates[0] if candidates and isinstance(candidates[0], dict) else {}
    piece.reason = candidate.get("finishReason") or candidate.get("finish_reason")
    content = candidate.get("content")
    parts = content.get("parts") if isinstance(content, dict) else content
    if isinstance(parts, dict | str):
        parts = [parts]
    for part in parts if isinstance(parts, list) else ():
        if isinstance(part, dict) and part.get("thought") is True:
            piece.thinking += _text_of(part.get("text"))
            piece.thought_field = "part"
        else:
            piece.text += _text_of(part)
    feedback = value.get("promptFeedback")
    if not candidates and isinstance(feedback, dict):
        piece.blocked = _text_of(feedback.get("blockReason"))
    return [piece]


def _read_event(kind: str, value: dict[str, Any]) -> list[Piece]:
    piece = Piece()
    delta = value.get("delta")
    if kind == "content_block_delta":
        _read_block(delta, piece)
    elif kind == "content_block_start":
        _read_block(value.get("content_block"), piece)
    elif kind == "message_delta" and isinstance(delta, dict):
        piece.reason = delta.get("stop_reason")
    elif kind == "message_stop":
        piece.closes = True
    elif kind == "message":
        _read_content(value.get("content"), piece)
        piece.reason = value.get("stop_reason")
        piece.is_whole = piece.closes = True
    return [piece]


def _read_block(block: Any, piece: Piece) -> None:
    if not isinstance(block, dict):
        return
    if thought := block.get("thinking"):
        piece.thinking, piece.thought_field = _text_of(thought), "thinking"
    piece.text = _text_of(block.get("text"))


def _read_line(value: dict[str, Any], message: dict[str, Any]) -> list[Piece]:
    piece = Piece()
    if message:
        _read_message(message, piece)
    else:
        piece.text = _text_of(value.get("response"))
        piece.thinking = _text_of(value.get("thinking"))
        piece.thought_field = "thinking"
    if value.get("done") is True:
        piece.reason = value.get("done_reason") or "stop"
        # Ollama itself says what it counted and how long it took, with its last word only.
        piece.closes = "total_duration" in value or "eval_count" in value
    return [piece]


# ------------------------------------------------------------------ steps


def _text_of(value: Any, depth: int = 4) -> str:
    """Text, whatever it is wrapped in."""
    if isinstance(value, str):
        return value
    if not depth:
        return ""
    if isinstance(value, dict):
        inner = value.get("text") or value.get("content") or value.get("summary")
        return _text_of(inner, depth - 1)
    if isinstance(value, list):
        return "".join([_text_of(item, depth - 1) for item in value])
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def _with_number(error: Any) -> Any:
    """The same with a status code as a number where it came as text."""
    if not isinstance(error, dict):
        return error
    return {
        name: int(item)
        if name in ("code", "status", "status_code")
        and isinstance(item, str)
        and item.isascii()
        and item.isdigit()
        and len(item) == 3
        else item
        for name, item in error.items()
    }


def _is_failure(code: Any) -> bool:
    return isinstance(code, int) and 400 <= code < 600


def _means_fine(error: Any) -> bool:
    return isinstance(error, str) and error.strip().lower() in ("", "null", "none", "false", "ok")
