"""Conversations of other programs: which formats there are is in `archives/talk_formats`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from ttrpg_assistant.archives.talk_formats import find_format
from ttrpg_assistant.archives.talk_formats.model import Turn
from ttrpg_assistant.archives.talk_formats.source import open_source
from ttrpg_assistant.archives.talk_formats.spoken import is_headed, is_spoken
from ttrpg_assistant.archives.talk_splitting import split_talk
from ttrpg_assistant.errors import Fault, InvalidInput
from ttrpg_assistant.imports.model import FoundTalk, Note, Reading, SourceFile
from ttrpg_assistant.imports.scratch import new_file

_NOTES = frozenset({"notes", "json"})
"""What any text may look like: whoever knows it better is asked."""

_MARKDOWN = frozenset({".md", ".markdown", ".mdown"})
_SHARE_IN_MARKDOWN = 0.9
"""A note may hold a dialogue and is a note: of talk nearly every paragraph begins with a name."""


class TalkFormat:
    """Chats, exports of accounts, logs and subtitles; each conversation becomes a thread."""

    name = "talk"
    label = "Conversation"
    rank = 50

    def recognises(self, files: Sequence[SourceFile], beginning: bytes) -> bool:
        """Whether each is in a format of talk that its content shows, or a text in which people
        speak."""
        try:
            return all(map(_is_talk, files))
        except (Fault, OSError):
            return False

    def read(self, files: Sequence[SourceFile]) -> Reading:
        """Every conversation. Raises `InvalidInput` when there is none."""
        talk: list[FoundTalk] = []
        used: list[Note] = []
        ignored: list[Note] = []
        for one in files:
            found = split_talk(one.path, lambda: new_file(".jsonl"))
            name = one.name.rpartition("/")[2]
            plain = name.rpartition(".")[0] or name
            talk += [
                FoundTalk(each.title or plain, each.path, each.messages) for each in found.talks
            ]
            messages = sum(each.messages for each in found.talks)
            used.append(Note(name, f"{found.label}: becomes conversations", messages))
            ignored += [Note(name, told.text, told.count) for told in found.remarks if told.is_loss]
        if not talk:
            raise InvalidInput("These files have no messages.", code="transcript_empty")
        return Reading(self.name, talk=tuple(talk), used=tuple(used), ignored=tuple(ignored))


def _is_talk(file: SourceFile) -> bool:
    source = open_source(file.path)
    form = find_format(source)
    name = form.name
    if name == "jsonl":
        return any(isinstance(one, Turn) for one in form.read(source))
    if name not in ("text", "headed"):
        return name not in _NOTES
    if PurePosixPath(file.name).suffix.lower() in _MARKDOWN:
        return "[[" not in source.text and is_spoken(source, _SHARE_IN_MARKDOWN)
    return is_headed(source) if name == "headed" else is_spoken(source)


FORMAT = TalkFormat()
