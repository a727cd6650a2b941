"""Quotes for a question, read out of the messages and the things that were found for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from ttrpg_assistant.builtin.words import STOP_WORDS
from ttrpg_assistant.campaigns.canon import canon_of
from ttrpg_assistant.campaigns.fields import list_fields
from ttrpg_assistant.campaigns.model import Canon
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.store.entities import find_entity
from ttrpg_assistant.llm.readable import readable
from ttrpg_assistant.prompts.audience import is_gm_only
from ttrpg_assistant.search.evidence import Evidence, Source, Speaker
from ttrpg_assistant.search.model import Term
from ttrpg_assistant.search.snippets import make_snippet
from ttrpg_assistant.search.speakers import find_speaker
from ttrpg_assistant.search.store import evidence as store
from ttrpg_assistant.search.store import hits
from ttrpg_assistant.search.store.evidence import Evenings, FoundThing, Place

QUOTE_CHARACTERS = 420
_FIELDS_OF_ONE = 3
_NOT_YET: tuple[Canon, ...] = ("idea", "prepped")
_LOGGED: dict[str, Source] = {"note": "note", "event": "event", "fact": "fact"}


@dataclass(frozen=True, slots=True)
class EvidenceReader:
    """Reads what was chosen as evidence. `terms` are marked in the quotes."""

    tx: Connection
    evenings: Evenings
    terms: tuple[Term, ...]

    def _list_marked(self) -> list[Term]:
        """The words to mark in quotes: of a name such as "the Heron" each that means something."""
        words = (word for term in self.terms for word in term.words if word not in STOP_WORDS)
        return [Term((word,)) for word in dict.fromkeys(words)]

    def is_at_table(self, place: Place) -> bool:
        """Whether it was said while a game session ran, and not to plan one."""
        evening = self.evenings.find(place.game_session_id, place.said_at)
        return evening is not None and not place.is_planned

    def read_talk(self, places: Sequence[Place]) -> list[Evidence]:
        """The messages at these places."""
        by_number = {place.number: place for place in places}
        rows = hits.read_recollections(self.tx, [(number, float(number)) for number in by_number])
        return [self._read_message(by_number[int(row.score)], row) for row in rows]

    def _read_message(self, place: Place, row: hits.Recollection) -> Evidence:
        text = readable(row.content)
        speaker, listener = _list_speakers(row)
        if speaker.kind == "other":
            text = text.removeprefix(f"{speaker.name}:").lstrip()
        return Evidence(
            "message",
            row.message_id,
            make_snippet(text, self._list_marked(), QUOTE_CHARACTERS),
            row.said_at,
            self.evenings.find(place.game_session_id, row.said_at),
            row.conversation_id,
            row.title or row.npc_name or "",
            speaker,
            listener,
            is_planned=place.is_planned,
            is_imported=place.is_imported,
        )

    def read_things(self, found: Sequence[FoundThing]) -> list[Evidence]:
        """The fields of these things that hold a word of the question."""
        dates: dict[str, tuple[str, str | None]] = {}
        for kind in _LOGGED:
            if ids := [one.id for one in found if one.kind == kind]:
                dates |= store.list_dates(self.tx, kind, ids)
        return [evidence for one in found for evidence in self._read_thing(one, dates)]

    def _read_thing(
        self, one: FoundThing, dates: dict[str, tuple[str, str | None]]
    ) -> Iterable[Evidence]:
        said_at, game = dates.get(one.id, (None, None))
        if one.kind == "game_session":
            game = one.id
        evening = self.evenings.find(game, None)
        canon, marked = self._find_canon(one), self._list_marked()
        lines = [
            (line, make_snippet(line.value, marked, QUOTE_CHARACTERS))
            for line in list_fields(self.tx, one.kind, one.id)
        ]
        holding = [(line, quote) for line, quote in lines if any(part.hit for part in quote)]
        for line, quote in (holding or lines)[:_FIELDS_OF_ONE]:
            yield Evidence(
                _LOGGED.get(one.kind, "thing"),
                one.id,
                quote,
                said_at,
                evening,
                place=one.name,
                kind=one.kind,
                field=line.label,
                is_planned=canon in _NOT_YET or _is_plan(one.kind, line.label),
                is_retconned=canon == "retconned",
                is_gm_only=is_gm_only(line.audience),
            )

    def _find_canon(self, one: FoundThing) -> Canon:
        """How far it is part of the story; what the table log says has happened."""
        if one.kind == "fact":
            return store.find_canon_of_fact(self.tx, one.id)
        thing = find_entity(self.tx, KINDS[one.kind], one.id) if one.kind in KINDS else None
        return "happened" if thing is None else canon_of(thing)


def _is_plan(kind: str, label: str) -> bool:
    return kind == "game_session" and label == "Plan"


def _list_speakers(row: hits.Recollection) -> tuple[Speaker, Speaker | None]:
    """Who said a message, and to whom where that is known."""
    npc = Speaker("npc", row.npc_name or "")
    if row.is_imported and (name := find_speaker(row.content)):
        return Speaker("other", name), None
    if row.mode == "as":
        game_master = Speaker("gm")
        return (npc, game_master) if row.role == "assistant" else (game_master, npc)
    return Speaker("gm" if row.role == "user" else "assistant"), None
