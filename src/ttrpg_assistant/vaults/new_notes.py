"""Notes that nothing is known of yet: of which thing each is, and things made of those that are
new. The same rules as an import's: the id in a note, then its name, then an alias."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.kinds.game_session import KIND as GAME_SESSION
from ttrpg_assistant.campaigns.registry import get_kind, list_things
from ttrpg_assistant.campaigns.store import edits, game_sessions
from ttrpg_assistant.campaigns.store.edits import rewind_values
from ttrpg_assistant.campaigns.store.entities import plain_values
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.imports.fitting import fit
from ttrpg_assistant.imports.formats.obsidian_vault import FORMAT, find_said_kind
from ttrpg_assistant.imports.model import SourceFile
from ttrpg_assistant.imports.own_notes import OWN_REVISION, find_own_kind, read_facts
from ttrpg_assistant.imports.store.existing import KnownNames, find_thing, read_known_names
from ttrpg_assistant.imports.vault_notes import read_note
from ttrpg_assistant.imports.vault_values import KEPT_SHAPES
from ttrpg_assistant.vaults.model import KeptNote, VaultLink
from ttrpg_assistant.vaults.note_files import ReadFile
from ttrpg_assistant.vaults.note_text import (
    NoteText,
    Unreadable,
    has_own_parts,
    is_kept,
    read_fields,
    read_note_text,
)
from ttrpg_assistant.vaults.places import Places
from ttrpg_assistant.vaults.store import Standing


@dataclass(slots=True)
class NewNote:
    """A note that nothing is known of yet. `kind` is what it says it is, None where it does not
    say; `is_own` that it says so in our words."""

    path: str
    file: ReadFile
    note: NoteText
    kind: str | None
    is_own: bool
    names: list[str] = field(default_factory=list)


def read_new(path: str, file: ReadFile) -> NewNote | None:
    """A new note; None for one that is no thing: not a text, the list of facts, the note of the
    campaign."""
    note = read_note_text(file.content)
    if note is None or note.is_blank:
        return None
    own = find_own_kind(note.head.values)
    if own == "campaign" or (not note.head.raw and read_facts(note.head.body) is not None):
        return None
    if own is not None:
        return NewNote(path, file, note, own, True, [PurePosixPath(path).stem])
    said = read_note("\n".join(note.lines), note.head)
    kind = find_said_kind(PurePosixPath(path), said)
    return NewNote(path, file, note, kind, False, [PurePosixPath(path).stem])


def match_new(
    found: NewNote, standing: Mapping[str, Standing], known: KnownNames, taken: set[str]
) -> str | None:
    """The id of the thing that a new note is of, where it is here already."""
    own = standing.get(found.note.own_id)
    if own is not None and own.id not in taken:
        return own.id
    kinds = [found.kind] if found.kind else [one.name for one in (*list_things(), GAME_SESSION)]
    name = str((found.note.head.values or {}).get("name") or found.names[0])
    for names in (known.by_name, known.by_alias):
        free = [
            id
            for kind in kinds
            for id in names.get((kind, fold(name)), ())
            if id not in taken and id in standing
        ]
        if len(free) == 1:
            return free[0]
    return None


def know_names(tx: Connection, campaign_id: str) -> KnownNames:
    """The names of everything that notes may be of."""
    kinds = [one.name for one in (*list_things(), GAME_SESSION)]
    return read_known_names(tx, campaign_id, kinds, ())


def make_row(tx: Connection, link: VaultLink, found: NewNote, one: Standing) -> KeptNote:
    """What is known of a note that is of this thing, and was not kept until now: what the thing
    said when the note was written, where it names that."""
    revision = (found.note.head.values or {}).get(OWN_REVISION)
    base: dict[str, Any] = {}
    thing = find_thing(tx, link.campaign_id, one.kind, one.id)
    is_number = isinstance(revision, int) and not isinstance(revision, bool)
    number = revision if is_number and isinstance(revision, int) else 0
    if thing is not None and found.is_own and 0 < number <= thing.revision:
        kind = get_kind(one.kind)
        values = rewind_values(tx, one.kind, one.id, plain_values(thing), number)
        base = {name: values[name] for name in kind.fields if is_kept(kind, name)}
    return _row(link, found, one.kind, one.id, base, {}, 0)


def _row(
    link: VaultLink,
    found: NewNote,
    kind: str,
    id: str,
    base: dict[str, Any],
    file_base: dict[str, Any],
    revision: int,
) -> KeptNote:
    return KeptNote(
        id=new_id(),
        link_id=link.id,
        kind=kind,
        entity_id=id,
        path=found.path,
        sha256=found.file.sha256,
        size=found.file.stamp.size,
        modified_ns=found.file.stamp.modified_ns,
        read_ns=found.file.read_ns,
        revision=revision,
        base=base,
        file_base=file_base,
        state="kept",
    )


def read_as_import(root: Path, found: Sequence[NewNote]) -> dict[str, dict[str, Any]]:
    """What an import would make of these notes: the values of each by its path."""
    files = [SourceFile(one.path, root / one.path, one.file.stamp.size) for one in found]
    reading = FORMAT.read(files)
    return {thing.key: {"kind": thing.kind, "values": thing.values} for thing in reading.things}


def make_thing(
    tx: Connection,
    link: VaultLink,
    found: NewNote,
    kind_name: str,
    said: Mapping[str, Any],
    places: Places,
) -> KeptNote:
    """Make a thing of a new note, with what is known of both from now on. Raises `InvalidInput`."""
    kind = get_kind(kind_name)
    in_file = read_fields(kind, found.note, found.path, places.resolve)
    fitted = fit(str(said["kind"]), said["values"], kind_name)
    if has_own_parts(kind, found.note):
        # It is written as our notes are, so it is read as they are.
        parts = {
            name: value
            for name, value in in_file.items()
            if kind.fields[name].shape.name in KEPT_SHAPES and not isinstance(value, Unreadable)
        }
        fitted.values.update(parts)
    checked = kind.check_new(fitted.values)
    if kind is GAME_SESSION:
        made = game_sessions.add_game_session(tx, link.campaign_id, checked)
    else:
        made = edits.add_entity(tx, kind, link.campaign_id, checked)
    here = plain_values(made)
    agreed = {
        name: value
        for name, value in in_file.items()
        if not isinstance(value, Unreadable) and (name in fitted.values and name != "audience")
    }
    base = {name: here[name] for name in agreed}
    file_base = {name: value for name, value in agreed.items() if value != here[name]}
    return _row(link, found, kind_name, made.id, base, file_base, 0)
