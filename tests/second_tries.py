"""One second try for a test of the real page, said aloud at the end of the run.

Loaded as a plugin by tests/conftest.py. A Chromium among others on a machine of two slow cores is
sometimes late in ways that say nothing about the page. Such a test, and no other, is run once more
when it fails; a test marked `deep` never is. What needed it is named under the last line of the
run, with what went wrong the first time: it is to be mended, not to be got used to.
docs/decisions/0019-one-second-try-for-browser-tests.md says why.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

NEEDS = frozenset({"chromium"})
"""Whoever asks for one of these, at whatever remove, drives a browser."""

TITLE = "PASSED ONLY AT THE SECOND TRY"


def drives_browser(item: pytest.Item) -> bool:
    """Whether a test uses a real Chromium."""
    asks = frozenset(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("browser") is not None or not NEEDS.isdisjoint(asks)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if drives_browser(item) and item.get_closest_marker("deep") is None:
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    stats = terminalreporter.stats
    again = _names(stats.get("rerun", []))
    lost = frozenset(_names([*stats.get("failed", []), *stats.get("error", [])]))
    saved = [name for name in again if name not in lost]
    if not saved:
        return
    terminalreporter.section(TITLE, yellow=True, bold=True)
    noun = "test" if len(saved) == 1 else "tests"
    line = f"{len(saved)} browser {noun} passed only at the second try:"
    terminalreporter.line(line, yellow=True, bold=True)
    for name in saved:
        terminalreporter.line(f"  {name}", yellow=True)


def _names(reports: Iterable[object]) -> list[str]:
    """The tests these reports are of, each once, in order."""
    return list(dict.fromkeys(str(getattr(report, "nodeid", "")) for report in reports))
