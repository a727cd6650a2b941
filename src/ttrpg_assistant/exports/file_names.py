"""Names of files and folders that every system can keep: Windows, macOS and Linux. Pure.

Two names are the same file where only their case or the composition of their letters differs, so
that is how collisions are found; Windows keeps some names for devices, ends none with a dot or a
space, and takes short paths only.
"""

from __future__ import annotations

import re
import unicodedata

from ttrpg_assistant.characters import cut_text

LONGEST_BYTES = 100
"""Of one name in UTF-8, without its ending: with a folder and a numbering it stays far below what
any system takes."""

UNNAMED = "Unnamed"

_REFUSED = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u2028\u2029\ufeff]+')
_LINK_MARKS = re.compile(r"[\[\]#^]+")
"""What ends or splits a link in notes."""
_SPACES = re.compile(r"\s+")
_DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\Z", re.IGNORECASE)


def spell_file_name(name: str) -> str:
    """The name as a file can have it, without an ending. Never empty, never a device, no path."""
    spelled = unicodedata.normalize("NFC", _REFUSED.sub(" ", name[:1_000]))
    spelled = _SPACES.sub(" ", _LINK_MARKS.sub(" ", spelled))
    spelled = _cut_bytes(spelled.strip(" .")).strip(" .")
    if not spelled:
        return UNNAMED
    first, dot, rest = spelled.partition(".")
    return f"{first}_{dot}{rest}" if _DEVICES.match(first.strip()) else spelled


def _cut_bytes(text: str) -> str:
    while len(text.encode()) > LONGEST_BYTES:
        over = len(text.encode()) - LONGEST_BYTES
        shorter = cut_text(text, len(text) - max(1, over // 4))
        # What is seen as one character may be longer than a name may be.
        text = shorter if 0 < len(shorter) < len(text) else text[:-1]
    return text


class FileNames:
    """Gives each thing a name that no other has, wherever the files are put together."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def add(self, name: str, note: str = "") -> str:
        """A free name: with `note` in brackets where the plain one is taken, then numbered."""
        spelled = spell_file_name(name)
        if note and _key(spelled) in self._taken:
            spelled = spell_file_name(f"{cut_text(spelled, 60)} ({note})")
        chosen, number = spelled, self._taken.get(_key(spelled), 0)
        while _key(chosen) in self._taken:
            number += 1
            chosen = f"{spelled} {number + 1}"
        self._taken[_key(spelled)] = number
        self._taken.setdefault(_key(chosen), 0)
        return chosen


def _key(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
