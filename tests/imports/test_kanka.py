"""A Kanka export becomes a campaign, and nothing that players must not see becomes open."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.imports.sent_files import named, read, send, words_of, zip_of
from ttrpg_assistant.imports.formats.kanka import FORMAT
from ttrpg_assistant.imports.model import Reading

MIRA: dict[str, Any] = {
    "id": 11,
    "name": "Mira Vale",
    "type": "NPC",
    "title": "smith",
    "age": "41",
    "location_id": 5,
    "is_private": 0,
    "is_personality_visible": 1,
    "characterTraits": [
        {"name": "Hair", "entry": "red", "section_id": 1, "is_private": 0},
        {"name": "Goals", "entry": "gold", "section_id": 2, "is_private": 1},
        {"name": "Brand", "entry": "a key", "section_id": 1, "is_private": 1},
    ],
    "organisationMemberships": [{"organisation_id": 3, "role": "treasurer"}],
    "entity": {
        "id": 76,
        "name": "Mira Vale",
        "entry": "<p>Works at [location:12] for [organisation:80|the guild]. [character:999]</p>",
        "entityTags": [{"tag_id": 2}],
        "entityAttributes": [{"name": "HP", "value": "22"}],
        "posts": [
            {"name": "Rumour", "entry": "<p>She sings.</p>", "visibility_id": 1},
            {"name": "Secret", "entry": "<p>copied the key</p>", "visibility_id": 2},
        ],
        "relationships": [
            {"owner_id": 76, "target_id": 80, "relation": "owes", "attitude": -40},
            {"owner_id": 76, "target_id": 999, "relation": "gone", "attitude": 1},
        ],
        "image_path": "w/1/mira.png",
    },
}
PICTURE = b"\x89PNG\r\n\x1a\n" + b"1" * 10


def _entity(module: str, id: int, entity_id: int, name: str, **more: Any) -> tuple[str, str]:
    entry = more.pop("entry", "")
    document = {"id": id, "name": name, **more, "entity": {"id": entity_id, "entry": entry}}
    return f"{module}/{name.lower()}_{entity_id}.json", json.dumps(document)


def _export() -> bytes:
    return zip_of(
        {
            "campaign.json": json.dumps({"id": 1, "name": "Marsh"}),
            "settings/modules.json": "{}",
            "characters/mira-vale_76.json": json.dumps(MIRA),
            "w/1/mira.png": PICTURE,
            **dict(
                [
                    _entity("characters", 12, 77, "Ash", type="PC"),
                    _entity("locations", 5, 12, "Heron's Landing", type="Port", location_id=6),
                    _entity("locations", 6, 13, "Marsh", location_id=5),
                    _entity("organisations", 3, 80, "Guild"),
                    _entity("items", 1, 90, "Key", entry="<p>Cold.</p>", type="Relic"),
                    _entity("creatures", 1, 91, "Mud Rat"),
                    _entity("journals", 1, 92, "Evening", date="2025-12-15", entry="<p>Rain.</p>"),
                    _entity("notes", 1, 93, "Letter"),
                    _entity(
                        *("quests", 1, 94, "Find the bell"),
                        is_completed=1,
                        elements=[{"entity_id": 76, "role": "asks", "description": "<p>Why</p>"}],
                    ),
                    _entity("tags", 2, 95, "iron"),
                    _entity("calendars", 1, 96, "Moons"),
                ]
            ),
        }
    )


def test_every_module_becomes_what_it_is_here(tmp_path: Path) -> None:
    reading = read(FORMAT, send(tmp_path, "export.zip", _export()))
    things = named(reading)
    assert {name: one.kind for name, one in things.items()} == {
        "Mira Vale": "npc",
        "Ash": "character",
        "Heron's Landing": "location",
        "Marsh": "location",
        "Guild": "faction",
        "Key": "item",
        "Mud Rat": "creature",
        "Evening": "game_session",
        "Letter": "handout",
        "Find the bell": "plot_point",
    }
    mira = things["Mira Vale"].values
    assert mira["background"] == (
        "Works at Heron's Landing for the guild. [character:999]\n\n## Rumour\n\nShe sings."
    )
    assert [one["text"] for one in mira["secrets"]] == ["Secret: copied the key", "Brand: a key"]
    assert mira["appearance"] == "Age: 41\nHair: red" and mira["personality"] == "Goals: gold"
    assert (mira["role"], mira["groups"], mira["tags"]) == ("smith", ["Guild"], ["iron"])
    assert mira["location_id"] == "locations/12" and "HP: 22" in mira["gm_notes"]
    assert [one.content for one in things["Mira Vale"].pictures] == [PICTURE]
    assert things["Find the bell"].values["is_open"] is False
    assert things["Evening"].values["recap_gm"] == "2025-12-15\n\nRain."
    assert "- Mira Vale (asks): Why" in things["Find the bell"].values["description"]
    related = {(one.from_key, one.to_key, one.label, one.attitude) for one in reading.relations}
    assert related == {
        ("characters/76", "organisations/80", "owes", -40),
        ("characters/76", "organisations/80", "treasurer", None),
        ("characters/76", "locations/12", "mentions", None),
        ("quests/94", "characters/76", "asks", None),
    }
    for one in reading.things:
        word = "name" if one.kind in ("npc", "location") else "gm"
        assert one.values.get("audience", word) == word, "for the game master alone"
    shown = {name for name, one in things.items() if one.is_for_players}
    assert shown == {"Mira Vale"}, "of the others nothing says that they are not private"
    assert {one.field for one in reading.ignored} >= {"calendars"}
    kept = things["Mira Vale"].kept
    assert kept["posts"][1] == {"name": "Secret", "visibility_id": 2}


def test_what_is_broken_in_an_export_costs_only_itself(tmp_path: Path) -> None:
    content = zip_of(
        {
            "characters/a_1.json": "{not json",
            "characters/b_2.json": '{"id": 1, "name": "B", "entity": [], "traits": {"x": 1}}',
            "characters/c_3.json": "[" * 5_000,
            "characters/d_4.json": json.dumps(
                {"name": "D", "entity": {"id": 4, "entry": "<div>" * 90_000, "posts": [1, None]}}
            ),
            "../../etc/characters/e_5.json": '{"name": "E"}',
            "characters/f_6.json": b"7" * 8_400_000,
        }
    )
    reading = read(FORMAT, send(tmp_path, "export.zip", content))
    assert sorted(named(reading)) == ["B", "D"]
    assert [one.count for one in reading.ignored if one.field == "characters"] == [2, 1]


_WORD = st.integers(0, 999).map(lambda number: f"word{number}q")
_POST = st.fixed_dictionaries(
    {"name": _WORD, "entry": _WORD.map("<p>{}</p>".format), "visibility_id": st.integers(1, 5)}
)
_ENTITY = st.fixed_dictionaries(
    {
        "name": _WORD,
        "type": _WORD,
        "unknown": st.dictionaries(_WORD, _WORD, max_size=2),
        "traits": st.lists(
            st.fixed_dictionaries({"name": _WORD, "entry": _WORD, "section_id": st.integers(1, 3)}),
            max_size=2,
        ),
        "entity": st.fixed_dictionaries(
            {"entry": _WORD.map("<h2>{}</h2><b>x</b>".format), "posts": st.lists(_POST, max_size=2)}
        ),
    }
)
_MODULES = st.sampled_from(["characters", "locations", "items", "journals", "notes", "quests"])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(_MODULES, _ENTITY), min_size=1, max_size=3))
def test_every_word_of_any_export_ends_in_a_thing(entities: list[tuple[str, Any]]) -> None:
    files = {
        f"{module}/e_{number}.json": json.dumps(one | {"entity": one["entity"] | {"id": number}})
        for number, (module, one) in enumerate(entities)
    }
    reading = _read_zip(zip_of(files))
    wanted = {word for content in files.values() for word in _words(content)}
    assert wanted <= words_of(reading)


def _words(content: str) -> set[str]:
    plain = "".join(sign if sign.isalnum() else " " for sign in content)
    return {word for word in plain.split() if word.startswith("word") and word.endswith("q")}


def _read_zip(content: bytes) -> Reading:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as made:
        return read(FORMAT, send(Path(made), "export.zip", content))
