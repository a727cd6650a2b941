"""From what a provider says when it fails to our named faults.

The provider's own sentence is kept, because it often says what to do, but it is cut,
cleaned, and never contains a key: some providers repeat the key they were given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from ttrpg_assistant.errors import (
    BadAnswer,
    BadKey,
    ContextTooLong,
    ModelFault,
    ModelNotFound,
    Overloaded,
    RateLimited,
)

MAX_SENTENCE = 300
MAX_WAIT_SECONDS = 24 * 3600.0

_KEY_SHAPES = re.compile(r"\b(?:sk|pk|rk|gsk|xai|key|AIza|hf)[-_A-Za-z0-9*.]{10,}|Bearer\s+\S+")
_MARKUP = re.compile(r"<[^>]*>")
_WAIT = re.compile(r"(?:try again|retry)[^.]*?in ((?:\d+(?:\.\d+)?(?:ms|[hms])\s*)+)", re.I)
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|[hms])")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}

_TOO_LONG = (
    "context length", "context_length", "context size", "context_size", "context window",
    "maximum context", "prompt is too long", "input is too long", "too many tokens",
    "exceed context limit", "exceeds the maximum number of tokens", "request_too_large",
)  # fmt: skip
_BAD_KEY = (
    "api_key_invalid", "api key not valid", "invalid api key", "incorrect api key",
    "invalid_api_key", "authentication_error", "invalid x-api-key", "unauthenticated",
)  # fmt: skip
_NO_CREDIT = ("credit balance", "insufficient_quota", "insufficient credits", "billing")
_NO_MODEL = ("model_not_found", "not a valid model", "model not found", "does not exist")
_BUSY = ("overloaded", "unavailable", "high demand", "loading model", "server_error")
_LIMITED = ("rate_limit", "rate limit", "resource_exhausted", "too many requests", "throttl")


def read_error(body: bytes) -> tuple[str, str, Any]:
    """`(sentence, all of it in lower case, decoded)` of an error body in any known shape."""
    try:
        value = msgspec.json.decode(body)
    except msgspec.MsgspecError:
        text = _MARKUP.sub(" ", body[:4096].decode("utf-8", "replace"))
        return text, text.lower(), None
    return find_sentence(value), body[:16384].decode("utf-8", "replace").lower(), value


def find_sentence(value: Any) -> str:
    """The human sentence inside a decoded error."""
    for _ in range(6):
        if isinstance(value, list) and value:
            value = value[0]
        elif isinstance(value, dict):
            for name in ("error", "message", "detail", "msg", "error_msg", "title"):
                if value.get(name):
                    value = value[name]
                    break
            else:
                return ""
        else:
            break
    return value if isinstance(value, str) else ""


def tidy_sentence(sentence: str, secret: str | None) -> str:
    """One clean line of at most 300 characters without the key or anything shaped like one."""
    if secret:
        sentence = sentence.replace(secret, "[key]")
    sentence = _KEY_SHAPES.sub("[key]", sentence[:8192])
    sentence = "".join(c if c.isprintable() else " " for c in sentence)
    sentence = " ".join(sentence.split())
    if len(sentence) > MAX_SENTENCE:
        sentence = sentence[: MAX_SENTENCE - 1].rstrip() + "…"
    return sentence


def status_fault(
    status: int, headers: Mapping[str, str], body: bytes, label: str, secret: str | None
) -> ModelFault:
    """The fault that an HTTP error status with this body means.

    `label` is the provider's name for the sentence, `secret` the key to keep out of it.
    """
    said, everything, value = read_error(body)
    said = tidy_sentence(said, secret)
    facts: dict[str, object] = {"status": status}
    if 300 <= status < 400:
        return BadAnswer(
            f"{label}'s address sends its callers elsewhere, which is not followed.",
            cure="Enter the final address in Settings.",
            facts=facts,
        )
    if status == 413 or (status in (400, 422, 500) and _any(_TOO_LONG, everything)):
        return ContextTooLong(_say(f"The text is too long for {label}", said), facts=facts)
    if status in (401, 403) or (status == 400 and _any(_BAD_KEY, everything)):
        return BadKey(_say(f"{label} does not accept the key", said), facts=facts)
    if status == 402 or (status in (400, 429) and _any(_NO_CREDIT, everything)):
        return RateLimited(
            _say(f"The account at {label} has no credit left", said),
            retry_after=_find_wait(headers, value, said),
            cure="Check the account's credit at the provider, or choose another model.",
            facts=facts,
        )
    if status == 429:
        return RateLimited(
            _say(f"{label} asks to wait", said),
            retry_after=_find_wait(headers, value, said),
            facts=facts,
        )
    if status == 404 or (status == 400 and _any(_NO_MODEL, everything)):
        return ModelNotFound(_say(f"{label} does not know that model", said), facts=facts)
    if status >= 500 or status == 408:
        return Overloaded(
            _say(f"{label} cannot answer right now", said),
            retry_after=_find_wait(headers, value, said),
            facts=facts,
        )
    # What was said is kept in whole for the dialects: it names a parameter to leave out.
    facts["everything"] = everything.replace(secret.lower(), "[key]") if secret else everything
    return BadAnswer(_say(f"{label} refused the request ({status})", said), facts=facts)


def spoken_fault(value: Any, label: str, secret: str | None) -> ModelFault:
    """The fault that an error object in the middle of a stream means."""
    said = tidy_sentence(find_sentence(value) or str(value), secret)
    everything = str(value).lower()
    status = _find_status(value)
    if status is not None and status >= 400:
        return status_fault(status, {}, msgspec.json.encode(value), label, secret)
    if _any(_TOO_LONG, everything):
        return ContextTooLong(_say(f"The text is too long for {label}", said))
    if _any(_BAD_KEY, everything) or "permission" in everything:
        return BadKey(_say(f"{label} does not accept the key", said))
    if _any(_NO_CREDIT, everything) or _any(_LIMITED, everything):
        wait = _find_wait({}, value, said)
        return RateLimited(_say(f"{label} asks to wait", said), retry_after=wait)
    if _any(_NO_MODEL, everything) or ("model" in everything and "not found" in everything):
        return ModelNotFound(_say(f"{label} does not know that model", said))
    if _any(_BUSY, everything) or "internal" in everything or "api_error" in everything:
        return Overloaded(_say(f"{label} cannot answer right now", said))
    return BadAnswer(_say(f"{label} stopped with an error", said))


def _find_status(value: Any) -> int | None:
    for _ in range(3):
        if not isinstance(value, dict):
            return None
        for name in ("code", "status_code", "status"):
            code = value.get(name)
            if isinstance(code, int) and 400 <= code < 600:
                return code
        value = value.get("error")
    return None


def _find_wait(headers: Mapping[str, str], value: Any, said: str) -> float | None:
    """Seconds to wait: the headers, Google's `retryDelay`, or the sentence."""
    seconds = _header_wait(headers)
    if seconds is None:
        seconds = _google_wait(value)
    if seconds is None and (match := _WAIT.search(said)):
        seconds = _add_up(match.group(1))
    if seconds is None or seconds < 0:
        return None
    return min(seconds, MAX_WAIT_SECONDS)


def _header_wait(headers: Mapping[str, str]) -> float | None:
    given = headers.get("retry-after-ms")
    if given is not None and given.replace(".", "", 1).isdigit():
        return float(given) / 1000
    given = headers.get("retry-after", "").strip()
    if not given:
        return None
    if given.isascii() and given.replace(".", "", 1).isdigit():
        return float(given)
    try:
        moment = parsedate_to_datetime(given)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _google_wait(value: Any) -> float | None:
    if isinstance(value, list) and value:
        value = value[0]
    error = value.get("error") if isinstance(value, dict) else None
    details = error.get("details") if isinstance(error, dict) else None
    for detail in details if isinstance(details, list) else ():
        delay = detail.get("retryDelay") if isinstance(detail, dict) else None
        if isinstance(delay, str):
            return _add_up(delay)
    return None


def _add_up(duration: str) -> float | None:
    parts = _DURATION.findall(duration)
    return sum(float(count) * _SECONDS[unit] for count, unit in parts) if parts else None


def _any(marks: tuple[str, ...], text: str) -> bool:
    return any(mark in text for mark in marks)


def _say(what: str, said: str) -> str:
    return f"{what}: {said}" if said else f"{what}."
