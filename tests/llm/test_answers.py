"""What holds for every dialect, over real servers on loopback (faults, rows 47 to 53)."""

import asyncio
from contextlib import aclosing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.llm.dialect_cases import NAMES, REQUEST, hear, talking
from tests.providers import Script
from tests.providers.script import End
from ttrpg_assistant.errors import (
    BadAnswer,
    BadKey,
    ContextTooLong,
    CutOff,
    ModelFault,
    ModelRefused,
    Overloaded,
    RateLimited,
    Stalled,
    Unreachable,
    WrongAddress,
)
from ttrpg_assistant.llm.types import Finished, TextDelta, Usage

every_dialect = pytest.mark.parametrize("name", NAMES)

MIXED = ("Ach, ", "das Schloß 🏰", " – “nein”, ", "日本語", "\n\n", "e\u0301 ", "👩‍👩‍👧", ".")


@every_dialect
async def test_an_answer_is_text_then_usage_then_finished(name: str) -> None:
    async with talking(name, Script(chunks=MIXED)) as (provider, _):
        heard = await hear(provider)
    assert heard.text == "".join(MIXED)
    assert heard.events[-2:] == [Usage(21, 8), Finished("stop")]
    assert all(isinstance(e, TextDelta) and e.text for e in heard.events[:-2])


@every_dialect
async def test_missing_usage_is_no_fault(name: str) -> None:
    async with talking(name, Script(usage=False)) as (provider, _):
        heard = await hear(provider)
    assert heard.events[-1] == Finished("stop")
    assert not any(isinstance(event, Usage) for event in heard.events)


@every_dialect
async def test_reasoning_and_comments_are_not_part_of_the_answer(name: str) -> None:
    script = Script(chunks=("Yes.",), thinking=True, comments=True, crlf=True)
    async with talking(name, script) as (provider, _):
        heard = await hear(provider)
    assert (heard.text, heard.fault) == ("Yes.", None)


@every_dialect
async def test_an_answer_that_ran_out_of_words_says_so(name: str) -> None:
    async with talking(name, Script(finish="length")) as (provider, _):
        heard = await hear(provider)
    assert heard.events[-1] == Finished("length")


@pytest.mark.parametrize("name", ["openai", "anthropic", "google"])
async def test_a_filtered_answer_says_so(name: str) -> None:
    async with talking(name, Script(finish="filtered"), Script((), finish="filtered")) as (
        provider,
        _,
    ):
        assert (await hear(provider)).events[-1] == Finished("filtered")
        assert isinstance((await hear(provider)).fault, ModelRefused)


# ------------------------------------------------------- row 47: before the first word


@every_dialect
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, BadKey),
        (403, BadKey),
        (404, WrongAddress),
        (413, ContextTooLong),
        (429, RateLimited),
        (500, Overloaded),
        (503, Overloaded),
        (529, Overloaded),
        (418, BadAnswer),
    ],
)
async def test_a_failing_status_is_a_named_fault(
    name: str, status: int, kind: type[ModelFault]
) -> None:
    script = Script(status=status, headers=(("Retry-After", "700"),))
    async with talking(name, script) as (provider, server):
        heard = await hear(provider)
        assert len(server.requests) == 1
    assert type(heard.fault) is kind
    assert heard.events == []
    if kind in (RateLimited, Overloaded):
        assert heard.fault.retry_after == 700


@every_dialect
async def test_a_redirect_is_not_followed(name: str) -> None:
    async with talking("openai") as (_, elsewhere):
        moved = (("location", elsewhere.base_url + "/chat/completions"),)
        async with talking(name, Script(status=307, headers=moved), secret="s3cret") as (
            provider,
            _,
        ):
            heard = await hear(provider)
        assert isinstance(heard.fault, BadAnswer)
        assert elsewhere.connections == 0


@every_dialect
async def test_nobody_at_the_address_is_unreachable(name: str) -> None:
    async with talking(name) as (provider, server):
        server._server.close()  # type: ignore[union-attr]
        assert isinstance((await hear(provider)).fault, Unreachable)


@every_dialect
async def test_silence_before_the_first_word_is_a_stall(name: str) -> None:
    for script in (Script(silent_head=True), Script(stalls=(0,))):
        async with talking(name, script, idle_seconds=0.15) as (provider, server):
            heard = await hear(provider)
            assert await server.requests[0].wait_hung_up()
        assert isinstance(heard.fault, Stalled)
        assert heard.text == ""


# -------------------------------------------- rows 48 to 51: in the middle of the answer


@every_dialect
@pytest.mark.parametrize("end", ["fin", "broken", "reset"])
async def test_an_end_without_the_terminal_marker_is_cut_off(name: str, end: End) -> None:
    async with talking(name, Script(end=end, stalls=(3,))) as (provider, server):
        server.release()
        heard = await hear(provider)
    assert type(heard.fault) is CutOff
    if end == "reset":
        # A reset may overtake what was sent just before it; a close may not.
        assert "Hello, traveller.".startswith(heard.text)
    else:
        assert heard.text == "Hello, traveller."
    assert not any(isinstance(event, Finished) for event in heard.events)


@every_dialect
async def test_a_body_that_ends_with_the_connection_needs_its_marker_too(name: str) -> None:
    whole, cut = Script(chunked=False), Script(chunked=False, end="fin")
    async with talking(name, whole, cut) as (provider, _):
        assert (await hear(provider)).events[-1] == Finished("stop")
        assert type((await hear(provider)).fault) is CutOff


