"""How the campaign and its NPCs are named where other programs choose a model.

`gm/<campaign>` is the assistant, `npc/<campaign>/<npc>` an NPC. Each part is an id, or the name in
small letters with hyphens; where two NPCs would be spelled alike, their ids are listed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ttrpg_assistant.campaigns.folding import fold

_BETWEEN = re.compile(r"[\W_]+")
LONGEST = 300
"""Characters of a model's name. No name of ours is longer."""


@dataclass(frozen=True, slots=True)
class NamedNpc:
    """An NPC that may be talked to."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who answers: the assistant, or an NPC. `model` is how it was asked for."""

    kind: Literal["gm", "npc"]
    model: str
    npc: NamedNpc | None = None


def spell_name(name: str) -> str:
    """A name as part of a model's name: folded, words joined by hyphens."""
    return _BETWEEN.sub("-", fold(name)).strip("-")


def list_names(campaign_name: str, campaign_id: str, npcs: Sequence[NamedNpc]) -> dict[str, str]:
    """The model's name for each NPC, by its id."""
    spelled = {npc.id: spell_name(npc.name) for npc in npcs}
    counts = Counter(spelled.values())
    head = spell_name(campaign_name) or campaign_id
    return {
        npc.id: f"npc/{head}/{spelled[npc.id] if _is_own(spelled[npc.id], counts) else npc.id}"
        for npc in npcs
    }


def _is_own(name: str, counts: Counter[str]) -> bool:
    return bool(name) and counts[name] == 1


def find_speaker(
    model: str, campaign_id: str, campaign_name: str, npcs: Sequence[NamedNpc]
) -> Speaker | None:
    """Who is meant by a model's name, or None. All NPCs are compared, whichever is meant."""
    kind, _, rest = model.partition("/")
    campaign, _, npc = rest.partition("/")
    own = (campaign_id, spell_name(campaign_name))
    is_here = bool(campaign) and campaign.strip().casefold() in own
    wanted = npc.strip().casefold()
    meant = [one for one in npcs if wanted and wanted in (one.id, spell_name(one.name))]
    if kind == "gm" and is_here and not npc:
        return Speaker("gm", model)
    if kind == "npc" and is_here and len(meant) == 1:
        return Speaker("npc", model, meant[0])
    return None
