"""What a file of talk holds, before anything of it is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ttrpg_assistant.archives.talk_formats import find_format, get_format
from ttrpg_assistant.archives.talk_formats.model import Remark, Role, Talk
from ttrpg_assistant.archives.talk_formats.ports import TalkFormat
from ttrpg_assistant.archives.talk_formats.refusals import refuse_unknown
from ttrpg_assistant.archives.talk_formats.remarks import NO_DATE
from ttrpg_assistant.archives.talk_formats.source import TalkSource, open_source
from ttrpg_assistant.archives.talk_reading import Remarks, Said, Told, read_talk
from ttrpg_assistant.errors import InvalidInput

SPEAKERS = 40
"""Names that a preview lists; of more it says only how many."""

MOST_SPEAKERS = 100_000
"""So many different names are counted, also where every line has a name of its own."""

FIRST = 6
"""Messages that a preview shows."""

CONVERSATIONS = 20_000
"""Conversations that a preview lists; of more it says only how many."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks in a transcript, taken for a user's or the assistant's voice; "" has no name."""

    name: str
    role: Role
    messages: int


@dataclass(slots=True)
class FoundConversation:
    """One of the conversations in a file; `number` counts them from 0. `messages` are those of
    all branches, `alternatives` the answers that were not chosen, `hidden` those in no prompt."""

    number: int
    title: str
    messages: int = 0
    alternatives: int = 0
    hidden: int = 0
    first_at: str | None = None
    last_at: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a transcript holds, as far as it was looked at.

    `label` completes "This is …". `needs_whole`: only the whole file tells what is in it.
    `needs_start`: times count from the beginning of a recording whose moment nobody has said.
    """

    format: str
    label: str
    speakers: Sequence[Speaker] = ()
    more_speakers: int = 0
    messages: int = 0
    alternatives: int = 0
    hidden: int = 0
    conversations: Sequence[FoundConversation] = ()
    more_conversations: int = 0
    first: Sequence[Said] = ()
    remarks: Sequence[Told] = ()
    encoding: str = "utf-8"
    needs_whole: bool = False
    needs_start: bool = False


def name_format(given: Path) -> str:
    """The name of the format a file is in. Raises `InvalidInput` with what it is when it is no
    talk."""
    return find_format(open_source(given)).name


def preview(given: Path | bytes, *, is_whole: bool = True, spelled: str | None = None) -> Preview:
    """Who speaks and what is said first, in a file or its beginning. Raises `InvalidInput` with
    what the file is when it is no talk. `spelled` reads it as that format, whatever it looks
    like."""
    source = open_source(given, is_whole=is_whole)
    form = find_format(source) if spelled is None else get_format(spelled)
    if form.is_document and not is_whole:
        return Preview(form.name, form.label, needs_whole=True, encoding=source.encoding)
    counting = _Counting()
    for event in read_talk(source, form):
        counting.add(event)
    if not counting.total and form.name in ("jsonl", "json"):
        raise refuse_unknown()
    if not counting.total:
        raise InvalidInput("This file has no messages.", code="transcript_empty")
    return counting.make(source, form)


@dataclass(slots=True)
class _Counting:
    total: int = 0
    alternatives: int = 0
    hidden: int = 0
    more_conversations: int = 0
    conversations: list[FoundConversation] = field(default_factory=list)
    counts: dict[str, tuple[Role, int]] = field(default_factory=dict)
    first: list[Said] = field(default_factory=list)
    remarks: Remarks = field(default_factory=Remarks)
    current: FoundConversation | None = None

    def add(self, event: Talk | Said | Remark) -> None:
        if isinstance(event, Talk):
            number = len(self.conversations) + self.more_conversations
            self.current = FoundConversation(number, event.title)
            if number < CONVERSATIONS:
                self.conversations.append(self.current)
            else:
                self.more_conversations += 1
        elif isinstance(event, Remark):
            self.remarks.add(event)
        elif not event.is_piece:
            self._count(event)

    def _count(self, said: Said) -> None:
        self.total += 1
        self.alternatives += said.is_alternative
        self.hidden += said.role == "system"
        if len(self.first) < FIRST and not said.is_alternative:
            self.first.append(replace(said, content=said.content[:2_000]))
        role, count = self.counts.get(said.speaker, (said.role, 0))
        if count or len(self.counts) < MOST_SPEAKERS:
            role = said.role if role == "system" else role
            self.counts[said.speaker] = (role, count + 1)
        if self.current is not None:
            self.current.messages += 1
            self.current.alternatives += said.is_alternative
            self.current.hidden += said.role == "system"
            self.current.first_at = self.current.first_at or said.moment
            self.current.last_at = said.moment or self.current.last_at

    def make(self, source: TalkSource, form: TalkFormat) -> Preview:
        speakers = sorted(
            (Speaker(name, role, count) for name, (role, count) in self.counts.items()),
            key=lambda one: -one.messages,
        )
        remarks = self.remarks.list_all()
        return Preview(
            form.name, form.label, speakers[:SPEAKERS], max(0, len(speakers) - SPEAKERS),
            self.total, self.alternatives, self.hidden, self.conversations,
            self.more_conversations, self.first, remarks, source.encoding,
            needs_start=any(one.text == NO_DATE for one in remarks),
        )  # fmt: skip
