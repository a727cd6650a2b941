"""What is shown of a reply while it is written: never half a block, and in the end what is shown of
the whole."""

from __future__ import annotations

import json
import random
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.suggestions.test_parse import (
    BLOCK,
    CORPUS,
    FRAGMENTS,
    LONG,
    MIRA,
    replies,
    text_of,
)
from ttrpg_assistant.live.shown import Part, ShownBlock, join_changes, join_parts
from ttrpg_assistant.suggestions.growing import LARGEST, GrowingReply, read_beginning
from ttrpg_assistant.suggestions.parse import parse_reply

DEEP = 20_000

seeds = st.integers(0, 2**16)


def grow(reply: str, seed: int, most: int = 6) -> tuple[GrowingReply, list[int]]:
    """Feed a reply in pieces; and how many changes there were after each of them."""
    growing, chance, at, counts = GrowingReply(), random.Random(seed), 0, [0]
    while at < len(reply):
        size = chance.randint(1, most)
        growing.feed(reply[at : at + size])
        counts.append(len(growing.parts))
        at += size
    return growing, counts


def blocks_of(parts: list[Part]) -> list[ShownBlock]:
    """The blocks among the parts."""
    return [part for part in parts if isinstance(part, ShownBlock)]


@settings(max_examples=400, deadline=None)
@given(replies, seeds)
@example("See:\n```json\n" + MIRA, 3)
@example("```json\n" + MIRA + "\nand so on\n```\nText", 1)
@example(BLOCK + "> ```suggestion\n> " + MIRA, 5)
def test_however_a_reply_is_cut_up_the_same_is_shown_of_it(reply: str, seed: int) -> None:
    pieces, _ = grow(reply, seed)
    once, _ = grow(reply, 0, most=max(1, len(reply)))
    assert _closed(pieces.parts) == _closed(once.parts)
    assert text_of(join_parts(pieces.parts)) == text_of(join_parts(once.parts))


def _closed(changes: list[Part]) -> list[Part]:
    return [
        part for part in join_parts(changes) if not (isinstance(part, ShownBlock) and part.is_open)
    ]


@settings(max_examples=400, deadline=None)
@given(replies, seeds)
@example("See:\n```json\n" + MIRA + "\n```\n" + BLOCK, 2)
def test_what_was_shown_is_what_is_shown_of_the_whole(reply: str, seed: int) -> None:
    """All of it, when nothing is held back at the end; else its beginning."""
    growing, _ = grow(reply, seed)
    whole = list(parse_reply(reply).parts)
    shown = _closed(growing.parts)
    if shown and isinstance(shown[-1], str):
        *shown, last = shown
        assert isinstance(said := whole[len(shown)], str)
        assert said.startswith(last)
    assert whole[: len(shown)] == shown


@settings(max_examples=300, deadline=None)
@given(replies, seeds)
def test_a_follower_who_joins_anywhere_comes_to_the_same_picture(reply: str, seed: int) -> None:
    growing, counts = grow(reply, seed)
    whole = join_parts(growing.parts)
    for count in counts:
        joined: list[Part] = join_parts(growing.parts[:count])
        assert join_parts([*joined, *growing.parts[count:]]) == whole
    told: list[Part] = []
    for before, after in pairwise(counts):
        told += join_changes(growing.parts[before:after])
    assert join_parts(told) == whole


@settings(max_examples=200, deadline=None)
@given(replies, seeds)
def test_nothing_of_a_block_is_shown_on_the_way(after: str, seed: int) -> None:
    said = '{"kind": "npc", "fields": {"name": "Zebulon-77", "role": "smith"}}'
    for fence in ("```suggestion", "~~~suggestion", "```json suggestion", "```json"):
        close = fence[:3]
        growing, _ = grow(f"Look:\n{fence}\n{said}\n{close}\n{after}", seed)
        assert "Zebulon-77" not in text_of(growing.parts)
        (card,) = blocks_of(join_parts(growing.parts))[0].cards
        assert (card.kind, card.title) == ("npc", "New NPC: Zebulon-77")
        assert card.fields == {"name": "Zebulon-77", "role": "smith"}


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case["name"])
def test_nothing_shown_of_a_real_reply_is_taken_back(case: dict[str, Any]) -> None:
    reply = case["reply"].replace("@LONG@", LONG)
    growing, step, seen = GrowingReply(), 4_096 if len(reply) > 10_000 else 1, ""
    for at in range(0, len(reply), step):
        before = len(growing.parts)
        growing.feed(reply[at : at + step])
        seen += text_of(growing.parts[before:])
    pairs = enumerate(zip(seen, case["shown"], strict=False))
    same = next((at for at, (one, other) in pairs if one != other), len(seen))
    assert same == len(seen) or (len(reply) > LARGEST and case["shown"].endswith(seen[same:]))


