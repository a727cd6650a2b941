"""What a file of talk is read as, before anybody decides who its speakers are.

A format turns a file into a run of events: `Talk` begins a conversation, each `Turn` after it is
something said in it, and a `Remark` says what was left out or changed, and where. All words are
data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["user", "assistant", "system"]
"""`system` is kept and shown, and is in no prompt."""

USER, ASSISTANT, HIDDEN = "User", "Assistant", "Note"
"""What speakers are called whom a file knows by their role alone."""


@dataclass(frozen=True, slots=True)
class Version:
    """One of the answers that were given in the same place. `moment` is None when the file does
    not say when, or not so that it can be read."""

    content: str
    moment: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """Something said, with its alternatives; `chosen` is the one the talk goes on from.

    `is_named`: the name was written in front of the words and stays there. In a tree `key` names
    the turn and `parent` the one it answers, "" where it answers none; `is_aside` says that it is
    not on the way to where the talk ends, None when that is not known yet. `line` is where it
    stands in the file, 0 where lines say nothing; `end` counts the bytes read up to here.
    """

    speaker: str
    role: Role
    versions: tuple[Version, ...]
    chosen: int = 0
    is_named: bool = True
    key: str = ""
    parent: str = ""
    is_aside: bool | None = None
    line: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation begins. `tip` is the key of the turn it ends with when it is a tree; without
    one it is the newest. `moment` is when it began."""

    title: str = ""
    moment: str | None = None
    is_tree: bool = False
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was left out or changed: a whole sentence, the same for all of its kind.
    `is_loss` where words are missing afterwards."""

    text: str
    line: int = 0
    is_loss: bool = True


Event = Talk | Turn | Remark


@dataclass(frozen=True, slots=True)
class Shape:
    """What the outermost JSON of a file is: `array` or `object`, the names in the first object,
    and those up to two levels inside it."""

    outer: Literal["array", "object", ""] = ""
    names: frozenset[str] = frozenset()
    inner: frozenset[str] = frozenset()
