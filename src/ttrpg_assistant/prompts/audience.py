"""Who may see what: the one rule, asked by prompts, the page, exports, search and other tools.

An audience says for whom something is meant; a viewer is somebody who looks. The game master sees
everything, everybody sees what is public, the party and each of its characters see what the party
knows, and those who are named, themselves or by a group, see what they are named for. Nothing else
decides; what forgets to say for whom it is meant is the game master's alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

AudienceKind = Literal["gm", "party", "some", "public"]
ViewerKind = Literal["gm", "npc", "character", "party", "public"]


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

    kind: ViewerKind
    id: str = ""
    groups: frozenset[str] = frozenset()


GM_ONLY = Audience("gm")
PUBLIC = Audience("public")
GM = Viewer("gm")
ANYBODY = Viewer("public")
PARTY = Viewer("party")
"""The players as a group: who reads what is printed or told for them."""


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


def is_gm_only(audience: Audience | None) -> bool:
    """Whether it is meant for the game master alone. None says nothing of its own."""
    return audience is not None and audience.kind == "gm"


@dataclass(frozen=True, slots=True)
class AdmittingKinds:
    """The kinds of audience that admit a viewer: `unnamed` in any case, `named` where they name
    it, itself or by a group."""

    unnamed: frozenset[AudienceKind]
    named: frozenset[AudienceKind]


def list_admitting_kinds(viewer: Viewer) -> AdmittingKinds:
    """What `may_see` says to this viewer of each kind, for a database that is to choose by it."""
    own = frozenset({viewer.id})
    kinds: tuple[AudienceKind, ...] = get_args(AudienceKind)
    unnamed = frozenset(kind for kind in kinds if may_see(viewer, Audience(kind)))
    named = frozenset(
        kind for kind in kinds if may_see(viewer, Audience(kind, own, own, viewer.groups))
    )
    return AdmittingKinds(unnamed, named - unnamed)
