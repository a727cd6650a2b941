"""Asking a campaign: what it holds on a question, quoted with who said it, when, and where.

Nothing is made up here: without a model the quotes are the answer. What is counted is counted by
words, and said to be so; a place that says the same in other words is not among them. Everything
here is for the game master's eyes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.name_indexes import NameIndexes
from ttrpg_assistant.conversations.model import Conversation, Message
from ttrpg_assistant.errors import InvalidInput, NotFound
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.search.campaign_question import (
    CampaignQuestion,
    read_campaign_question,
)
from ttrpg_assistant.search.evidence import Evidence, Gathered, Subject, in_order
from ttrpg_assistant.search.evidence_reading import EvidenceReader
from ttrpg_assistant.search.indexing import Indexing
from ttrpg_assistant.search.model import Filters, Term
from ttrpg_assistant.search.named_things import NamedThing, find_named_things
from ttrpg_assistant.search.recall import POSTINGS, TalkRecall
from ttrpg_assistant.search.search import SEARCH_SECONDS, SearchTooSlow, read_in_time
from ttrpg_assistant.search.store import evidence as store
from ttrpg_assistant.search.store import hits
from ttrpg_assistant.search.store.asking import mark_conversations
from ttrpg_assistant.search.store.evidence import FoundThing, Place
from ttrpg_assistant.search.store.happened import ActivePaths
from ttrpg_assistant.storage.database import Database

MOST_SHOWN = 60
MOST_PLACES = 4_000
"""Messages that are looked at for one name or one set of words, the newest."""

_BEST = 12
_FEW = 5
"""Of first and last mentions so many are quoted: the first may only be in passing."""

_MOST_OF_WORLD = 24

_OF_A_MOMENT = frozenset({"first", "last", "when", "who_said"})
_DATED = frozenset({"note", "event", "fact", "game_session"})
"""What is asked of a moment is answered by what has one: a sheet says neither when nor by whom."""


@dataclass(frozen=True, slots=True)
class _Held:
    """Which messages and things hold each group of terms, by their numbers."""

    talk: Sequence[set[int]]
    world: Sequence[set[int]]
    is_cut: Sequence[bool]


class AskCampaign:
    """Gathers what a campaign holds on a question. Changes nothing."""

    def __init__(
        self,
        database: Database,
        indexing: Indexing,
        recall: TalkRecall,
        names: NameIndexes,
        *,
        seconds: float = SEARCH_SECONDS,
    ) -> None:
        self._database = database
        self._indexing = indexing
        self._recall = recall
        self._names = names
        self._paths = ActivePaths()
        self._seconds = seconds

    async def gather(self, campaign_id: str, question: str) -> Gathered:
        """The evidence, oldest first. Raises `NotFound`; `InvalidInput` for a question without a
        word to look for; `SearchTooSlow` at the deadline."""
        waiting = await self._indexing.catch_up()
        try:
            return await read_in_time(
                self._database,
                lambda tx: self._gather(tx, campaign_id, question, waiting),
                self._seconds,
            )
        except SearchTooSlow as fault:
            raise SearchTooSlow(str(fault), cure="Ask about fewer things at once.") from fault

    def _gather(self, tx: Connection, campaign_id: str, question: str, waiting: int) -> Gathered:
        names = self._names.find(tx, campaign_id)
        if names is None:
            raise NotFound("This campaign does not exist.", code="campaign_not_found")
        named = find_named_things(tx, names, campaign_id, question)
        spoken = [" ".join(term.words) for one in named for term in one.terms]
        asked = read_campaign_question(question, spoken)
        groups = [one.terms for one in named]
        groups += [(*one.terms, *one.alike) for one in asked.sought]
        if not groups:
            raise InvalidInput(
                "There is no word to look for in this question.",
                code="search_empty",
                cure="Name somebody or something of the campaign, or say what it is about.",
            )
        filters = Filters(campaign_id=campaign_id, with_archived=True)
        marks = mark_conversations(tx, filters) or ()
        listed = hits.engine_of(tx).list_holding(tx, groups, marks, POSTINGS)
        held = _Held(
            [set(numbers) for numbers in listed],
            store.list_things_holding(tx, campaign_id, groups),
            [len(numbers) >= POSTINGS for numbers in listed],
        )
        reader = EvidenceReader(tx, store.read_evenings(tx, campaign_id), _flat(groups))
        subjects = tuple(
            self._look_up(reader, campaign_id, one, held, at) for at, one in enumerate(named)
        )
        talk = held.talk[0].intersection(*held.talk[1:])
        places, is_cut = self._place(tx, campaign_id, talk)
        is_cut = is_cut or any(held.is_cut)
        world = store.read_found_things(tx, held.world[0].intersection(*held.world[1:]))
        if asked.wants in _OF_A_MOMENT:
            world = [one for one in world if one.kind in _DATED]
        total = len(places) + len(world)
        shown = self._choose(tx, campaign_id, asked, places)
        own = [FoundThing(0, one.ref.kind, one.ref.id, one.name) for one in named]
        about = own if asked.wants == "facts" else []
        things = _each_once([*world, *about])[:_MOST_OF_WORLD]
        evidence = [*reader.read_talk(shown), *reader.read_things(things), *_list_ends(subjects)]
        whole = {place.message_id for place in places} <= {place.message_id for place in shown}
        return Gathered(
            question,
            asked.wants,
            (*(one.name for one in named), *(one.word for one in asked.sought)),
            subjects,
            in_order(evidence),
            total,
            total > 0 and whole and not is_cut and len(world) <= _MOST_OF_WORLD and waiting == 0,
            waiting,
        )

    def _place(
        self, tx: Connection, campaign_id: str, numbers: Iterable[int]
    ) -> tuple[list[Place], bool]:
        newest = sorted(numbers, reverse=True)
        placed = store.list_places(tx, self._paths, campaign_id, newest[:MOST_PLACES])
        return placed, len(newest) > MOST_PLACES

    def _look_up(
        self, reader: EvidenceReader, campaign_id: str, named: NamedThing, held: _Held, at: int
    ) -> Subject:
        """Where the campaign names it."""
        places, is_cut = self._place(reader.tx, campaign_id, held.talk[at])
        things = store.read_found_things(reader.tx, held.world[at])
        logged = reader.read_things([one for one in things if one.kind in ("note", "event")])
        ends = places[:1] + places[-1:]
        at_table = [place for place in places if reader.is_at_table(place)]
        ends += at_table[-1:]
        said = reader.read_talk(list({place.number: place for place in ends}.values()))
        mentioned = in_order([*said, *logged])
        seen = [
            one
            for one in mentioned
            if one.source != "message" or (one.evening is not None and not one.is_planned)
        ]
        evenings = {
            evening.id
            for place in at_table
            if (evening := reader.evenings.find(place.game_session_id, place.said_at))
        } | {one.evening.id for one in logged if one.evening is not None}
        return Subject(
            named.ref.kind,
            named.ref.id,
            named.name,
            len(places) + len(logged),
            len(evenings),
            is_cut or held.is_cut[at],
            mentioned[0] if mentioned else None,
            mentioned[-1] if mentioned else None,
            seen[-1] if seen else None,
        )

    def _choose(
        self, tx: Connection, campaign_id: str, asked: CampaignQuestion, places: Sequence[Place]
    ) -> list[Place]:
        """Which messages are quoted."""
        if places and asked.wants == "first":
            return list(places[:_FEW])
        if places and asked.wants == "last":
            return list(places[-_FEW:])
        if places and asked.wants == "list":
            return list(places[:MOST_SHOWN])
        best = self._list_best(tx, campaign_id, asked.text)
        if len(places) + len(best) <= MOST_SHOWN:
            best = list({place.number: place for place in (*places, *best)}.values())
        return best

    def _list_best(self, tx: Connection, campaign_id: str, question: str) -> list[Place]:
        """What a prompt would recall for it."""
        now = utc_now()
        talk = Conversation(
            *(new_id(), "chat", campaign_id, None, None, None, None, None, None, None, None),
            *(0, 0, 0, None, None, now, now),
        )
        said = Message(
            *(new_id(), talk.id, 1, None, "user", question, None, "complete"),
            *(None, None, None, None, None, now, now),
        )
        recalled = self._recall.recall(tx, talk, said, (), frozenset())[:_BEST]
        numbers = store.list_numbers_of(tx, [one.id for one in recalled])
        return store.list_places(tx, self._paths, campaign_id, numbers)


def _list_ends(subjects: Iterable[Subject]) -> list[Evidence]:
    """Where what was named begins and ends: no answer is without them."""
    ends = ((one.first_mentioned, one.last_seen, one.last_mentioned) for one in subjects)
    return [one for three in ends for one in three if one is not None]


def _flat(groups: Iterable[Sequence[Term]]) -> tuple[Term, ...]:
    return tuple(term for terms in groups for term in terms)


def _each_once(things: Iterable[FoundThing]) -> list[FoundThing]:
    return list({(one.kind, one.id): one for one in things}.values())
