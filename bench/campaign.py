"""A made-up campaign of any size, written past the store. Everything comes from `filled.SEED`."""

from __future__ import annotations

from typing import Any

from bench.filled import Filler
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
