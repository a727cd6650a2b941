"""Notes of an Obsidian vault become things, with what connects them."""

from __future__ import annotations

import re
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.imports.sent_files import named, read, send, words_of
from ttrpg_assistant.imports.formats.obsidian_vault import FORMAT
from ttrpg_assistant.imports.front_matter import read_yaml, split_head

MIRA = """---
aliases: [Mira, "the smith"]
tags:
  - npc
  - heron's-landing
location: "[[Heron's Landing]]"
rival: "[[Tomas Reed]]"
age: 41            # a comment that must stay
custom_plugin: {keep: true, order: [c, a, b]}
---
#iron  Status:: alive  (mood:: sour)

> [!secret]- Only the GM
> She copied the key for [[Tomas Reed|the ferryman]].

%% never in a player's view %%

![[mira.png|200]]  ![[Letter#Second page]]  [[Missing note]] [[Guild]]

```statblock
name: Mira Vale
ac: 12
hp: 22
stats: [14, 10, 14, 11, 13, 9]
```

- [ ] ask about the bell ^task1
"""
PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def test_a_note_with_everything_becomes_an_npc_with_its_secrets_apart(tmp_path: Path) -> None:
    files = [
        send(tmp_path, "World/NPCs/Mira Vale.md", MIRA),
        send(tmp_path, "World/Places/Heron's Landing.md", "A port.\n\n[[Mira Vale]] lives here."),
        send(tmp_path, "World/NPCs/Tomas Reed.md", "Ferryman."),
        send(tmp_path, "World/Factions/Guild.md", "Of [smiths](../NPCs/Mira%20Vale.md)."),
        send(tmp_path, "World/Bestiary/Mud Rat.md", "```statblock\nac: 9\nhp: 3\n```\nSmall."),
        send(
            tmp_path,
            "World/Encounter.md",
            "---\ntags: [encounter]\n---\n```encounter\nname: Low\n```",
        ),
        send(tmp_path, "World/Sessions/Session 12.md", "Present: Ash\n\nTreasure: 300 gp"),
        send(tmp_path, "World/assets/mira.png", PICTURE),
        send(tmp_path, "World/.obsidian/app.json", "{}"),
        send(tmp_path, "World/map.canvas", "{}"),
    ]
    reading = read(FORMAT, *files)
    things = named(reading)
    assert {name: one.kind for name, one in things.items()} == {
        "Mira Vale": "npc",
        "Heron's Landing": "location",
        "Tomas Reed": "npc",
        "Guild": "faction",
        "Mud Rat": "creature",
        "Encounter": "plot_point",
        "Session 12": "game_session",
    }
    mira = things["Mira Vale"]
    assert mira.values["aliases"] == ["Mira", "the smith"]
    assert mira.values["status"] == "alive"
    assert mira.values["tags"] == ["npc", "heron's-landing", "iron"]
    assert mira.values["location_id"] == "World/Places/Heron's Landing.md"
    (secret,) = mira.values["secrets"]
    assert secret["text"].startswith("Only the GM: She copied the key")
    assert "copied" not in mira.values["background"]
    assert "never in" not in mira.values["background"]
    assert "never in a player's view" in mira.values["gm_notes"]
    assert "AC 12" in mira.values["gm_notes"] and "STR 14" in mira.values["gm_notes"]
    assert "- [ ] ask about the bell ^task1" in mira.values["background"]
    assert mira.kept["properties"]["custom_plugin"] == {"keep": True, "order": ["c", "a", "b"]}
    assert "# a comment that must stay" in mira.kept["head"]
    assert [one.content for one in mira.pictures] == [PICTURE]
    assert things["Mud Rat"].values["stat_block"] == "AC 9\nHP 3"
    assert "Treasure: 300 gp" in things["Session 12"].values["recap_gm"]
    related = {(one.from_key[6:], one.to_key[6:], one.label) for one in reading.relations}
    assert related == {
        ("NPCs/Mira Vale.md", "NPCs/Tomas Reed.md", "rival"),
        ("NPCs/Mira Vale.md", "Factions/Guild.md", "mentions"),
        ("Places/Heron's Landing.md", "NPCs/Mira Vale.md", "mentions"),
        ("Factions/Guild.md", "NPCs/Mira Vale.md", "mentions"),
    }
    assert {one.field for one in reading.ignored} == {"settings of Obsidian", ".canvas"}
    assert "links to notes that are not there" in {one.field for one in reading.kept}


