"""What a file of another program holds, before anything of it is stored.

A format (`formats/<name>.py`) turns a file into a `Reading`; everything after that is the same
for every format: what exists already, what the preview says, what is stored, what can be undone.
All words in it are data. Everything is meant for the game master alone until they say otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ttrpg_assistant.campaigns.model import KindName

NOTES = "notes"
"""The name of the format whose files a model may read instead (`FoundNotes`)."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was sent. `name` is what it is called where it came from, with its folders
    (`NPCs/Mira Vale.md`); `path` is where its bytes are here."""

    name: str
    path: Path
    size: int


@dataclass(frozen=True, slots=True)
class FoundPicture:
    """A picture that belongs to a thing, as the file holds it: it is read, cleaned and checked
    when it is stored. `name` says where it comes from (`assets/portrait.png`), `own_sha256` which
    picture of ours it is a copy of."""

    name: str
    content: bytes
    own_sha256: str = ""


@dataclass(frozen=True, slots=True)
class FoundThing:
    """A thing of one kind. `key` names it within the reading, so that others can point at it;
    `source_id` is what the other program calls it, "" when it has no such name: the same thing
    sent again is found by it, then by its name and aliases. `values` are fields of the kind as
    its declaration names and shapes them.
    `kept` is what has no field here, word for word, given back when it is exported. `columns` are
    the cells of its row by their headings, where it comes from a table: the game master may choose
    their fields (`columns`). `own_id` is the id of the thing here that the file says it is, and
    `own_revision` the one it was written from; both mean nothing in another campaign. `untouched`
    are the fields that nobody touched in the file since this program wrote it.
    `is_for_players` says that players may see it where it comes from: whether they may here is for
    the game master to say."""

    key: str
    kind: KindName
    values: Mapping[str, Any]
    source_id: str = ""
    kept: Mapping[str, Any] = field(default_factory=dict)
    pictures: tuple[FoundPicture, ...] = ()
    file_name: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    own_id: str = ""
    own_revision: int = 0
    is_archived: bool = False
    untouched: frozenset[str] = frozenset()
    is_for_players: bool = False


@dataclass(frozen=True, slots=True)
class FoundFact:
    """A sentence that is true in the campaign. `about` are keys of found things. With a `title`
    the game master may make it a thing instead, which is also called by its `names`. `own_id` is
    the id of the fact here that the file says it is, `own_mark` that of the words it was written
    with (`own_notes.mark_words`)."""

    text: str
    about: tuple[str, ...] = ()
    source_id: str = ""
    kept: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""
    names: tuple[str, ...] = ()
    file_name: str = ""
    own_id: str = ""
    own_mark: str = ""
    canon: str = "happened"
    is_false: bool = False


@dataclass(frozen=True, slots=True)
class FoundRelation:
    """What one found thing is to another, by their keys. `attitude` is from -100 to 100, `note`
    the game master's."""

    from_key: str
    to_key: str
    label: str
    attitude: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class FoundTalk:
    """A conversation in the file: imported as a transcript by `archives.transcripts`. `path` is a
    file of its own when the talk is one of several in a file that was sent."""

    title: str
    path: Path
    messages: int


@dataclass(frozen=True, slots=True)
class FoundNotes:
    """The text of notes, for a model to read in place of the things that their headings make:
    imported as a thread that is no talk. `path` is a file of it in `pieces`; not `is_whole`: it is
    too long to be read, and none of it is imported so. `used` is what the report says of the
    headings."""

    path: Path
    characters: int
    pieces: int
    is_whole: bool
    used: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the report on an import: `field` in the words of the other program, `text` what
    became of it (`Role`, `kept for export, not used here`), `count` how often."""

    field: str
    text: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that was found. `used`, `kept` and `ignored` say of every part of the file what
    became of it; `warnings` are plain sentences the game master should read first. With
    `keep_file` the file itself is kept, so that it can be given back as it was received."""

    format: str
    things: tuple[FoundThing, ...] = ()
    facts: tuple[FoundFact, ...] = ()
    relations: tuple[FoundRelation, ...] = ()
    talk: tuple[FoundTalk, ...] = ()
    notes: tuple[FoundNotes, ...] = ()
    used: tuple[Note, ...] = ()
    kept: tuple[Note, ...] = ()
    ignored: tuple[Note, ...] = ()
    warnings: tuple[str, ...] = ()
    keep_file: bool = False
