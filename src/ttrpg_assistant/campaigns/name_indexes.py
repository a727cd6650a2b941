"""The names of a campaign, ready to be found in talk; kept for the campaigns used lately."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.mentions import EntityRef, Known, NameIndex
from ttrpg_assistant.campaigns.model import KindName
from ttrpg_assistant.campaigns.store import prompt_reading as reading
from ttrpg_assistant.campaigns.store.prompt_reading import CampaignNames

CACHED_CAMPAIGNS = 8
MOST_TEXT = 40_000
"""Characters of talk that are searched for names, the newest first."""
MOST_CHANGED = 200
"""Things renamed, added or removed before the index of names is built anew."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names as of a stamp. `whole` are those that the automaton under `index` was built of."""

    stamp: str
    index: NameIndex
    counts: dict[KindName, int]
    whole: CampaignNames


class NameIndexes:
    """The name indexes of the campaigns used lately. Safe across threads."""

    def __init__(self) -> None:
        self._names: OrderedDict[str, Names] = OrderedDict()
        self._lock = Lock()

    def find(self, tx: Connection, campaign_id: str) -> Names | None:
        """The names as they are now; None without such a campaign."""
        stamp = reading.find_names_stamp(tx, campaign_id)
        if stamp is None:
            return None
        with self._lock:
            kept = self._names.get(campaign_id)
            if kept is not None and kept.stamp == stamp:
                self._names.move_to_end(campaign_id)
                return kept
        made = _index_names(stamp, reading.list_names(tx, campaign_id), kept)
        with self._lock:
            self._names[campaign_id] = made
            self._names.move_to_end(campaign_id)
            while len(self._names) > CACHED_CAMPAIGNS:
                self._names.popitem(last=False)
        return made


def _index_names(stamp: str, listed: CampaignNames, kept: Names | None) -> Names:
    """The index for the names as they are: a few changes are laid over the one that is kept,
    because building it takes a tenth of a second for ten thousand names."""
    changed = listed.find_changed(kept.whole) if kept is not None else set()
    if kept is None or len(changed) > MOST_CHANGED:
        index = NameIndex(listed.list_names(), folded=True)
        return Names(stamp, index, listed.counts, listed)
    index = kept.index.replaced(changed, listed.list_names(changed))
    return Names(stamp, index, listed.counts, kept.whole)


def find_named(
    index: NameIndex, texts: Iterable[str], known: Known | None = None
) -> tuple[EntityRef, ...]:
    """What these texts name, in their order: the newest text first; where `known` says who has
    been heard of, as if there were no others."""
    found: dict[EntityRef, None] = {}
    room = MOST_TEXT
    for text in texts:
        for mention in index.find_mentions(text[:room], known):
            found.update(dict.fromkeys(mention.refs))
        room -= len(text)
        if room <= 0:
            break
    return tuple(found)
