"""From what a provider says when it fails to our named faults.

The provider's own sentence is kept, because it often says what to do, but it is cut, cleaned,
and never contains a key: some providers repeat the key they were given. The whole text is kept in
the facts as `everything`, for deciding what to try next; it is never shown, sent on or logged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ttrpg_assistant.errors import (
    BadAnswer,
    BadKey,
    ContextTooLong,
    ModelFault,
    ModelNotFound,
    ModelRefused,
    NoCredit,
    NotPermitted,
    Overloaded,
    QuotaUsedUp,
    RateLimited,
    WrongAddress,
)
from ttrpg_assistant.llm.error_bodies import (
    ErrorBody,
    find_wait,
    hide_keys,
    read_error,
    read_error_value,
    tidy_sentence,
)

_TOO_LONG = (
    "context length", "context_length", "context size", "context_size", "context window",
    "context limit", "context_window", "maximum context", "prompt is too long", "prompt too long",
    "input is too long", "input too long", "input length", "too many tokens",
    "too many input tokens", "exceeds the maximum number of tokens", "request_too_large",
    "maximum input", "max_model_len", "longer than the maximum", "exceed_context",
    "string too long", "n_ctx", "maximum prompt length", "prompt length", "reduce the length",
    "max_total_tokens", "available context", "`inputs` must have less than", "`inputs` tokens +",
)  # fmt: skip
_BAD_KEY = (
    "api_key_invalid", "api key not valid", "invalid api key", "incorrect api key",
    "api key expired", "invalid_api_key", "authentication_error", "invalid x-api-key",
    "unauthenticated", "reported as leaked", "unregistered callers", "no auth credentials",
    "invalid authentication", "missing api key", "api key is missing",
)  # fmt: skip
_NO_CREDIT = (
    "credit balance", "insufficient_quota", "insufficient credit", "insufficient balance",
    "insufficient_balance", "insufficient funds", "billing_hard_limit", "billing hard limit",
    "billing_not_active", "account is not active", "payment required", "out of credit",
    "no credit", "more credits", "negative balance", "spending limit", "spend limit",
    "arrearage", "exceeded_current_quota",
)  # fmt: skip
_BY_DAY = ("per day", "perday", "daily", "(tpd)", "(rpd)", "per month", "permonth", "monthly")
_BY_MINUTE = ("per minute", "perminute", "per min", "per second", "(tpm)", "(rpm)", "persecond")
_FILTERED = (
    "moderation", "flagged", "content_policy", "content policy", "content_filter", "content filter",
    "content management policy", "responsibleai", "safety system", "safety filter",
    "prohibited_content", "prohibited content", "inappropriate content",
    "data_inspection_failed", "content_violation", "usage policy",
    "usage policies", "sensitive content", "violates our",
)  # fmt: skip
_NOT_HERE = (
    "unsupported_country", "country, region", "location is not supported", "in your region",
    "in your country", "your region", "your country", "your location",
)  # fmt: skip
_NOT_ALLOWED = (
    "permission", "have access", "no access", "not authorized", "must be verified", "access denied",
    "access_denied", "not allowed", "not enabled", "accept the terms", "gated", "data policy",
    "upgrade", "is blocked", "are blocked", "subscription",
)  # fmt: skip
_NO_MODEL = ("model_not_found", "not a valid model", "model not found", "no endpoints found")
_NO_PATH = (
    "unknown request url", "invalid url", "unknown_url", "unknown url", "no route", "cannot post",
    "cannot get", "page not found", "no static resource", "unknown endpoint", "unexpected endpoint",
    "endpoint not found", "route not found", "no handler", "no such route", "url not found",
    "path not found", "resource not found", "unknown path", "invalid path",
)  # fmt: skip
_WANTS_TLS = ("http request was sent to https port", "http request to an https server")
_BUSY = (
    "overloaded", "unavailable", "high demand", "loading model", "server_error", "internal",
    "api_error", "try again later", "timed out", "timeout", "capacity",
)  # fmt: skip
_LIMITED = ("rate_limit", "rate limit", "resource_exhausted", "too many requests", "throttl")

WEB_PAGE_CURE = "Check the address in Settings; many servers want it to end in /v1."


def status_fault(
    status: int, headers: Mapping[str, str], body: bytes, label: str, secret: str | None
) -> ModelFault:
    """The fault that an HTTP error status with this body means.

    `label` is the provider's name for the sentence, `secret` the key to keep out of it.
    """
    return _name_fault(status, headers, read_error(body), label, secret)


def spoken_fault(value: Any, label: str, secret: str | None) -> ModelFault:
    """The fault that an error object means which came with a good status or in mid-stream."""
    status = _find_status(value)
    if status is not None:
        return _name_fault(status, {}, read_error(msgspec.json.encode(value)), label, secret)
    return _name_fault(None, {}, read_error_value(value), label, secret)


def within_sentence(label: str) -> str:
    """A provider's name as it is written in the middle of a sentence."""
    return label[0].lower() + label[1:] if label.startswith(("The ", "A ")) else label


def web_page_fault(label: str, status: int | None = None) -> WrongAddress:
    """The address answered as a web site does."""
    said = "" if status in (None, 200) else f" ({status})"
    return WrongAddress(
        f"{label}'s address answers with a web page{said} instead of an answer.",
        cure=WEB_PAGE_CURE,
        facts={} if status is None else {"status": status},
    )


