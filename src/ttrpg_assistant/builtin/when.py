"""Which game session a question is about, and whether what was played or what is planned."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ttrpg_assistant.builtin.words import list_words_in
from ttrpg_assistant.llm.types import Passage, PassageSession

Scope = Literal["last", "tonight", "next", "all", "numbered", "none"]

_S = r"(?:game |play )?(?:session|time|week|evening|game|night)"
_LAST = re.compile(
    rf"\b(?:last|latest|previous|yesterday'?s?|prior) {_S}\b|\bpreviously\b|\byesterday\b"
    r"|\bwhere (?:did we|were we|are we|did they|were they) (?:stop|leave|left|end|off)"
    r"|\bwhere were we\b|\bleft off\b|\bleave off\b|\b(?:before|until) (?:this|tonight)"
)
_TONIGHT = re.compile(
    r"\btonight'?s?\b|\btoday\b"
    r"|\b(?:this|today'?s?|current|running) (?:game |play )?(?:session|evening|game)\b"
)
_NEXT = re.compile(rf"\b(?:next|coming|upcoming) {_S}\b")
_ALL = re.compile(r"\b(?:story|campaign|everything|whole thing) so far\b|\ball (?:the )?sessions\b")
_NUMBERED = re.compile(r"\b(?:session|evening) ?(?:#|number |no\.? )?(\d{1,4})\b")
_PLANNED = re.compile(
    r"\b(?:plans?|planned|prep|prepped|prepared|preparation|agenda)\b|\bstrong start\b"
    r"|\bsupposed to happen\b|\bgoing to happen\b|\bcoming up\b"
)
_TO_PLAN = re.compile(
    r"^(?:please |can you |could you |help me (?:to )?|let'?s |i (?:want|need|have) to |help )*"
    r"(?:plan|prep|prepare|outline)\b|\bhelp me\b.{0,20}\b(?:plan|prep)"
    r"|\bplan (?:a|the|my|our|for)\b"
    r"|\bprep (?:a|the|my|our|for)\b|\bready\b"
)
_HAPPENED = re.compile(
    r"\bwhat(?:'s| has| had| all)? happen(?:ed|d)?\b|\bwhat (?:did (?:we|they|the party|the players"
    r"|the group) do|went on|went down)\b|\brecap\b|\bsummar(?:y|ies|ise|ize|isation|ization)\b"
    r"|\bsum (?:it |this |that |things )?up\b|\btl;?dr\b|\bcatch me up\b|\bpreviously\b|\bso far\b"
    r"|\bwhere (?:were we|are we at|did we (?:stop|leave)|did they (?:stop|leave))\b|\bleft off\b"
    r"|\bhow did .{0,24}\bend\b|\bremind me what happened\b"
)
_ENDED = re.compile(r"\bend(?:ed)?\b|\bleave off\b|\bleft off\b|\bstop\b|\bwhere were we\b")


@dataclass(frozen=True, slots=True)
class Evenings:
    """The game sessions there are, lowest number first."""

    game_sessions: tuple[PassageSession, ...]

    @classmethod
    def of(cls, passages: Sequence[Passage]) -> Evenings:
        """Those that the passages belong to."""
        found = {
            one.game_session.ref: one.game_session
            for one in passages
            if one.game_session is not None
        }
        return cls(tuple(sorted(found.values(), key=lambda game: game.number)))

    def find_last(self) -> PassageSession | None:
        """The last that was played to its end."""
        return next((one for one in reversed(self.game_sessions) if one.status == "ended"), None)

    def find_running(self) -> PassageSession | None:
        """The one that runs."""
        return next((one for one in reversed(self.game_sessions) if one.status == "running"), None)

    def find_next(self) -> PassageSession | None:
        """The first that is planned and comes after what was played."""
        last = self.find_running() or self.find_last()
        after = last.number if last is not None else 0
        planned = [one for one in self.game_sessions if one.status == "planned"]
        return next((one for one in planned if one.number > after), planned[0] if planned else None)

    def find_meant(self, said: str) -> tuple[Scope, PassageSession | None]:
        """Which session the folded words mean: by its number or title, or by when it is."""
        if numbered := _NUMBERED.search(said):
            number = int(numbered[1])
            return "numbered", next((s for s in self.game_sessions if s.number == number), None)
        spoken = f" {' '.join(list_words_in(said))} "
        for game in reversed(self.game_sessions):
            title = " ".join(list_words_in(game.title))
            if title.count(" ") and f" {title} " in spoken:
                return "numbered", game
        if _ALL.search(said):
            return "all", None
        if _LAST.search(said):
            return "last", self.find_last()
        if _TONIGHT.search(said):
            return "tonight", self.find_running()
        if _NEXT.search(said):
            return "next", self.find_next()
        return "none", None


def asks_for_plan(said: str) -> bool:
    """Whether it asks what is planned, rather than to plan something."""
    return _PLANNED.search(said) is not None and _TO_PLAN.search(said) is None


def asks_what_happened(said: str) -> bool:
    """Whether it asks what was played."""
    return _HAPPENED.search(said) is not None


def asks_for_end(said: str) -> bool:
    """Whether only the end of what was played is wanted."""
    return _ENDED.search(said) is not None


def strip_when(said: str, games: Sequence[PassageSession] = ()) -> str:
    """The words without those that only say when, and whether it was played or planned."""
    for game in games:
        title = game.title.lower()
        if title:
            said = said.replace(title, " ")
    for pattern in (_HAPPENED, _LAST, _TONIGHT, _NEXT, _ALL, _NUMBERED, _PLANNED):
        said = pattern.sub(" ", said)
    return " ".join(said.split())
