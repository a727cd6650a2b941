"""What messages say, as a prompt takes it, kept in memory: a complete message never changes.

An entry of the index belongs to one text: a message whose text changes, that moves to another
conversation or that goes on being written gets a new number. So what is kept by number stays true.
Who may be given it, and whether it was put out of sight, is not known here: only messages of a lane
are read (`store/lanes.py`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from ttrpg_assistant.builtin.own_words import is_courtesy, is_refusal
from ttrpg_assistant.llm.readable import readable
from ttrpg_assistant.search.speakers import find_speaker
from ttrpg_assistant.search.store import hits

MOST_CHARACTERS = 4_000_000
"""Of all that is kept; more begins anew."""

_APIECE = 400
"""Characters that a kept message takes beside its text."""

_ALIKE = 300
"""Messages that begin with so many of the same characters say the same."""


@dataclass(frozen=True, slots=True)
class Saying:
    """A message without its conversation. `text` is the readable content, `speaker` who is named
    in an imported line; messages with the same `key` say the same."""

    message_id: str
    conversation_id: str
    seq: int
    role: str
    mode: str | None
    said_at: str
    content: str
    text: str
    speaker: str
    key: int
    says_nothing: bool


class Sayings:
    """The messages of one database that were read lately. Safe across threads."""

    def __init__(self) -> None:
        self._kept: dict[int, Saying] = {}
        self._characters = 0

    def read(self, tx: Connection, numbers: Collection[int]) -> dict[int, Saying]:
        """The messages with these numbers, in their order, without what is gone."""
        kept = self._kept
        missing = [number for number in numbers if number not in kept]
        new = {row[0]: _make(*row[1:]) for row in hits.read_sayings(tx, missing)}
        found = {number: one for number in numbers if (one := new.get(number) or kept.get(number))}
        self._keep(new)
        return found

    def _keep(self, new: dict[int, Saying]) -> None:
        self._characters += sum(2 * len(one.content) + _APIECE for one in new.values())
        if self._characters > MOST_CHARACTERS:
            self._kept, self._characters = {}, 0  # whoever reads the old ones goes on with them
        else:
            self._kept.update(new)


def _make(
    message_id: str,
    conversation_id: str,
    seq: int,
    role: str,
    mode: str | None,
    said_at: str,
    content: str,
    origin: str | None,
) -> Saying:
    return Saying(
        message_id,
        conversation_id,
        seq,
        role,
        mode,
        said_at,
        content,
        readable(content),
        find_speaker(content) if origin == "imported" else "",
        # What follows decides nothing, and an answer may be very long.
        hash(" ".join(content[: 8 * _ALIKE].lower().split())[:_ALIKE]),
        role == "assistant" and _says_nothing(content, mode),
    )


def _says_nothing(content: str, mode: str | None) -> bool:
    """Whether an answer only says no, or what the built-in model says of itself."""
    return is_courtesy(content) or (mode != "as" and is_refusal(content))
