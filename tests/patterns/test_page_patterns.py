"""No pattern and no parser of the page takes more than linear time over any text.

A page that thinks for minutes over what a model wrote is as good as gone. The patterns are listed
from the page's own syntax trees and run where they are written to run: in Node.
"""

from __future__ import annotations

import pytest

from tests.patterns.page_patterns import (
    BUILT,
    PAGE_PARSERS,
    PagePattern,
    known_patterns,
    list_page_parsers,
    list_page_patterns,
    search,
    search_parsers,
)

QUICK, DEEP = 8, 600
"""Attacks on each pattern."""

KNOWN_TO_BE_SLOW = (
    r"[ \t]+$",
    r"\n*\[Stream interrupted\]$",
    r"<[^>]*>",
    r"(?<name>\d+)(ms|s)",
    r"[\p{L}\p{N}]+:",
    r"(?:a|b|ab)*c",
)


def test_the_search_finds_what_is_known_to_be_slow() -> None:
    patterns = [
        PagePattern("here", source, "u" if "p{" in source else "") for source in KNOWN_TO_BE_SLOW
    ]
    quick = [one["name"] for one in search(patterns, 16) if not one["slow"]]
    assert not quick


def test_every_pattern_of_the_page_is_known_before_it_is_used() -> None:
    unknown = {one.built for one in list_page_patterns() if one.built} - set(BUILT)
    assert not unknown, f"A new pattern needs its samples in page_patterns.py: {sorted(unknown)}"


def test_no_pattern_of_the_page_costs_more_than_linear_time() -> None:
    assert len(known_patterns()) > 60
    slow = [one for one in search(known_patterns(), QUICK) if one["slow"]]
    assert not slow, "\n".join(f"{one['name']}: {one['attack']}: {one['slow']}" for one in slow)


@pytest.mark.deep
def test_no_pattern_of_the_page_costs_more_than_linear_time_however_long_one_looks() -> None:
    """Prints a table: the worst text found for each pattern, and what it costs at each length."""
    found = search(known_patterns(), DEEP, figures=True)
    for one in found:
        if not one["slow"]:
            spent = [f"{each:9.2f} ms" for each in one["figures"]["spent"]]
            print(f"{one['name'][:60]:60}", *spent, one["figures"]["worst"])
    slow = [one for one in found if one["slow"]]
    assert not slow, "\n".join(f"{one['name']}: {one['attack']}: {one['slow']}" for one in slow)


def test_no_parser_of_the_page_costs_more_than_linear_time() -> None:
    assert set(list_page_parsers()) == set(PAGE_PARSERS)
    slow = [one for one in search_parsers(QUICK) if one["slow"]]
    assert not slow, "\n".join(f"{one['name']}: {one['attack']}: {one['slow']}" for one in slow)


@pytest.mark.deep
def test_no_parser_of_the_page_costs_more_than_linear_time_however_long_one_looks() -> None:
    """Prints the worst text found for each parser, and what it costs at each length."""
    found = search_parsers(DEEP, figures=True)
    for one in found:
        if not one["slow"]:
            spent = [f"{each:9.2f} ms" for each in one["figures"]["spent"]]
            print(f"{one['name']:30}", *spent, one["figures"]["worst"])
    slow = [one for one in found if one["slow"]]
    assert not slow, "\n".join(f"{one['name']}: {one['attack']}: {one['slow']}" for one in slow)
