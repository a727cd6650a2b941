"""Talk in which a name stands alone above what was said: Otter, Teams, pages that were copied."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ttrpg_assistant.archives.talk_formats import remarks
from ttrpg_assistant.archives.talk_formats.headed_lines import Saying
from ttrpg_assistant.archives.talk_formats.model import Event, Remark, Talk
from ttrpg_assistant.archives.talk_formats.moments import add_offset, read_offset
from ttrpg_assistant.archives.talk_formats.source import TalkSource

_TIMED = re.compile(
    r"(\S[^\n]{0,60}?)[ \t]{1,8}[\[(]?((?:\d{1,2}:)?\d{1,2}:\d\d)[\])]?:?[ \t]{0,8}\Z"
)
_SAID = re.compile(r"(?:#{1,6} )?([^\W\d_][^\n:：]{0,40}) said[:：]\s{0,4}\Z")
_ASSISTANTS = frozenset({"chatgpt", "claude", "gemini", "assistant", "grok", "mistral"})
_CREDIT = re.compile(r"Transcribed by https?://\S{1,100}\s{0,8}\Z")

CREDIT = "The line that names the program is left out."


class SpokenHeadings:
    """`Name  0:05` or `You said:` above each part; the first is how Otter writes."""

    name = "headed"
    label = "a transcript with a name above each part"
    rank = 34
    is_document = False

    def recognises(self, source: TalkSource) -> bool:
        """Whether its first words stand below such a line, and another follows."""
        lines = [line for line in source.lines if line.strip()]
        if not lines or find_head(lines[0]) is None:
            return False
        return len(lines) == 2 or sum(find_head(line) is not None for line in lines) > 1

    def read(self, source: TalkSource) -> Iterator[Event]:
        """Each part as a message."""
        yield Talk()
        saying: Saying | None = None
        is_after_blank, is_told = True, source.began is not None
        for line in source.read_lines():
            head = find_head(line.text) if is_after_blank or "said" in line.text[-8:] else None
            if head is not None:
                if saying is not None:
                    yield from _tell(saying)
                name, time = head
                seconds = read_offset(time) if time else None
                moment = None
                if seconds is not None and source.began is not None:
                    moment = add_offset(source.began, seconds)
                elif seconds is not None and not is_told:
                    is_told = True
                    yield Remark(remarks.NO_DATE, is_loss=False)
                saying = Saying(name, moment, line.number, line.end)
            elif _CREDIT.match(line.text):
                yield Remark(CREDIT, line.number, is_loss=False)
            elif saying is not None:
                saying.add(line)
                if saying.is_full:
                    yield from _tell(saying)
                    saying = Saying(saying.name, saying.moment, line.number, line.end)
            is_after_blank = not line.text.strip()
        if saying is not None:
            yield from _tell(saying)


def find_head(text: str) -> tuple[str, str] | None:
    """The name and the time in a line that heads what somebody said; None for any other line."""
    found = _SAID.match(text)
    if found is not None:
        return found[1].strip(), ""
    found = _TIMED.match(text)
    return None if found is None else (" ".join(found[1].split()), found[2])


def _tell(saying: Saying) -> Iterator[Event]:
    is_answer = saying.name.lower() in _ASSISTANTS
    yield from saying.tell("assistant" if is_answer else "user", is_named=not is_answer)


FORMAT = SpokenHeadings()
