"""The rule of `prompts.audience` as a condition, for what must be chosen before it is read.

Nothing is decided here: which audiences admit a viewer is asked of the rule.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, and_, bindparam, exists, false, or_, true

from ttrpg_assistant.campaigns.audiences import (
    FACT_KINDS,
    THING_KINDS,
    list_name_words,
    note_audience,
)
from ttrpg_assistant.campaigns.canon import IN_THE_WORLD
from ttrpg_assistant.campaigns.model import Entity
from ttrpg_assistant.campaigns.tables import fact_audience, known_facts, session_notes
from ttrpg_assistant.prompts.audience import (
    GM,
    AudienceKind,
    Viewer,
    ViewerKind,
    list_admitting_kinds,
    may_see,
)

_LISTENERS = {"npc": fact_audience.c.npc_id, "character": fact_audience.c.character_id}


def admits_unnamed(viewer: Viewer, kept: ColumnElement[Any]) -> ColumnElement[bool]:
    """The condition that the audience kept in this column of a thing, a relation, a picture or a
    plot point admits the viewer, whoever else it names."""
    return _is_kept(kept, THING_KINDS, list_admitting_kinds(viewer).unnamed)


def admits_unnamed_to_name(
    viewer: Viewer, value: type[Entity], kept: ColumnElement[Any]
) -> ColumnElement[bool]:
    """The condition that this viewer may hear what a thing of this type is called, whoever else
    the audience kept in this column names."""
    return _is_kept(kept, list_name_words(value), list_admitting_kinds(viewer).unnamed)


def list_admitting_words(viewer: Viewer) -> list[str]:
    """The words of a thing's audience that admit this viewer, or would if they named it."""
    admitting = list_admitting_kinds(viewer)
    kinds = admitting.unnamed | admitting.named
    return [word for word, kind in THING_KINDS.items() if kind in kinds]


def may_admit(viewer: Viewer, kept: ColumnElement[Any]) -> ColumnElement[bool]:
    """The condition that it admits the viewer or would if it named it: who is named is looked at
    when the row has been read."""
    admitting = list_admitting_kinds(viewer)
    return _is_kept(kept, THING_KINDS, admitting.unnamed | admitting.named)


def is_fact_unnamed(viewer: Viewer, but_not: Viewer | None = None) -> ColumnElement[bool]:
    """The condition that a fact is for this viewer whoever it lists, `but_not` for another."""
    kinds = list_admitting_kinds(viewer).unnamed - _list_unnamed(but_not)
    return _is_fact_kept(viewer, kinds)


def is_fact_for_listed(viewer: Viewer, but_not: Viewer | None = None) -> ColumnElement[bool]:
    """The condition that a fact is for this viewer where it lists it, `but_not` for another that
    it does not list."""
    admitting = list_admitting_kinds(viewer)
    kinds = (admitting.unnamed | admitting.named) - _list_unnamed(but_not)
    return _is_fact_kept(viewer, kinds)


def _is_fact_kept(viewer: Viewer, kinds: Collection[AudienceKind]) -> ColumnElement[bool]:
    is_meant = _is_kept(known_facts.c.audience, FACT_KINDS, kinds)
    if viewer.kind == GM.kind:
        return is_meant
    return and_(is_meant, or_(*(known_facts.c.canon == word for word in IN_THE_WORLD)))


def _list_unnamed(viewer: Viewer | None) -> frozenset[AudienceKind]:
    return frozenset() if viewer is None else list_admitting_kinds(viewer).unnamed


def is_fact_seen(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a fact is for this viewer. Unknown audiences admit nobody, and what is
    only an idea or was retconned nobody but the game master."""
    own = _LISTENERS.get(viewer.kind)
    ranks = [] if own is None else [own == viewer.id]
    ranks.append(fact_audience.c.group_key.in_(sorted(viewer.groups)))
    return _is_seen(viewer, ranks)


def _is_seen(viewer: Viewer, ranks: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    is_listed = exists().where(fact_audience.c.fact_id == known_facts.c.id, or_(false(), *ranks))
    return or_(is_fact_unnamed(viewer), and_(is_fact_for_listed(viewer), is_listed))


@dataclass(frozen=True, slots=True)
class ViewerShape:
    """The viewers whom one prepared statement serves: of a kind, with at most so many groups."""

    kind: ViewerKind
    groups: int

    @classmethod
    def of(cls, viewer: Viewer) -> ViewerShape:
        """The shape of a viewer: few of them serve any number of groups."""
        count = len(viewer.groups)
        return cls(viewer.kind, 1 << (count - 1).bit_length() if count else 0)

    @property
    def example(self) -> Viewer:
        """A viewer of this shape, to ask the rule about."""
        return Viewer(self.kind, groups=frozenset(map(str, range(self.groups))))

    def list_ranks(self) -> list[ColumnElement[bool]]:
        """The conditions that a listener of a fact is the viewer itself, and one of its groups."""
        own = _LISTENERS.get(self.kind)
        ranks = [] if own is None else [own == bindparam("viewer_id", type_=String)]
        if self.groups:
            names = [bindparam(f"viewer_group_{at}", type_=String) for at in range(self.groups)]
            ranks.append(fact_audience.c.group_key.in_(names))
        return ranks

    def is_fact_seen(self) -> ColumnElement[bool]:
        """As `is_fact_seen`, for whoever is given to the statement."""
        return _is_seen(self.example, self.list_ranks())

    def spell(self, viewer: Viewer) -> dict[str, str]:
        """The parameters that are this viewer."""
        names = sorted(viewer.groups)
        groups = {f"viewer_group_{at}": names[min(at, len(names) - 1)] for at in range(self.groups)}
        return {"viewer_id": viewer.id, **groups}


def is_note_seen(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a note taken at the table is for this viewer."""
    seen = [gm_only for gm_only in (False, True) if may_see(viewer, note_audience(gm_only))]
    return session_notes.c.gm_only.in_(seen)


def is_kept_as(kept: ColumnElement[Any], word: str | ColumnElement[Any]) -> ColumnElement[bool]:
    """The condition that this very word is kept, to list what has it."""
    return kept == word


def _is_kept(
    kept: ColumnElement[Any],
    words: Mapping[Any, AudienceKind],
    kinds: Collection[AudienceKind],
) -> ColumnElement[bool]:
    if set(words.values()) <= set(kinds):
        return true()
    # One by one, so that a statement may be compiled before it is run.
    return or_(false(), *(kept == word for word, kind in words.items() if kind in kinds))
