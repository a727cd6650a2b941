"""A question with what it is about: read once, used by every answer out of the record."""

from __future__ import annotations

import re
from functools import cached_property

from ttrpg_assistant.builtin.asking import Question, read_words
from ttrpg_assistant.builtin.naming import Named, find_named, is_she
from ttrpg_assistant.builtin.own_words import without_own_quotes
from ttrpg_assistant.builtin.quoting import Unit, list_all_units
from ttrpg_assistant.builtin.weighing import Weighing, list_asked
from ttrpg_assistant.builtin.when import Evenings, Scope, strip_when
from ttrpg_assistant.builtin.words import plain
from ttrpg_assistant.llm.types import Passage, PassageSession

HERE = "earlier in this conversation"

_LOOKED_BACK = 6
_PRONOUN = re.compile(r"\b(?:(he|him|his)|(she|her|hers)|(it|its|there))\b")
_FOLLOWS = re.compile(r"^(?:(?:and|but|so|ok|okay)[, ]+)*(?:(?:what|how) about |and )")
_LEADS_ON = re.compile(r"^(?:(?:and|but|so|ok|okay|then)[, ]+)+")


class Reading:
    """What the replies ask of a question. Everything is found out when it is first asked."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.said = _LEADS_ON.sub("", question.said)

    @cached_property
    def evenings(self) -> Evenings:
        """The game sessions there are."""
        return Evenings.of(self.question.passages)

    @cached_property
    def scope(self) -> tuple[Scope, PassageSession | None]:
        """The game session that is meant."""
        return self.evenings.find_meant(self.said)

    @cached_property
    def spoken_of(self) -> tuple[Named, ...]:
        """What the question names itself."""
        return tuple(find_named(self._without_when(self.said), self.question.passages))

    @cached_property
    def named(self) -> tuple[Named, ...]:
        """What the question is about: what it names, or what a pronoun in it stands for."""
        pronoun = _PRONOUN.search(self.said)
        if self.spoken_of or pronoun is None:
            return self.spoken_of
        wants_she = None if pronoun[3] else pronoun[2] is not None
        for message in reversed(self.question.earlier[-2 * _LOOKED_BACK :]):
            if message.role != "user":
                continue
            for one in find_named(read_words(message.content), self.question.passages):
                is_person = one.passage.kind == "npc"
                fits = wants_she is None or is_she(one.passage) in (wants_she, None)
                if is_person != (wants_she is None) and fits:
                    return (Named(one.passage, frozenset(), one.strength),)
        return ()

    @cached_property
    def asked(self) -> list[str]:
        """The keys of what is asked besides names and times."""
        words = {word for one in self.named for word in one.words}
        pronouns = {"he", "him", "his", "she", "her", "hers", "it", "its", "there"}
        return list_asked(self._without_when(self.said), words | pronouns)

    @cached_property
    def form(self) -> str:
        """The words whose form is asked: those of the question before, for "and Pip?"."""
        if _FOLLOWS.match(self.question.said) and self.spoken_of and not self.asked:
            for message in reversed(self.question.earlier):
                if message.role == "user":
                    return read_words(message.content)
        return self.said

    @cached_property
    def units(self) -> list[Unit]:
        """All that may be quoted: what is stored, then what was said."""
        return list_all_units(self.stored) + list_all_units(self.talk)

    @cached_property
    def weighing(self) -> Weighing:
        """The units, ready to be asked."""
        return Weighing(self.units)

    @cached_property
    def stored(self) -> list[Passage]:
        """What is written of the campaign."""
        return [one for one in self.question.passages if one.kind != "message"]

    @cached_property
    def talk(self) -> list[Passage]:
        """What was said, here and elsewhere, without what an answer itself quoted."""
        told = [one for one in self.question.passages if one.kind == "message"]
        known = {plain(one.text) for one in told}
        for message in self.question.earlier:
            if plain(message.content) not in known:
                told.append(Passage("message", "", HERE, message.content))
        said = [_said_otherwise(one) for one in told]
        return [one for one in said if one.text.strip()]

    def units_of(self, game: PassageSession | None, *kinds: str) -> list[Unit]:
        """What is stored of these kinds of one game session, in its order."""
        return [
            unit
            for unit in self.units
            if unit.passage.kind in kinds
            and game is not None
            and unit.passage.game_session is not None
            and unit.passage.game_session.ref == game.ref
        ]

    def _without_when(self, said: str) -> str:
        scope, game = self.scope
        titled = [game] if scope == "numbered" and game is not None else []
        return strip_when(said, titled)


def _said_otherwise(passage: Passage) -> Passage:
    title = passage.title or HERE
    text = without_own_quotes(passage.text)
    return Passage("message", passage.ref, title, text, is_planned=passage.is_planned)
