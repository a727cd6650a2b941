"""A server of turns for tests, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.conversations.runner_table import ServerTable
from ttrpg_assistant.storage.database import Database


@pytest.fixture
async def server(database: Database) -> AsyncIterator[ServerTable]:
    """A server that goes down after the test, before its database does."""
    made = ServerTable(database)
    yield made
    await made.runner.close(1)
