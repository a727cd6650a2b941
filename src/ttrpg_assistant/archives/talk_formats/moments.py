"""When something was said, in all the ways that other programs write it.

What names no zone is taken for UTC. A day like 3/4/2023 is read as the rest of its file says.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from ttrpg_assistant.clock import shift
from ttrpg_assistant.ids import spell_moment

LONGEST_MOMENT = 100
"""Characters; what is longer is no moment."""

_EARLIEST, _LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

_NUMBER = re.compile(r"-?\d{1,20}(?:\.\d{1,12})?\Z")
_HUMANISED = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?) {0,2}@ {0,2}(\d\d?)h {0,2}(\d\d?)m {0,2}(\d\d?)s"
    r"(?: {0,2}(\d{1,3})ms)?\Z"
)
_TIME = (
    r"(?:[ ,T]{1,3}(?:at )?(?:kl\. )?(?P<before>[AaPp]\.?[Mm]\.?|오전|오후|上午|下午)? ?"
    r"(?P<hour>\d\d?)[:.h](?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:[.,](?P<part>\d{1,9}))?)?"
    r" ?(?P<half>[AaPp]\.?[Mm]\.?)?)?"
    r"(?: ?(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d))?\Z"
)
_WEEKDAY = r"(?:[^\W\d_]{2,12}\.?,? )?"
_DAY_FIRST_NAME = re.compile(
    _WEEKDAY + r"(?P<day>\d\d?)(?:st|nd|rd|th|\.)?[ -]{1,2}(?:of )?(?P<name>[^\W\d_]{3,12})\.?,?"
    r"[ -](?P<year>\d{4}|\d\d)" + _TIME
)
_MONTH_FIRST = re.compile(
    _WEEKDAY
    + r"(?P<name>[^\W\d_]{3,12})\.? (?P<day>\d\d?)(?:st|nd|rd|th)?,? (?P<year>\d{4})"
    + _TIME
)
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})(?:[-/.] ?|년 )(?P<month>\d\d?)(?:[-/.] ?|월 )(?P<day>\d\d?)[.일]?" + _TIME
)
_NUMBERED = re.compile(
    r"(?P<first>\d\d?)(?P<mark>[/.-]) ?(?P<other>\d\d?)[/.-] ?(?P<year>\d{4}|\d\d)" + _TIME
)
_MONTHS = {
    name: at + 1
    for at, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
    )
}
_OFFSET = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d\d)(?:[.,](\d{1,6}))?\Z")


def read_moment(given: Any, *, day_first: bool | None = None) -> str | None:
    """The moment in our spelling; None for what cannot be read.

    Seconds, milli-, micro- and nanoseconds since 1970 are distinguished by their size, as numbers
    or as text. `day_first` says how 3/4/2023 is to be read; by itself it is the month that comes
    first when a mark of half a day follows, and otherwise the day.
    """
    try:
        found = _parse(given, day_first)
    except (ValueError, OverflowError, OSError):
        return None
    if found is None or not _EARLIEST <= found <= _LATEST:
        return None
    return spell_moment(found)


def find_day_order(dates: list[str]) -> bool | None:
    """Whether the day comes first in the dates of one file; None when nothing tells."""
    for text in dates:
        found = _NUMBERED.match(text.strip()[:LONGEST_MOMENT])
        if found is None:
            continue
        if int(found["first"]) > 12:
            return True
        if int(found["other"]) > 12:
            return False
    return None


def read_offset(text: str) -> float | None:
    """Seconds since the beginning of a recording, as `00:01:02.500` or `1:02` say it."""
    found = _OFFSET.match(text.strip()[:LONGEST_MOMENT])
    if found is None:
        return None
    hours, minutes, seconds, part = found.groups()
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole + (float(f"0.{part}") if part else 0.0)


def add_offset(began: str, seconds: float) -> str | None:
    """The moment so many seconds after the beginning of a recording."""
    try:
        return shift(began, seconds)
    except (ValueError, OverflowError):
        return None


def _parse(given: Any, day_first: bool | None) -> datetime | None:
    if isinstance(given, bool):
        return None
    if isinstance(given, int | float):
        return _since_1970(float(given))
    if isinstance(given, dict):  # as databases write it: {"$date": …}
        return _parse(given.get("$date"), day_first) if "$date" in given else None
    if not isinstance(given, str) or len(given) > LONGEST_MOMENT:
        return None
    text = " ".join(given.replace("\u202f", " ").replace("\u200e", "").split())
    if _NUMBER.match(text):
        return _since_1970(float(text))
    if (found := _HUMANISED.match(text)) is not None:
        year, month, day, hour, minute, second = map(int, found.groups()[:6])
        part = int(found[7] or 0) * 1000
        return datetime(year, month, day, hour, minute, second, part, tzinfo=UTC)
    for form in (_YEAR_FIRST, _MONTH_FIRST, _DAY_FIRST_NAME, _NUMBERED):
        found = form.match(text)
        if found is not None:
            return _put_together(found, day_first)
    parsed = datetime.fromisoformat(text.upper())
    return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _since_1970(number: float) -> datetime:
    size = abs(number)
    for limit, unit in ((1e11, 1.0), (1e14, 1e3), (1e17, 1e6)):
        if size < limit:
            return datetime.fromtimestamp(number / unit, UTC)
    return datetime.fromtimestamp(number / 1e9, UTC)


def _put_together(found: re.Match[str], day_first: bool | None) -> datetime | None:
    parts = found.groupdict()
    half = (parts["half"] or parts["before"] or "").lower().replace(".", "")
    year = int(parts["year"])
    if len(parts["year"]) == 2:
        year += 2000 if year < 70 else 1900
    if "name" in parts:
        month = _MONTHS.get(parts["name"][:3].lower(), 0)
        day = int(parts["day"])
    elif "mark" in parts:
        first, other = int(parts["first"]), int(parts["other"])
        if day_first is None:
            day_first = parts["mark"] == "." or not half
        if first > 12 or other > 12:
            day_first = first > 12
        day, month = (first, other) if day_first else (other, first)
    else:
        month, day = int(parts["month"]), int(parts["day"])
    hour = int(parts["hour"] or 0)
    if half:
        hour = hour % 12 + (12 if half in ("pm", "오후", "下午") else 0)
    part = int((parts["part"] or "0")[:6].ljust(6, "0"))
    made = datetime(
        year,
        month,
        day,
        hour,
        int(parts["minute"] or 0),
        int(parts["second"] or 0),
        part,
        tzinfo=UTC,
    )
    zone = parts["zone"] or ""
    if zone[:1] not in ("+", "-"):
        return made
    away = f"{zone[:3]}:{zone[-2:]}"
    return datetime.fromisoformat(f"{made.replace(tzinfo=None).isoformat()}{away}").astimezone(UTC)
