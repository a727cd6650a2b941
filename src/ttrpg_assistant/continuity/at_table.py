"""What somebody says at the table against what was so, looked for as soon as it was said.

Only of those who act by a message, and only in the lines that name them: a look through the whole
campaign would take from the answer that is being written meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from operator import itemgetter

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.mentions import EntityRef, NameIndex
from ttrpg_assistant.campaigns.name_indexes import NameIndexes
from ttrpg_assistant.continuity.acting import list_acting_now
from ttrpg_assistant.continuity.contradictions import find_dead_who_act
from ttrpg_assistant.continuity.dead_sheets import DeadSheet, SaidLine, find_dead_by_sheet
from ttrpg_assistant.continuity.life import list_back, list_dead, tells_of_life
from ttrpg_assistant.continuity.model import Contradiction, Source
from ttrpg_assistant.continuity.store import marks
from ttrpg_assistant.continuity.store.evidence import Raw, read_evidence
from ttrpg_assistant.continuity.store.said import list_dead_sheets, list_pieces, list_said
from ttrpg_assistant.continuity.weighing import weigh
from ttrpg_assistant.search.store.happened import ActivePaths
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.preferences import find_preference, put_preference

IN_TALK = "contradictions_in_talk"
"""The preference that is False where what is said at the table brings no card."""

NEWEST = 300
"""Lines that name who acts, and that are weighed whatever they say; of older ones only those that
tell of life and death."""

_Said = tuple[Source, str, int, str]
_Acting = Mapping[str, set[EntityRef]]


@dataclass(frozen=True, slots=True)
class _Read:
    """Whom each message tells as acting, the lines that name them, and what was decided."""

    acting: _Acting
    index: NameIndex
    raw: Raw
    sheets: Mapping[EntityRef, DeadSheet]
    decided: frozenset[str]


class AtTable:
    """Finds what messages contradict."""

    def __init__(self, database: Database, names: NameIndexes, paths: ActivePaths) -> None:
        self._database, self._names, self._paths = database, names, paths

    async def find(
        self, campaign_id: str, message_ids: Sequence[str]
    ) -> dict[str, list[Contradiction]]:
        """What each of these messages contradicts, where it does: nothing of which something was
        decided, and of each matter only what came first in its evening."""
        read = await self._database.read(lambda tx: self._read(tx, campaign_id, message_ids))
        if read is None:
            return {}
        found = await asyncio.to_thread(_find, read)
        told = {one.key: one.new.source.id for one in found if one.new.source.kind == "message"}
        acting = await self._database.read(
            lambda tx: self._list_acting(tx, campaign_id, sorted(set(told.values())))
        )
        return _pick_first(found, read, acting)

    def _read(self, tx: Connection, campaign_id: str, ids: Sequence[str]) -> _Read | None:
        if not is_on_in_talk(tx):
            return None
        acting = self._list_acting(tx, campaign_id, ids)
        refs = {ref for each in acting.values() for ref in each}
        names = self._names.find(tx, campaign_id)
        if not refs or names is None:
            return None
        pieces = list_pieces(tx, sorted(refs))
        raw = read_evidence(tx, campaign_id, self._paths, naming=pieces)
        sheets = list_dead_sheets(tx, refs)
        decided = frozenset(marks.list_marks(tx, campaign_id))
        return _Read(acting, names.index, raw, sheets, decided)

    def _list_acting(self, tx: Connection, campaign_id: str, ids: Sequence[str]) -> _Acting:
        names = self._names.find(tx, campaign_id)
        if names is None:
            return {}
        return {
            said.id: list_acting_now(said.text, names.index, is_running=said.is_running)
            for said in list_said(tx, campaign_id, ids)
        }

    async def get_is_on(self) -> bool:
        """Whether what is said at the table may bring a card."""
        return await self._database.read(is_on_in_talk)

    async def choose_is_on(self, is_on: bool) -> bool:
        """Let what is said at the table bring cards, or none, in all campaigns."""
        await self._database.write(lambda tx: put_preference(tx, IN_TALK, is_on))
        return is_on


def is_on_in_talk(tx: Connection) -> bool:
    """Whether what is said at the table may bring a card: so long as nobody has said no."""
    return find_preference(tx, IN_TALK) is not False


def _find(read: _Read) -> list[Contradiction]:
    """What those who act contradict, in the order of the lines. The lines are only weighed when
    one of them calls one of those dead."""
    raw, index = read.raw, read.index
    texts = [(text, source.kind == "message") for source, text, _, _ in raw.said]
    texts += [(fact.text, False) for fact in raw.facts]
    dead = list_dead(texts, index)
    acting = {ref for each in read.acting.values() for ref in each}
    ordered = sorted(raw.said, key=itemgetter(2, 3))
    found = _find_by_lines(read, ordered, acting & dead)
    by_lines = {one.about for one in found}
    sheets = {ref: sheet for ref, sheet in read.sheets.items() if ref not in by_lines}
    if sheets:
        for ref in list_back(texts, index):
            sheets.pop(ref, None)
        said = [
            SaidLine(source, text, evening, moment)
            for source, text, evening, moment in ordered[-NEWEST:]
            if source.kind == "message"
        ]
        found += find_dead_by_sheet(sheets, said, index)
    return found


def _find_by_lines(
    read: _Read, ordered: Sequence[_Said], refs: Set[EntityRef]
) -> list[Contradiction]:
    if not refs:
        return []
    raw, index = read.raw, read.index
    old = [one for one in ordered[:-NEWEST] if tells_of_life(one[1])]
    evidence = weigh(replace(raw, said=[*old, *ordered[-NEWEST:]]), index)
    return [one for one in find_dead_who_act(evidence, index) if one.about in refs]


def _pick_first(
    found: Sequence[Contradiction], read: _Read, acting: _Acting
) -> dict[str, list[Contradiction]]:
    settled = {one.matter for one in found if one.key in read.decided}
    told: set[tuple[str, int | None]] = set()
    picked: dict[str, list[Contradiction]] = {}
    for one in found:
        source, place = one.new.source, (one.matter, one.new.evening)
        # Talk that tells of nothing at the table has brought no card before.
        if source.kind == "message" and one.about not in acting.get(source.id, ()):
            continue
        if place not in told and one.matter not in settled and source.id in read.acting:
            picked.setdefault(source.id, []).append(one)
        told.add(place)
    return picked
