"""What was found becomes part of the campaign, thing by thing, in the caller's transaction.

Each is made or changed by the same functions and checks as by hand, and its source is written down
in the same transaction: what is there can be undone, also after a kill.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.kinds.game_session import KIND as GAME_SESSION
from ttrpg_assistant.campaigns.model import KnownFact
from ttrpg_assistant.campaigns.registry import get_kind
from ttrpg_assistant.campaigns.relations import check_relation
from ttrpg_assistant.campaigns.store import edits, game_sessions, knowledge, relations
from ttrpg_assistant.campaigns.store.entities import archive_entity, plain_values
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.imports.fitting import storable
from ttrpg_assistant.imports.matching import Choices, Match, plan, settle
from ttrpg_assistant.imports.model import FoundFact, FoundRelation
from ttrpg_assistant.imports.own_notes import mark_words
from ttrpg_assistant.imports.references import map_references
from ttrpg_assistant.imports.store import existing, sources

FACT_CHARACTERS = 100_000
LABEL_CHARACTERS = 2_000
MOST_ATTITUDE = 2

KEPT_BYTES = 2 * 1024**2
"""What a thing keeps of its file, as JSON; of what is longer the file itself is kept."""


@dataclass(slots=True)
class Applied:
    """What was stored so far. `ids` are things by key: kind and id; `source_ids` are the rows of
    their sources. `counts` says how many of what became what."""

    import_id: str
    campaign_id: str
    ids: dict[str, tuple[str, str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    source_ids: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def count(self, what: str) -> None:
        """One more of it."""
        self.counts[what] = self.counts.get(what, 0) + 1


def apply_thing(
    tx: Connection,
    applied: Applied,
    match: Match,
    choices: Choices,
    *,
    format: str,
    file_id: str | None,
) -> str:
    """Make or change one thing; what became of it. What is here is read again: it may have been
    changed since the preview."""
    kind = get_kind(match.kind)
    current = None
    if match.entity_id is not None:
        current = existing.find_thing(tx, applied.campaign_id, match.kind, match.entity_id)
    planned = plan(match, current, match.source, choices)
    values = settle(match, current)
    before: dict[str, Any] = {}
    if current is None:
        checked = kind.check_new(values)
        if kind is GAME_SESSION:
            made = game_sessions.add_game_session(tx, applied.campaign_id, checked)
        else:
            made = edits.add_entity(tx, kind, applied.campaign_id, checked)
        if match.thing.is_archived:
            made = archive_entity(tx, kind, made.id)
        outcome: sources.Outcome = "new"
    else:
        made, outcome = current, "same"
        if planned.changes:
            made = edits.edit_entity(tx, kind, current.id, current.revision, planned.changes)
            here = plain_values(current)
            before = {
                name: {"was": here[name], "became": value}
                for name, value in planned.changes.items()
            }
            outcome = "changed"
    applied.ids[match.thing.key] = (match.kind, made.id)
    applied.names[match.thing.key] = str(getattr(made, kind.name_field))
    applied.source_ids[match.thing.key] = sources.add_source(
        tx,
        import_id=applied.import_id,
        campaign_id=applied.campaign_id,
        kind=match.kind,
        entity_id=made.id,
        outcome=outcome,
        format=format,
        source_id=match.thing.source_id,
        base=values,
        before=before,
        kept=match.thing.kept,
        revision=made.revision,
        file_id=file_id,
    )
    applied.count(outcome)
    return outcome


def apply_references(tx: Connection, applied: Applied, match: Match) -> int:
    """Point a thing at the others it names, now that all are there; how many names of others
    lead nowhere. What is here already stays."""
    kind = get_kind(match.kind)
    _, id = applied.ids[match.thing.key]
    current = existing.find_thing(tx, applied.campaign_id, match.kind, id)
    if current is None:
        return 0
    lost = 0

    def find(key: str) -> str | None:
        nonlocal lost
        target = applied.ids.get(key)
        lost += target is None
        return None if target is None else target[1]

    wanted = map_references(kind, match.fitted.references, find)
    here = plain_values(current)
    changes: dict[str, object] = {}
    for name, value in wanted.items():
        if value and here.get(name) in (None, []):
            try:
                changes |= kind.check_changes({name: value})
            except InvalidInput:
                lost += 1
    if not changes:
        return lost
    try:
        with tx.begin_nested():
            edited = edits.edit_entity(tx, kind, id, current.revision, changes)
    except InvalidInput:
        return lost + 1  # a ring, or another kind of thing than the field names
    sources.note_later_edit(
        tx,
        applied.source_ids[match.thing.key],
        edited.revision,
        {name: here[name] for name in changes},
        changes,
    )
    return lost


def apply_fact(
    tx: Connection,
    applied: Applied,
    found: FoundFact,
    known: dict[str, str],
    format: str,
    file_id: str | None = None,
) -> None:
    """Make one fact, unless there is one of the same words, or change the one that came from the
    same place where it was not changed here. `known` are the ids of facts by their folded text. A
    new one is for the game master alone."""
    text = spell_fact(found, applied.names)
    if not text:
        return
    folded = existing.fold_fact(text)
    outcome: sources.Outcome = "same"
    before: dict[str, Any] = {}
    id, revision = known.get(folded), 1
    if id is None:
        earlier = _find_own(tx, applied.campaign_id, found, text)
        earlier = earlier or _find_earlier(tx, applied.campaign_id, found.source_id)
        if earlier is None:
            made = knowledge.add_fact(
                tx,
                applied.campaign_id,
                text,
                "gm",
                canon=found.canon,
                is_false=found.is_false,
            )
            outcome = "new"
        else:
            made, base = earlier
            if made.text == base:
                made = knowledge.edit_fact(tx, made.id, made.revision, text=text)
                before = {"text": {"was": base, "became": text}}
                outcome = "changed"
        id, revision = made.id, made.revision
        known[folded] = id
    sources.add_source(
        tx,
        import_id=applied.import_id,
        campaign_id=applied.campaign_id,
        kind="fact",
        entity_id=id,
        outcome=outcome,
        format=format,
        source_id=found.source_id,
        base={"text": text},
        before=before,
        kept=found.kept,
        revision=revision,
        file_id=file_id,
    )
    applied.count("facts" if outcome == "new" else f"facts_{outcome}")


def _find_own(
    tx: Connection, campaign_id: str, found: FoundFact, text: str
) -> tuple[KnownFact, str] | None:
    """The fact that the file says this is, and the words to compare it with: its own where only
    the file was changed since it was written. None where both were, so that neither is lost."""
    fact = knowledge.find_fact(tx, found.own_id) if found.own_id and found.own_mark else None
    if fact is None or fact.campaign_id != campaign_id:
        return None
    if mark_words(text) == found.own_mark:
        return fact, ""
    return (fact, fact.text) if mark_words(fact.text) == found.own_mark else None


def _find_earlier(tx: Connection, campaign_id: str, source_id: str) -> tuple[KnownFact, str] | None:
    """The fact that came from the same place, and the words it came with."""
    if not source_id:
        return None
    for source in sources.find_by_source_ids(tx, campaign_id, [source_id]).get(source_id, ()):
        if source.kind == "fact":
            fact = knowledge.find_fact(tx, source.entity_id)
            if fact is not None and fact.campaign_id == campaign_id:
                return fact, str(source.base.get("text"))
    return None


def spell_fact(found: FoundFact, names: Mapping[str, str]) -> str:
    """The words of a fact, which name what it is about."""
    text = cut_text(storable(found.text).strip(), FACT_CHARACTERS)
    about = [names[key] for key in found.about if key in names]
    folded = fold(text)
    if text and about and not any(fold(name) in folded for name in about):
        text = cut_text(f"{', '.join(about)}: {text}", FACT_CHARACTERS)
    return text


def apply_relation(
    tx: Connection,
    applied: Applied,
    found: FoundRelation,
    known: dict[tuple[str, str, str], str],
    format: str,
) -> None:
    """Make one relation, unless both are related by the same word."""
    from_end, to_end = applied.ids.get(found.from_key), applied.ids.get(found.to_key)
    if from_end is None or to_end is None or from_end[1] == to_end[1]:
        applied.count("relations_left_out")
        return
    (from_kind, from_id), (to_kind, to_id) = from_end, to_end
    label = cut_text(" ".join(storable(found.label).split()), LABEL_CHARACTERS)
    place = (from_id, to_id, fold(label))
    outcome: sources.Outcome = "same"
    id, revision = known.get(place), 1
    if id is None:
        values = check_relation(
            {
                "from_kind": from_kind,
                "from_id": from_id,
                "to_kind": to_kind,
                "to_id": to_id,
                "label": label,
                "attitude": scale_attitude(found.attitude),
                "note": found.note,
            }
        )
        try:
            with tx.begin_nested():
                made = relations.add_relation(tx, applied.campaign_id, values)
        except InvalidInput:
            applied.count("relations_left_out")  # an end is no thing, or was removed meanwhile
            return
        id, revision, outcome = made.id, made.revision, "new"
        known[place] = id
    sources.add_source(
        tx,
        import_id=applied.import_id,
        campaign_id=applied.campaign_id,
        kind="relation",
        entity_id=id,
        outcome=outcome,
        format=format,
        base={"label": label, "attitude": found.attitude},
        revision=revision,
    )
    applied.count("relations" if outcome == "new" else "relations_same")


def scale_attitude(attitude: int | None) -> int | None:
    """From -100 to 100 as other programs count, to the five steps here."""
    if attitude is None:
        return None
    return max(-MOST_ATTITUDE, min(MOST_ATTITUDE, round(attitude * MOST_ATTITUDE / 100)))
