"""What is in a campaign already: by its names, and as it is now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.campaigns.registry import KINDS, get_kind
from ttrpg_assistant.campaigns.store.entities import find_entity, is_live, read_value
from ttrpg_assistant.campaigns.tables import known_facts, relations
from ttrpg_assistant.imports.store.sources import Source, find_by_source_ids

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class KnownNames:
    """The live things of a campaign, by kind and folded name: those whose name it is, and those
    that are also called so. `sources` are what earlier imports brought, by what the other program
    calls it, `own` the kinds of those that files say they are, by id."""

    by_name: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    by_alias: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    sources: dict[str, list[Source]] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)


def read_known_names(
    tx: Connection, campaign_id: str, kinds: Iterable[str], source_ids: Iterable[str]
) -> KnownNames:
    """The names of the campaign's things of these kinds, and the sources of these ids."""
    known = KnownNames(sources=find_by_source_ids(tx, campaign_id, source_ids))
    for kind_name in dict.fromkeys(kinds):
        table, own = get_kind(kind_name).table, get_kind(kind_name).is_of_kind
        query = select(table.c.id, table.c.search_names).where(
            table.c.campaign_id == campaign_id, is_live(table), *own
        )
        for id, names in tx.execute(query.order_by(table.c.id)):
            name, *aliases = str(names).split("\n")
            known.by_name.setdefault((kind_name, name), []).append(id)
            for alias in aliases:
                known.by_alias.setdefault((kind_name, alias), []).append(id)
    return known


def find_own(tx: Connection, campaign_id: str, ids: Iterable[str]) -> dict[str, str]:
    """The kinds of those of these ids that are live things of the campaign, by id."""
    wanted = sorted({one for one in ids if one})
    found: dict[str, str] = {}
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        for kind in KINDS.values():
            if kind.name == "campaign":
                continue
            query = select(kind.table.c.id).where(
                kind.table.c.id.in_(part),
                kind.table.c.campaign_id == campaign_id,
                is_live(kind.table),
                *kind.is_of_kind,
            )
            found |= {str(id): kind.name for id in tx.execute(query).scalars()}
    return found


def read_things(
    tx: Connection, campaign_id: str, kind_name: str, ids: Iterable[str]
) -> dict[str, Any]:
    """These things of the campaign as they are now, by id; those that are gone are left out."""
    kind = get_kind(kind_name)
    wanted, found = sorted(set(ids)), {}
    for start in range(0, len(wanted), AT_ONCE):
        query = select(*kind.columns).where(
            kind.table.c.id.in_(wanted[start : start + AT_ONCE]),
            kind.table.c.campaign_id == campaign_id,
            is_live(kind.table),
            *kind.is_of_kind,
        )
        for row in tx.execute(query).mappings():
            found[str(row["id"])] = read_value(kind, row)
    return found


def find_thing(tx: Connection, campaign_id: str | None, kind_name: str, id: str) -> Any:
    """The thing of the campaign as it is now, or None."""
    found: Any = find_entity(tx, get_kind(kind_name), id)
    return found if found is not None and found.campaign_id == campaign_id else None


def fold_fact(text: str) -> str:
    """The words of a fact, however they are spaced."""
    return " ".join(fold(text).split())


def list_fact_texts(tx: Connection, campaign_id: str) -> dict[str, str]:
    """The ids of the campaign's live facts, by their folded text."""
    query = select(known_facts.c.search_text, known_facts.c.id).where(
        known_facts.c.campaign_id == campaign_id, known_facts.c.removed_at.is_(None)
    )
    return {fold_fact(text): id for text, id in tx.execute(query)}


def list_relation_ends(tx: Connection, campaign_id: str) -> dict[tuple[str, str, str], str]:
    """The ids of the campaign's live relations, by both ends and the folded label."""
    c = relations.c
    query = select(c.from_id, c.to_id, c.label, c.id).where(
        c.campaign_id == campaign_id, c.removed_at.is_(None)
    )
    return {(row[0], row[1], fold(row[2])): row[3] for row in tx.execute(query)}
