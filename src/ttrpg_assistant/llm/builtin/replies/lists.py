"""Lists of what is stored: "Who are the NPCs in this campaign?" names every one of them."""

from __future__ import annotations

import random
import re

from ttrpg_assistant.llm.builtin.asking import Question
from ttrpg_assistant.llm.builtin.citing import cite, escape
from ttrpg_assistant.llm.builtin.retrieval import rank
from ttrpg_assistant.llm.builtin.words import list_sentences, shorten
from ttrpg_assistant.llm.types import Passage, PassageKind

_LINE_CHARACTERS = 140
_LINE_SENTENCES = 3
_LABEL = re.compile(
    r"^(?:role|kind|description|background|personality|status|fact|note|event): ", re.I
)
"""What a sheet's lines begin with and a list need not say."""

_KINDS: tuple[tuple[PassageKind, str, str], ...] = (
    ("npc", "NPCs", r"npcs|characters|cast|non[- ]player characters|people|persons|folk"),
    ("location", "locations", r"locations|places|sites"),
    ("plot_point", "plot points",
     r"plot[- ]?points|plots?(?: threads| lines)?|plotlines"
     r"|(?<!open )(?<!loose )(?<!story )(?:open |loose |story )++(?:threads"
     r"|ends)"
     r"|storylines|quests"),
    ("game_session", "game sessions", r"(?:game )?sessions|evenings"),
    ("house_rule", "house rules", r"house[- ]?rules|rules"),
    ("note", "notes", r"notes"),
)  # fmt: skip
_NOUNS = tuple((kind, title, re.compile(rf"\b(?:{nouns})\b")) for kind, title, nouns in _KINDS)
_LISTING = re.compile(
    r"^(?:(?:please|so|and|ok|okay|hey|can you|could you|would you)[, ]+)*"
    r"(?:(?:who|what|which)\b(?! (?:did|should|would|could|can|happen))|list\b|show\b"
    r"|name (?:all|every|the|our|my)\b"
    r"|tell me (?:all|every|who|which|what|about (?:all|the|our|my))\b|give me (?:all|every|the"
    r"|our|my|a list)\b"
    r"|remind me (?:of|who|which|what)\b|all\b|every\b|(?:how many|do we have|are there|the|our"
    r"|my)\b)"
)
_BARE = re.compile(r"^(?:(?:the|our|my|all|every|open|loose) )*\S+(?: \S+)?$")
_OWN_WORDS = re.compile(
    r"\b(?:campaign|game|story|world|setting|far|currently|stored|known|written|list|npcs?|all"
    r"|every"
    r"|characters?|people|locations?|places?|plot|points?|threads?|open|loose|sessions?|rules?"
    r"|house"
    r"|notes?|important|main|major|names?|exist|track|far|played|evenings|quests|cast|active|me)\b"
)


def reply_with_list(question: Question, rng: random.Random) -> str | None:
    """Everything of the kind asked for, one line each with its link.

    A question that says more ("…in the docks", "…who know the vault") puts what bears on it
    first and still names the rest.
    """
    said = question.said
    if question.is_past and not re.search(
        r"\b(?:do we have|have we (?:met|got|seen|played))\b", said
    ):
        return None
    for kind, title, noun in _NOUNS:
        if noun.search(said) and (_LISTING.match(said) or (_BARE.match(said))):
            return _list(question, kind, title)
    return None


def _list(question: Question, kind: PassageKind, title: str) -> str | None:
    things = question.list_of(kind)
    if not things:
        if kind in ("note", "house_rule"):
            return None
        return f"I was given no {title}: none are stored for this conversation's campaign."
    wanted = " ".join(_OWN_WORDS.sub(" ", question.said).split())
    finds = rank(wanted, things, quote_sentences=1)
    bearing = [find.passage for find in finds]
    if not bearing or len(bearing) == len(things):
        count = question.count_of(kind)
        head = f"{count} {title if count != 1 else title[:-1]}"
        if count > len(things):
            head += f"; the {len(things)} nearest to the talk"
        return f"{head}:\n\n" + "\n".join(map(_line, things))
    chosen = {id(passage) for passage in bearing}
    others = [passage for passage in things if id(passage) not in chosen]
    listed = "\n".join(f"- {cite(find.passage)}{_tail(' '.join(find.quote))}" for find in finds)
    rest = ", ".join(map(cite, others))
    unseen = question.count_of(kind) - len(things)
    more = f" and {unseen} more" if unseen else ""
    return f"These bear on it:\n\n{listed}\n\nThe other {title}: {rest}{more}."


def _line(passage: Passage) -> str:
    name = passage.title.strip().casefold()
    told = ""
    for sentence in list_sentences(passage.text)[:_LINE_SENTENCES]:
        bare = _LABEL.sub("", sentence)
        if bare.strip(" .:#").casefold() == name:
            continue
        if told and len(told) + len(bare) > _LINE_CHARACTERS:
            break
        told = f"{told} {bare}".strip()
    return f"- {cite(passage)}{_tail(told)}"


def _tail(sentence: str) -> str:
    return f": {escape(shorten(sentence, _LINE_CHARACTERS))}" if sentence else ""