def test_a_block_is_said_to_be_one_from_its_first_line_with_its_kind_and_name() -> None:
    growing = GrowingReply()
    told: list[list[Part]] = []
    pieces = ("Look:\n```sugg", "estion\n", '{"kind": "np', 'c", "fie', 'lds": {"name": "Mi', 'ra"')
    for piece in (*pieces, ', "role": "smith"}}\n', "```\nDone."):
        before = len(growing.parts)
        growing.feed(piece)
        told.append(growing.parts[before:])
    assert [[_say(part) for part in parts] for parts in told] == [
        ["Look:\n"],
        [(6, "open")],
        [],
        [(6, "open", "npc", "")],
        [],
        [(6, "open", "npc", "New NPC: Mira")],
        [],
        [(6, "npc", "New NPC: Mira"), "Done."],
    ]


def _say(part: Part) -> str | tuple[Any, ...]:
    if isinstance(part, str):
        return part
    cards = [word for card in part.cards for word in (card.kind, card.title)]
    return (part.place, *(["open"] if part.is_open else []), *cards)


def test_code_is_held_back_unseen_until_it_says_that_it_proposes() -> None:
    growing = GrowingReply()
    growing.feed('```json\n{"kind": "npc", "fields": ')
    assert growing.parts == []
    growing.feed('{"name": "Mira"')
    assert [_say(part) for part in growing.parts] == [(0, "open", "npc", "New NPC: Mira")]
    growing.feed("}} and more\n```\nSo.")
    *_, announced, gone, raw, rest = growing.parts
    assert (announced, gone) == (growing.parts[0], ShownBlock(0, is_text=True))
    assert isinstance(raw, str) and raw.startswith("```json\n") and rest == "So."
    assert blocks_of(join_parts(growing.parts)) == []
    settings_file = GrowingReply()
    settings_file.feed('```json\n{"port": 8642, "type": "server", "fields": {"a": "b"},')
    assert settings_file.parts == []


def test_a_very_large_block_is_read_when_the_reply_has_ended() -> None:
    said = json.dumps({"kind": "npc", "fields": {"name": "Mira", "background": "x " * LARGEST}})
    reply = f"Look:\n```suggestion\n{said}\n```\nDone."
    growing, _ = grow(reply, 1, most=5_000)
    assert [_say(part) for part in join_parts(growing.parts)] == [
        "Look:\n",
        (6, "open", "npc", "New NPC: Mira"),
        "Done.",
    ]
    assert len(parse_reply(reply).suggestions) == 1


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="{}[]\":,\\n 'kindpcfelsame", max_size=60))
def test_any_beginning_of_a_block_can_be_looked_at(body: str) -> None:
    read_beginning(body)
    read_beginning('{"kind": "npc", ' + body, is_code=True)


@pytest.mark.deep
def test_thousands_of_broken_replies_are_shown_alike_by_the_piece_and_as_a_whole(
    capsys: pytest.CaptureFixture[str],
) -> None:
    chance = random.Random(20_261_130)
    blocks = opened = none_after_all = 0
    for number in range(DEEP):
        start = ("", "```suggestion\n", "```json\n")[number % 3]
        reply = start + "".join(chance.choices(FRAGMENTS, k=chance.randint(1, 25)))
        whole = list(parse_reply(reply).parts)
        for most in (1, 6, 40):
            growing, counts = grow(reply, number, most)
            shown = _closed(growing.parts)
            if shown and isinstance(shown[-1], str):
                assert isinstance(said := whole[len(shown) - 1], str), reply
                assert said.startswith(shown.pop()), reply  # type: ignore[arg-type]
            assert whole[: len(shown)] == shown, reply
            at = chance.choice(counts)
            joined = [*join_parts(growing.parts[:at]), *growing.parts[at:]]
            assert join_parts(joined) == join_parts(growing.parts), reply
            said_so = blocks_of(growing.parts)
            blocks += len(blocks_of(whole))
            opened += sum(one.is_open for one in said_so)
            none_after_all += sum(one.is_text for one in said_so)
    with capsys.disabled():
        print(f"\n{DEEP} replies in 3 ways: {blocks} blocks, {opened} said while open,", end=" ")
        print(f"{none_after_all} that were none after all")
    assert blocks and opened and none_after_all
