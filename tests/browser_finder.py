"""Where a Chromium is on this machine, and what becomes of browser tests without one.

Loaded as a plugin by tests/conftest.py. Tests marked `browser` are given `chromium`, the
path to launch. With no Chromium they are skipped, said again under the last line of the
run; with CI=true they fail, so that nobody takes an untested page for a tested one.
"""

from __future__ import annotations

import os
import shutil
import sys
from functools import cache
from pathlib import Path

import pytest

SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

MAC_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)

NO_BROWSER = (
    "There is no Chromium: install one, or name one in the variable CHROMIUM. "
    "`make test` tries to install one by itself."
)

LAUNCH_ARGS = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
"""Chromium's sandbox refuses to run as root, which is what containers are."""


@cache
def find_chromium() -> Path | None:
    """CHROMIUM, else the system's own, else Playwright's download; None when there is none."""
    if named := os.environ.get("CHROMIUM"):
        return Path(named) if Path(named).is_file() else None
    for name in SYSTEM_NAMES:
        if found := shutil.which(name):
            return Path(found)
    for place in MAC_PLACES:
        if Path(place).is_file():
            return Path(place)
    return _find_download()


def _find_download() -> Path | None:
    """The newest Chromium that `playwright install chromium` left behind."""
    folder = {
        "darwin": Path.home() / "Library/Caches/ms-playwright",
        "win32": Path.home() / "AppData/Local/ms-playwright",
    }.get(sys.platform, Path.home() / ".cache/ms-playwright")
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or folder)
    found = [
        path
        for name in ("chrome", "chrome.exe", "Chromium", "Google Chrome for Testing")
        for path in folder.glob(f"chromium-*/**/{name}")
        if path.is_file() and os.access(path, os.X_OK)
    ]
    return max(found, key=lambda path: path.stat().st_mtime, default=None)


def is_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"true", "1"}


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The Chromium to launch, with `LAUNCH_ARGS`."""
    found = find_chromium()
    assert found is not None, NO_BROWSER
    return found


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and find_chromium() is None:
        if is_ci():
            pytest.fail(NO_BROWSER, pytrace=False)
        pytest.skip(NO_BROWSER)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if NO_BROWSER in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.section("THE PAGE WAS NOT TESTED", red=True, bold=True)
        terminalreporter.line(f"{len(skipped)} browser tests were SKIPPED. {NO_BROWSER}", red=True)
