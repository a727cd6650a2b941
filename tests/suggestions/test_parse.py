"""Replies as models really write them: what is shown, what is proposed, and what is noted."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ttrpg_assistant.live.shown import Part
from ttrpg_assistant.llm.readable import readable
from ttrpg_assistant.suggestions.parse import ReplyParser, parse_reply

CORPUS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "corpus" / "replies.json").read_text("utf-8")
)
LONG = "x" * 1_000_000

MIRA = '{"kind": "npc", "fields": {"name": "Mira", "role": "ferrywoman"}}'
BLOCK = f"```suggestion\n{MIRA}\n```\n"

FRAGMENTS = [
    "```suggestion\n", "```citation\n", "```json\n", "```", "```\n", "~~~\n", "````\n", "`",
    MIRA, '{"field": "setting", "value": "Fog"}', "{", "}", "[", "]", '"', "'", "“", "”",
    ":", ",", ";", "=", "\n", "\n\n", "\r\n", " ", "- ", "> ", "1. ", "text ", "kind", "npc",
    "\\", "\\ud83d", "é", "😀", "// c\n", "/* x */", "null", "12.5", '"""', "\u00a0", "\x00",
]  # fmt: skip
replies = st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join) | st.text()


def text_of(parts: Iterable[Part]) -> str:
    """The readable text among the parts that are shown."""
    return "".join(part for part in parts if isinstance(part, str))


def in_pieces(reply: str, seed: int) -> ReplyParser:
    """Feed a reply in pieces of one to four characters."""
    parser, chance, at = ReplyParser(), random.Random(seed), 0
    while at < len(reply):
        size = chance.randint(1, 4)
        parser.feed(reply[at : at + size])
        at += size
    return parser


def test_the_corpus_is_large_and_every_case_states_its_outcome() -> None:
    assert len(CORPUS) >= 60
    assert len({case["name"] for case in CORPUS}) == len(CORPUS)
    assert all(case["outcome"] for case in CORPUS)


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case["name"])
def test_each_reply_has_its_stated_outcome(case: dict[str, Any]) -> None:
    parsed = parse_reply(case["reply"].replace("@LONG@", LONG))
    assert parsed.shown == case["shown"]
    assert list(parsed.notes) == case["notes"]
    expected = case["suggestions"]
    if isinstance(expected, dict):
        assert len(parsed.suggestions) == expected["count"]
    else:
        assert [_summary(one) for one in parsed.suggestions] == expected
    assert [
        {name: getattr(one, name) for name in ("source_name", "location", "excerpt", "confidence")}
        for one in parsed.citations
    ] == case["citations"]


def _summary(proposal: Any) -> dict[str, Any]:
    fields = {
        name: f"@CUT {len(value)}@" if isinstance(value, str) and len(value) > 2500 else value
        for name, value in proposal.fields.items()
    }
    names = ("kind", "target", "title", "note")
    return {"fields": fields, **{name: getattr(proposal, name) for name in names}}


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case["name"])
def test_the_text_around_a_block_is_never_lost(case: dict[str, Any]) -> None:
    shown = parse_reply(case["reply"].replace("@LONG@", LONG)).shown
    for words in ("Before.", "After.", "What do you think?"):
        assert (words in case["reply"]) == (words in shown)


@settings(max_examples=300, deadline=None)
@given(replies, st.integers(0, 2**16))
@example("\n```suggestion\n" + MIRA + "\n```", 1)
def test_any_split_into_pieces_gives_the_same(reply: str, seed: int) -> None:
    parser = in_pieces(reply, seed)
    shown_before_the_end = text_of(parser.parts)
    parsed = parser.finish()
    assert parsed == parse_reply(reply)
    assert parsed.shown.startswith(shown_before_the_end)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters()))
def test_any_text_at_all_can_be_read(reply: str) -> None:
    parse_reply(reply)
    parse_reply("```suggestion\n" + reply)
    parse_reply("```suggestion\n{" + reply + "\n```\n")


@settings(max_examples=200, deadline=None)
@given(replies)
def test_a_recognised_block_is_never_shown(after: str) -> None:
    """Not even for a moment, and however the reply is cut up."""
    secret = '{"kind": "npc", "fields": {"name": "Zebulon-77"}}'
    parser = ReplyParser()
    reply = f"```suggestion\n{secret}\n```\n{after}"
    for mark in reply:
        parser.feed(mark)
    shown = text_of(parser.parts)
    parsed = parser.finish()
    assert "Zebulon-77" not in shown and "Zebulon-77" not in parsed.shown
    assert any(one.fields.get("name") == "Zebulon-77" for one in parsed.suggestions)


def test_text_is_shown_as_soon_as_it_cannot_be_a_fence() -> None:
    parser = ReplyParser()

    def feed(text: str) -> str:
        before = len(parser.parts)
        parser.feed(text)
        return text_of(parser.parts[before:])

    assert feed("Once upon") == "Once upon"
    assert feed(" a time\n") == " a time\n"
    assert feed("`") == ""
    assert feed("`code`` ") == "``code`` "
    assert feed("\n``") == "\n"
    assert parser.open_block is None
    assert feed("`suggestion\n{") == ""
    assert parser.open_block == ("suggestion", 27)


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_ordinary_text_is_shown_to_the_last_character(text: str) -> None:
    if "`" not in text and "~" not in text:
        assert parse_reply(text).shown == text


ONLY_KINDS_TELL = {
    "a good and an unknown one in an array",
    "unknown kind",
    "unknown field",
    "a kind and nothing else",
    "empty values",
    "sixty proposals in one reply",
}
"""That these propose nothing is known by the kinds alone; a summary says or leaves them out."""


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case["name"])
def test_search_recaps_and_exports_read_what_the_page_shows(case: dict[str, Any]) -> None:
    reply = case["reply"].replace("@LONG@", LONG[:10_000])
    shown = readable(parse_reply(reply).shown, with_proposals=False).split()
    read = readable(reply, with_proposals=False).split()
    assert (read == shown) != (case["name"] in ONLY_KINDS_TELL)
