"""Creatures of Open5e and the SRD arrive with stat blocks whose numbers are found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.imports.sent_files import read, send, send_json, words_of
from ttrpg_assistant.campaigns.stat_blocks import read_stat_block
from ttrpg_assistant.imports.formats.creatures import FORMAT

SIX = ("strength", "dexterity", "constitution", "intelligence", "wisdom", "charisma")
SCORES = dict(zip(SIX, (8, 14, 10, 10, 8, 8), strict=True))
BITE = {"name": "Bite", "desc": "Melee: +4 to hit, 5 ft. Hit: 5 (1d6 + 2) piercing."}
FIRST: dict[str, Any] = {
    "slug": "mud-rat",
    "name": "Mud Rat",
    "size": "Small",
    "type": "beast",
    "alignment": "unaligned",
    "armor_class": 15,
    "armor_desc": "hide",
    "hit_points": 7,
    "hit_dice": "2d6",
    "speed": {"walk": 30, "swim": 20},
    **SCORES,
    "dexterity_save": 4,
    "skills": {"stealth": 6},
    "senses": "darkvision 60 ft.",
    "challenge_rating": "1/4",
    "actions": [BITE],
    "document__title": "Systems Reference Document",
    "environments": ["Swamp"],
}
SECOND: dict[str, Any] = {
    "key": "srd_mud-rat",
    "name": "Mud Rat",
    "document": {"name": "System Reference Document 5.1"},
    "type": {"name": "Beast"},
    "size": {"name": "Small"},
    "challenge_rating": 0.25,
    "armor_class": 15,
    "armor_detail": "hide",
    "hit_points": 7,
    "hit_dice": "2d6",
    "speed": {"walk": 30.0, "unit": "feet", "swim": 20.0, "fly": 0},
    "ability_scores": SCORES,
    "modifiers": dict.fromkeys(SIX, 0),
    "saving_throws": {"dexterity": 4},
    "skill_bonuses": {"stealth": 6},
    "languages": {"as_string": "", "data": []},
    "resistances_and_immunities": {"damage_resistances_display": "cold"},
    "actions": [BITE | {"attacks": [{"to_hit_mod": 4}], "action_type": "ACTION"}],
    "environments": [{"name": "Swamp"}],
}
THIRD: dict[str, Any] = {
    "index": "mud-rat",
    "name": "Mud Rat",
    "size": "Small",
    "type": "beast",
    "armor_class": [{"type": "natural", "value": 15}],
    "hit_points": 7,
    "hit_dice": "2d6",
    "speed": {"walk": "30 ft.", "swim": "20 ft."},
    **SCORES,
    "challenge_rating": 0.25,
    "actions": [BITE],
}


@pytest.mark.parametrize(
    "value",
    [FIRST, {"count": 1, "results": [SECOND]}, [THIRD], [{"pk": "x", "fields": SECOND}]],
    ids=["first version", "second version", "srd", "fixture"],
)
def test_a_creature_has_its_numbers_in_every_shape(tmp_path: Path, value: Any) -> None:
    reading = read(FORMAT, send_json(tmp_path, "creatures.json", value))
    (thing,) = reading.things
    assert thing.kind == "creature" and thing.values["audience"] == "gm"
    assert thing.values["type"].lower() == "small beast"
    block = read_stat_block(thing.values["stat_block"])
    found = {one.label: one.value for one in block.stats}
    assert (found["AC"], found["HP"], found["CR"]) == ("15", "7", "1/4")
    assert (found["DEX"], found["Speed"]) == ("14", "30 ft")
    assert {("Bite", "d20+4"), ("Bite", "1d6+2")} <= {(one.label, one.dice) for one in block.rolls}
    assert "swim 20 ft" in thing.values["stat_block"]
    assert thing.source_id in ("mud-rat", "srd_mud-rat")


def test_every_word_of_a_creature_is_used_or_kept_and_told(tmp_path: Path) -> None:
    for value in (FIRST, SECOND, THIRD):
        reading = read(FORMAT, send_json(tmp_path, "c.json", value))
        told = {one.field for one in reading.kept}
        texts = words_of(reading)
        for word in ("swamp", "hide", "cold", "darkvision", "reference", "stealth"):
            if word in json.dumps(value).lower():
                assert word in texts, word
        assert ("environments" in told) == ("environments" in value)


def test_what_is_no_creature_is_not_taken_for_one(tmp_path: Path) -> None:
    others: list[Any] = [
        {"name": "Mira", "description": "A smith", "personality": "dry"},
        {"spec": "chara_card_v2", "data": {"name": "Mira"}},
        {"results": [{"name": "Fireball", "level": 3}]},
        [],
        [1, 2],
        {"name": 7, "hp": 1, "ac": 2, "cr": 3},
    ]
    files = [send_json(tmp_path, f"{at}.json", one) for at, one in enumerate(others)]
    files += [send(tmp_path, "deep.json", '{"a":' * 50_000), send(tmp_path, "t.json", "AC 12")]
    assert [one.name for one in files if FORMAT.recognises([one], b"")] == []
    odd = {"name": "Odd", "ac": [None, {}], "hp": {"a": [1]}, "cr": [], "stats": 3, "speed": [1]}
    odd |= {"actions": [1, None, {"name": []}, {"desc": {}}], "skills": {"a": None}, "traits": "x"}
    assert len(read(FORMAT, send_json(tmp_path, "odd.json", odd)).things) == 1
