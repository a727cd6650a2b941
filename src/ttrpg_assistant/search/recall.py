"""What was said before and bears on what is said now: the memory of prompts.

Words of the new message that mean something are looked for by their stems, rare ones first;
the index ranks the candidates, a closer look at each orders them. Audience: a prompt in which
an NPC speaks recalls only what was said as that very NPC; what the game master reads may come
from anywhere in the campaign, or, outside campaigns, from talk that belongs to none. What was
edited away or answered anew did not happen, and what an NPC said in a rehearsal was an attempt:
neither is recalled, but a rehearsal remembers itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise

from sqlalchemy import Connection

from ttrpg_assistant.builtin.own_words import is_courtesy, is_refusal
from ttrpg_assistant.builtin.synonyms import list_synonyms
from ttrpg_assistant.builtin.words import STOP_WORDS, list_irregular_forms, list_words_in, stem
from ttrpg_assistant.conversations.model import Conversation, Message
from ttrpg_assistant.llm.readable import readable
from ttrpg_assistant.prompts.facts import RecalledMessage
from ttrpg_assistant.search.model import Filters, Term
from ttrpg_assistant.search.ports import NearMeaning
from ttrpg_assistant.search.snippets import make_snippet
from ttrpg_assistant.search.store import hits
from ttrpg_assistant.search.store.asking import Question, mark_conversations
from ttrpg_assistant.search.store.happened import ActivePaths

RECALLED = 24
"""Messages recalled at most; the prompt's budget may take fewer."""

PASSAGE_CHARACTERS = 420
"""Of a long message, the part around the words."""

CANDIDATES = 48
MORE_CANDIDATES = 300
"""When much of what was found did not happen, so many are looked at instead."""

DEPTH = 600
"""Of the best in the whole database, how many are looked at for those of the campaign."""

MATCHES = 1_500
"""Messages that the index ranks; words so common that they alone match more are left out."""

_FEW_CONVERSATIONS = 12
"""So few are named to the index; more would cost it more than looking at each candidate."""

_MOST_WORDS = 12
_FEW_WORDS = 2
"""A message of fewer words that mean something is understood by what was said before it."""

_QUESTION = 0.35
"""An earlier question is seldom the answer to this one."""

_SIDE_BY_SIDE = 0.5
_LOOKED_AT = 1_500
"""Characters of a candidate that are looked at."""

_RANK_OFFSET = 60
"""Of reciprocal rank fusion, as is customary: what stands in both orders wins over what is
first in one."""

ALIKE = "alike in meaning"
"""Why something was recalled that shares no word with what was asked."""

_SYNONYM = 0.6
"""A word of like meaning counts less than the word itself."""


class TalkRecall:
    """Recall by full text, and by meaning as well where that is turned on."""

    def __init__(self, meaning: NearMeaning | None = None) -> None:
        self._meaning = meaning
        self._paths = ActivePaths()

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
        by_words = self._recall_words(tx, conversation, said, recent, already_read, filters)
        if self._meaning is None:
            return by_words[:RECALLED]
        near = self._meaning.list_near(tx, said.content, filters, CANDIDATES)
        likely = sorted(near, key=lambda one: -one[2] * _answers(one[0].content))
        wanted = [one for one, _, _ in likely if _is_wanted(one, said, already_read)]
        active = {one.message_id for one in self._paths.keep_active(tx, conversation, said, wanted)}
        by_meaning = [
            _as_recalled(one, (), passage) for one, passage, _ in likely if one.message_id in active
        ]
        return _fuse(by_words, by_meaning)

    def _recall_words(
        self,
        tx: Connection,
        conversation: Conversation,
        said: Message,
        recent: Sequence[str],
        already_read: Set[str],
        filters: Filters,
    ) -> list[RecalledMessage]:
        asked = _weigh(tx, _list_words(said.content, recent))
        if not asked.terms:
            return []
        marks = mark_conversations(tx, filters)
        if marks == ():
            return []
        question = Question(
            asked.terms,
            filters,
            "best",
            CANDIDATES,
            (marks,) if marks is not None and len(marks) <= _FEW_CONVERSATIONS else (),
            any_of=True,
            ranked=None,
            depth=DEPTH,
        )
        for limit in (CANDIDATES, MORE_CANDIDATES):
            numbers = hits.list_numbers(tx, replace(question, limit=limit))
            found = hits.read_recollections(tx, numbers)
            wanted = [one for one in found if _is_wanted(one, said, already_read)]
            active = self._paths.keep_active(tx, conversation, said, wanted)
            if len(numbers) < limit or len(active) >= min(len(wanted), RECALLED):
                break
        return _choose(active, asked)


def _answers(text: str) -> float:
    """How likely a text is to answer something, rather than to ask it."""
    return _QUESTION if text.rstrip().endswith("?") else 1.0


def _is_wanted(one: hits.Recollection, said: Message, already_read: Set[str]) -> bool:
    return (
        one.message_id not in already_read
        and one.message_id != said.id
        and one.role != "system"
        and (said.mode != "as" or one.mode == "as")
        and not _says_nothing(one)
    )


def _says_nothing(one: hits.Recollection) -> bool:
    """Whether an answer only says no, or what the built-in model says of itself."""
    if one.role != "assistant":
        return False
    return is_courtesy(one.content) or (one.mode != "as" and is_refusal(one.content))


