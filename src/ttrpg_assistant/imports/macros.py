"""The placeholders of chat programs, as plain text. Nothing is carried out."""

from __future__ import annotations

import re

PARTY = "the party"
"""Whom a card calls the user: here it is the players' characters."""

_MACRO = re.compile(r"\{\{([^{}]{0,400})\}\}")
_OLD = re.compile(r"<(user|bot|char)>", re.IGNORECASE)
_NOTHING = frozenset({"original", "trim", "noop", "newline", "lastmessage", "input"})


def plain(text: str, character: str) -> str:
    """The text with `{{char}}` and `{{user}}` as names, choices as their words, comments gone."""
    said = _OLD.sub(lambda found: _name(found[1].lower(), character), text)
    return _MACRO.sub(lambda found: _say(found[1], character), said).replace("\r\n", "\n")


def _name(word: str, character: str) -> str:
    return PARTY if word == "user" else character


def _say(inner: str, character: str) -> str:
    word = inner.strip().lower()
    if word in ("char", "bot", "user"):
        return _name(word, character)
    if word.startswith("//") or word in _NOTHING:
        return "\n" if word == "newline" else ""
    name, separator, rest = inner.partition(":")
    if separator and name.strip().lower() in ("random", "pick"):
        options = rest.lstrip(":").split("::" if "::" in rest else ",")
        return " / ".join(one.strip() for one in options if one.strip())
    return inner.strip()
