"""Suggestions of a review: kept with their lines, once each, and none for what is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, delete, func, select

from ttrpg_assistant.builtin.words import list_stems
from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.store.knowledge import list_facts
from ttrpg_assistant.campaigns.store.relations import list_relations
from ttrpg_assistant.conversations.model import Conversation
from ttrpg_assistant.ids import new_id, utc_now
from ttrpg_assistant.reviews.model import Evidence, Found, Review
from ttrpg_assistant.reviews.texts import text_of
from ttrpg_assistant.reviews.wording import FACT, RECAP, RELATION
from ttrpg_assistant.suggestions.fields import LINE_CHARACTERS, clean
from ttrpg_assistant.suggestions.model import Suggestion
from ttrpg_assistant.suggestions.patch import Json, merge, view_of
from ttrpg_assistant.suggestions.reader import resolve_suggestion
from ttrpg_assistant.suggestions.store import decisions, proposals
from ttrpg_assistant.suggestions.store.targets import find_values
from ttrpg_assistant.suggestions.tables import suggestions

FIRST_ORDINAL = 2_001
"""Behind what an answer itself proposes and cites (`suggestions.reader`)."""

MOST_LINES = 12
MOST_PROPOSED = 2_000
"""Of one review. Nobody decides on more."""

MOST_KNOWN = 500
"""Facts, and relations, of the campaign that new ones are compared with: the newest."""

_ALIKE = 0.8
"""Share of common words from which two facts say the same."""

Counts = tuple[int, int]
"""How many were new, and how many repeated what was proposed before or is known."""

_s = suggestions.c


class ReviewedSuggestions:
    """What a review has proposed, as of the start of a transaction, and what it adds."""

    def __init__(self, tx: Connection, review: Review, conversation: Conversation) -> None:
        self._tx = tx
        self._review = review
        self._conversation = conversation
        self._is_played = text_of(conversation).is_played
        self._there = list_reviewed(tx, conversation.id)
        self._by_key = {_key_of(one): one for one in self._there}
        self._facts: list[tuple[frozenset[str], Suggestion | None]] = [
            (_words(one.fields.get("text")), one) for one in self._there if one.kind == FACT
        ]
        self._has_known = False

    def add(self, found: Sequence[Found]) -> Counts:
        """Keep what is new; what was proposed before gets the new lines."""
        new = repeated = 0
        for one in found:
            if not one.evidence or len(self._there) >= MOST_PROPOSED:
                repeated += 1
            elif self._add(one):
                new += 1
            else:
                repeated += 1
        return new, repeated

    def _add(self, found: Found) -> bool:
        made = self._make(found)
        before = self._find_before(made) if made is not None else None
        if made is None:
            return False
        if before is not None:
            self._join(before, made)
            return False
        if not proposals.add_suggestion(self._tx, made):
            return False
        decisions.add_draft(self._tx, made)
        self._there.append(made)
        self._by_key[_key_of(made)] = made
        if made.kind == FACT:
            self._facts.append((_words(made.fields.get("text")), made))
        return True

    def _make(self, found: Found) -> Suggestion | None:
        """The suggestion; None when the campaign has all it says."""
        proposal, first = found.proposal, found.evidence[0]
        ordinal = self._next_ordinal(first.message_id)
        if proposal.kind in (FACT, RELATION):
            if self._is_known(proposal.kind, proposal.fields):
                return None
            made = self._plain(found, proposal.kind, ordinal)
        elif proposal.kind == RECAP:
            made = self._recap(found, ordinal)
        else:
            made = resolve_suggestion(
                self._tx, self._conversation, first.message_id, ordinal, proposal
            )
            made = self._at_the_table(made)
            news = made if made.target_id is None else self._only_news(made)
            if news is None:
                return None
            made = news
        repaired = "; ".join(f"{written} was read as {name}" for written, name in found.repaired)
        note = " ".join(part for part in (made.note, f"{repaired}." if repaired else None) if part)
        return replace(made, lines=_spell(found.evidence), note=note or None)

    def _plain(self, found: Found, kind: str, ordinal: int) -> Suggestion:
        now = utc_now()
        return Suggestion(
            id=new_id(),
            conversation_id=self._conversation.id,
            message_id=found.evidence[0].message_id,
            ordinal=ordinal,
            campaign_id=self._review.campaign_id,
            kind=found.proposal.kind,
            target_kind=kind,
            target_id=None,
            target_name=None,
            title=found.proposal.title,
            fields=found.proposal.fields,
            rationale=found.proposal.rationale,
            note=None,
            base_revision=None,
            base_values={},
            status="pending",
            reason=None,
            decided_at=None,
            created_at=now,
            updated_at=now,
        )

    def _recap(self, found: Found, ordinal: int) -> Suggestion:
        made = self._plain(found, "game_session", ordinal)
        id = self._review.game_session_id
        values = None if id is None else find_values(self._tx, "game_session", id)
        if values is None:
            return made
        return replace(
            made,
            target_id=id,
            target_name=str(values["title"]),
            base_revision=int(values["revision"]),
            base_values=view_of(values, found.proposal.fields),
        )

    def _at_the_table(self, made: Suggestion) -> Suggestion:
        """What was opened at the table happened; the gate adds at which game session."""
        if not self._is_played:
            return made
        if made.target_kind != "plot_point" or made.target_id is not None:
            return made
        return replace(made, fields={**made.fields, "status": "happened", "is_open": True})

    def _only_news(self, made: Suggestion) -> Suggestion | None:
        """Of a thing that is there only what it has not: what a person wrote is not written over
        by what was heard at a table."""
        values = find_values(self._tx, made.target_kind, str(made.target_id)) or {}
        current = view_of(values, made.fields)
        name_field = KINDS[made.target_kind].name_field
        news = {
            patch.field: patch.proposed
            for patch in merge(made.base_values, made.fields, current)
            if patch.outcome == "applied"
            and patch.field != name_field
            and (patch.mode == "append" or patch.current in (None, "", [], {}))
        }
        return replace(made, fields=news, base_values=view_of(values, news)) if news else None

    def _find_before(self, made: Suggestion) -> Suggestion | None:
        same = self._by_key.get(_key_of(made))
        if same is not None or made.kind != FACT:
            return same
        words = _words(made.fields.get("text"))
        return next((one for known, one in self._facts if one and _are_alike(words, known)), None)

    def _join(self, before: Suggestion, made: Suggestion) -> None:
        """The lines join those of the first; a field it lacks does, too. What was decided stays."""
        if before.status != "pending":
            return
        lines = [*(before.lines or ())]
        lines += [one for one in made.lines or () if one not in lines]
        fields = before.fields
        if made.kind not in (FACT, RELATION, RECAP):
            fields = _join_fields(before, made)
        elif made.kind == RECAP:
            fields, lines = made.fields, made.lines or []
        if len(lines) > MOST_LINES:
            lines = lines[:MOST_LINES]
        if lines == before.lines and fields == before.fields:
            return
        joined = proposals.update_suggestion(self._tx, before.id, lines=lines, fields=fields)
        self._there = [joined if one.id == joined.id else one for one in self._there]
        self._by_key[_key_of(joined)] = joined

    def _is_known(self, kind: str, fields: Mapping[str, Json]) -> bool:
        """Whether the campaign has this fact or relation."""
        self._read_known()
        if kind == RELATION:
            return _relation_key(fields) in self._known_relations
        words = _words(fields.get("text"))
        return any(one is None and _are_alike(words, known) for known, one in self._facts)

    def _read_known(self) -> None:
        if self._has_known:
            return
        self._has_known = True
        campaign_id = self._review.campaign_id
        facts = list_facts(self._tx, campaign_id, limit=MOST_KNOWN).items
        self._facts += [(_words(one.text), None) for one in facts]
        related = list_relations(self._tx, campaign_id, limit=MOST_KNOWN).items
        self._known_relations = {
            _relation_key({"from": one.from_name, "label": one.label, "to": one.to_name})
            for one in related
        }

    def _next_ordinal(self, message_id: str) -> int:
        query = select(func.max(_s.ordinal)).where(_s.message_id == message_id)
        return max(int(self._tx.execute(query).scalar() or 0) + 1, FIRST_ORDINAL)


def list_reviewed(tx: Connection, conversation_id: str) -> list[Suggestion]:
    """What the review of this conversation has proposed, in no order."""
    columns: list[Any] = [_s[name] for name in Suggestion.__dataclass_fields__]
    query = select(*columns).where(_s.conversation_id == conversation_id, _s.lines.is_not(None))
    return [Suggestion(*row) for row in tx.execute(query)]


def drop_undecided(tx: Connection, conversation_id: str) -> int:
    """Remove what nobody has decided on, so that all lines can be read anew."""
    wanted = (
        _s.conversation_id == conversation_id,
        _s.lines.is_not(None),
        _s.status == "pending",
    )
    return int(tx.execute(delete(suggestions).where(*wanted)).rowcount)


def _join_fields(before: Suggestion, made: Suggestion) -> dict[str, Json]:
    """The fields of both: what is only said otherwise stays as it was, what is more in prose
    stands under it."""
    kind = KINDS[made.target_kind]
    joined = {**made.fields, **before.fields}
    for name, value in made.fields.items():
        old = before.fields.get(name)
        is_prose = name in kind.fields and kind.fields[name].shape.name == "prose"
        if not is_prose or not isinstance(old, str) or not isinstance(value, str):
            continue
        lines = [_words(line) for line in old.splitlines()]
        if not any(_are_alike(_words(value), line) for line in lines) and value not in old:
            joined[name] = clean(f"{old}\n{value}", LINE_CHARACTERS)
    return joined


def _spell(evidence: Sequence[Evidence]) -> list[dict[str, str]]:
    found = [{"message_id": one.message_id, "quote": one.quote} for one in evidence]
    return [one for at, one in enumerate(found) if one not in found[:at]][:MOST_LINES]


def _key_of(one: Suggestion) -> tuple[str, ...]:
    if one.kind == RECAP:
        return (RECAP, *sorted(one.fields))
    if one.kind == RELATION:
        return (RELATION, *_relation_key(one.fields))
    if one.kind == FACT:
        return (FACT, " ".join(sorted(_words(one.fields.get("text")))))
    name = one.fields.get(KINDS[one.target_kind].name_field) or one.target_name
    return (one.target_kind, one.target_id or fold(str(name)))


def _relation_key(fields: Mapping[str, Json]) -> tuple[str, str, str]:
    said = [fold(str(fields.get(name) or "")) for name in ("from", "label", "to")]
    return said[0], " ".join(sorted(set(list_stems(said[1])))), said[2]


def _words(text: Json) -> frozenset[str]:
    return frozenset(list_stems(text)) if isinstance(text, str) else frozenset()


def _are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Other numbers say something else."""
    if not one or not other or len(one & other) < _ALIKE * len(one | other):
        return False
    return not any(word.isdigit() for word in one ^ other)
