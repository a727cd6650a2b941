"""A file with many conversations as a file for each, in our own JSON Lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from ttrpg_assistant.archives.talk_formats import find_format
from ttrpg_assistant.archives.talk_formats.model import Remark, Talk
from ttrpg_assistant.archives.talk_formats.source import open_source
from ttrpg_assistant.archives.talk_reading import Remarks, Said, Told, read_talk

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class SplitTalk:
    """A conversation of a file. `path` is the file itself when there is no other in it."""

    title: str
    path: Path
    messages: int


@dataclass(frozen=True, slots=True)
class Split:
    """What a file of talk holds. `label` completes "This is …"."""

    label: str
    talks: tuple[SplitTalk, ...]
    remarks: tuple[Told, ...]


def split_talk(given: Path, new_file: Callable[[], Path]) -> Split:
    """Each conversation of a file. Raises `InvalidInput` for what is no talk.

    Only one conversation is in memory at a time. `new_file` makes an empty file for one; the first
    gets one only when a second follows.
    """
    source = open_source(given)
    form = find_format(source)
    remarks = Remarks()
    talks: list[SplitTalk] = []
    waiting: tuple[Talk, list[Said] | None, int] | None = None
    for talk, said, count in _gather(read_talk(source, form), remarks):
        if count == 0:
            continue
        if waiting is not None:
            talks.append(_write(*waiting, given, new_file))
        waiting = (talk, said, count)
    if waiting is not None:
        if talks:
            talks.append(_write(*waiting, given, new_file))
        else:
            talks.append(SplitTalk(waiting[0].title, given, waiting[2]))
    return Split(form.label, tuple(talks), remarks.list_all())


HELD = 200_000
HELD_CHARACTERS = 24 * 1024**2
"""Messages of one conversation in memory, and what they say; a longer one is alone in its file or
is not split."""


def _gather(
    events: Iterator[Talk | Said | Remark], remarks: Remarks
) -> Iterator[tuple[Talk, list[Said] | None, int]]:
    """Each conversation with its messages; None for those of one that is too long to hold."""
    talk: Talk | None = None
    said: list[Said] | None = []
    count = held = 0
    for event in events:
        if isinstance(event, Remark):
            remarks.add(event)
        elif isinstance(event, Talk):
            if talk is not None:
                yield talk, said, count
            talk, said, count, held = event, [], 0, 0
        else:
            count += 1
            if said is not None:
                said.append(event)
                held += len(event.content)
                said = said if count <= HELD and held <= HELD_CHARACTERS else None
    if talk is not None:
        yield talk, said, count


def _write(
    talk: Talk, said: list[Said] | None, count: int, given: Path, new_file: Callable[[], Path]
) -> SplitTalk:
    if said is None:
        return SplitTalk(talk.title, given, count)
    path = new_file()
    tip = next((one.number for one in reversed(said) if one.is_chosen), said[-1].number)
    head = {"title": talk.title, "created_at": talk.moment, "tip_message_id": str(tip)}
    with path.open("wb") as file:
        file.write(_encode({"conversation": head}) + b"\n")
        for one in said:
            file.write(_encode(_spell(one)) + b"\n")
    return SplitTalk(talk.title, path, count)


def _spell(said: Said) -> dict[str, Any]:
    return {
        "id": str(said.number),
        "parent_id": str(said.parent) if said.parent else None,
        "role": said.role,
        "content": said.content,
        "created_at": said.moment,
    }
