"""Lists of what is stored: "Who are the NPCs in this campaign?" names every one of them."""

from __future__ import annotations

import random
import re

from ttrpg_assistant.builtin.asking import Question
from ttrpg_assistant.builtin.citing import cite, escape
from ttrpg_assistant.builtin.quoting import Unit, list_units, mark_of
from ttrpg_assistant.builtin.replies.prep import list_open_threads
from ttrpg_assistant.builtin.retrieval import rank
from ttrpg_assistant.builtin.weighing import list_asked, list_keys
from ttrpg_assistant.builtin.words import list_sentences, shorten
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
    r"(?:any (?:open|loose|other|more)\b"
    r"|(?:who|what|which)\b(?! (?:did|should|would|could|can|happen))|list\b|show\b"
    r"|name (?:all|every|the|our|my)\b"
    r"|tell me (?:all|every|who|which|what|about (?:all|the|our|my))\b|give me (?:all|every|the"
    r"|our|my|a list)\b"
    r"|remind me (?:of|who|which|what)\b|all\b|every\b|(?:how many|do we have|are there|the|our"
    r"|my)\b)"
)
_BARE = re.compile(r"^(?:(?:the|our|my|all|every|open|loose) )*\S+(?: \S+)?$")
_OPEN = re.compile(r"\b(?:open|loose|unresolved|current|active)\b")
_PLAYED = re.compile(r"\b(?:played|had|been|so far|past)\b")
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
    if kind == "plot_point" and _OPEN.search(question.said):
        things = list_open_threads(question)
        title = f"open {title}"
    if kind == "game_session" and _PLAYED.search(question.said):
        played = [p for p in things if p.game_session is None or p.game_session.status != "planned"]
        things = sorted(played, key=lambda p: p.game_session.number if p.game_session else 0)
    if not things:
        if kind in ("note", "house_rule"):
            return None
        return f"I was given no {title}: none are stored for this conversation's campaign."
    wanted = " ".join(_OWN_WORDS.sub(" ", question.said).split())
    finds = rank(wanted, things, quote_sentences=1)
    bearing = [find.passage for find in finds]
    if not bearing or len(bearing) == len(things):
        count = len(things) if kind not in ("npc", "location") else question.count_of(kind)
        head = f"{count} {title if count != 1 else title[:-1]}"
        if count > len(things):
            head += f"; the {len(things)} nearest to the talk"
        return f"{head}:\n\n" + "\n".join(map(_line, things))
    chosen = {id(passage) for passage in bearing}
    others = [passage for passage in things if id(passage) not in chosen]
    asked = set(list_asked(wanted))
    listed = "\n".join(f"- {_cited(one)}{_bearing(one, asked)}" for one in bearing)
    rest = ", ".join(map(cite, others))
    unseen = question.count_of(kind) - len(things)
    more = f" and {unseen} more" if unseen else ""
    return f"These bear on it:\n\n{listed}\n\nThe other {title}: {rest}{more}."


def _line(passage: Passage) -> str:
    """A thing in a line. What is for the game master alone is no part of it."""
    if passage.kind in ("game_session", "note"):
        return f"- {_cited(passage)}"
    name = passage.title.strip().casefold()
    told = ""
    texts = [unit.text for unit in list_units(passage) if not unit.gm_only or passage.gm_only]
    for sentence in (one for text in texts for one in list_sentences(text)[:_LINE_SENTENCES]):
        bare = _LABEL.sub("", sentence)
        if bare.strip(" .:#").casefold() == name:
            continue
        if told and len(told) + len(bare) > _LINE_CHARACTERS:
            break
        told = f"{told} {bare}".strip()
    return f"- {_cited(passage)}{_tail(told)}"


def _cited(passage: Passage) -> str:
    """The link, and what has to be said of it."""
    game = passage.game_session
    marks = [mark_of(passage)]
    if passage.kind == "game_session" and game is not None:
        marks.append({"ended": "played", "running": "running now"}.get(game.status, "planned"))
    said = " · ".join(filter(None, marks))
    return f"{cite(passage)} ({said})" if said else cite(passage)


def _bearing(passage: Passage, asked: set[str]) -> str:
    """The part of a thing that holds most of what is asked, marked where it is a secret."""

    def count(unit: Unit) -> int:
        return len(asked & set(list_keys(f"{unit.label} {unit.text}")))

    units = list_units(passage)
    best = max(units, key=count, default=None)
    if best is None:
        return ""
    secret = "**GM only:** " if best.gm_only and not passage.gm_only else ""
    return f": {secret}{escape(shorten(best.text, _LINE_CHARACTERS))}"


def _tail(sentence: str) -> str:
    return f": {escape(shorten(sentence, _LINE_CHARACTERS))}" if sentence else ""
