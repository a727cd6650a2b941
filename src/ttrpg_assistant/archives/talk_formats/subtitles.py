"""Subtitles of a recording: WebVTT and SubRip, with names where they have some."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from ttrpg_assistant.archives.talk_formats import remarks
from ttrpg_assistant.archives.talk_formats.labels import find_label
from ttrpg_assistant.archives.talk_formats.model import Event, Remark, Talk, Turn, Version
from ttrpg_assistant.archives.talk_formats.moments import add_offset, read_offset
from ttrpg_assistant.archives.talk_formats.source import Line, TalkSource

_TIMING = re.compile(
    r"\s{0,8}((?:\d{1,3}:)?\d{1,2}:\d\d[.,]\d{1,3})\s{0,8}-->\s{0,8}(?:\d{1,3}:)?\d{1,2}:\d\d[.,]\d"
)
_VOICE = re.compile(r"<v(?:\.[^\s<>]{1,60})?\s+([^<>\n]{1,100})>")
_TAG = re.compile(r"</?[A-Za-z0-9:._ =\"'#-]{0,100}>")
_SKIPPED = ("NOTE", "STYLE", "REGION")


class Subtitles:
    """Cues of a time and some lines; a voice tag or `Name:` says who speaks."""

    name = "subtitles"
    label = "a transcript with subtitles' times (VTT or SRT)"
    rank = 30
    is_document = False

    def recognises(self, source: TalkSource) -> bool:
        """Whether it begins with WEBVTT, or has a timing in its first lines."""
        head = [line for line in source.lines[:40] if line.strip()][:4]
        return bool(head) and (
            head[0].startswith("WEBVTT") or any(_TIMING.match(line) for line in head[:3])
        )

    def read(self, source: TalkSource) -> Iterator[Event]:
        """Each cue; one with several voices is as many messages."""
        yield Talk()
        if source.began is None:
            yield Remark(remarks.NO_DATE, is_loss=False)
        seconds: float | None = None
        held: list[Line] = []
        is_skipping = False
        for line in source.read_lines():
            timing = _TIMING.match(line.text)
            if timing is not None:
                # SubRip numbers its cues, and a blank line may be missing before the number.
                if held and held[-1].text.strip().isdecimal() and seconds is not None:
                    held.pop()
                yield from _tell(source, seconds, held)
                seconds, held, is_skipping = read_offset(timing[1]), [], False
            elif not line.text.strip():
                yield from _tell(source, seconds, held)
                held, is_skipping = [], False
                if seconds is not None:
                    seconds = None
            elif seconds is not None:
                held.append(line)
            elif line.text.startswith(_SKIPPED):
                is_skipping = True
            elif not is_skipping and _is_lost(line):
                yield Remark("A line stands outside the times.", line.number)
        yield from _tell(source, seconds, held)


def _is_lost(line: Line) -> bool:
    """Whether words stand where only the number or name of a cue does."""
    text = line.text.strip()
    return not text.startswith("WEBVTT") and " " in text and not line.text.startswith("X-")


def _tell(source: TalkSource, seconds: float | None, held: list[Line]) -> Iterator[Event]:
    if seconds is None or not held:
        return
    moment = add_offset(source.began, seconds) if source.began is not None else None
    text = "\n".join(line.text for line in held)
    places = list(_VOICE.finditer(text))
    pieces = [("", text[: places[0].start()] if places else text)]
    for at, voice in enumerate(places):
        end = places[at + 1].start() if at + 1 < len(places) else len(text)
        pieces.append((" ".join(html.unescape(voice[1]).split()), text[voice.end() : end]))
    for name, words in pieces:
        said = html.unescape(_TAG.sub("", words)).strip()
        if not said:
            continue
        if not name:
            label = find_label(said)
            if label is not None:
                name, said = label.name, label.rest
        yield Turn(name, "user", (Version(said, moment),), line=held[0].number, end=held[-1].end)


FORMAT = Subtitles()