def test_what_a_note_says_of_itself_wins_over_its_folder(tmp_path: Path) -> None:
    reading = read(
        FORMAT,
        send(tmp_path, "NPCs/The Gull.md", "---\ntype: tavern\n---\nAn inn."),
        send(tmp_path, "NPCs/Ash.md", "---\ntags: pc\nplayer: Ann\n---\nA ranger."),
        send(tmp_path, "NPCs/NPCs.md", "All of them: [[Ash]]"),
        send(tmp_path, "input.md", "---\nlocation: Thornwick\n---\n# Session 12\n\nHP: 12/20"),
    )
    things = named(reading)
    assert things["The Gull"].kind == "location" and things["The Gull"].values["kind"] == "tavern"
    assert things["Ash"].kind == "character" and things["Ash"].values["player"] == "Ann"
    assert things["Ash"].values["audience"] == "gm", "nobody sees what the GM has not shown"
    assert things["NPCs"].kind == "handout"
    assert things["Session 12"].kind == "game_session", "notes are no talk and no NPC"


def test_properties_that_are_an_attack_are_kept_as_text_and_cost_little(tmp_path: Path) -> None:
    laughs = "a: &a [x, x]\n" + "".join(
        f"{after}: &{after} [*{before}, *{before}]\n"
        for before, after in zip("abcdefgh", "bcdefghi", strict=True)
    )
    attacks = [
        laughs,
        "a: " + "[" * 5_000,
        "- " * 30_000,
        "a: !!python/object/apply:os.system [true]\n",
        "a: {{not yaml",
        "x" * 70_000,
    ]
    began = time.process_time()
    for number, attack in enumerate(attacks):
        file = send(tmp_path, f"NPCs/N{number}.md", f"---\n{attack}\n---\nThe text stays.")
        reading = read(FORMAT, file)
        (thing,) = reading.things
        assert thing.values["name"] == f"N{number}"
        assert "The text stays." in thing.values["background"]
        assert reading.warnings or "x" * 100 in thing.values["background"]
    assert time.process_time() - began < 20
    assert read_yaml("a: *a") is None and read_yaml("[1, 2]") is None


def test_links_in_circles_and_thousands_of_them_end(tmp_path: Path) -> None:
    many = " ".join(f"[[N{number}]]" for number in range(3_000))
    files = [send(tmp_path, f"N{number}.md", f"![[N{1 - number}]] {many}") for number in range(2)]
    reading = read(FORMAT, *files)
    large = send(tmp_path, "Large.md", "x" * (4 * 1024**2 + 1))
    assert "Large.md is longer" in read(FORMAT, *files, large).warnings[0]
    assert {(one.from_key, one.to_key) for one in reading.relations} == {
        ("N0.md", "N1.md"),
        ("N1.md", "N0.md"),
    }


_LINES = st.lists(
    st.sampled_from(
        [
            *("{}", "# {}", "- {}", "> {}", "> [!note] {}", "> [!secret] {}", "%%{}%%", "[[{}]]"),
            *("{}:: x", "```\n{}\n```", "```statblock\n{}: 3\n```", "| {} |\n|---|\n| x |"),
            *("#{}", "![[{}]]", ""),
        ]
    ),
    max_size=12,
)
_PROPERTIES = st.lists(
    st.sampled_from(["{}: 1", "type: {}", "tags: [{}]", "role: {}", "x:\n  - {}", "y: {{z: {}}}"]),
    max_size=5,
)


@settings(max_examples=30, deadline=None)
@given(_PROPERTIES, _LINES, st.sampled_from(["NPCs", "Places", "Items", "Sessions", "", "Quests"]))
def test_every_word_of_any_note_ends_in_its_thing(
    properties: list[str], lines: list[str], folder: str
) -> None:
    count = iter(range(10_000))
    parts = [[one.format(f"word{next(count)}q") for one in each] for each in (properties, lines)]
    head = "---\n" + "\n".join(parts[0]) + "\n---\n" if parts[0] else ""
    content = head + "\n".join(parts[1])
    with TemporaryDirectory() as made:
        file = send(Path(made), f"{folder}/note.md".lstrip("/"), content)
        reading = FORMAT.read([file])
    wanted = set(re.findall(r"word\d+q", content))
    assert wanted <= words_of(reading)


def test_a_head_ends_only_at_its_own_line() -> None:
    assert split_head("---\na: 1\n--- b\n---\nrest").body == "---\na: 1\n--- b\n---\nrest"
    assert split_head("---\na: 1\n---\nrest").body == "rest"
    assert split_head("----\nno head").raw == ""
