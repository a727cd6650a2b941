"""A canary key goes through every failure; it may show up in none of what is left behind."""

import logging
import traceback

import pytest

from tests.llm.dialect_cases import CANARY, NAMES, hear, make_provider, talking
from tests.providers import SERVERS, Script
from ttrpg_assistant.errors import BadKey, ModelFault
from ttrpg_assistant.llm.keys import Key

ECHO = {"error": {"message": f"the key {CANARY} is wrong", "type": "x", "code": CANARY}}

FAILURES = {
    "bad key": Script(status=401, error=ECHO),
    "bad request": Script(status=400, error=ECHO),
    "plain text": Script(status=500, error=f"upstream said: {CANARY}"),
    "redirect": Script(status=302, headers=(("location", f"http://x/?key={CANARY}"),)),
    "mid-stream error": Script(error_before=1, mid_error={"message": f"key {CANARY}"}),
    "bad json": Script(bad_json_before=1),
    "cut off": Script(end="reset"),
    "silence": Script(silent_head=True),
    "complete": Script(),
}


def everything_left(fault: ModelFault, seen: set[int]) -> str:
    """All that a log or a crash report could make of a fault, local variables included."""
    left = [repr(fault), str(fault), repr(vars(fault)), fault.sentence, str(fault.cure)]
    for error in (fault.__cause__, fault.__context__):
        if error is not None and id(error) not in seen:
            seen.add(id(error))
            left += [repr(error), repr(vars(error))]
    if fault.__traceback__ is not None:
        shown = traceback.TracebackException(
            type(fault), fault, fault.__traceback__, capture_locals=True
        )
        left += list(shown.format())
    return "\n".join(left)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("failure", FAILURES)
async def test_no_fault_and_no_log_shows_the_key(
    name: str, failure: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    script = FAILURES[failure]
    async with talking(name, script, secret=CANARY, idle_seconds=0.2) as (provider, server):
        heard = await hear(provider)
        await provider.list_models()
        shown = repr(provider) + repr(vars(provider)) + repr(vars(provider._wire))
        assert CANARY in str(server.requests[0].headers), "the key was never sent at all"
    if failure != "complete":
        assert heard.fault is not None
        shown += everything_left(heard.fault, set())
    out, err = capfd.readouterr()
    for place in (shown, caplog.text, out, err):
        assert CANARY not in place
        assert CANARY[:16] not in place


async def test_a_key_no_header_can_carry_is_refused_without_showing_it() -> None:
    for secret in (f"{CANARY}\r\nx: y", f"{CANARY}é", f"{CANARY} x"):
        async with talking("openai", secret=secret) as (provider, server):
            heard = await hear(provider)
            assert server.connections == 0
        assert isinstance(heard.fault, BadKey)
        assert CANARY not in everything_left(heard.fault, set())


@pytest.mark.parametrize("name", NAMES)
async def test_a_key_is_sent_to_no_origin_but_its_own(name: str) -> None:
    async with SERVERS[name]() as server:
        provider = make_provider(name, server.base_url)
        key = Key(name, CANARY, "file", "https://its.own.example/v1")
        strayed = type(provider)(server.base_url, key)
        await hear(strayed)
        assert server.requests
        assert CANARY not in str(server.requests[0].headers)
        await provider.aclose()
        await strayed.aclose()


async def test_the_key_is_in_no_address() -> None:
    for name in NAMES:
        async with talking(name, secret=CANARY) as (provider, server):
            await hear(provider)
            await provider.list_models()
        assert all(CANARY not in r.path for r in server.requests + server.listings)
