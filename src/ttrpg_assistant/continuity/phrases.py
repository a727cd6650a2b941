"""Kinds of phrases as one pattern: a line of the text for each kind, with names for the groups of
words that many of them share. They are matched in what `spell_plainly` gives. Pure; English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from ttrpg_assistant.continuity.sentences import MOST_CHARACTERS

PARTS = {
    "NUMBER": r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|a few|some)",
    "OBJ": r"(?:WHO|you|him|her|them|us|me|everyone|everybody)",
    "OWN": r"(?:my|our|your|his|her|their|its|WHO's)",
    "THE": r"(?:the|an?|this|that|these|those|some|my|our|your|his|her|their|its|WHO's|PLACE's)",
    "WHOM": (
        r"(?:to )?(?:WHO|me|us|you|him|her|them|everybody|everyone"
        r"|(?:the|our|his|her|their|an?|every|old|young) (?:\w+ ){0,2}\w+)"
    ),
    "PARTY": (
        r"(?:they|we|(?:the |our |my )?(?:\w+ )?(?:party|group|gang|crew|team|company|band|lot"
        r"|table|posse|squad|hands)"
        r"|(?:the |our |my )?(?:players|pcs|heroes|adventurers|investigators|boys|girls|kids"
        r"|children|friends|characters|companions)"
        r"|everyone|everybody|you (?:guys|all|lot)|y'all)"
    ),
    "NOBODY": (
        r"(?:nobody|no one|noone|no-one|none(?: of (?:them|us|you|the \w+))?|none among \w+"
        r"|not (?:a |one|a one|a single one)(?: of (?:them|us))?|no (?:living )?(?:soul|player|pc)"
        r"|neither of them|not a soul)"
    ),
    "WILL": r"(?:will|would|shall|(?:am|is|are|was|were) going to)",
    "FEW": r"(?:\w+(?:'s)? ){0,3}",
}


class Phrases:
    """Kinds of phrases, one to a line of the text, each in whole words. `{NAME}` in a line is that
    of `PARTS`, or of `more`; a line that is set in further goes on with the one before it.

    Put together when first asked: most of what starts never reads a campaign."""

    def __init__(self, text: str, **more: str) -> None:
        self._text, self._parts = text, PARTS | more

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """One pattern of all lines."""
        kinds: list[str] = []
        lines = [line for line in self._text.splitlines() if line.strip()]
        margin = min(len(line) - len(line.lstrip()) for line in lines)
        for line in lines:
            if line[margin] == " ":
                kinds[-1] += line.strip()
            else:
                kinds.append(line.strip())
        whole = "|".join(kinds)
        for name, words in self._parts.items():
            whole = whole.replace(f"{{{name}}}", words)
        return re.compile(rf"(?<!\w)(?:{whole})(?!\w)")

    def find(self, plain: str, at: int = 0, end: int = MOST_CHARACTERS) -> re.Match[str] | None:
        """The first of them from this place on."""
        return self.pattern.search(plain, at, end)

    def find_all(self, plain: str) -> Iterator[re.Match[str]]:
        """Each of them, in order."""
        return self.pattern.finditer(plain)

    def is_in(self, plain: str, at: int = 0) -> bool:
        """Whether one of them is there, from this place on."""
        return self.pattern.search(plain, at) is not None

    def is_at(self, plain: str, at: int) -> bool:
        """Whether one of them begins at this place."""
        return self.pattern.match(plain, at) is not None
