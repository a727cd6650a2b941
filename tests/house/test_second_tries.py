"""Who is given a second try, who is not, and that nobody can overlook it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source_tree import ROOT, list_files

TESTS = """
import asyncio
from pathlib import Path

import pytest
import pytest_asyncio

TRIES = Path(__file__).with_name("tries")


def fails_first(name):
    with TRIES.open("a") as file:
        file.write(name + chr(10))
    assert TRIES.read_text().split().count(name) > 1, "late"


@pytest.fixture(scope="session")
def chromium():
    return None


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def page(chromium):
    loop = asyncio.get_running_loop()
    yield loop
    with TRIES.open("a") as file:
        file.write("closed" + chr(10))


@pytest.mark.asyncio(loop_scope="session")
async def test_asks_for_a_page(page):
    assert asyncio.get_running_loop() is page, "one loop for all tries"
    await asyncio.sleep(0)
    fails_first("asks")


@pytest.mark.browser
def test_is_marked():
    fails_first("marked")


@pytest.mark.browser
def test_is_broken():
    with TRIES.open("a") as file:
        file.write("broken" + chr(10))
    assert False, "broken"


@pytest.mark.browser
def test_passes():
    pass


@pytest.mark.browser
@pytest.mark.deep
def test_searches():
    fails_first("searches")


def test_needs_no_browser():
    fails_first("plain")
"""

PLUGINS = (
    *("-p", "tests.second_tries"),
    # Each takes longer to import than these tests to run.
    *("-p", "no:schemathesis", "-p", "no:hypothesispytest"),
)

INI = """[pytest]
asyncio_mode = auto
addopts = --strict-markers {options}
markers =
    browser: drives the page
    deep: searches
"""


def run_tests(folder: Path, *arguments: str) -> tuple[str, list[str]]:
    """What such a run prints, and which tries there were."""
    (folder / "test_page.py").write_text(TESTS)
    options = " ".join(part for part in list_options() if "rerun" in part)
    (folder / "pytest.ini").write_text(INI.format(options=options))
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", *PLUGINS, *arguments, str(folder)]
    done = subprocess.run(
        command,
        cwd=folder,
        env=kept | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout, sorted((folder / "tries").read_text().split())


def list_options() -> list[str]:
    """What every run is given, as pyproject.toml says it."""
    found = re.search(r'^addopts = "(.*)"$', (ROOT / "pyproject.toml").read_text("utf-8"), re.M)
    assert found is not None
    return found[1].split()


@pytest.mark.parametrize("arguments", [(), ("-n", "2", "--dist", "loadgroup")])
def test_a_browser_test_is_tried_twice_and_named_and_no_other_test_is(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    printed, tries = run_tests(tmp_path, *arguments)
    assert tries == sorted(
        ["asks", "asks", "marked", "marked", "broken", "broken", "searches", "plain", "closed"]
    )
    assert re.search(r"3 failed, 3 passed(, \d warnings?)?, 3 rerun", printed), printed
    end = printed[printed.index("PASSED ONLY AT THE SECOND TRY") :]
    assert "2 browser tests passed only at the second try:" in end
    named = set(re.findall(r"^  \S*::(\w+)$", end, re.MULTILINE))
    assert named == {"test_asks_for_a_page", "test_is_marked"}
    assert printed.count("AssertionError: late") >= 2, "the first failure is shown too"


def test_nothing_else_asks_for_more_tries() -> None:
    """No test is marked so by hand, and no command gives every test another try."""
    own = ("second_tries.py", "test_second_tries.py")
    asked = {
        str(path.relative_to(ROOT))
        for path in list_files()
        if path.suffix in {".py", ".toml", ".ini", ".cfg", ".yml"} or path.name == "Makefile"
        if path.name not in own
        if re.search(
            r"mark\.flaky|--reruns\b|--force-reruns|^reruns\b", path.read_text("utf-8"), re.M
        )
    }
    assert asked == set()
