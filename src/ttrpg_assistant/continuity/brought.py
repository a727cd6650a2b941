"""Which contradictions something that was just written has brought. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.continuity.model import Contradiction, Source

WriterKind = Literal["suggestion", "import", "conversation", "note", "event", "message", "fact"]
"""What writes: a suggestion that was accepted, an import, talk from a file, or a row itself."""


class Writer(NamedTuple):
    """What has written."""

    kind: WriterKind
    id: str


@dataclass(frozen=True, slots=True)
class Written:
    """A row that was written: a thing, ``fact``, ``note``, ``event``, ``message`` or
    ``conversation``. `fields` are those that were changed, None where all of it is new."""

    kind: str
    id: str
    fields: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """What a writer has brought. `is_finished` is False while that is still being looked for."""

    writer: Writer
    contradictions: Sequence[Contradiction] = ()
    is_finished: bool = True


_OF_SHEETS = frozenset({"status", "holder"})
"""The fields of a sheet that contradict what is written elsewhere."""


def pick_brought(
    contradictions: Iterable[Contradiction],
    written: Sequence[Written],
    conversations: Mapping[str, str],
) -> list[Contradiction]:
    """Those that would not be there without what was written. `conversations` says in which
    conversation a message is, by its id."""
    by_row = {(one.kind, one.id): one for one in written}

    def is_of(source: Source) -> bool:
        if source.kind == "message" and source.id in conversations:
            home = ("conversation", conversations[source.id])
            return home in by_row or ("message", source.id) in by_row
        if source.kind == "recap":
            return _has(by_row.get(("game_session", source.id)), {"recap_gm", "recap_players"})
        if source.kind in KINDS:
            return _has(by_row.get((source.kind, source.id)), _OF_SHEETS)
        return (source.kind, source.id) in by_row

    def is_about(one: Contradiction) -> bool:
        if one.about is None:
            return False
        # A name that is new, or a thing that came back, lets be seen what was written before.
        names = {KINDS[one.about.kind].name_field, "aliases", KINDS[one.about.kind].canon_field}
        return _has(by_row.get((one.about.kind, one.about.id)), names)

    return [
        one
        for one in contradictions
        if is_of(one.old.source) or is_of(one.new.source) or is_about(one)
    ]


def _has(written: Written | None, fields: Iterable[str]) -> bool:
    if written is None:
        return False
    return written.fields is None or not written.fields.isdisjoint(fields)
