"""docs/faults.md has every row, and names tests that really exist."""

from __future__ import annotations

import re

from tests.house.source_tree import ROOT, list_tests

DOCUMENT = ROOT / "docs" / "faults.md"


def list_rows() -> list[list[str]]:
    """The cells of each numbered row."""
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line[:1] == "|"]
    return [row for row in rows if row[0].isdigit()]


def test_every_test_that_is_named_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", DOCUMENT.read_text(encoding="utf-8")))
    assert not sorted(named - list_tests())


def test_every_row_is_there_once_and_names_its_test_or_says_why_not() -> None:
    rows = list_rows()
    assert [int(row[0]) for row in rows] == list(range(1, 64))
    silent = [
        row[0]
        for row in rows
        if not re.search(r"`test_\w+`", row[2]) and "not inject" not in row[2]
    ]
    assert not silent, f"These rows name no test and give no reason: {silent}"
    assert all(row[3] for row in rows)


def test_every_test_that_is_called_after_a_row_is_named_in_it() -> None:
    text = {int(row[0]): row[2] for row in list_rows()}
    for name in list_tests():
        if found := re.match(r"test_rows?_(\d+)(?:_and_(\d+))?_", name):
            for number in filter(None, found.groups()):
                assert f"`{name}`" in text[int(number)], name
