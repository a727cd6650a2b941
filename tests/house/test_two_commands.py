"""What `make run` and `make test` do on machines that lack something."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser_finder import find_chromium
from tests.house.source_tree import ROOT

BOOTSTRAP = str(ROOT / "scripts" / "bootstrap.py")

BROWSER_TEST = """
import pytest

@pytest.mark.browser
def test_the_page(): pass

def test_something_else(): pass
"""


def run_pytest(folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """A run of its own where CHROMIUM names nothing that exists."""
    (folder / "test_page.py").write_text(BROWSER_TEST)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = browser: drives the page\n")
    kept = {k: v for k, v in os.environ.items() if k != "CI" and not k.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.browser_finder", str(folder)],
        cwd=folder,
        env=kept | {"PYTHONPATH": str(ROOT), "CHROMIUM": str(folder / "none")} | environ,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_without_a_browser_its_tests_are_skipped_loudly(tmp_path: Path) -> None:
    done = run_pytest(tmp_path)
    assert done.returncode == 0, done.stdout
    assert "1 passed, 1 skipped" in done.stdout
    assert "THE PAGE WAS NOT TESTED" in done.stdout


def test_without_a_browser_a_build_server_fails(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, CI="true")
    assert done.returncode == 1
    assert "There is no Chromium" in done.stdout
    assert "1 passed, 1 error" in done.stdout


def test_a_chromium_named_in_the_environment_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "chromium"
    mine.touch()
    monkeypatch.setenv("CHROMIUM", str(mine))
    find_chromium.cache_clear()
    try:
        assert find_chromium() == mine
    finally:
        find_chromium.cache_clear()


@pytest.mark.skipif(shutil.which("sh") is None, reason="needs a shell")
def test_without_a_python_one_sentence_says_what_is_missing(tmp_path: Path) -> None:
    script = ROOT / "scripts" / "find_python.sh"
    shell = shutil.which("sh")
    assert shell is not None
    done = subprocess.run(
        [shell, str(script)], cwd=tmp_path, env={"PATH": ""}, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "needs Python 3.11 or newer" in done.stderr


@pytest.mark.skipif(shutil.which("sh") is None, reason="needs a shell")
def test_a_python_that_is_too_old_is_passed_over(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    new = tmp_path / "python3.12"
    new.write_text("#!/bin/sh\nexit 0\n")
    for program in (old, new):
        program.chmod(0o755)
    shell = shutil.which("sh")
    assert shell is not None
    done = subprocess.run(
        [shell, str(ROOT / "scripts" / "find_python.sh")],
        cwd=tmp_path,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "python3.12"


def test_the_bootstrap_needs_nothing_but_the_standard_library() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import runpy; runpy.run_path({BOOTSTRAP!r})"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
