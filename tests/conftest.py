"""What every test may rely on. Rooms have their own conftest.py for more."""

pytest_plugins = ["tests.browser_finder", "tests.databases"]
