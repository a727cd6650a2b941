"""A made-up campaign of any size, written past the store. Everything comes from `filled.SEED`."""

from __future__ import annotations

import json
from typing import Any

from bench.filled import Filler
from ttrpg_assistant.campaigns.registry import list_things
from ttrpg_assistant.ids import utc_now

_MOMENT = utc_now()
PROSE = (10, 80)


def add_campaign(filler: Filler, entities: int) -> tuple[str, list[str]]:
    """A campaign of so many NPCs, locations and plot points (5 : 3 : 2); its id and names."""
    campaign_id = filler.make_id()
    filler.add_rows(
        "campaigns",
        [
            {
                "id": campaign_id,
                "name": "The Long Road",
                "system": "Any",
                "setting": filler.make_text(PROSE),
                "description": filler.make_text(PROSE),
                "world_state": "{}",
                "house_rules": "{}",
                "gm_notes": filler.make_text(PROSE),
                "search_names": "the long road",
                "names_stamp": filler.make_id(),
                **_kept(),
            }
        ],
    )
    names = [f"{filler.make_name()} {filler.make_name()} {n}".title() for n in range(entities)]
    npcs, places = entities * 5 // 10, entities * 3 // 10
    filler.add_rows("npcs", (_npc(filler, campaign_id, name) for name in names[:npcs]))
    filler.add_rows(
        "locations", (_location(filler, campaign_id, name) for name in names[npcs : npcs + places])
    )
    filler.add_rows(
        "plot_points", (_plot_point(filler, campaign_id, name) for name in names[npcs + places :])
    )
    return campaign_id, names


def add_world(filler: Filler, count: int) -> tuple[str, list[str]]:
    """A campaign of so many things of all kinds, with as many relations and facts; its id and
    names. Every tenth relation is one of the first thing's."""
    campaign_id, names = add_campaign(filler, count // 2)
    kinds = [kind.name for kind in list_things() if kind.table.name == "things"]
    more = [f"{filler.make_name()} {filler.make_name()} {n}".title() for n in range(count // 2)]
    filler.add_rows(
        "things",
        (
            _thing(filler, campaign_id, kinds[number % len(kinds)], name)
            for number, name in enumerate(more)
        ),
    )
    ends = filler.list_things(campaign_id)
    filler.add_rows(
        "relations",
        (
            _relation(
                filler,
                campaign_id,
                ends[0 if number % 10 == 0 else number % len(ends)],
                ends[(number * 7 + 1) % len(ends)],
            )
            for number in range(count)
        ),
    )
    filler.add_rows("known_facts", (_fact(filler, campaign_id, names) for _ in range(count)))
    return campaign_id, [*names, *more]


def _thing(filler: Filler, campaign_id: str, kind: str, name: str) -> dict[str, Any]:
    text = filler.make_text(PROSE)
    return {
        "id": filler.make_id(),
        "campaign_id": campaign_id,
        "entity_kind": kind,
        "name": name,
        "aliases": "[]",
        "tags": "[]",
        "audience": "public",
        "known_to": "[]",
        "is_present": 0,
        "more": json.dumps({"description": text, "gm_notes": filler.make_text(PROSE)}),
        "last_used_at": _MOMENT,
        "search_names": name.lower(),
        "search_text": text,
        **_kept(),
    }


def _relation(
    filler: Filler, campaign_id: str, one: tuple[str, str], to: tuple[str, str]
) -> dict[str, Any]:
    return {
        "id": filler.make_id(),
        "campaign_id": campaign_id,
        "from_kind": one[0],
        "from_id": one[1],
        "to_kind": to[0],
        "to_id": to[1],
        "label": filler.make_text((2, 6)),
        "attitude": 1,
        "audience": "public",
        "known_to": "[]",
        "note": filler.make_text((0, 10)),
        **_kept(),
    }


def _fact(filler: Filler, campaign_id: str, names: list[str]) -> dict[str, Any]:
    text = f"{filler.pick(names)}: {filler.make_text((5, 20))}"
    return {
        "id": filler.make_id(),
        "campaign_id": campaign_id,
        "text": text,
        "search_text": text.lower(),
        "audience": "public",
        **_kept(),
    }


def _kept() -> dict[str, Any]:
    return {"revision": 1, "created_at": _MOMENT, "updated_at": _MOMENT}


def _npc(filler: Filler, campaign_id: str, name: str) -> dict[str, Any]:
    return {
        "id": filler.make_id(),
        "campaign_id": campaign_id,
        "name": name,
        "aliases": f'["{name.split()[0]} the Tall"]',
        "role": filler.make_text((2, 4)),
        **{
            field: filler.make_text(PROSE)
            for field in ("background", "personality", "appearance", "speaking_style")
        },
        **dict.fromkeys(("sample_lines", "mannerisms", "never_says", "voice_card"), "[]"),
        "motivations": filler.make_text(PROSE),
        "connections": "[]",
        "status": "alive",
        "is_present": 0,
        "groups": "[]",
        "group_keys": "",
        "secrets": "[]",
        "gm_notes": filler.make_text(PROSE),
        "last_used_at": _MOMENT,
        "search_names": f"{name.lower()}\n{name.split()[0].lower()} the tall",
        **_kept(),
    }


def _location(filler: Filler, campaign_id: str, name: str) -> dict[str, Any]:
    return {
        "id": filler.make_id(),
        "campaign_id": campaign_id,
        "name": name,
        "aliases": "[]",
        "kind": "town",
        "description": filler.make_text(PROSE),
        "features": "[]",
        "is_present": 0,
        "secrets": "[]",
        "gm_notes": filler.make_text(PROSE),
        "last_used_at": _MOMENT,
        "search_names": name.lower(),
        **_kept(),
    }


def _plot_point(filler: Filler, campaign_id: str, name: str) -> dict[str, Any]:
    return {
        "id": filler.make_id(),
        "campaign_id": campaign_id,
        "title": name,
        "description": filler.make_text(PROSE),
        "status": "prepped",
        "is_open": 1,
        "audience": "gm",
        "gm_notes": filler.make_text(PROSE),
        "related": "[]",
        "last_used_at": _MOMENT,
        "search_names": name.lower(),
        **_kept(),
    }
