"""The NPCs of a scene: what they are called, and whom of them some words address."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.mentions import EntityRef, NameIndex
from ttrpg_assistant.campaigns.model import Npc
from ttrpg_assistant.campaigns.name_indexes import NameIndexes
from ttrpg_assistant.campaigns.store.entities import find_entity

SHORTEST_PART = 3
"""Characters of a part of a name that calls its bearer: "Brandt", but not "of"."""

_PART = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


class CampaignCast:
    """Looks up who takes part, and what of a campaign is named."""

    def __init__(self, names: NameIndexes | None = None) -> None:
        self._names = names or NameIndexes()

    def name_npcs(self, tx: Connection, npc_ids: Sequence[str]) -> Mapping[str, str]:
        """The names of those that are there, in the order asked; removed ones are left out."""
        return {npc.id: npc.name for npc in _list(tx, npc_ids)}

    def find_addressed(self, tx: Connection, npc_ids: Sequence[str], text: str) -> list[str]:
        """Whom of these the text names, in the order of naming.

        A part of a name ("Brandt", "Captain") counts when nobody else here bears it, and when
        it is written as a name is: a capital for a capital.
        """
        npcs = _list(tx, npc_ids)
        whole = {fold(name) for npc in npcs for name in (npc.name, *npc.aliases)}
        index = NameIndex((EntityRef("npc", npc.id), name) for npc, name in _calls(npcs))
        found: dict[str, None] = {}
        for mention in index.find_mentions(text):
            words = text[mention.start : mention.end]
            if len(mention.refs) == 1 and (fold(words) in whole or not words[:1].islower()):
                found[mention.refs[0].id] = None
        return list(found)

    def list_names_said(
        self, tx: Connection, campaign_id: str, texts: Sequence[str]
    ) -> Mapping[str, int]:
        """The names of the campaign's things that the texts say, spelled as they are there, and
        how often each is said."""
        names = self._names.find(tx, campaign_id)
        if names is None:
            return {}
        return Counter(
            text[mention.start : mention.end]
            for text in texts
            for mention in names.index.find_mentions(text)
        )


def _list(tx: Connection, npc_ids: Sequence[str]) -> list[Npc]:
    found = (find_entity(tx, NPC, npc_id) for npc_id in npc_ids)
    return [npc for npc in found if npc is not None]


def _calls(npcs: Sequence[Npc]) -> Iterator[tuple[Npc, str]]:
    """Every NPC with each way to call it."""
    parts = {npc.id: set(_PART.findall(npc.name)) for npc in npcs}
    bearers = Counter(fold(part) for own in parts.values() for part in own)
    for npc in npcs:
        yield npc, npc.name
        for alias in npc.aliases:
            yield npc, alias
        for part in parts[npc.id]:
            if len(part) >= SHORTEST_PART and bearers[fold(part)] == 1:
                yield npc, part
