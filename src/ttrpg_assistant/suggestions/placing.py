"""Where in a reply its proposals were made, so that they can be shown there.

Nothing of this is stored: a reply's text never changes but to grow, and reading it again gives
the same places. Replies of older versions have theirs, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ttrpg_assistant.suggestions.model import Suggestion
from ttrpg_assistant.suggestions.parse import parse_reply

LONGEST = 100_000
"""Characters of a reply that is read again whenever it is shown; a longer one has no places."""


@dataclass(frozen=True, slots=True)
class NoteInPlace:
    """What of one block could not be taken as it was, and the character at which it begins."""

    place: int
    note: str


@dataclass(frozen=True, slots=True)
class Places:
    """Where the blocks of a reply begin, as characters (code points) of its content:
    `suggestions` by the id of what was proposed there."""

    suggestions: dict[str, int]
    notes: tuple[NoteInPlace, ...]


def find_places(content: str, suggestions: Sequence[Suggestion]) -> Places:
    """The places of what was proposed in a reply, and of what could not be read in it.

    A proposal that is not where it was when the reply was first read has no place.
    """
    if len(content) > LONGEST:
        return Places({}, ())
    parsed = parse_reply(content)
    found: dict[str, int] = {}
    for suggestion in suggestions:
        at = suggestion.ordinal - 1
        if at < len(parsed.places) and parsed.suggestions[at].kind == suggestion.kind:
            found[suggestion.id] = parsed.places[at]
    return Places(found, tuple(NoteInPlace(*each) for each in parsed.notes_in_place))