@every_dialect
async def test_silence_in_the_middle_keeps_the_text_and_frees_the_line(name: str) -> None:
    async with talking(name, Script(stalls=(2,)), idle_seconds=0.2) as (provider, server):
        heard = await hear(provider)
        assert await server.requests[0].wait_hung_up()
    assert type(heard.fault) is Stalled
    assert heard.text == "Hello, "


@every_dialect
async def test_characters_cut_in_two_arrive_whole(name: str) -> None:
    async with talking(name, Script(chunks=MIXED, split_utf8=True)) as (provider, _):
        heard = await hear(provider)
    assert (heard.text, heard.fault) == ("".join(MIXED), None)


@every_dialect
async def test_broken_json_is_a_gap_that_is_told_after_all_the_text(name: str) -> None:
    async with talking(name, Script(bad_json_before=2)) as (provider, server):
        heard = await hear(provider)
        assert type(heard.fault) is BadAnswer
        assert "gap" in heard.fault.sentence
        assert heard.text == "Hello, traveller."
        server.enqueue(Script())
        assert (await hear(provider)).fault is None


@every_dialect
async def test_a_ten_megabyte_chunk_is_refused_after_the_text_before_it(name: str) -> None:
    async with talking(name, Script(giant_before=2)) as (provider, server):
        heard = await hear(provider)
        assert type(heard.fault) is BadAnswer
        assert heard.text == "Hello, "
        assert await server.requests[0].wait_hung_up()


@every_dialect
async def test_an_empty_completion_is_a_bad_answer(name: str) -> None:
    async with talking(name, Script(chunks=())) as (provider, _):
        heard = await hear(provider)
    assert type(heard.fault) is BadAnswer
    assert "nothing" in heard.fault.sentence


@every_dialect
async def test_an_error_in_mid_stream_is_named_after_the_text_before_it(name: str) -> None:
    async with talking(name, Script(error_before=2), Script(error_before=0)) as (provider, _):
        heard = await hear(provider)
        assert heard.text == "Hello, "
        assert isinstance(heard.fault, Overloaded | BadAnswer)
        assert (await hear(provider)).text == ""


async def test_overload_in_mid_stream_is_known_as_overload() -> None:
    for name in ("openai", "anthropic", "google"):
        async with talking(name, Script(error_before=1)) as (provider, _):
            assert type((await hear(provider)).fault) is Overloaded, name


@every_dialect
async def test_a_web_page_instead_of_an_answer_is_said_to_be_one(name: str) -> None:
    async with talking(name, Script(content_type="text/html")) as (provider, _):
        heard = await hear(provider)
    assert type(heard.fault) is WrongAddress
    assert "web page" in heard.fault.sentence


# ----------------------------------------------------------------- row 53: being stopped


@every_dialect
async def test_closing_the_stream_hangs_up_at_the_provider(name: str) -> None:
    async with talking(name, Script(stalls=(2,))) as (provider, server):
        async with aclosing(provider.stream(REQUEST)) as stream:
            assert isinstance(await anext(stream), TextDelta)
        assert await server.requests[0].wait_hung_up()


@every_dialect
@pytest.mark.parametrize("script", [Script(stalls=(2,)), Script(silent_head=True)])
async def test_cancelling_the_listener_hangs_up_at_the_provider(name: str, script: Script) -> None:
    async with talking(name, script) as (provider, server):
        listening = asyncio.ensure_future(hear(provider))
        await server.wait_stalled()
        listening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await listening
        assert await server.requests[0].wait_hung_up()


@every_dialect
async def test_a_stream_that_is_dropped_unread_calls_nobody(name: str) -> None:
    async with talking(name) as (provider, server):
        await provider.stream(REQUEST).aclose()
        assert server.connections == 0


@every_dialect
async def test_answers_at_the_same_time_do_not_mix(name: str) -> None:
    scripts = [Script(chunks=(f"I am {i}",) * 20, stalls=(7,)) for i in range(6)]
    async with talking(name, *scripts) as (provider, server):
        listening = [asyncio.ensure_future(hear(provider)) for _ in scripts]
        server.release(len(scripts))
        heard = await asyncio.gather(*listening)
    assert sorted(h.text for h in heard) == sorted(s.text for s in scripts)


# ------------------------------------------------------------------------- any split


@every_dialect
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    chunks=st.lists(
        # Marks and thinking have tests of their own.
        st.text(
            st.characters(exclude_categories=("Cs",), exclude_characters="\x00<[◁"), min_size=1
        ),
        min_size=1,
        max_size=5,
    ).filter(lambda chunks: bool("".join(chunks).strip())),
    cuts=st.lists(st.integers(1, 60), min_size=1, max_size=6),
    crlf=st.booleans(),
)
def test_any_split_of_the_bytes_gives_the_same_text(
    name: str, chunks: list[str], cuts: list[int], crlf: bool
) -> None:
    script = Script(chunks=tuple(chunks), cuts=tuple(cuts), crlf=crlf)

    async def talk() -> None:
        async with talking(name, script) as (provider, _):
            heard = await hear(provider)
        assert (heard.text, heard.fault) == (script.text, None)
        assert heard.events[-1] == Finished("stop")

    asyncio.run(talk())
