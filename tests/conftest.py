"""What every test may rely on. Rooms have their own conftest.py for more."""

import re

import pytest
from hypothesis import settings

from ttrpg_assistant.llm import calls

pytest_plugins = [
    "tests.memory_disk",
    "tests.browser_finder",
    "tests.databases",
    "tests.less_collecting",
    "tests.one_browser",
    "tests.second_tries",
]


# No example is judged by its time, and a quick run tries fewer of them than a deep one.
settings.register_profile("quick", deadline=None, max_examples=50)
settings.register_profile("deep", deadline=None, max_examples=1000)


def pytest_configure(config: pytest.Config) -> None:
    """`make test-deep` asks for the marker `deep`, and for every property."""
    settings.load_profile("deep" if is_asked_for("deep", config) else "quick")


def is_asked_for(marker: str, config: pytest.Config) -> bool:
    """Whether this run is for tests of this marker."""
    return re.search(rf"(?<!not )\b{marker}\b", config.getoption("markexpr")) is not None


@pytest.fixture(autouse=True, scope="session")
def short_pauses() -> None:
    """A call that is made again waits no real second, unless a test's provider names one."""
    calls.PAUSES = calls.LOADING_PAUSES = (0.001, 0.001, 0.001, 0.001)  # type: ignore[misc]
