"""What a note is, by its title: notes of a game session, a plan, one of a kind of things. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ttrpg_assistant.campaigns.model import KindName
from ttrpg_assistant.imports.kind_words import find_kind, spell_snake

_SESSION = re.compile(
    r"(?:(?:game|session|s)[\s_-]*)?(?:session|evening|episode|sitzung|abend|séance|sesión)s?"
    r"[\s_#.-]{0,5}\d{1,4}\b|\d{4}-\d{2}-\d{2}\b",
    re.I,
)
_NAMED = re.compile(r"([^\W\d][\w -]{1,30})(?::|\s[-–—]\s)\s*(\S.*)")
_BRACKETED = re.compile(r"(\S.{0,180}?)\s*\(([^()]{2,30})\)\s*")
_PLANS = frozenset({"plan", "plans", "prep", "preparation", "session_plan", "session_prep"})


def is_session_title(title: str) -> bool:
    """Whether these are the notes of one evening: "Session 12", "2025-12-15 The bell"."""
    return _SESSION.match(title.strip()) is not None


def is_plan(words: Iterable[str]) -> bool:
    """Whether one of these words says that it was written before the game session."""
    return any(spell_snake(one) in _PLANS for one in words)


def split_kind(title: str) -> tuple[KindName | None, str]:
    """The kind that a heading names beside the name itself: "NPC: Mira Vale", "The Gull (inn)"."""
    named = _NAMED.fullmatch(title)
    if named is not None and (kind := find_kind(named[1])) is not None:
        return kind, named[2].strip()
    bracketed = _BRACKETED.fullmatch(title)
    if bracketed is not None and (kind := find_kind(bracketed[2])) is not None:
        return kind, bracketed[1].strip()
    return None, title