def _fuse(
    by_words: Sequence[RecalledMessage], by_meaning: Sequence[RecalledMessage]
) -> list[RecalledMessage]:
    """Both orders as one, by reciprocal ranks: what both find comes first, and neither's best
    is lost. The texts are those of the words, which say why."""
    scores: dict[str, float] = {}
    there: dict[str, RecalledMessage] = {}
    said: set[str] = set()
    for order in (by_words, by_meaning):
        for rank, one in enumerate(order):
            scores[one.id] = scores.get(one.id, 0.0) + 1 / (_RANK_OFFSET + rank)
            there.setdefault(one.id, one)
    chosen = []
    for id in sorted(scores, key=lambda id: -scores[id]):
        key = " ".join(there[id].text.lower().split())
        if key not in said:
            said.add(key)
            chosen.append(there[id])
    return chosen[:RECALLED]


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


@dataclass(frozen=True, slots=True)
class _Asked:
    """What to look for. `weights` says how much each stem tells, `names` are words that stood
    side by side, `terms` is what the index is asked for: the rarest of it all."""

    terms: tuple[Term, ...]
    weights: Mapping[str, float]
    names: tuple[tuple[str, str], ...]


def _list_words(text: str, recent: Sequence[str]) -> list[str]:
    """The words of the message; of one that says little, those of the message before too."""
    said = list_words_in(text[:2000])
    if len({word for word in said if word not in STOP_WORDS}) < _FEW_WORDS and recent:
        said += list_words_in(recent[0][:600])
    return said


def _weigh(tx: Connection, said: Sequence[str]) -> _Asked:
    """Rare words tell more than common ones; the rarest are asked for until they match
    `MATCHES` messages."""
    engine = hits.engine_of(tx)
    shares: dict[str, float] = {}
    for word in said:
        if word not in STOP_WORDS and len(shares) < _MOST_WORDS:
            shares.setdefault(stem(word), 1.0)
    for root in list(shares):
        for other in list_synonyms(root):
            shares.setdefault(stem(other), _SYNONYM)
    counted: list[tuple[int, Term]] = []
    weights: dict[str, float] = {}
    for root, share in shares.items():
        # A short stem such as "di" begins too many words to be looked up as a beginning.
        forms = engine.list_forms(tx, root) if len(root) > 2 else []
        for word in list_irregular_forms(root):
            forms += [one for one in engine.list_forms(tx, word) if one[0].words == (word,)]
        own = [(term, n) for term, n in forms if term.is_prefix or stem(term.words[0]) == root]
        count = sum(n for _, n in own)
        if count:
            weights[root] = share * (0.2 + math.log(1 + 40_000 / (count + 1)))
            counted += [(n, term) for term, n in own]
    pairs = [
        (first, second)
        for first, second in pairwise(said)
        if stem(first) in weights and stem(second) in weights
    ]
    counted += [
        (count, term)
        for term in (Term(pair) for pair in dict.fromkeys(pairs[:6]))
        if (count := engine.count_phrase(tx, term))
    ]
    terms: list[Term] = []
    matches = 0
    for count, term in sorted(counted, key=lambda one: one[0]):
        matches += count
        if terms and matches > MATCHES:
            break
        terms.append(term)
    return _Asked(tuple(terms[:60]), weights, tuple(dict.fromkeys(pairs)))


def _choose(found: Sequence[hits.Recollection], asked: _Asked) -> list[RecalledMessage]:
    """The best of the candidates, each thing said once."""
    scored = sorted(
        ((*_score(one, asked), at, one) for at, one in enumerate(found)),
        key=lambda scored: (-scored[0], scored[2]),
    )
    chosen: list[RecalledMessage] = []
    seen: set[str] = set()
    for score, because, _, one in scored:
        key = " ".join(one.content.lower().split())[:300]
        if score <= 0 or key in seen:
            continue
        seen.add(key)
        chosen.append(_as_recalled(one, because))
    return chosen


def _score(one: hits.Recollection, asked: _Asked) -> tuple[float, tuple[str, ...]]:
    """How well a message answers: what it holds of what was asked, on how little space."""
    words = list_words_in(one.content[:_LOOKED_AT])
    stems = [stem(word) for word in words]
    held = set(stems)
    matched = {root: weight for root, weight in asked.weights.items() if root in held}
    total = sum(matched.values()) * (1 + 0.25 * max(0, len(matched) - 1))
    if asked.names:
        beside = set(pairwise(words))
        total += sum(
            (asked.weights[stem(a)] + asked.weights[stem(b)]) * _SIDE_BY_SIDE
            for a, b in asked.names
            if (a, b) in beside
        )
    length = 0.75 + 0.25 * min(len(stems), 200) / 40
    total *= _answers(one.content)
    best = sorted(matched, key=lambda root: -matched[root])[:4]
    because = [next((w for w in words if stem(w) == root), root) for root in best]
    return total / length, tuple(because)


def _as_recalled(
    one: hits.Recollection, because: tuple[str, ...], passage: str = ""
) -> RecalledMessage:
    text = readable(one.content)
    if len(text) > PASSAGE_CHARACTERS and passage:
        text = readable(passage)
    elif len(text) > PASSAGE_CHARACTERS:
        terms = [Term((word,), is_prefix=True) for word in because]
        text = "".join(part.text for part in make_snippet(text, terms, PASSAGE_CHARACTERS))
    if one.role == "user":
        speaker = "the game master"
    elif one.mode == "as":
        speaker = one.npc_name or "the NPC"
    else:
        speaker = "the assistant"
    return RecalledMessage(
        id=one.message_id,
        text=text,
        speaker=speaker,
        place=_place(one),
        date=one.said_at[:10],
        mode="as" if one.mode == "as" else "about" if one.mode == "about" else None,
        because=because or (ALIKE,),
        is_planning=one.purpose == "session_planning",
    )


def _place(one: hits.Recollection) -> str:
    if one.kind == "npc":
        return f"talk {'as' if one.mode == 'as' else 'about'} {one.npc_name or 'an NPC'}"
    if one.title:
        return f"{one.kind} {one.title}"
    return f"a {one.kind}"
