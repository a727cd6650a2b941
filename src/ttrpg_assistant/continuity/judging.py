"""Whether something stays open by a sentence, and how sure that is: the rules of grammar and the
likeness to other such sentences, weighed against each other. Pure; English.

Where both say so it is sure. Where one of them alone does it is sure only when it says so loudly;
the rest is an impression, which is shown apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ttrpg_assistant.campaigns.mentions import NameIndex
from ttrpg_assistant.continuity.likeness import Sayer, rate
from ttrpg_assistant.continuity.model import Evidence, Line
from ttrpg_assistant.continuity.promises import find_word_at, is_open_to_doubt, names_bond
from ttrpg_assistant.continuity.reading import Said, list_around, read_sentences
from ttrpg_assistant.continuity.secrets_kept import is_secret
from ttrpg_assistant.continuity.sentences import is_table_talk
from ttrpg_assistant.continuity.settling import closes

OpenKind = Literal["promised", "owed", "planted"]

SURE_BOND, LEAST_BOND, WEAK_BOND, NAMED_BOND = 1.8, -1.0, -0.1, -1.8
"""Likeness to a promise or debt that is enough by itself, that is worth a look, below which the
rules alone are not sure, and the same where the bond has its own word ("swore", "owes")."""
SURE_SECRET, LEAST_SECRET, WEAK_SECRET = 0.6, -1.6, -1.0
"""The same of what was kept back."""

MOST_SAID = 20_000
"""Sentences whose likeness is weighed; the newest."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What stays open by a sentence; `likelihood` orders what is not sure."""

    kind: OpenKind
    is_sure: bool
    is_by_rule: bool
    likelihood: float


def find_sayer(said: Said) -> Sayer:
    """Who says a sentence, as far as it changes how it is meant."""
    if said.is_noted:
        return "recap" if said.line.source.kind == "recap" else "noted"
    if said.speaker:
        return "known" if said.is_known else "table"
    return "told"


def judge_all(read: Sequence[Said]) -> dict[int, Judged]:
    """What stays open, by the place of its sentence: of each paragraph what is sure, or else the
    likeliest alone."""
    found: dict[int, Judged] = {}
    newest = len(read) - MOST_SAID
    for place in range(len(read)):
        judged = _judge(read, place, is_weighed=place >= newest)
        if judged is not None:
            found[place] = judged
    return dict(_pick(read, found))


def _judge(read: Sequence[Said], place: int, *, is_weighed: bool) -> Judged | None:
    said = read[place]
    word = find_word_at(read, place)
    is_kept = word is None and _is_kept_back(said)
    kind: OpenKind | None = word or ("planted" if is_kept else None)
    if not is_weighed or (kind is None and not _may_be_alike(read, place)):
        return None if kind is None else Judged(kind, True, True, 0)
    like = rate(said.plain, find_sayer(said))
    if kind == "planted":
        return Judged(kind, like.secret >= WEAK_SECRET, True, like.secret - LEAST_SECRET)
    if kind is not None:
        least = NAMED_BOND if names_bond(said.plain) else WEAK_BOND
        return Judged(kind, like.bond >= least, True, like.bond - LEAST_BOND)
    bond, secret = like.bond - LEAST_BOND, like.secret - LEAST_SECRET
    if said.plain.endswith("?"):
        bond = -1.0
    if said.speaker and not said.is_noted:
        secret = -1.0
    if max(bond, secret) < 0:
        return None
    is_doubted = is_open_to_doubt(said.plain)
    if bond >= secret:
        is_sure = like.bond >= SURE_BOND and not is_doubted
        return Judged("owed" if like.owed > 0 else "promised", is_sure, False, bond)
    return Judged("planted", like.secret >= SURE_SECRET and not is_doubted, False, secret)


def _is_kept_back(said: Said) -> bool:
    """Whether it is written down, or told by whoever narrates, and kept back. Who owes an answer
    has promised it."""
    if said.speaker and not said.is_noted:
        return False
    return is_secret(
        said.plain, names_anybody=said.is_noted and said.is_of_story
    ) and not is_table_talk(said.text, is_of_story=said.is_of_story)


def is_like_open(line: Line, sentence: str, index: NameIndex) -> bool:
    """Whether a sentence of a line that somebody takes for open is at least alike."""
    read = read_sentences(Evidence([line]), index)
    for one in read:
        if one.text == sentence and not is_open_to_doubt(one.plain):
            like = rate(one.plain, find_sayer(one))
            return like.bond >= LEAST_BOND or like.secret >= LEAST_SECRET
    return False


def _may_be_alike(read: Sequence[Said], place: int) -> bool:
    """Whether a sentence that no rule knows is of the story at all, and leaves something open."""
    said = read[place]
    around = list_around(said, read, place)
    is_of_story = any(ref.kind != "character" for ref in around)
    if not is_of_story and not (said.is_noted and around):
        return False
    return not closes(said.plain) and not is_table_talk(said.text, is_of_story=True)


def _pick(read: Sequence[Said], found: Mapping[int, Judged]) -> Iterator[tuple[int, Judged]]:
    paragraphs: dict[tuple[int, int], list[int]] = {}
    for place in found:
        paragraphs.setdefault((read[place].at, read[place].paragraph), []).append(place)
    for places in paragraphs.values():
        by_rule = [one for one in places if found[one].is_by_rule and found[one].is_sure]
        if by_rule:
            yield from ((one, found[one]) for one in by_rule)
            continue
        sure = [one for one in places if found[one].is_sure]
        best = max(sure or places, key=lambda one: found[one].likelihood)
        yield best, replace(found[best], is_sure=bool(sure))
