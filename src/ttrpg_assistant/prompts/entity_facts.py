"""What is said of one thing of a campaign, and who at the table knows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

EntityKind = Literal[
    "campaign",
    "npc",
    "location",
    "plot_point",
    "game_session",
    "note",
    "event",
    "house_rule",
    "message",
    "summary",
]

Why = Literal["subject", "mentioned", "present", "recent", "summary", "recalled"]
"""Why a fact is in the prompt: the talk is about it; it is named in the new message or in
recent talk; it takes part in the running game session; it was used lately; it is part of
the campaign's summary; it was said long ago and bears on the new message."""


AudienceKind = Literal["gm", "npcs", "group", "public"]


@dataclass(frozen=True, slots=True)
class Audience:
    """Who at the table's other side knows a fact.

    `npc_ids` counts for kind ``npcs``, `group` for kind ``group``. The game master and the
    talk about an NPC always see everything.
    """

    kind: AudienceKind = "gm"
    npc_ids: frozenset[str] = frozenset()
    group: str = ""

    def admits(self, npc_id: str, groups: Iterable[str] = ()) -> bool:
        """Whether this NPC, member of these groups, knows it."""
        if self.kind == "public":
            return True
        if self.kind == "npcs":
            return npc_id in self.npc_ids
        if self.kind == "group":
            return self.group in set(groups)
        return False


GM_ONLY = Audience("gm")
PUBLIC = Audience("public")


@dataclass(frozen=True, slots=True)
class FactLine:
    """One labelled value: ``FactLine("Disposition", "wary of strangers")``.

    `audience` narrows the audience of the thing the line belongs to; None keeps it.
    """

    label: str
    value: str
    audience: Audience | None = None


@dataclass(frozen=True, slots=True)
class EntityFact:
    """What is said of one thing: a short summary line or its fuller sheet.

    The audience is GM only unless said otherwise, so that forgetting it leaks nothing.
    """

    kind: EntityKind
    id: str
    name: str
    lines: tuple[FactLine, ...] = ()
    audience: Audience = GM_ONLY
    why: Why = "summary"
    is_lasting: bool = True
    """False where only the question brought it in: it then goes with the question."""
    status: str = ""
    """Of a plot point: `idea`, `prepped`, `happened` or `retconned`."""