def _name_fault(
    status: int | None,
    headers: Mapping[str, str],
    body: ErrorBody,
    label: str,
    secret: str | None,
) -> ModelFault:
    marks, value = body.marks, body.value
    said = tidy_sentence(body.sentence, secret)
    wait = find_wait(headers, value, body.sentence)
    facts: dict[str, object] = {"everything": hide_keys(body.everything, secret)}
    if status is not None:
        facts["status"] = status
    name = within_sentence(label)
    if (wrong := _wrong_address(status, body, label, said)) is not None:
        return wrong
    if _is_too_long(status, marks):
        return ContextTooLong(_say(f"The text is too long for {name}", said), facts=facts)
    if status in (402, 429) or (status in (None, 400, 403, 503) and _is_limited(marks)):
        return _limited(status, marks, name, label, said, wait, facts)
    if status in (None, 400, 403, 422, 451) and _any(_FILTERED, marks):
        return ModelRefused(_say(f"{label}'s own filter stopped the question", said), facts=facts)
    if status in (None, 400, 401, 403) and _any(_BAD_KEY, marks):
        return BadKey(_say(f"{label} does not accept the key", said), facts=facts)
    if status in (None, 400, 403, 451) and _any(_NOT_HERE, marks):
        return NotPermitted(_say(f"{label} does not serve this place", said), facts=facts)
    # Without a status it may as well be a part of the request that is not allowed.
    words = _NOT_ALLOWED if status == 403 else ("permission",)
    barred = status in (None, 403) and _any(words, marks)
    if barred or status == 451:
        return NotPermitted(_say(f"{label} does not allow this", said), facts=facts)
    if status in (401, 403):
        return BadKey(_say(f"{label} does not accept the key", said), facts=facts)
    if status == 404 or (status in (None, 400, 422) and _is_about_no_model(marks)):
        return ModelNotFound(_say(f"{label} does not know that model", said), facts=facts)
    if (status or 0) >= 500 or status in (408, 425) or (status is None and _any(_BUSY, marks)):
        return Overloaded(
            _say(f"{label} cannot answer right now", said), retry_after=wait, facts=facts
        )
    if status is None:
        return BadAnswer(_say(f"{label} stopped with an error", said), facts=facts)
    return BadAnswer(_say(f"{label} refused the request ({status})", said), facts=facts)


def _wrong_address(
    status: int | None, body: ErrorBody, label: str, said: str
) -> WrongAddress | None:
    facts: dict[str, object] = {} if status is None else {"status": status}
    if _any(_WANTS_TLS, body.marks):
        return WrongAddress(
            f"{label}'s address wants https.",
            cure="Let the address in Settings begin with https://.",
            facts=facts,
        )
    if status is not None and 300 <= status < 400:
        return WrongAddress(
            f"{label}'s address redirects to another one, which is not followed.",
            cure="Enter the final address in Settings.",
            facts=facts,
        )
    if body.is_page and status not in (401, 402, 408, 413, 429) and (status or 200) < 500:
        return web_page_fault(label, status)
    is_path = _any(_NO_PATH, body.marks)
    if status == 405 or (status in (404, None) and is_path):
        return WrongAddress(
            _say(f"{label}'s address has no model server at that path", said), facts=facts
        )
    if status == 404 and not _any(("model", "deployment", "endpoints found"), body.marks):
        return WrongAddress(
            _say(f"{label}'s address has no model server at that path (404)", said), facts=facts
        )
    return None


def _is_too_long(status: int | None, marks: str) -> bool:
    if status == 413:
        return True
    if status is None and _any(_LIMITED, marks):
        return False
    return status in (None, 400, 422, 500) and _any(_TOO_LONG, marks)


def _is_limited(marks: str) -> bool:
    return _any(_NO_CREDIT, marks) or _any(_LIMITED, marks)


def _limited(
    status: int | None,
    marks: str,
    name: str,
    label: str,
    said: str,
    wait: float | None,
    facts: dict[str, object],
) -> RateLimited:
    """A limit of speed, of a day, or of money: only the first passes by itself soon.

    Google names all of them with the same sentence about "plan and billing"; the quota's name
    in the details tells them apart.
    """
    plain = marks.replace("-", " ").replace("_", " ")
    if _any(_BY_DAY, plain):
        facts["quota"] = "day"
        return QuotaUsedUp(
            _say(f"The quota of the account at {name} is used up for now", said),
            retry_after=wait,
            facts=facts,
        )
    if status == 402 or (_any(_NO_CREDIT, marks) and not _any(_BY_MINUTE, plain)):
        facts["quota"] = "credit"
        return NoCredit(
            _say(f"The account at {name} has no credit left", said), retry_after=wait, facts=facts
        )
    facts["quota"] = "minute"
    return RateLimited(_say(f"{label} asks to wait", said), retry_after=wait, facts=facts)


def _is_about_no_model(marks: str) -> bool:
    if _any(_NO_MODEL, marks):
        return True
    missing = "does not exist" in marks or "not found" in marks or "unknown model" in marks
    return missing and "model" in marks


def _find_status(value: Any) -> int | None:
    for _ in range(3):
        if not isinstance(value, dict):
            return None
        for name in ("code", "status_code", "status"):
            code = value.get(name)
            if isinstance(code, str) and code.isascii() and code.isdigit() and len(code) == 3:
                code = int(code)
            if isinstance(code, int) and 400 <= code < 600:
                return code
        value = value.get("error")
    return None


def _any(marks: tuple[str, ...], text: str) -> bool:
    return any(mark in text for mark in marks)


def _say(what: str, said: str) -> str:
    return f"{what}: {said}" if said else f"{what}."
