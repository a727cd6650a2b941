"""Every operation, fed what its description allows and what it forbids: never a 5xx of ours."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    positive_data_acceptance,
    response_headers_conformance,
)

from tests.running import TOKEN, running
from ttrpg_assistant.api.door_access import is_door
from ttrpg_assistant.llm.scripted import ScriptedProvider


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A server in a thread of its own, for the whole module, and a token of another program."""
    import asyncio

    # What is installed at a press has nothing to reach here but a closed port.
    unreachable = pytest.MonkeyPatch()
    unreachable.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple/")
    unreachable.setenv("PIP_CONFIG_FILE", os.devnull)
    unreachable.delenv("PIP_FIND_LINKS", raising=False)
    found: list[tuple[str, str]] = []
    ready, done = threading.Event(), threading.Event()
    folder: Path = tmp_path_factory.mktemp("fuzzed")

    async def serve() -> None:
        async with running(folder, [ScriptedProvider(default=["Aye."])]) as app:
            await app.open_chat()
            campaign = await app.post("/api/campaigns", {"name": "Vale"})
            scopes = ["read:gm", "propose", "talk"]
            body = {"campaign_id": campaign["id"], "name": "Tool", "scopes": scopes}
            found.append((app.address, (await app.post("/api/tokens", body))["secret"]))
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert ready.wait(30)
    yield found[0]
    done.set()
    thread.join()
    unreachable.undo()


@pytest.mark.parametrize("examples", [2, pytest.param(30, marks=pytest.mark.deep)])
def test_no_operation_breaks_on_any_input(
    served: tuple[str, str], subtests: pytest.Subtests, examples: int
) -> None:
    """Known operations answer every input with a success or a clear 4xx problem."""
    address, secret = served
    # Without the stream that never ends.
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json").exclude(
        operation_id="follow_changes"
    )
    checked = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        shown = secret if is_door(operation.path) else TOKEN
        checked += 1

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
        )
        @given(case=operation.as_strategy())
        def check(case: schemathesis.Case) -> None:
            case.call_and_validate(
                headers={"Authorization": f"Bearer {shown}"},  # noqa: B023 (called at once)
                timeout=20,
                excluded_checks=[
                    content_type_conformance,
                    negative_data_rejection,
                    positive_data_acceptance,
                    response_headers_conformance,
                ],
            )

        with subtests.test(operation.label):
            check()
    assert checked > 30, "for this test to mean anything"
