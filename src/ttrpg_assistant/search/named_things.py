"""What a question names, with every way in which talk names it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection

from ttrpg_assistant.builtin.naming import NAMES_NOTHING
from ttrpg_assistant.builtin.words import STOP_WORDS, list_words_in
from ttrpg_assistant.campaigns.kinds.character import KIND as CHARACTER
from ttrpg_assistant.campaigns.kinds.npc import KIND as NPC
from ttrpg_assistant.campaigns.mentions import EntityRef
from ttrpg_assistant.campaigns.name_indexes import Names
from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.store import prompt_reading as reading
from ttrpg_assistant.campaigns.store.entities import find_entity
from ttrpg_assistant.campaigns.store.prompt_reading import CampaignNames
from ttrpg_assistant.search.campaign_question import spell_name
from ttrpg_assistant.search.model import Term

MOST_NAMED = 6
_PEOPLE = frozenset({NPC.name, CHARACTER.name})
_SHORTEST_FIRST_NAME = 3


@dataclass(frozen=True, slots=True)
class NamedThing:
    """A thing that the question names, and every way to name it."""

    ref: EntityRef
    name: str
    terms: tuple[Term, ...]


def find_named_things(
    tx: Connection, names: Names, campaign_id: str, question: str
) -> list[NamedThing]:
    """What the question names, by whole names or by first names that only one person has."""
    firsts = _list_first_names(reading.list_names(tx, campaign_id))
    refs: dict[EntityRef, None] = {}
    for mention in names.index.find_mentions(question):
        refs.update(dict.fromkeys(mention.refs))
    for word in list_words_in(question):
        if (ref := firsts.get(word.removesuffix("'s").removesuffix("’s"))) is not None:
            refs[ref] = None
    called = {ref: word for word, ref in firsts.items()}
    found = []
    for ref in list(refs)[:MOST_NAMED]:
        thing = find_entity(tx, KINDS[ref.kind], ref.id)
        if thing is None:
            continue
        name = getattr(thing, KINDS[ref.kind].name_field)
        spoken = (name, *getattr(thing, "aliases", ()), called.get(ref, ""))
        terms = tuple(dict.fromkeys(term for one in spoken if (term := spell_name(one))))
        if terms:
            found.append(NamedThing(ref, name, terms))
    return found


def _list_first_names(listed: CampaignNames) -> dict[str, EntityRef]:
    """The first names of people, folded, that nothing else in the campaign is called by."""
    owners: dict[str, set[EntityRef]] = defaultdict(set)
    people: dict[str, EntityRef] = {}
    for ref, name in listed.list_names():
        first, *more = name.split(" ")
        owners[first].add(ref)
        is_name = len(first) >= _SHORTEST_FIRST_NAME and first not in STOP_WORDS | NAMES_NOTHING
        if more and is_name and ref.kind in _PEOPLE:
            people[first] = ref
    return {first: ref for first, ref in people.items() if len(owners[first]) == 1}
