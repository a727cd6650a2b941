"""Keeps a model that speaks as one character from speaking for anybody else.

Models like to write the conversation on: they begin with the character's own name ("Mira: Aye.")
and go on with somebody else's turn ("GM: And then?"). Only the beginning of a line can do
either; names in the middle of a sentence are ordinary text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_BEFORE = r"[ \t>\"“\[(<#]{0,8}([*_]{1,3})?[\[\"“]?"
_AFTER = r"[ \t\"”*_\])>]{0,8}(?:\([^()\n]{0,60}\)[ \t*_]{0,4})?[:：](?(1)[*_]{0,3})"
_MOST = 90
"""A label with its decoration is never longer than its name and this."""


class SpeakerFilter:
    """Removes a speaker's own label and stops where the model begins to speak for another.

    `own_names` are the names of the character who speaks, `other_names` everybody it must not
    speak for (the game master, the players, "User"). Case does not matter. Text is held back
    only while the beginning of a line may still become a label.
    """

    def __init__(self, own_names: Iterable[str], other_names: Iterable[str]) -> None:
        own = _clean(own_names)
        others = [name for name in _clean(other_names) if name not in own]
        self.ended = False
        """Whether the model began to speak for somebody else: stop the call."""
        self._names = (*own, *others)
        self._most = max(map(len, self._names), default=0) + _MOST
        self._own = _label(own)
        self._others = _label(others)
        self._blank: list[str] = []
        """White space before the line being looked at, not yet given out."""
        self._line = ""
        """The beginning of a line that may still become a label."""
        self._at_start = bool(self._names)
        self._after_label = False
        self._said = False

    def feed(self, text: str) -> str:
        """The part of the answer that is known to be the character's own now."""
        if self.ended or not text:
            return ""
        if not self._at_start and "\n" not in text:
            return text
        if not self._names:
            return text
        return self._read(text, last=False)

    def rest(self) -> str:
        """What is still held back when the answer has ended."""
        if self.ended or not self._names:
            return ""
        return self._read("", last=True)

    def _read(self, text: str, *, last: bool) -> str:
        said: list[str] = []
        text = self._line + text
        self._line = ""
        place = 0
        while place < len(text) or (last and self._blank):
            if not self._at_start:
                end = text.find("\n", place)
                if end < 0:
                    said.append(text[place:])
                    break
                said.append(text[place:end])
                place = end
                self._at_start = True
            if self._after_label:
                place = _skip(text, place, _SPACES)
                if place == len(text):
                    break
                self._after_label = False
            line = _skip(text, place, _BLANK)
            if line > place:
                self._blank.append(text[place:line])
            place = line
            if place == len(text):
                if last:
                    said += self._blank
                    self._blank.clear()
                break
            if self._others is not None and self._others.match(text, place):
                self.ended = True
                self._blank.clear()
                break
            if self._own is not None and (match := self._own.match(text, place)):
                if match.end() == len(text) and not last:
                    self._line = text[place:]  # the label may have another character
                    break
                # The white space before the label stays, but for the one at the beginning.
                place = match.end()
                if not self._said:
                    self._blank.clear()
                self._after_label = True
                continue
            if not last and self._may_be_label(text[place : place + self._most]):
                self._line = text[place:]
                break
            said += self._blank
            self._blank.clear()
            self._at_start = False
            self._said = True
        return "".join(said)

    def _may_be_label(self, line: str) -> bool:
        if "\n" in line or len(line) >= self._most:
            return False
        bare = line.lstrip(' \t>"“*_[(<#').lower()
        for name in self._names:
            if name.startswith(bare):
                return True
            if bare.startswith(name) and _MAY_FOLLOW.fullmatch(bare, len(name)):
                return True
        return False


_BLANK = re.compile(r"\s*")
_SPACES = re.compile(r"[ \t]*")
_MAY_FOLLOW = re.compile(
    r"[ \t\"”*_\])>]{0,8}(?:\([^()\n]{0,60}(?:\)[ \t*_]{0,4})?)?[:：]?[*_]{0,3}"
)


def _clean(names: Iterable[str]) -> list[str]:
    # dict, not set: the order stays the one that was given.
    return list(dict.fromkeys(name.strip().lower() for name in names if name.strip()))


def _label(names: list[str]) -> re.Pattern[str] | None:
    """The label of any of these at the beginning of a line, with usual decorations."""
    if not names:
        return None
    any_name = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(f"{_BEFORE}(?:{any_name}){_AFTER}", re.IGNORECASE)


def _skip(text: str, place: int, blank: re.Pattern[str]) -> int:
    """The place of the first character that is not blank."""
    match = blank.match(text, place)
    return place if match is None else match.end()
