"""Python looks for garbage less often in a test run. Loaded as a plugin by tests/conftest.py.

A worker holds every module and every collected test, some millions of objects that stay until the
end, and tests build whole applications one after the other. With the usual thresholds, half of the
processor's time of such a test went into looking through what stays.
"""

from __future__ import annotations

import gc

import pytest

THRESHOLDS = (20_000, 10, 10)
"""New objects before the youngest are looked at; of those looks, and of the next ones, how many
before the older ones are. Garbage of a few hundred megabytes at most waits for its turn."""


def pytest_configure() -> None:
    gc.set_threshold(*THRESHOLDS)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()  # What is there now stays: nobody looks at it again.
