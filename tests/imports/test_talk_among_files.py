"""A text in which people speak is talk when it comes among other files; a list is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.imports.sent_files import send, zip_of
from ttrpg_assistant.archives.talk_formats.source import open_source
from ttrpg_assistant.archives.talk_formats.spoken import is_headed, is_spoken
from ttrpg_assistant.imports.reading import Read, read_files

TALK = """GM: The tavern is dark, and somebody is breathing behind the counter.
Ash: I light my torch.
Bren: Ash, wait!
GM: Too late. The torch shows a pale face.
Ash: Who are you?
"""
LIST = """Blacksmith: Mira Vale
Innkeeper: Tomas Reed
Priest: Sister Ann
Ferryman: Wim
Guard: nobody knows
"""
PRICES = """Sword: 15 gp
Shield: 10 gp
Rope: 1 gp
Torch: 1 cp
Sword, used: 4 gp
"""
RECORDS = """Imię: Mira
Rasa: człowiek
Zawód: kowal

Imię: Tomas
Rasa: elf
Zawód: karczmarz

Imię: Wim
Rasa: krasnolud
Zawód: przewoźnik
"""
PLAN = """Arrival 18:30
Everybody eats.

First scene 19:00
The bridge burns.

Break 20:30
"""
OTTER = """Ash  0:03
I light my torch.

GM  0:09
Too late.

Ash  0:12
Who are you?
"""
ACTED = """# The bridge

Ash: I light my torch.
GM: Too late.
Ash: Who are you?
"""
names = st.sampled_from(["Ash", "Bren", "Mira Vale", "GM", "Øystein", "Мира", "ミラ", "El Conde"])
words = st.sampled_from(["we", "river", "go", "the", "лодка", "down", "and", "mill", "höher"])
sentences = st.tuples(
    st.lists(words, min_size=1, max_size=9).map(" ".join), st.sampled_from([".", "!", "?", "…"])
).map("".join)
values = st.lists(words, min_size=1, max_size=3).map(" ".join) | st.integers(0, 99).map(
    "{} gp".format
)
labels = st.text(st.sampled_from("abdefgilmnorstu"), min_size=3, max_size=9).map(str.capitalize)


def read_together(folder: Path, **texts: str) -> Read:
    given = folder / "given"
    given.mkdir()
    files = [send(given, name.replace("__", "."), text) for name, text in texts.items()]
    into = folder / "into"
    into.mkdir()
    return read_files(files, into)


@pytest.mark.parametrize(
    ("text", "is_talk"),
    [
        (TALK, True),
        (OTTER, True),
        (TALK.replace(": ", "："), True),
        (TALK.replace("Ash:", "**Ash:**"), True),
        (TALK.replace("\n", "\n\n"), True),
        ("[19:02] Ash: go\n[19:03] Bren: no\n[19:03] Ash: now\n", True),
        ("GM: roll\nMe: 14\nGM: ok\nMe: and\nGM: dead\n", True),
        (LIST, False),
        (PRICES, False),
        (RECORDS, False),
        (PLAN, False),
        ("HP: 12\nAC: 15\nSpeed: 30 ft.\nHP: 13\n", False),
        ("GM: Ann\nMira: played by Tom\n", False),
        ("- Ash: torch\n- Bren: rope\n- Ash: rope\n", False),
        ("Where the river ends, the town begins.\n\nNobody goes there: it is cursed.\n", False),
    ],
)
def test_talk_is_told_from_lists_and_notes(tmp_path: Path, text: str, is_talk: bool) -> None:
    found = read_together(tmp_path, evening__txt=text, town__md="# The Gull\nA tavern.\n")
    assert bool(found.reading.talk) is is_talk
    assert [one.file_name for one in found.reading.things if one.file_name == "evening.txt"] == (
        [] if is_talk else ["evening.txt"] * (len(found.reading.things) - 1)
    )


def test_a_zip_of_notes_and_logs_gives_things_and_talk(tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.mkdir()
    inside = {"logs/evening.txt": TALK, "npcs.txt": LIST, "Mira.md": "# Mira\n\nAsh: a friend.\n"}
    (tmp_path / "into").mkdir()
    reading = read_files([send(given, "all.zip", zip_of(inside))], tmp_path / "into").reading
    assert [(one.title, one.messages) for one in reading.talk] == [("evening", 5)]
    assert {one.file_name for one in reading.things} == {"npcs.txt", "Mira.md"}


def test_a_markdown_note_that_ends_in_a_dialogue_stays_a_note(tmp_path: Path) -> None:
    note = f"Met at the bridge.\n\nNobody trusts him.\n\n{TALK}"
    found = read_together(tmp_path, wim__md=note, ann__md=f"[[wim]].\n\n{TALK}", on__md=ACTED)
    assert not found.reading.talk
    assert read_together(tmp_path / "given", talk__md=TALK, ann__md="# Ann\n").reading.talk


@given(st.data())
def test_people_who_speak_in_sentences_are_heard(data: st.DataObject) -> None:
    who = data.draw(st.lists(names, min_size=2, max_size=4, unique=True))
    turns = data.draw(st.lists(st.tuples(st.sampled_from(who), sentences), min_size=6, max_size=30))
    turns += [(one, "Yes.") for one in who * 2]
    between = data.draw(st.sampled_from(["\n", "\n\n"]))
    text = between.join(f"{name}: {said}" for name, said in turns)
    assert is_spoken(open_source(text.encode()))


@given(st.lists(labels, min_size=1, max_size=30, unique_by=str.lower), st.data())
def test_words_that_head_one_line_each_are_no_speakers(
    heads: list[str], data: st.DataObject
) -> None:
    lines = [f"{head}: {data.draw(values | sentences)}" for head in heads]
    source = open_source("\n".join(lines).encode())
    assert not is_spoken(source) and not is_headed(source)


@given(st.lists(labels, min_size=2, max_size=6, unique_by=str.lower), st.data())
def test_fields_of_one_thing_after_another_are_no_speakers(
    heads: list[str], data: st.DataObject
) -> None:
    count = data.draw(st.integers(2, 8))
    records = [
        "\n".join(f"{head}: {data.draw(values | sentences)}" for head in heads)
        for _ in range(count)
    ]
    assert not is_spoken(open_source("\n\n".join(records).encode()))
