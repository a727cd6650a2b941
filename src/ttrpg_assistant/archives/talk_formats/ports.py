"""What a format of talk has to be, so that it is found and used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from ttrpg_assistant.archives.talk_formats.model import Event
from ttrpg_assistant.archives.talk_formats.source import TalkSource


class TalkFormat(Protocol):
    """A format of talk: `FORMAT` of a module in this package.

    `name` is its word on the wire, `label` completes "This is …". The lower `rank` is asked
    first. `is_document`: only the whole file tells what is in it.
    """

    name: str
    label: str
    rank: int
    is_document: bool

    def recognises(self, source: TalkSource) -> bool:
        """Whether the beginning of a file looks like it. Never raises."""
        ...

    def read(self, source: TalkSource) -> Iterator[Event]:
        """Everything in the file. Raises `InvalidInput` only when nothing of it can be used."""
        ...
