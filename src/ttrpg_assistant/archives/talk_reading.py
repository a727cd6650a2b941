"""Talk of a file as messages that can be stored: numbered, in pieces, with roles and moments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ttrpg_assistant.archives.talk_formats.model import (
    HIDDEN,
    USER,
    Event,
    Remark,
    Role,
    Talk,
    Turn,
    Version,
)
from ttrpg_assistant.archives.talk_formats.named_lines import ASSISTANTS
from ttrpg_assistant.archives.talk_formats.ports import TalkFormat
from ttrpg_assistant.archives.talk_formats.source import TalkSource
from ttrpg_assistant.conversations.model import MESSAGE_CHARACTERS

TREE_MESSAGES = 500_000
"""Of one conversation with branches. What goes on from more loses its branches and is told."""

REMARK_LINES = 20
"""Lines that are named of one kind of remark; of more it is said how many."""

TOO_MANY_BRANCHES = "A message answers one that is too far back, and goes on from the newest."


@dataclass(frozen=True, slots=True)
class Roles:
    """What a game master says of the speakers, by their names in lower case. `answers`, when it
    is given, are all whose words are the assistant's; those of `hidden` are in no prompt."""

    answers: frozenset[str] | None = None
    hidden: frozenset[str] = frozenset()

    def find(self, turn: Turn) -> Role:
        """The role of a turn. What its file hides stays hidden."""
        name = turn.speaker.lower()
        if turn.role == "system" or name in self.hidden:
            return "system"
        if self.answers is None or not name:
            return turn.role
        return "assistant" if name in self.answers else "user"


@dataclass(frozen=True, slots=True)
class Said:
    """One message. `number` counts within its conversation, from 1; `parent` is the number of
    the one it answers, 0 for none, and always lower. The talk goes on from a chosen one.
    `is_piece`: it goes on with the message before, which was too long. `end`: bytes read."""

    speaker: str
    role: Role
    content: str
    moment: str | None
    end: int
    line: int = 0
    number: int = 0
    parent: int = 0
    is_chosen: bool = True
    is_alternative: bool = False
    is_piece: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A kind of remark: how often, and in which lines first. `is_loss`: words are missing."""

    text: str
    count: int
    lines: tuple[int, ...]
    is_loss: bool


class Remarks:
    """Counts remarks by what they say."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[int, list[int], bool]] = {}

    def add(self, remark: Remark) -> None:
        """One more."""
        count, lines, is_loss = self._found.get(remark.text, (0, [], remark.is_loss))
        if remark.line and len(lines) < REMARK_LINES and remark.line not in lines[-1:]:
            lines.append(remark.line)
        self._found[remark.text] = (count + 1, lines, is_loss)

    def list_all(self) -> tuple[Told, ...]:
        """What is missing first."""
        found = [
            Told(text, count, tuple(lines), is_loss)
            for text, (count, lines, is_loss) in self._found.items()
        ]
        return tuple(sorted(found, key=lambda one: not one.is_loss))


def read_talk(
    source: TalkSource, form: TalkFormat, roles: Roles | None = None
) -> Iterator[Talk | Said | Remark]:
    """Everything in a file: each `Talk` begins a conversation, its messages follow. Raises
    `InvalidInput` when nothing of it can be used."""
    return _arrange(form.read(source), roles or Roles())


@dataclass(slots=True)
class _Place:
    """Where a conversation stands."""

    talk: Talk = field(default_factory=Talk)
    number: int = 0
    tip: int = 0
    moment: str | None = None
    places: dict[str, int] = field(default_factory=dict)
    answered: set[int] = field(default_factory=set)


def _arrange(events: Iterator[Event], roles: Roles) -> Iterator[Talk | Said | Remark]:
    place: _Place | None = None
    for event in events:
        if isinstance(event, Talk):
            place = _Place(event, moment=event.moment)
            yield event
        elif isinstance(event, Remark):
            yield event
        else:
            if place is None:
                place = _Place()
                yield place.talk
            yield from _tell_turn(event, place, roles.find(event))


def _tell_turn(turn: Turn, place: _Place, role: Role) -> Iterator[Said | Remark]:
    parent = place.tip
    if place.talk.is_tree:
        parent = place.places.get(turn.parent, 0)
        if turn.parent and not parent and len(place.places) >= TREE_MESSAGES:
            parent = place.tip
            yield Remark(TOO_MANY_BRANCHES, turn.line, is_loss=False)
    is_aside = turn.is_aside
    if place.talk.is_tree and is_aside is None:
        is_aside = parent in place.answered
        if len(place.answered) < TREE_MESSAGES:
            place.answered.add(parent)
    chosen_end = parent
    for at, version in enumerate(turn.versions):
        is_chosen = at == turn.chosen
        moment = version.moment or place.moment
        above = parent
        for piece, content in enumerate(_cut(_spell(turn, version, role))):
            place.number += 1
            yield Said(
                turn.speaker or ("" if turn.is_named else _speaker(role)), role, content, moment,
                turn.end, turn.line, place.number, above,
                is_chosen and (not place.talk.is_tree or turn.key == place.talk.tip),
                not is_chosen or bool(is_aside), piece > 0,
            )  # fmt: skip
            above = place.number
        if is_chosen:
            chosen_end = above
            place.moment = moment
    place.tip = chosen_end
    if place.talk.is_tree and turn.key and len(place.places) < TREE_MESSAGES:
        place.places[turn.key] = chosen_end


def _speaker(role: Role) -> str:
    return {"assistant": "Assistant", "system": HIDDEN}.get(role, USER)


def _spell(turn: Turn, version: Version, role: Role) -> str:
    """The words with their speaker's name in front, unless the role says the same."""
    is_plain = role == "assistant" and turn.speaker.lower() in ASSISTANTS
    if not turn.is_named or not turn.speaker or is_plain:
        return version.content
    return f"{turn.speaker}: {version.content}"


def _cut(content: str) -> Iterator[str]:
    """What is too long for one message goes on in the next."""
    if len(content) <= MESSAGE_CHARACTERS:
        yield content
        return
    for start in range(0, len(content), MESSAGE_CHARACTERS):
        yield content[start : start + MESSAGE_CHARACTERS]
