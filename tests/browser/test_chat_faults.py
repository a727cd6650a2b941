"""What a provider does wrong, as the page tells it: in a game master's words, with the cure."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.running_app import App, run_app
from tests.faults.table import until
from tests.providers import SERVERS, Script, words

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

IMPATIENT = (str(Path(__file__).with_name("impatient_server.py")),)
CUT = re.compile(r"stopped in the middle|cut off before its end")
WELL = Script(chunks=("All ", "is well."))
JARGON = ("401", "429", "500", "error", "null", "undefined", "payload", "HTTP", "traceback")


def each_in_turn(daily: str) -> list[Any]:
    """Every provider: one in each run, the others in the deep part. Every test has another one, and
    each dialect is tested by itself in tests/llm."""
    return [
        name if name == daily else pytest.param(name, marks=pytest.mark.deep) for name in SERVERS
    ]


BEFORE_A_WORD = {
    "a refused key": (Script(status=401), r"key.*Check the key in Settings\."),
    "too many requests": (
        Script(status=429, headers=(("retry-after", "90"),)),
        r"(to wait|quota).*Wait a moment and (try|ask) again\.",
    ),
    "a failing server": (Script(status=501), r"again in a moment, or choose another model"),
    "an empty answer": (Script(chunks=()), r"answered with.*again, or choose another model"),
}
"""What the provider does that is not waited for, and what is said of it with its cure: the same
while the page was there and after a reload."""


async def check_story(app: App, name: str, content: str) -> None:
    """One user row, one answer shown, the earlier one reachable: after Ask again worked."""
    stored = await app.history()
    assert [message["content"] for message in stored] == [content, "All is well."]
    assert [message["status"] for message in stored] == ["complete", "complete"]
    assert len(app.providers[name].requests) == 2


@pytest.mark.parametrize("name", each_in_turn("openai"))
async def test_row_47_and_51_no_answer_is_told_in_words_and_asking_again_works(
    app: App, name: str
) -> None:
    tab = await app.open_tab()
    trouble = tab.newest.locator(".message__trouble")
    said = []
    for number, (script, told) in enumerate(BEFORE_A_WORD.values(), start=1):
        provider = await app.provide(name, script, WELL)
        question = f"Is all well, {number}?"
        await tab.send(question)
        await tab.wait_sign(question, "saved")
        await tab.wait_last("failed")
        await expect(trouble).to_have_text(re.compile(told))
        await expect(tab.newest.get_by_text("No answer", exact=True)).to_be_visible()
        if number == 1:
            await tab.page.reload()
            await tab.wait_last("failed")
            await expect(trouble).to_have_text(re.compile(told))
        shown = await trouble.inner_text()
        assert not [word for word in JARGON if word in shown.replace(f"status {script.status}", "")]
        await tab.button("Ask again").click()
        await tab.wait_last("complete")
        said += [question, "All is well."]
        await tab.wait_contents(*said)
        await expect(tab.newest.locator(".siblings__count")).to_have_text("2/2")
        assert len(provider.requests) == 2 * number
    stored = await app.history()
    assert [message["content"] for message in stored] == said, "no second user row"


@pytest.mark.parametrize("name", each_in_turn("google"))
async def test_row_48_a_stream_without_its_last_word_is_cut_off_and_kept(
    app: App, name: str
) -> None:
    await app.provide(name, Script(chunks=words(4), end="fin"), WELL)
    tab = await app.open_tab()
    await tab.send("Is all well?")
    await tab.wait_last("interrupted")
    await expect(tab.answer).to_have_text("".join(words(4)).strip())
    await expect(tab.newest.get_by_text("Cut off", exact=True)).to_be_visible()
    await expect(tab.newest.locator(".message__trouble")).to_contain_text(CUT)
    await tab.button("Ask again").click()
    await tab.wait_last("complete")
    await check_story(app, name, "Is all well?")


@pytest.mark.parametrize("name", each_in_turn("ollama"))
async def test_row_50_split_characters_arrive_whole_and_nonsense_is_survived(
    app: App, name: str
) -> None:
    split = Script(chunks=("Zwölf ", "Dächer, ", "ein 🐉"), split_utf8=True)
    nonsense = Script(chunks=words(3), bad_json_before=2)
    await app.provide(name, split, nonsense, WELL)
    tab = await app.open_tab()
    await tab.send("What is seen?")
    await tab.wait_last("complete")
    await expect(tab.answer).to_have_text("Zwölf Dächer, ein 🐉")
    await tab.send("Is all well?")
    await expect(tab.newest.locator(".message__trouble")).to_be_visible()
    await tab.wait_text("word1")
    await tab.button("Ask again").click()
    await tab.wait_last("complete")
    await tab.wait_contents("What is seen?", "Zwölf Dächer, ein 🐉", "Is all well?", "All is well.")


async def test_row_50_a_giant_piece_is_capped(app: App) -> None:
    await app.provide("openai", Script(chunks=words(4), giant_before=2), WELL)
    tab = await app.open_tab()
    await tab.send("Is all well?")
    told = re.compile("far too long|could not be read")
    await expect(tab.newest.locator(".message__trouble")).to_contain_text(told)
    assert len(await tab.answer.inner_text()) < 100
    await tab.button("Ask again").click()
    await tab.wait_last("complete")
    await check_story(app, "openai", "Is all well?")


async def test_row_49_a_provider_that_goes_silent_is_not_waited_for(
    tmp_path: Path, app: App
) -> None:
    async with run_app(tmp_path, app.browser, app.executable, launcher=IMPATIENT) as impatient:
        await impatient.make_ready()
        silent = Script(silent_head=True)
        await impatient.provide("openai", Script(chunks=words(4), stalls=(2,)), WELL, silent, WELL)
        tab = await impatient.open_tab()
        await tab.send("Is all well?")
        await tab.wait_last("interrupted")
        await expect(tab.answer).to_have_text("word0 word1")
        await expect(tab.newest.locator(".message__trouble")).to_contain_text("stopped responding")
        await tab.button("Ask again").click()
        await tab.wait_last("complete")
        await check_story(impatient, "openai", "Is all well?")
        await tab.send("Still there?")
        await tab.wait_last("failed")
        await tab.button("Ask again").click()
        await tab.wait_last("complete")
        await impatient.clean_up()


async def test_row_53_stop_ends_an_answer_and_closing_the_page_does_not(app: App) -> None:
    provider = await app.provide("openai", Script(chunks=words(6), stalls=(3,)))
    tab = await app.open_tab()
    await tab.send("Begin")
    await tab.wait_text("word2")
    await tab.page.close()
    other = await app.open_tab()
    await other.wait_text("word2")
    provider.release()
    await other.wait_last("complete")
    await other.send("Once more")
    await expect(other.page.locator("article.message--assistant")).to_have_count(2)
    await until(lambda: len(provider.requests) == 2)
    await other.wait_text("word2")
    await other.button("Stop the answer").click()
    await other.wait_last("stopped")
    assert await until(lambda: provider.requests[-1].hung_up.is_set())
    assert not provider.requests[0].hung_up.is_set()
    await expect(other.answer).to_have_text("word0 word1 word2")
    await expect(other.newest.get_by_text("Stopped", exact=True)).to_be_visible()
    assert [m["status"] for m in (await app.history())[1::2]] == ["complete", "stopped"]
