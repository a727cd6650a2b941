"""Tables become things, columns their fields; what does not fit is kept and told."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.imports.sent_files import read, send, words_of
from ttrpg_assistant.errors import InvalidInput, TooLarge
from ttrpg_assistant.imports.formats.tables import FORMAT, MOST_ROWS, read_rows


def test_columns_become_fields_by_their_words_in_old_encodings(tmp_path: Path) -> None:
    table = "Name;Occupation;Goals;Âge\nMíra;forgeronne;or;41\nGaël;prêtre;;\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        reading = read(FORMAT, send(tmp_path, "people.csv", table.encode(encoding)))
        mira, gael = reading.things
        assert mira.kind == "npc", encoding
        assert (mira.values["name"], mira.values["role"]) == ("Míra", "forgeronne")
        assert mira.values["motivations"] == "or" and mira.kept == {"Âge": "41"}
        assert gael.values == {"name": "Gaël", "role": "prêtre", "audience": "name"}
        assert [one.field for one in reading.kept] == ["Âge"]


@pytest.mark.parametrize(
    ("name", "table", "kinds"),
    [
        ("Places.csv", "Name,Part of,Description\nGull,Marsh,smoky\n", ["location"]),
        ("x.csv", "Name,Class,Player\nAsh,Ranger,Ann\n", ["character"]),
        ("x.tsv", "name\ttype\tdescription\nMira\tNPC\tx\nGull\ttavern\ty\n", ["npc", "location"]),
        ("pasted.txt", "Monster\tAC\tHP\nRat\t12\t3\nBear\t13\t30\n", ["creature", "creature"]),
        ("table.md", "| Item | Owner |\n|---|:--:|\n| Key | Mira |\n", ["item"]),
        ("weather.csv", 'd6,Weather\n1-3,Rain\n4-6,"Sun, hot"\n', ["random_table"]),
    ],
)
def test_a_table_says_what_its_rows_are(
    tmp_path: Path, name: str, table: str, kinds: list[str]
) -> None:
    reading = read(FORMAT, send(tmp_path, name, table))
    assert [one.kind for one in reading.things] == kinds
    if kinds == ["random_table"]:
        assert reading.things[0].values["entries"] == "1-3 Rain\n4-6 Sun, hot"
        assert reading.things[0].values["dice"] == "d6"
    if kinds[0] == "creature":
        assert reading.things[0].values["stat_block"] == "AC 12\nHP 3"


def test_a_table_of_nobody_knows_what_is_guessed_and_said(tmp_path: Path) -> None:
    reading = read(FORMAT, send(tmp_path, "odd.csv", "foo,bar\nx,2\n"))
    assert reading.things[0].values["name"] == "x" and reading.things[0].kept == {"bar": "2"}
    assert "taken for NPCs" in reading.warnings[0]


def test_text_is_no_table_and_a_hostile_table_is_bounded(tmp_path: Path) -> None:
    for text in ("Name: line\nOther: line\n", "# Title\n| a |\n|---|\n| b |\n", "{}", "one\n"):
        assert not FORMAT.recognises([send(tmp_path, "a.md", text)], b"")
    with pytest.raises(TooLarge):
        read_rows("a,b\n" + "1,2\n" * (MOST_ROWS + 5))
    with pytest.raises(InvalidInput, match="Line 2"):
        read_rows("a,b\n" + "x" * 1_100_000 + ",2\n")
    wide = read(FORMAT, send(tmp_path, "wide.csv", "name" + ",x" * 5_000 + "\nA" + ",1" * 5_000))
    assert len(wide.things) == 1
    with pytest.raises(InvalidInput, match="no row"):
        FORMAT.read([send(tmp_path, "empty.csv", "a,b\n")])


_CELL = st.sampled_from(["", "a|b", "x,y", "two\nlines", '"quoted"', "semi;colon", "=1+1"])


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([",", ";", "\t"]),
    st.lists(
        st.sampled_from(["Name", "Role", "Type", "Odd", "Tags", "Secret"]), min_size=2, max_size=5
    ),
    st.lists(st.lists(_CELL, min_size=2, max_size=6), min_size=1, max_size=5),
)
def test_every_cell_ends_in_its_thing(
    delimiter: str, headings: list[str], rows: list[list[str]]
) -> None:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter)
    writer.writerow(headings)
    wanted = set()
    for number, row in enumerate(rows):
        cells = [f"word{number}x{place}q {cell}".strip() for place, cell in enumerate(row)]
        wanted |= {f"word{number}x{place}q" for place in range(len(row))}
        writer.writerow(cells)
    with TemporaryDirectory() as made:
        reading = read(FORMAT, send(Path(made), "rows.csv", written.getvalue()))
    assert wanted <= words_of(reading)
