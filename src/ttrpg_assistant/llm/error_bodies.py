"""Reading what a provider says when it fails: the sentence, the marks of its kind, the wait.

Bodies come in many shapes, and some repeat the whole request. What decides about the kind of a
fault is therefore read only from the fields in which servers speak themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.clock import seconds_until, wall_now
from ttrpg_assistant.outside_json import find_json

MAX_READ = 16_384
MAX_SENTENCE = 300
MAX_WAIT_SECONDS = 24 * 3600.0
SHORTEST_SECRET = 8
"""A shorter key is no secret: servers at home take `x`, and `x` is in many words."""

_SPOKEN = ("error", "message", "detail", "msg", "error_msg", "title", "description")
_MARKING = frozenset(
    {*_SPOKEN, "errors", "details", "type", "code", "status", "status_code", "reason", "reasons",
     "error_type", "error_code", "metadata", "raw", "violations", "quotaid", "quotametric",
     "innererror", "cause", "param", "errorcode", "err"}
)  # fmt: skip
_MOST_NODES = 500
_NO_JSON = object()

_MARKUP = re.compile(r"<[^<>]*>")
_TITLE = re.compile(r"<title[^<>]*>([^<]{0,200})", re.I)
_KEY = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"sk-[-_A-Za-z0-9*.]{10,}"
    r"|(?:AI|ai)za[-_A-Za-z0-9*.]{10,}"
    r"|(?:gsk|hf|xai|pk|rk|key|nvapi|pplx|csk|r8|fw)[-_][-_A-Za-z0-9*.]{10,}"
    r"|[Bb]earer [-_A-Za-z0-9*.~+/=]{8,}"
    r")"
)
_WAIT = re.compile(
    r"(?:try again|retry|wait)[^.]{0,40}?((?:\d{1,9}(?:\.\d{1,9})?\s?[a-z]{1,7}\s?){1,4})", re.I
)
_DURATION = re.compile(
    r"(?<!\d)(\d+(?:\.\d+)?)\s?(ms|milliseconds?|h|hours?|m|min|minutes?|s|sec|seconds?)(?![a-z])",
    re.I,
)
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0}


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """A failed answer's body, read.

    `sentence` is for people (untidied), `marks` the words in lower case that tell the kind,
    `everything` the raw text in lower case, `value` the decoded JSON if it was any. `is_page`
    says that it was a web page.
    """

    sentence: str
    marks: str
    everything: str
    value: Any = None
    is_page: bool = False


def read_error(body: bytes) -> ErrorBody:
    """The body of a failed answer, in whatever shape it comes."""
    text = body[:MAX_READ].decode("utf-8", "replace")
    value = find_json(body, _NO_JSON)
    if value is not _NO_JSON:
        return read_error_value(value, text)
    if is_web_page(body):
        title = _TITLE.search(text)
        said = " ".join(title.group(1).split()) if title else ""
        return ErrorBody(said, _MARKUP.sub(" ", text[:4096]).lower(), text.lower(), None, True)
    said = _MARKUP.sub(" ", text[:4096])
    return ErrorBody(said, said.lower(), text.lower())


def read_error_value(value: Any, text: str = "") -> ErrorBody:
    """The same for an error that came decoded, in the middle of a stream."""
    marks = "\n".join(_list_marks(value)).lower()[:MAX_READ]
    return ErrorBody(find_sentence(value), marks, (text or str(value)[:MAX_READ]).lower(), value)


def is_web_page(body: bytes) -> bool:
    """Whether the bytes begin as a web page does."""
    begin = body[:256].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return begin.startswith((b"<!doctype html", b"<html", b"<head", b"<!--"))


def find_sentence(value: Any) -> str:
    """The human sentence inside a decoded error; of a gateway, that of the server behind it."""
    for _ in range(8):
        if isinstance(value, list) and value:
            value = value[0]
        elif isinstance(value, dict):
            behind = value.get("metadata")
            raw = behind.get("raw") if isinstance(behind, dict) else None
            found = raw or next((value[name] for name in _SPOKEN if value.get(name)), None)
            if found is None:
                return ""
            value = found
        elif isinstance(value, str) and value[:1] in ("{", "["):
            inner = find_json(value)
            if inner is None:
                break
            value = inner
        else:
            break
    return value if isinstance(value, str) else ""


def _list_marks(value: Any) -> Iterator[str]:
    waiting, nodes = [value], 0
    while waiting and nodes < _MOST_NODES:
        nodes += 1
        part = waiting.pop()
        if isinstance(part, dict):
            waiting += [inner for name, inner in part.items() if str(name).lower() in _MARKING]
        elif isinstance(part, list):
            waiting += part[:50]
        elif isinstance(part, str):
            # Gateways put the answer of the server behind them into a string.
            inner = find_json(part) if part[:1] in ("{", "[") else None
            if inner is None:
                yield part[:4096]
            else:
                waiting.append(inner)
        elif isinstance(part, int) and not isinstance(part, bool):
            yield str(part)[:20] if abs(part) < 10**18 else ""


def tidy_sentence(sentence: str, secret: str | None) -> str:
    """One clean line of at most 300 characters without the key or anything shaped like one."""
    sentence = hide_keys(sentence[:MAX_READ], secret)
    sentence = "".join(c if c.isprintable() else " " for c in sentence)
    sentence = " ".join(sentence.split())
    if len(sentence) > MAX_SENTENCE:
        sentence = cut_text(sentence, MAX_SENTENCE - 1).rstrip() + "…"
    return sentence


def hide_keys(text: str, secret: str | None) -> str:
    """The text without the key that was given, in either case, or anything shaped like a key."""
    if secret and len(secret) >= SHORTEST_SECRET:
        text = text.replace(secret, "[key]").replace(secret.lower(), "[key]")
    return _KEY.sub(_hide_key, text)


def _hide_key(match: re.Match[str]) -> str:
    # Words are joined by hyphens too; what is a key holds a digit, or the stars of a hidden one.
    found = match.group()
    certain = found.lower().startswith(("sk-", "aiza"))
    is_key = certain or any(c.isdigit() or c == "*" for c in found)
    return "[key]" if is_key else found


# -------------------------------------------------------------------------- waits


def find_wait(headers: Mapping[str, str], value: Any, said: str) -> float | None:
    """Seconds to wait: the headers, a field of the body, or the sentence; None if nobody says."""
    seconds = _header_wait(headers)
    if seconds is None:
        seconds = _body_wait(value, _their_clock(headers))
    if seconds is None and (match := _WAIT.search(said[:1000])):
        seconds = read_duration(match.group(1))
    if seconds is None or not seconds >= 0:
        return None
    return min(seconds, MAX_WAIT_SECONDS)


def _header_wait(headers: Mapping[str, str]) -> float | None:
    given = _read_number(headers.get("retry-after-ms", ""))
    if given is not None:
        return given / 1000
    for name in ("retry-after", "x-ratelimit-reset-after", "x-ratelimit-reset"):
        text = headers.get(name, "").strip()
        if text and (found := read_moment(text, _their_clock(headers))) is not None:
            return found
    return None


def _their_clock(headers: Mapping[str, str]) -> datetime:
    """What the provider's clock shows: a moment it names is one of its own clock, not of ours."""
    try:
        said = parsedate_to_datetime(headers.get("date", "")[:100])
    except (ValueError, TypeError, IndexError, OverflowError):
        return wall_now()
    return said if said.tzinfo is not None else said.replace(tzinfo=UTC)


