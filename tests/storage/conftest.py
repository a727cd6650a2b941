"""What the tests of storage share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.databases import PostgresServer


@pytest.fixture
async def postgres_name(postgres_server: PostgresServer) -> AsyncIterator[str]:
    """A fresh, migrated database of the server, by its name; gone afterwards."""
    made = await postgres_server.make_database()
    yield made
    await postgres_server.drop_database(made)
