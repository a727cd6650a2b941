"""What is still open in a campaign: promised, owed, planted, not seen for long, believed falsely.

Precise rather than eager: what names nobody of the campaign, is asked, denied or about the evening
itself is left out, and so is what a later line shows to be done. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from ttrpg_assistant.campaigns.mentions import EntityRef, NameIndex
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.continuity.judging import judge_all
from ttrpg_assistant.continuity.life import is_dead_state, read_all_lives
from ttrpg_assistant.continuity.model import Evidence, LooseThread, Source, make_key
from ttrpg_assistant.continuity.planted import find_planted
from ttrpg_assistant.continuity.promises import MOST_AFTER, QUOTED, Given, find_promises
from ttrpg_assistant.continuity.reading import Said, read_sentences

LONG = 5
"""Evenings after which somebody has not been seen for long."""

OFTEN = 2
"""Evenings in which somebody came up before being missed."""

MOST = 200
"""Loose threads of a campaign; the newest evenings first."""

MOST_UNSURE = 12
"""Impressions of a campaign."""
MOST_LOOKED_AFTER = 60
"""Of which it is looked whether they were settled."""
MOST_WEIGHED = 2_000
"""Among which the likeliest are chosen; the newest."""

_SEEN_KINDS = frozenset({"npc", "faction"})


def find_loose_threads(evidence: Evidence, index: NameIndex) -> list[LooseThread]:
    """Every loose thread, those of the newest evenings first. `index` finds names in sentences."""
    found = [
        *_find_said(evidence, read_sentences(evidence, index)),
        *_find_prepared(evidence),
        *_find_not_seen(evidence, index),
        *(
            LooseThread(
                make_key("believed", fact.id),
                "believed",
                cut_text(fact.text, QUOTED),
                fact.evening,
                Source("fact", fact.id),
            )
            for fact in evidence.facts
            if fact.is_false and fact.is_players and fact.canon in ("prepped", "happened")
        ),
        *(
            LooseThread(
                make_key("owed", debt.id),
                "owed",
                cut_text(f"{debt.from_name} → {debt.to_name}: {debt.label}", QUOTED),
                None,
                Source("relation", debt.id),
                debt.about,
            )
            for debt in evidence.debts
        ),
    ]
    sure = sorted((one for one in found if one.is_sure), key=lambda one: -(one.evening or 0))
    return [*sure[:MOST], *(one for one in found if not one.is_sure)][: MOST + MOST_UNSURE]


def _find_said(evidence: Evidence, read: Sequence[Said]) -> list[LooseThread]:
    """What was said or written down and is still open: what is sure in its order, then the
    impressions, the likeliest first."""
    judged = judge_all(read)
    sure = [place for place, one in judged.items() if one.is_sure]
    unsure = [place for place, one in judged.items() if not one.is_sure][-MOST_WEIGHED:]
    unsure.sort(key=lambda place: -judged[place].likelihood)
    bonds: list[Given] = []
    kept: dict[int, bool] = {}
    for place in (*sure[-MOST_AFTER:], *unsure[:MOST_LOOKED_AFTER]):
        kind, is_sure = judged[place].kind, judged[place].is_sure
        if kind == "planted":
            kept[place] = is_sure
        else:
            bonds.append(Given(place, kind, is_sure))
    found = [*find_promises(evidence, read, bonds), *find_planted(read, kept)]
    likely = {read[place].text: one.likelihood for place, one in judged.items()}
    found.sort(key=lambda one: -likely.get(one.text, 0) if not one.is_sure else -9)
    return found


def _find_prepared(evidence: Evidence) -> Iterator[LooseThread]:
    """What was meant for an evening that is over and never came up, and what began and goes on."""
    named = _evenings_named(evidence)
    for thing in evidence.things.values():
        if thing.evening is None or thing.evening > evidence.last_evening:
            continue
        last = max(named.get(thing.ref, {0}))
        is_point = thing.ref.kind == "plot_point"
        is_waiting = thing.canon == "prepped" and last < thing.evening
        goes_on = thing.canon == "happened" and thing.evening + 1 < evidence.last_evening
        if (is_point and thing.is_open and (thing.canon == "prepped" or goes_on)) or (
            not is_point and is_waiting
        ):
            yield LooseThread(
                make_key("planted", *thing.ref),
                "planted",
                cut_text(thing.name, QUOTED),
                thing.evening,
                Source(*thing.ref),
                (thing.ref,),
            )
    for fact in evidence.facts:
        if fact.canon != "prepped" or fact.is_false or fact.evening is None:
            continue
        if fact.evening <= evidence.last_evening:
            key = make_key("planted", "fact", fact.id)
            source = Source("fact", fact.id)
            yield LooseThread(key, "planted", cut_text(fact.text, QUOTED), fact.evening, source)


def _find_not_seen(evidence: Evidence, index: NameIndex) -> Iterator[LooseThread]:
    named = _evenings_named(evidence)
    dead = {life.ref for life in read_all_lives(evidence, index) if life.says == "died"}
    for thing in evidence.things.values():
        seen = named.get(thing.ref, set())
        if thing.ref.kind not in _SEEN_KINDS or len(seen) < OFTEN or thing.canon != "happened":
            continue
        missed = sum(evening > max(seen) for evening in evidence.evenings)
        if missed >= LONG and thing.ref not in dead and not is_dead_state(thing.state):
            yield LooseThread(
                make_key("not_seen", *thing.ref),
                "not_seen",
                cut_text(thing.name, QUOTED),
                max(seen),
                Source(*thing.ref),
                (thing.ref,),
            )


def _evenings_named(evidence: Evidence) -> dict[EntityRef, set[int]]:
    named: dict[EntityRef, set[int]] = defaultdict(set)
    for line in evidence.lines:
        if line.evening:
            for ref in line.about:
                named[ref].add(line.evening)
    return named
