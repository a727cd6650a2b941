"""Who died and who acts, as far as sentences say it plainly. Pure; English."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ttrpg_assistant.campaigns.mentions import EntityRef, NameIndex
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.continuity.acting import list_acting
from ttrpg_assistant.continuity.model import Evidence, Line, Side, Source
from ttrpg_assistant.continuity.sentences import (
    is_table_talk,
    split_sentences,
    without_names,
)

_DEAD_STATE = re.compile(r"\b(?:dead|deceased|killed|slain|murdered|executed)\b", re.IGNORECASE)
_NOT_STATE = re.compile(r"\b(?:not|un|believed|presumed|thought|maybe|perhaps)\b|\?", re.IGNORECASE)

_DIED_AFTER = re.compile(
    r"\A(?:,[^,]{1,60},)? (?:(?:has |had )?(?:died|perished|drowned|bled out|fell dead|was buried)"
    r"|dies|(?:is|was|has been|had been|lies|lay|were) (?:now |already |also )?"
    r"(?:dead\b(?! (?:tired|drunk|serious|set|sure|wrong|certain|calm|asleep|to (?:me|us|him|her)))"
    r"|killed|slain|murdered|executed|beheaded|poisoned to death|hanged))\b"
)
_DIED_BEFORE = re.compile(
    r"\b(?:killed|kills|slew|slays|murdered|murders|executed|executes|beheaded|beheads|buried"
    r"|buries"
    r"|(?:the )?death of|found the (?:body|corpse) of) \Z"
)
_NOT_SO = re.compile(
    r"\b(?:if|would|could|might|may|must|should|almost|nearly|thought|thinks?|believ\w+|pretend\w*"
    r"|supposed\w*|fake[ds]?|faking|rumou?r\w*|claims?|claimed|says? that|said that|lie[sd]?|lying"
    r"|want\w*|threat\w*|plan\w*|will|'ll|going to|wish\w*|hope\w*|fear\w*|dream\w*|vision\w*|not"
    r"|never|n't|isn't|wasn't|as good as|unless|until|before|swore|promis\w+|vow\w*|try|tries|tried"
    r"|attempt\w*|who|whoever|nobody|no one|had been killed by)\b"
)
_BACK = re.compile(
    r"\b(?:resurrect\w*|revive[ds]?|reviv\w+|raised? (?:\w+ )?(?:from the (?:dead|grave))"
    r"|raise dead|brought back|back (?:to life|from the dead)|reincarnat\w+|undead|ghost\w*"
    r"|spirit\w*"
    r"|specter|spectre|wraith|zombie|vampire|faked (?:his|her|their) (?:own )?death|twin|impostor"
    r"|imposter|doppelg\w+|disguise\w*|illusion\w*|alive after all|survived|is alive)\b"
)
_IS_ALIVE = re.compile(r"\A (?:is|was seen) (?:still |very much |well and )?alive\b")


_DEATH = re.compile(
    r"\b(?:die[ds]|dead|death|perished|drowned|bled|buri\w+|killed|kills|slain|slew|slays|murder\w*"
    r"|execut\w+|behead\w+|poisoned|hanged|body|corpse)\b",
    re.IGNORECASE,
)
"""What stands in every text that calls somebody dead."""


@dataclass(frozen=True, slots=True)
class Life:
    """Something a text says of somebody's life."""

    ref: EntityRef
    says: str
    side: Side
    place: int


def is_dead_state(state: str) -> bool:
    """Whether the status of an NPC says that it is dead."""
    return _DEAD_STATE.search(state) is not None and _NOT_STATE.search(state) is None


def read_lives(
    text: str, index: NameIndex, *, is_spoken: bool
) -> Iterator[tuple[EntityRef, str, str]]:
    """Who ``died``, ``acts``, or is ``back`` by a text, each with the sentence. A name that several
    share says nothing."""
    acting = list_acting(text, index, is_spoken=is_spoken)
    yield from ((one.ref, "acts", one.sentence) for one in acting)
    yield from _read_written(text, index, is_spoken=is_spoken)


def tells_of_life(text: str) -> bool:
    """Whether a text may call somebody dead, or back from there; cheap, for many lines."""
    return _DEATH.search(text) is not None or _BACK.search(text.casefold()) is not None


def list_back(texts: Iterable[tuple[str, bool]], index: NameIndex) -> set[EntityRef]:
    """Who is back from the dead by any of these texts."""
    return {
        ref
        for text, is_spoken in texts
        if _BACK.search(text.casefold())
        for ref, says, _ in _read_written(text, index, is_spoken=is_spoken)
        if says == "back"
    }


def list_dead(texts: Iterable[tuple[str, bool]], index: NameIndex) -> set[EntityRef]:
    """Whom any of these texts calls dead; with each whether it is spoken."""
    return {
        ref
        for text, is_spoken in texts
        if _DEATH.search(text)
        for ref, says, _ in _read_written(text, index, is_spoken=is_spoken)
        if says == "died"
    }


def _read_written(
    text: str, index: NameIndex, *, is_spoken: bool
) -> Iterator[tuple[EntityRef, str, str]]:
    for sentence in split_sentences(text, is_spoken=is_spoken):
        said = sentence.replace("’", "'")
        lowered = said.casefold()
        if said.endswith("?") or is_table_talk(said) or len(lowered) != len(said):
            continue
        mentions = index.find_mentions(said)
        bare = without_names(lowered, mentions)
        for mention in mentions:
            if len(mention.refs) != 1 or mention.refs[0].kind not in ("npc", "character"):
                continue
            (ref,) = mention.refs
            before, after = lowered[: mention.start], lowered[mention.end :]
            if _BACK.search(bare):
                yield ref, "back", sentence
            elif after.startswith(("'s", "' ")):
                continue  # theirs, and not they: "they buried Mira's dog"
            elif _DIED_AFTER.search(after) or _DIED_BEFORE.search(before):
                if not _NOT_SO.search(bare):
                    yield ref, "died", sentence
            elif _IS_ALIVE.search(after) and not _NOT_SO.search(bare):
                yield ref, "acts", sentence


def read_all_lives(evidence: Evidence, index: NameIndex) -> list[Life]:
    """All that lines and facts say of the lives of those whom any of them calls dead, lines in
    their order. Of all the others nothing is asked."""
    facts = [
        (Line(Source("fact", fact.id), fact.text, fact.evening or 0, -1), fact.text)
        for fact in evidence.facts
        if fact.canon == "happened" and not fact.is_false
    ]
    said = [*((line, line.text) for line in evidence.lines if line.about), *facts]
    dead = list_dead(((text, line.is_spoken) for line, text in said), index)
    lives = []
    for line, text in said if dead else ():
        if line.about and dead.isdisjoint(line.about):
            continue
        for ref, says, sentence in read_lives(text, index, is_spoken=line.is_spoken):
            if ref in dead:
                side = Side(line.source, cut_text(sentence, 300), line.evening or None)
                lives.append(Life(ref, says, side, line.place))
    return lives
