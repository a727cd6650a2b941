"""A folder that a campaign is synced with, and what is known of its notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

LinkState = Literal["on", "paused"]
NoteState = Literal["kept", "left"]
"""`left`: the game master left this thing and its note apart."""

Side = Literal["here", "file"]


@dataclass(frozen=True, slots=True)
class VaultLink:
    """A campaign's folder. `report` says how the last look ended: `state`, `sentence`, `cure`,
    what was done, the questions and the faults."""

    id: str
    campaign_id: str
    folder: str
    state: LinkState
    synced_at: str | None
    report: dict[str, Any]
    created_at: str


@dataclass(frozen=True, slots=True)
class KeptNote:
    """A note and its thing as both sides agreed on last.

    `base` are the thing's values then, `file_base` those of the note where they read otherwise.
    `revision` is the thing's then; `sha256`, `size` and `modified_ns` are the file's; `read_ns` is
    when it was read: a file that was changed in the same moment may look unchanged.
    """

    id: str
    link_id: str
    kind: str
    entity_id: str
    path: str
    sha256: str
    size: int
    modified_ns: int
    read_ns: int
    revision: int
    base: dict[str, Any]
    file_base: dict[str, Any]
    state: NoteState

    @property
    def in_file(self) -> dict[str, Any]:
        """The values that the note said."""
        return {**self.base, **self.file_base}


@dataclass(frozen=True, slots=True)
class Choices:
    """What the game master answered: sides by thing and field, things whose note is taken as it
    is, and those whose note is written again. `seen` are the revision of a thing and the hash of
    its note that the answer is about: where either is another by now, it does not count."""

    sides: Mapping[str, Mapping[str, Side]] = field(default_factory=dict)
    as_it_is: frozenset[str] = frozenset()
    again: frozenset[str] = frozenset()
    seen: Mapping[str, tuple[int, str]] = field(default_factory=dict)


ForGone = Literal["archive", "write", "apart", "restore"]
"""`archive` the thing, `write` its note again, leave both `apart`, `restore` the thing."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the game master answered, for one look: choices of fields, what becomes of things and
    notes whose other side is gone, by id, and kinds of new notes by their paths."""

    choices: Choices = field(default_factory=Choices)
    gone: Mapping[str, ForGone] = field(default_factory=dict)
    all_gone: ForGone | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)
    paths: Mapping[str, str] = field(default_factory=dict)
    """Where the notes of things that are gone are, by the things' ids."""


@dataclass(slots=True)
class Report:
    """What a look at a folder did and found."""

    state: str = "synced"
    sentence: str = ""
    cure: str = ""
    notes: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    questions: list[dict[str, Any]] = field(default_factory=list)
    faults: list[dict[str, Any]] = field(default_factory=list)
    waits: bool = False
    """Whether a file was still being written, so that it is worth another look."""

    def count(self, what: str, number: int = 1) -> None:
        """So many more of it."""
        self.counts[what] = self.counts.get(what, 0) + number

    def fault(self, path: str, sentence: str) -> None:
        """A note that cannot be synced, and why."""
        self.faults.append({"path": path, "sentence": sentence})

    def tell(self) -> dict[str, Any]:
        """The same as JSON, within bounds."""
        return {
            "state": self.state,
            "sentence": self.sentence,
            "cure": self.cure,
            "notes": self.notes,
            "counts": self.counts,
            "questions": self.questions[:MOST_TOLD],
            "question_count": len(self.questions),
            "faults": self.faults[:MOST_TOLD],
            "fault_count": len(self.faults),
        }


MOST_TOLD = 200
"""Questions, and faults, that are listed; all are counted."""
