"""The units of the page, run where they are written to run: in Node."""

from __future__ import annotations

import pytest

from scripts.check_page import run_page_units
from tests.house.source_tree import ROOT

UNITS = sorted((ROOT / "tests" / "page").glob("*.test.js"))


@pytest.mark.skipif(not UNITS, reason="there are no units of the page yet")
def test_the_units_of_the_page_pass() -> None:
    done = run_page_units(
        UNITS, "--test-reporter=spec", capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, f"\n{done.stdout}\n{done.stderr}"
