"""What was said before and bears on what is said now: the memory of prompts.

What a message asks for is looked up in the index; every message is then judged with what was said
around it (`ranking.py`), and the best fill the room that the prompt has. Audience: a prompt in
which an NPC speaks recalls only what was said as that very NPC; what the game master reads may
come from anywhere in the campaign, or, outside campaigns, from talk that belongs to none. What was
edited away or answered anew did not happen, and what an NPC said in a rehearsal was an attempt:
neither is recalled, but a rehearsal remembers itself. All this is kept out before anything is
ranked (`store/lanes.py`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain

from sqlalchemy import Connection

from ttrpg_assistant.builtin.words import STOP_WORDS, list_words_in, stem
from ttrpg_assistant.conversations.model import Conversation, Message
from ttrpg_assistant.llm.readable import readable
from ttrpg_assistant.prompts.facts import RecalledMessage
from ttrpg_assistant.search.asked import Asked, Shares, ask_for, list_asked
from ttrpg_assistant.search.model import Filters, Term
from ttrpg_assistant.search.ports import NearMeaning
from ttrpg_assistant.search.ranking import WEIGHTS, Found, Ranked, Ranking, Weights
from ttrpg_assistant.search.sayings import Saying, Sayings
from ttrpg_assistant.search.snippets import make_snippet
from ttrpg_assistant.search.store import hits
from ttrpg_assistant.search.store.allowed import Allowed
from ttrpg_assistant.search.store.asking import MARKED_CONVERSATIONS, mark_of
from ttrpg_assistant.search.store.held import HeldWords, Witness
from ttrpg_assistant.search.store.lanes import Candidate, Lane, Lanes

RECALLED_CHARACTERS = 8_500
"""Of all that is recalled: more than the room that a prompt has for it, for some of it may be
too long for what is left of that room."""

BESIDE_CHARACTERS = 20
"""What a prompt says beside each of them: who said it, and the line's beginning and end."""

PASSAGE_CHARACTERS = 1_600
"""Of a longer message, the part around the words."""

MEANT_CHARACTERS = 420
"""Of a longer message without a word that was asked for, the passage that means it."""

NEAR = 200
"""Messages asked for by meaning."""

POSTINGS = 20_000
"""Messages with one word that are looked at, the newest: what stands in more tells nothing."""

_FEW_CONVERSATIONS = 12
"""So few are named to the index; more would cost it more than passing over the rest."""

_LOOKED_AT_AGAIN = 6
_MORE_WORDS = 8
"""For the second look: how many of the best are read, and how many of their words looked for."""

_RARE = 20
"""A word of the second look is rare that stands in fewer than one of so many messages."""

_NAME = re.compile(r"\b[A-Z][a-z]+(?:'s)?")
_LOOKED_AT = 1_500
ALIKE = "alike in meaning"
"""Why something was recalled that shares no word with what was asked."""


