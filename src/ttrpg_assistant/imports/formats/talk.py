"""Conversations of other programs: which formats there are is in `archives/talk_formats`."""

from __future__ import annotations

from collections.abc import Sequence

from ttrpg_assistant.archives.talk_preview import name_format
from ttrpg_assistant.archives.talk_splitting import split_talk
from ttrpg_assistant.errors import Fault, InvalidInput
from ttrpg_assistant.imports.model import FoundTalk, Note, Reading, SourceFile
from ttrpg_assistant.imports.scratch import new_file

_ANY_TEXT = frozenset({"text", "notes", "json", "headed"})
"""What any text may look like: whoever knows it better is asked."""


class TalkFormat:
    """Chats, exports of accounts, logs and subtitles; each conversation becomes a thread."""

    name = "talk"
    label = "Conversation"
    rank = 50

    def recognises(self, files: Sequence[SourceFile], beginning: bytes) -> bool:
        """Whether each is in a format of talk that its content shows."""
        try:
            return all(name_format(one.path) not in _ANY_TEXT for one in files)
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


FORMAT = TalkFormat()
