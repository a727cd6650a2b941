"""Answers out of what is stored and what was said: the best few quotes, each with its source."""

from __future__ import annotations

import re

from ttrpg_assistant.builtin.citing import cite
from ttrpg_assistant.builtin.own_words import BEARS, NOT_PLAYED, NOTHING, SAID, WRITTEN
from ttrpg_assistant.builtin.quoting import Unit, quote_units
from ttrpg_assistant.builtin.reading import Reading
from ttrpg_assistant.builtin.weighing import ENOUGH, ENOUGH_TO_DOUBT, Find, list_keys

_QUOTES = 4
_NEAR_BEST = 0.45
"""A quote is shown when it scores at least this share of the best one."""

_WAS_PLAYED = re.compile(
    r"^(?:did|have|has|had|was|were) |\byet\b|\bhappened (?:to|with|at|in|when)\b|^when did\b"
    r"|\bdid (?:we|they|the party|anyone|anybody|somebody)\b|\bhas (?:anyone|anybody)\b"
)
_WE_SAID = re.compile(
    r"\b(?:we|i|you) (?:\w+ )?(?:say|said|decide[ds]?|agree[ds]?|discuss(?:ed)?|talk(?:ed)?"
    r"|call(?:ed)?|name[ds]?|mention(?:ed)?|wr[io]te|give|gave|establish(?:ed)?)\b"
    r"|\bremind me\b|\bremember\b"
)
_YES_OR_NO = re.compile(
    r"^(?:is|are|was|were|does|do|did|will|would|can|could|has|have|had|should|might)\b"
)
_WANTS_A_NAME = re.compile(
    r"\bnames? of\b|\bwhat(?:'s| is| are) .{1,60} (?:called|named)\b|\bname\?*$"
)
_WHO = re.compile(r"^(?:who|whom|whose)\b")
_IN_SCRIPTS_WITHOUT_BLANKS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_OF_THE_PARTY = re.compile(r"\b(?:party|players|pcs|group|we|they)\b")
_LOG = ("recap", "note", "event")
_CAPITAL = re.compile(r"(?<=[\w,;:—-] )[*\"“']?[A-Z][\w'’]+")


def recall(reading: Reading) -> str:
    """The quotes that bear on the question; a plain word when there are none."""
    finds = find_quotes(reading)
    if not finds:
        return _nothing(reading)
    units = [find.unit for find in finds]
    planned = [unit for unit in units if unit.passage.is_planned]
    lead = BEARS
    if reading.question.is_asking:
        said = all(unit.passage.kind == "message" for unit in units)
        lead = SAID if said else WRITTEN
    if _WAS_PLAYED.search(reading.said) and len(planned) == len(units):
        lead = f"{NOT_PLAYED} {BEARS}"
    told = f"{lead}\n\n{quote_units(units)}"
    shown = {unit.passage.ref for unit in units}
    unseen = [one.passage for one in reading.spoken_of if one.passage.ref not in shown][:2]
    return f"{told}\n\nSee {', '.join(map(cite, unseen))}." if unseen else told


def find_quotes(reading: Reading) -> list[Find]:
    """At most four finds over what is stored and what was said, best first."""
    asked, named = reading.asked, reading.named
    if not asked and named:
        # Only a name: what is of the thing, or names it.
        asked = sorted({key for one in named for key in list_keys(one.passage.title)})
        named = ()
    enough = ENOUGH_TO_DOUBT if _doubts(reading) else ENOUGH
    finds = reading.weighing.find(asked, named, enough=enough, boost=lambda u: _boost(reading, u))
    if not finds and named and not _YES_OR_NO.match(reading.said):
        words = {key for one in named for key in list_keys(one.passage.title)}
        finds = [
            find
            for find in reading.weighing.find(
                [*asked, *sorted(words)], (), boost=lambda unit: _boost(reading, unit)
            )
            if find.unit.passage.kind == "message"
        ]
    if _WANTS_A_NAME.search(reading.said) and not _WE_SAID.search(reading.said):
        finds = [find for find in finds if _holds_a_name(reading, find.unit)]
    if _OF_THE_PARTY.search(reading.said) and len(asked) == 1:
        # No sheet of somebody else says of what level the party is.
        finds = [find for find in finds if find.unit.passage.kind not in ("npc", "location")]
    finds = _by_what_is_asked(reading, finds)
    best = max((find.score for find in finds), default=0.0)
    shown: list[Find] = []
    said: set[str] = set()
    for find in finds:
        if find.score >= _NEAR_BEST * best and find.unit.text not in said:
            said.add(find.unit.text)
            shown.append(find)
    return shown[:_QUOTES]


def _holds_a_name(reading: Reading, unit: Unit) -> bool:
    """Whether a name is said that the question did not say itself."""
    is_name = unit.passage.kind in ("npc", "location") and not reading.named
    return is_name or _CAPITAL.search(unit.text) is not None


def _doubts(reading: Reading) -> bool:
    said = reading.said
    return bool(_YES_OR_NO.match(said) or _IN_SCRIPTS_WITHOUT_BLANKS.search(said))


def _by_what_is_asked(reading: Reading, finds: list[Find]) -> list[Find]:
    """What was played is answered by what was played; a plan says so where there is no more."""
    if _WE_SAID.search(reading.said):
        talk = [find for find in finds if find.unit.passage.kind == "message"]
        return talk + [find for find in finds if find.unit.passage.kind != "message"]
    game = reading.scope[1]
    if game is not None:
        of_it = [find for find in finds if _is_of(find.unit, game.ref)]
        finds = of_it or finds
    talk = [find for find in finds if find.unit.passage.kind == "message"]
    written = [find for find in finds if find.unit.passage.kind != "message"]
    planned = [find for find in written if find.unit.passage.is_planned]
    settled = [find for find in written if not find.unit.passage.is_planned]
    if _WAS_PLAYED.search(reading.said):
        played = [find for find in settled if find.unit.passage.kind in (*_LOG, "plot_point")]
        known = [find for find in settled if find.unit.passage.kind == "fact"]
        return played + known or planned or settled or talk
    return settled + planned if settled or planned else talk


def _is_of(unit: Unit, ref: str) -> bool:
    return unit.passage.game_session is not None and unit.passage.game_session.ref == ref


def _boost(reading: Reading, unit: Unit) -> float:
    passage = unit.passage
    boost = 1.0
    if passage.kind in _LOG and (reading.question.is_past or _WAS_PLAYED.search(reading.said)):
        boost *= 1.5
    if passage.kind == "message":
        boost *= 2.0 if _WE_SAID.search(reading.said) else 0.6
        boost *= 0.4 if unit.text.rstrip().endswith("?") else 1.0
    if passage.game_session is not None:
        newest = reading.evenings.game_sessions[-1].number
        boost *= 1 - 0.1 * min(5, newest - passage.game_session.number) / 5
    if _WHO.match(reading.said) and passage.kind == "npc":
        boost *= 1.3
    if passage.kind == "campaign":
        boost *= 0.9
    return boost


def _nothing(reading: Reading) -> str:
    if not reading.question.is_asking:
        return "That is part of this conversation now; ask, and I will find it again."
    named = [one.passage for one in reading.named][:2]
    if named:
        return f"{NOTHING} See {', '.join(map(cite, named))}."
    return (
        f"{NOTHING} I can list and recap what is stored, roll dice, draw names, complications or "
        "rumours, ask the oracle, and plan the next session.\n\n"
        "*The built-in model quotes and rolls; for free writing choose another in Settings.*"
    )
