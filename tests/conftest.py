"""What every test may rely on. Rooms have their own conftest.py for more."""

import pytest

from ttrpg_assistant.llm import calls

pytest_plugins = [
    "tests.browser_finder",
    "tests.databases",
    "tests.less_collecting",
    "tests.one_browser",
    "tests.second_tries",
]


@pytest.fixture(autouse=True, scope="session")
def short_pauses() -> None:
    """A call that is made again waits no real second, unless a test's provider names one."""
    calls.PAUSES = calls.LOADING_PAUSES = (0.001, 0.001, 0.001, 0.001)  # type: ignore[misc]