def _body_wait(value: Any, now: datetime) -> float | None:
    waiting, nodes = [value], 0
    while waiting and nodes < _MOST_NODES:
        nodes += 1
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part[:50]
        elif isinstance(part, dict):
            for name, inner in part.items():
                plain = str(name).lower().replace("_", "").replace("-", "")
                if plain in ("retrydelay", "retryafter", "retryafterseconds", "xratelimitreset"):
                    found = read_moment(str(inner)[:100], now)
                    if found is not None:
                        return found
                elif isinstance(inner, dict | list) and plain in (
                    "error", "details", "metadata", "headers",
                ):  # fmt: skip
                    waiting.append(inner)
    return None


def read_moment(text: str, now: datetime) -> float | None:
    """Seconds from `now`: a number of seconds, a duration (`1m3.5s`), a moment in any spelling."""
    number = _read_number(text)
    if number is not None:
        if number < 1e9:
            return number
        # A moment since 1970, in seconds or in milliseconds.
        moment = number / 1000 if number > 1e11 else number
        return max(0.0, moment - now.timestamp())
    duration = read_duration(text)
    if duration is not None:
        return duration
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text)
            if found.tzinfo is None:
                found = found.replace(tzinfo=UTC)
            return seconds_until(found, now)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def read_duration(text: str) -> float | None:
    """Seconds of `34s`, `1m3.5s`, `200ms`, `2 minutes`; None when the text is no duration."""
    text = text.strip()
    parts = _DURATION.findall(text)
    if not parts or not text[:1].isdigit():
        return None
    return sum(float(count) * _seconds_of(unit.lower()) for count, unit in parts)


def _seconds_of(unit: str) -> float:
    return 0.001 if unit.startswith(("ms", "mil")) else _UNITS[unit[0]]


def _read_number(text: str) -> float | None:
    text = text.strip()
    plain = text.isascii() and text.replace(".", "", 1).isdigit() and len(text) < 30
    return float(text) if plain else None