class TalkRecall:
    """Recall by full text, and by meaning as well where that is turned on."""

    def __init__(self, meaning: NearMeaning | None = None, weights: Weights = WEIGHTS) -> None:
        self._meaning = meaning
        self._weights = weights
        self._lanes = Lanes()
        self._sayings = Sayings()
        self._held = HeldWords()
        self._witness = Witness()

    def recall(
        self,
        tx: Connection,
        conversation: Conversation,
        said: Message,
        recent: Sequence[str],
        already_read: Set[str],
    ) -> list[RecalledMessage]:
        """Messages that bear on `said`, most relevant first."""
        filters = _audience(conversation, said)
        if filters is None:
            return []
        shares = Shares(self._weights.synonym, self._weights.pair)
        asked = list_asked(said.content, recent, shares)
        if not asked and self._meaning is None:
            return []
        if not self._witness.is_same(tx):
            self._sayings, self._held = Sayings(), HeldWords()
        with self._lanes.open(tx, conversation, said, filters) as lane:
            if lane.has_nothing_beside(tx, conversation.id, already_read):
                return []
            near = self._meaning.list_near(tx, said.content, filters, NEAR) if self._meaning else ()
            if not asked and not near:
                return []
            ranking = Ranking(lane, self._weights)
            marks = _name_to_index(lane, filters)
            looking = _Looking(tx, lane, self._held, marks)
            ranked = self._rank(looking, ranking, said.content, asked, near)
            passages = {one.message_id: passage for one, passage, _ in near}
            roots = [one.root for one in asked if " " not in one.root and one.share == 1]
            wanted = _Wanted(said, already_read, roots, passages, ranking.explain, lane)
            return list(wanted.read(tx, self._sayings, ranked))

    def _rank(
        self,
        looking: _Looking,
        ranking: Ranking,
        text: str,
        asked: Sequence[Asked],
        near: Sequence[tuple[hits.Recollection, str, float]],
    ) -> list[Ranked]:
        lane = looking.lane
        ranking.add(looking.find(asked))
        placed = ((lane.find(one.conversation_id, one.seq), like) for one, _, like in near)
        alike = {position: like for position, like in placed if position is not None}
        speakers = _find_speakers(lane, text)
        if not self._weights.second_look:
            return ranking.list_best(speakers, alike)
        first = ranking.list_best(speakers, alike, _LOOKED_AT_AGAIN)
        scores = {lane.number_at(one.position): one.score for one in first}
        best = self._sayings.read(looking.tx, scores)
        texts = [(one.content, scores[number]) for number, one in best.items()]
        roots = _list_more(texts, {one.root for one in asked})
        # A word that is found so often is none of the rare ones, however many more there are.
        # In thousands: what differs with every question could not be kept (`store/held.py`).
        enough = ((lane.most_beside + lane.count // _RARE) // 1_000 + 1) * 1_000
        more_asked = ask_for(roots, self._weights.second_look)
        more = looking.find(more_asked, min(POSTINGS, enough))
        ranking.add(_choose_rare(more, lane))
        return ranking.list_best(speakers, alike)


@dataclass(frozen=True, slots=True)
class _Looking:
    """Looks things up in the index. `marks` are of the conversations that it is asked about."""

    tx: Connection
    lane: Lane
    held: HeldWords
    marks: tuple[str, ...]

    def find(self, asked: Sequence[Asked], most: int = POSTINGS) -> list[Found]:
        """Where in the lane all that stands, looking at the newest messages with each."""
        groups = [one.terms for one in asked]
        numbers = self.held.list_holding(self.tx, groups, self.marks, most) if groups else []
        placed = [self.lane.place(some) for some in numbers]
        return [
            Found(one.root, one.word, one.share, places)
            for one, places in zip(asked, placed, strict=True)
            if len(places)
        ]


def _find_speakers(lane: Lane, text: str) -> set[int]:
    """Who of those that speak is named in the text."""
    words = {word for word in list_words_in(text[:2_000]) if word not in STOP_WORDS}
    return {
        code
        for name, code in lane.list_names()
        if any(len(word) > 1 and word in words for word in list_words_in(name))
    }


def _list_more(best: Iterable[tuple[str, float]], asked: Set[str]) -> list[str]:
    """Stems in the best messages that were not asked for: names first, for they lead on, then
    what most of the best have. `best` are texts and scores."""
    counts: dict[str, float] = defaultdict(float)
    for content, score in best:
        names, roots = _list_roots(content[:_LOOKED_AT])
        for root in roots - asked:
            counts[root] += score * (2 if root in names else 1)
    return sorted(counts, key=lambda root: (-counts[root], root))[:_MORE_WORDS]


@lru_cache(maxsize=2_048)
def _list_roots(text: str) -> tuple[Set[str], Set[str]]:
    """The stems of names in a text, and of all its words that mean something."""
    names = {stem(word) for name in _NAME.findall(text) for word in list_words_in(name)}
    words = {word for word in list_words_in(text) if len(word) > 2}
    return names, {stem(word) for word in words - STOP_WORDS}


def _choose_rare(more: Sequence[Found], lane: Lane) -> list[Found]:
    """Those of them that stand in more than one place and not everywhere."""
    return [one for one in more if 1 < len(one.places) < lane.count / _RARE]


def _name_to_index(lane: Lane, filters: Filters) -> tuple[str, ...]:
    """The marks of the conversations that are looked through, where they are few, and where an
    NPC speaks: what it must not know takes no room of what is looked at."""
    most = MARKED_CONVERSATIONS if filters.mode == "as" else _FEW_CONVERSATIONS
    ids = lane.list_conversations()
    return tuple(mark_of(id) for id in ids) if len(ids) <= most else ()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Reads what was ranked, as a prompt takes it. `roots` are what was asked for, `passages`
    what is nearest in meaning of each message, and `explain` says why one was brought back."""

    said: Message
    already_read: Set[str]
    roots: Sequence[str]
    passages: Mapping[str, str]
    explain: Callable[[int], tuple[str, ...]]
    lane: Lane

    def read(
        self, tx: Connection, sayings: Sayings, ranked: Sequence[Ranked]
    ) -> Iterator[RecalledMessage]:
        """What these messages say, each thing once, until they surely fill their room."""
        left = RECALLED_CHARACTERS
        seen: set[int] = set()
        said: set[int] = set()
        positions = iter([one.position for one in ranked])
        while left >= 0:
            some, again = _take(self.lane.list_candidates(positions, said), left)
            positions = chain(again, positions)
            if not some:
                return
            read = sayings.read(tx, [one.number for one in some])
            for one in some:
                found = read.get(one.number)
                if found is None or found.key in seen or not self._is_wanted(found):
                    continue
                seen.add(found.key)
                if one.saying:
                    said.add(one.saying)
                made = self._as_recalled(found, self.explain(one.position))
                yield made
                left -= len(made.text) + BESIDE_CHARACTERS
                if left < 0:
                    return

    def _is_wanted(self, one: Saying) -> bool:
        return (
            one.message_id not in self.already_read
            and one.message_id != self.said.id
            and (self.said.mode != "as" or one.mode == "as")
            and not one.says_nothing
        )

    def _as_recalled(self, one: Saying, because: tuple[str, ...]) -> RecalledMessage:
        there = self.lane.get_conversation(one.conversation_id)
        text, speaker = one.text, one.speaker
        passage = self.passages.get(one.message_id, "") if self.passages else ""
        if len(text) > MEANT_CHARACTERS and passage and not because:
            text = readable(passage)
        elif len(text) > PASSAGE_CHARACTERS:
            terms = [Term((root,), is_prefix=True) for root in self.roots]
            text = "".join(part.text for part in make_snippet(text, terms, PASSAGE_CHARACTERS))
        if speaker:
            text = text.removeprefix(f"{speaker}:").lstrip()
        elif one.role == "user":
            speaker = "the game master"
        elif one.mode == "as":
            speaker = there.npc_name or "the NPC"
        else:
            speaker = "the assistant"
        return RecalledMessage(
            id=one.message_id,
            text=text,
            speaker=speaker,
            place=_place(there, one.mode),
            date=one.said_at[:10],
            mode="as" if one.mode == "as" else "about" if one.mode == "about" else None,
            because=because or (ALIKE,),
            is_planning=there.purpose == "session_planning",
            conversation_id=one.conversation_id,
            seq=one.seq,
        )


def _take(waiting: Iterator[Candidate], room: int) -> tuple[list[Candidate], list[int]]:
    """The next that fill the room, each thing once; and the positions of those that say one of
    these again, wanted only where the first one is not."""
    some: list[Candidate] = []
    again: list[int] = []
    said: set[int] = set()
    for one in waiting:
        if one.saying in said:
            again.append(one.position)
            continue
        if one.saying:
            said.add(one.saying)
        some.append(one)
        room -= min(one.length, PASSAGE_CHARACTERS) + BESIDE_CHARACTERS
        if room < 0:
            break
    return some, again


def _audience(conversation: Conversation, said: Message) -> Filters | None:
    """Whose talk may be recalled; None when nobody's."""
    if said.mode == "as":
        if conversation.npc_id is None:
            return None
        whose = Filters(kind="npc", npc_id=conversation.npc_id, mode="as")
    elif conversation.campaign_id is not None:
        whose = Filters(campaign_id=conversation.campaign_id)
    else:
        whose = Filters(unlinked=True)
    return replace(whose, with_archived=True, only_rehearsal=conversation.id)


def _place(there: Allowed, mode: str | None) -> str:
    if there.kind == "npc":
        return f"talk {'as' if mode == 'as' else 'about'} {there.npc_name or 'an NPC'}"
    if there.title:
        return f"{there.kind} {there.title}"
    return f"a {there.kind}"
