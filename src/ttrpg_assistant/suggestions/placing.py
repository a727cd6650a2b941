"""What is shown of a stored reply, and where in it something was proposed or cited.

Nothing of this is stored: a reply's text never changes but to grow, and reading it again gives
the same. Replies of older versions have it, too.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from ttrpg_assistant.live.shown import Part, has_blocks, join_parts
from ttrpg_assistant.suggestions.growing import GrowingReply
from ttrpg_assistant.suggestions.model import Citation, Suggestion
from ttrpg_assistant.suggestions.parse import ParsedReply, parse_reply

LONGEST = 1_000_000
"""Characters of a reply that is read when it is shown; a longer one is shown as it is."""

REMEMBERED = 4_000_000
"""Characters of replies whose reading is remembered: the same page is often asked for again."""


@dataclass(frozen=True, slots=True)
class NoteInPlace:
    """What of one block could not be taken as it was, and the character at which it begins."""

    place: int
    note: str


@dataclass(frozen=True, slots=True)
class Places:
    """Where the blocks of a reply begin, as characters (code points) of its content:
    `suggestions` and `citations` by the id of what was read there. `shown` are the parts that are
    shown, None where that is the content itself."""

    suggestions: dict[str, int]
    notes: tuple[NoteInPlace, ...]
    citations: dict[str, int]
    shown: tuple[Part, ...] | None


NOWHERE = Places({}, (), {}, None)


class _Readings:
    """The readings of the last replies that were shown."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, ParsedReply] = OrderedDict()
        self._characters = 0
        self._lock = Lock()

    def read(self, content: str) -> ParsedReply:
        """The reading of a whole reply. May be called by several threads."""
        with self._lock:
            found = self._known.get(content)
            if found is not None:
                self._known.move_to_end(content)
                return found
        parsed = parse_reply(content)
        with self._lock:
            if content not in self._known:
                self._known[content] = parsed
                self._characters += len(content)
            while self._characters > REMEMBERED:
                old, _ = self._known.popitem(last=False)
                self._characters -= len(old)
        return parsed


_readings = _Readings()


def find_places(
    content: str, suggestions: Sequence[Suggestion] = (), citations: Sequence[Citation] = ()
) -> Places:
    """What is shown of a whole reply, and the places of what was read in it.

    What is not where it was when the reply was first read has no place.
    """
    if len(content) > LONGEST:
        return NOWHERE
    parsed = _readings.read(content)
    found: dict[str, int] = {}
    for suggestion in suggestions:
        at = suggestion.ordinal - 1
        if at < len(parsed.places) and parsed.suggestions[at].kind == suggestion.kind:
            found[suggestion.id] = parsed.places[at]
    cited: dict[str, int] = {}
    for citation in citations:
        at = citation.ordinal - 1
        known = at < len(parsed.citations) and parsed.citations[at].source_name
        if known == citation.source_name:
            cited[citation.id] = parsed.cited_places[at]
    notes = tuple(NoteInPlace(*each) for each in parsed.notes_in_place)
    return Places(found, notes, cited, parsed.parts if has_blocks(parsed.parts) else None)


def show_beginning(content: str) -> Places:
    """What is shown of a reply that is still being written: no half block of it."""
    if len(content) > LONGEST:
        return NOWHERE
    growing = GrowingReply()
    growing.feed(content)
    parts = join_parts(growing.parts)
    return Places({}, (), {}, None if parts == [content] else tuple(parts))
