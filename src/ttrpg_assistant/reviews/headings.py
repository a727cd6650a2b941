"""Notes as lines: what stands under a heading is read with the heading in front, as talk is with
who says it. A piece of notes is a message whose first line may be its heading, in Markdown."""

from __future__ import annotations

import re

from ttrpg_assistant.conversations.model import Message
from ttrpg_assistant.reviews.model import Speaker

_HEADING = re.compile(r"#{1,6}[ \t]+(\S[^\n]*)\n+")


class Headings:
    """Finds under which heading a piece of notes stands."""

    def find(self, message: Message) -> tuple[Speaker, int]:
        """The heading in the place of a speaker, and where what stands under it begins. What was
        not in the notes is nobody's."""
        if message.role != "system":
            return Speaker("", "nobody"), 0
        found = _HEADING.match(message.content)
        if found is None:
            return Speaker("", "notes"), 0
        return Speaker(found[1].strip(), "notes"), found.end()
