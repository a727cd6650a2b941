"""A name in front of a line, in the ways people and programs write one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ttrpg_assistant.archives.talk_formats.moments import read_moment, read_offset

_PLAIN = re.compile(r"([^\W\d_][^:：\n]{0,59})(?::[ \t]+|：[ \t]*)(?=\S)")
_MARKED = re.compile(
    r"(?:[-*+>•] {1,3})?(?P<mark>\*\*|__|\*|_)(?P<name>[^\W_][^*:：\n]{0,59})"
    r"(?:[:：][ \t]{0,4}(?P=mark)|(?P=mark)[ \t]{0,4}[:：])[ \t]*(?=\S)"
)
_BRACKETED = re.compile(
    r"(?:\[(?P<square>[^\W_][^\[\]\n]{0,59})\]|<(?P<angle>[^<>\n]{1,60})>)[:：]?[ \t]+(?=\S)"
)
_TIME_FRONT = re.compile(r"[ \t]{0,8}[\[({]([^\[\](){}\n]{3,60})[\])}][ \t]{0,4}[-–—|:]?[ \t]{0,4}")
_TIME_BARE = re.compile(
    r"[ \t]{0,8}((?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4},?[ T])?\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,6})?"
    r"(?:[ \u202f]?[APap]\.?[Mm]\.?)?)(?:[ \t]{0,4}[-–—|>:][ \t]{1,4}|[ \t]{1,8})"
)
_TIMED = re.compile(
    r"(?P<name>[^\W\d_][^:：\n(\[]{0,58}?)[ \t]{0,4}[\[(](?P<time>\d[\d:.,]{3,14})[\])][ \t]?"
    r"[:：][ \t]*(?=\S)"
)
_ARROW = re.compile(r"(\S{4,20})[ \t]{0,4}--?>[ \t]{0,4}\S{4,20}\Z")


@dataclass(frozen=True, slots=True)
class Label:
    """Who speaks and what is said in a line."""

    name: str
    rest: str


def find_label(text: str) -> Label | None:
    """The name before the words of a line: `Name: …`, `**Name:** …`, `<Name> …`, `[Name]: …`."""
    for form in (_TIMED, _MARKED, _BRACKETED, _PLAIN):
        found = form.match(text)
        if found is None:
            continue
        name = next(group for group in _names(found) if group)
        return Label(" ".join(name.split()), text[found.end() :])
    return None


def _names(found: re.Match[str]) -> list[str | None]:
    named = found.groupdict()
    return [named.get("name"), named.get("square"), named.get("angle")] if named else [found[1]]


def cut_time(text: str) -> tuple[str, str] | None:
    """The time in front of a line and what follows it; None when it begins with no time."""
    found = _TIME_FRONT.match(text)
    if found is not None:
        inside = found[1].strip()
        arrow = _ARROW.match(inside)
        time = arrow[1] if arrow is not None else inside
        if is_time(time):
            return time, text[found.end() :]
        return None
    found = _TIME_BARE.match(text)
    if found is not None and is_time(found[1].strip()):
        return found[1].strip(), text[found.end() :]
    return None


def find_time_behind(text: str) -> str | None:
    """The time that stands in brackets behind a name."""
    found = _TIMED.match(text)
    return found["time"] if found is not None else None


def is_time(text: str) -> bool:
    """Whether it is a time since the beginning, or a moment."""
    return read_offset(text) is not None or read_moment(text) is not None
