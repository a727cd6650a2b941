"""Who may see what: the one rule, asked by prompts, the page, exports, search and other tools.

An audience says for whom something is meant; a viewer is somebody who looks. The game master sees
everything, everybody sees what is public, the party and each of its characters see what the party
knows, and those who are named, themselves or by a group, see what they are named for. Nothing else
decides; what forgets to say for whom it is meant is the game master's alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

AudienceKind = Literal["gm", "party", "some", "public"]


@dataclass(frozen=True, slots=True)
class Audience:
    """For whom something is meant. `npcs` and `characters` are ids and `groups` the folded names
    of groups: those named, for ``some`` alone and for ``party`` besides the party."""

    kind: AudienceKind = "gm"
    npcs: frozenset[str] = frozenset()
    characters: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: the game master, an NPC, a player's character, the party as a whole, or anybody.

    `id` is that of the NPC or character, `groups` the folded names of the groups it belongs to.
    """

    kind: Literal["gm", "npc", "character", "party", "public"]
    id: str = ""
    groups: frozenset[str] = frozenset()


GM_ONLY = Audience("gm")
PUBLIC = Audience("public")


def may_see(viewer: Viewer, audience: Audience) -> bool:
    """Whether this viewer may see what is meant for this audience."""
    if viewer.kind == "gm" or audience.kind == "public":
        return True
    if audience.kind not in ("party", "some"):
        return False
    if audience.kind == "party" and viewer.kind in ("party", "character"):
        return True
    named = {"npc": audience.npcs, "character": audience.characters}.get(viewer.kind, frozenset())
    return viewer.id in named or not viewer.groups.isdisjoint(audience.groups)
