"""Documents of Foundry become things: secrets stay secret, programs are never run or kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.imports.sent_files import named, read, send, send_json, words_of
from ttrpg_assistant.campaigns.stat_blocks import read_stat_block
from ttrpg_assistant.imports.formats.foundry import FORMAT

JOURNAL: dict[str, Any] = {
    "name": "Heron's Landing",
    "pages": [
        {
            "name": "GM",
            "type": "text",
            "text": {"format": 2, "markdown": "The *vault*. @UUID[Actor.abc]"},
            "ownership": {"default": 0},
            "sort": 200,
        },
        {
            "name": "What they know",
            "type": "text",
            "text": {
                "format": 1,
                "content": "<p>A port. @UUID[Actor.abc]{Mira}</p>"
                "<section class='secret' id='s'><p>The key is under the bell.</p></section>",
            },
            "ownership": {"default": 2},
            "sort": 100,
        },
    ],
    "ownership": {"default": 0},
    "flags": {"ttrpg-assistant": {"id": "01a2262c", "revision": 3}},
    "_stats": {"coreVersion": "13.351"},
}
SIX = {
    name: {"value": 10 + at} for at, name in enumerate(("str", "dex", "con", "int", "wis", "cha"))
}
ACTOR: dict[str, Any] = {
    "_id": "abc",
    "name": "Mira Vale",
    "type": "npc",
    "img": "tokens/mira.png",
    "system": {
        "abilities": SIX,
        "attributes": {
            "ac": {"calc": "flat", "flat": 12},
            "hp": {"value": 20, "max": 22, "formula": "4d8+4"},
            "movement": {"walk": 30, "swim": 20, "units": "ft"},
        },
        "details": {
            "biography": {"value": "<p>Copied the key.</p>", "public": "<p>A smith.</p>"},
            "cr": 0.25,
            "ideal": "Iron",
        },
    },
    "items": [{"name": "Hammer", "system": {"description": {"value": "<p>+4 to hit, 1d6+2</p>"}}}],
    "prototypeToken": {"actorLink": True},
    "_stats": {},
}
OTHER: dict[str, Any] = {
    "_id": "p1",
    "name": "Goblin",
    "type": "npc",
    "system": {
        "attributes": {"ac": {"value": 16}, "hp": {"value": 6, "max": 6}},
        "details": {"publicNotes": "<p>Small and mean</p>"},
        "saves": {"fortitude": {"value": 5}},
    },
    "items": [],
    "prototypeToken": {"actorLink": False},
}
TABLE: dict[str, Any] = {
    "_id": "t1",
    "name": "Weather",
    "formula": "1d6",
    "description": "<p>By the marsh</p>",
    "results": [
        {"range": [1, 3], "text": "Rain"},
        {"range": [4, 5], "name": "Sun", "description": "<p>hot</p>"},
        {"range": [6, 6], "text": "Rumours", "documentCollection": "RollTable"},
    ],
}


def test_a_journal_keeps_what_players_see_apart_from_what_they_do_not(tmp_path: Path) -> None:
    reading = read(FORMAT, send_json(tmp_path, "journal.json", JOURNAL))
    (thing,) = reading.things
    assert (thing.kind, thing.source_id) == ("handout", "01a2262c")
    assert thing.values["text"] == "## What they know\n\nA port. Mira"
    assert thing.values["gm_notes"] == "## GM\n\nThe *vault*. @UUID[Actor.abc]"
    assert [one["text"] for one in thing.values["secrets"]] == ["The key is under the bell."]
    assert thing.values["audience"] == "gm" and thing.is_for_players
    assert thing.kept["flags"]["ttrpg-assistant"]["revision"] == 3


def test_actors_of_any_system_have_their_numbers_found(tmp_path: Path) -> None:
    reading = read(
        FORMAT,
        send_json(tmp_path, "mira.json", ACTOR),
        send(tmp_path, "old.db", json.dumps(OTHER) + "\n" + json.dumps(ACTOR | {"_id": "2"})),
    )
    first, goblin, _ = reading.things
    assert first.kind == "npc" and first.values["background"] == "A smith."
    assert first.values["gm_notes"].startswith("Copied the key.")
    stats = read_stat_block(first.values["gm_notes"])
    found = {one.label: one.value for one in stats.stats}
    assert found["AC"] == "12" and found["HP"] == "22" and found["CR"] == "1/4"
    assert found["STR"] == "10" and found["Speed"] == "30 ft"
    assert ("Hammer", "d20+4") in {(one.label, one.dice) for one in stats.rolls}
    assert goblin.kind == "creature" and goblin.values["description"] == "Small and mean"
    found = {one.label: one.value for one in read_stat_block(goblin.values["stat_block"]).stats}
    assert (found["AC"], found["HP"]) == ("16", "6")


def test_an_adventure_is_everything_in_it_and_runs_nothing(tmp_path: Path) -> None:
    adventure = {
        "name": "Low Water",
        "description": "<p>For three evenings</p>",
        "folders": [{"_id": "f1", "name": "Places"}],
        "actors": [ACTOR, OTHER, {"no": "name"}, 7],
        "journal": [
            JOURNAL | {"_id": "j1"},
            {"_id": "j2", "name": "The Gull", "folder": "f1", "pages": []},
            {"_id": "j3", "name": "Session 4", "content": "<p>Old page. @Actor[abc]{x}</p>"},
        ],
        "tables": [TABLE],
        "items": [{"_id": "i1", "name": "Key", "type": "loot", "system": {"rarity": "rare"}}],
        "scenes": [{"name": "Map"}],
        "macros": [{"name": "Evil", "command": "steal()"}],
    }
    reading = read(FORMAT, send_json(tmp_path, "adventure.json", adventure))
    things = named(reading)
    assert {name: one.kind for name, one in things.items()} == {
        "Mira Vale": "npc",
        "Goblin": "creature",
        "Heron's Landing": "handout",
        "The Gull": "location",
        "Session 4": "game_session",
        "Weather": "random_table",
        "Key": "item",
        "Low Water": "handout",
    }
    assert things["Weather"].values["entries"] == "1-3 Rain\n4-5 Sun: hot\n6 [[Rumours]]"
    assert things["Weather"].values["dice"] == "d6"
    assert things["Heron's Landing"].values["gm_notes"].endswith("Mira Vale")
    keys = {one.key: one.values.get("name", one.values.get("title")) for one in reading.things}
    assert {(keys[one.from_key], keys[one.to_key]) for one in reading.relations} == {
        ("Heron's Landing", "Mira Vale"),
        ("Session 4", "Mira Vale"),
    }
    assert {one.field for one in reading.ignored} >= {"scenes", "macros"}
    assert "steal" not in words_of(reading)


def test_documents_of_odd_shapes_are_read_or_refused_and_nothing_breaks(tmp_path: Path) -> None:
    odd: list[Any] = [
        JOURNAL | {"pages": [1, {"text": {"content": 7}}, {"ownership": [], "sort": "x"}]},
        JOURNAL | {"ownership": {"default": "x"}, "folder": {"a": 1}},
        ACTOR | {"system": [], "items": {"a": 1}, "prototypeToken": "x"},
        ACTOR | {"system": {"abilities": SIX, "attributes": {"hp": {"max": [1]}, "movement": 3}}},
        TABLE | {"results": [1, {"range": "x"}, {"range": [None, {}], "text": []}], "_id": []},
        {"name": "A", "actors": {}, "journal": [None], "folders": [3], "items": []},
        ACTOR | {"system": json.loads('{"a":' * 60 + "1" + "}" * 60)},
    ]
    for number, document in enumerate(odd):
        file = send_json(tmp_path, f"{number}.json", document)
        if FORMAT.recognises([file], b""):
            try:
                reading = FORMAT.read([file])
            except Exception as fault:
                assert type(fault).__name__ == "InvalidInput", document
            else:
                assert reading.things
    assert not FORMAT.recognises([send(tmp_path, "x.json", "[" * 100_000)], b"")
