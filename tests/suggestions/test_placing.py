"""Every proposal is placed where its block was written, whatever stands around it."""

from __future__ import annotations

import json
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.suggestions.conftest import Table, block
from tests.suggestions.test_parse import in_pieces, replies
from ttrpg_assistant.llm.fences import Block, FenceSplitter
from ttrpg_assistant.suggestions.parse import parse_reply
from ttrpg_assistant.suggestions.placing import LONGEST, NoteInPlace, find_places

BROKEN = '```suggestion\n{"mood": "grim"}\n```\n'
plain_texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="`~\r\n"), max_size=30
).map(lambda text: f"{text}\n")
leads = st.sampled_from(["", "  ", "- ", "1. ", "> ", "   "])


def _written(number: int) -> str:
    return json.dumps({"kind": "npc", "fields": {"name": f"Nobody {number}"}})


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(plain_texts, leads), max_size=8), plain_texts, st.integers(0, 2**16))
def test_a_block_anywhere_is_placed_where_its_first_line_begins(
    around: list[tuple[str, str]], after: str, seed: int
) -> None:
    reply, expected = "", []
    for number, (text, lead) in enumerate(around):
        reply += text
        expected.append(len(reply))
        quote = "> " if lead == "> " else ""
        reply += f"{lead}```suggestion\n{quote}{_written(number)}\n{quote}```\n"
    reply += after
    parsed = in_pieces(reply, seed).finish()
    assert [one.fields["name"] for one in parsed.suggestions] == [
        f"Nobody {number}" for number in range(len(around))
    ]
    assert list(parsed.places) == expected


@settings(max_examples=300, deadline=None)
@given(replies, st.integers(0, 2**16))
def test_a_block_of_any_reply_is_found_again_at_its_place(reply: str, seed: int) -> None:
    splitter, chance, blocks, at = FenceSplitter(), random.Random(seed), [], 0
    while at < len(reply):
        size = chance.randint(1, 4)
        blocks += splitter.feed(reply[at : at + size])
        at += size
    blocks += splitter.finish()
    starts = [piece.place for piece in blocks if isinstance(piece, Block)]
    assert starts == sorted(set(starts))
    for piece in blocks:
        if isinstance(piece, Block):
            assert reply.startswith(piece.raw, piece.place)
            assert piece.place == 0 or reply[piece.place - 1] == "\n"
    parsed = parse_reply(reply)
    assert {*parsed.places, *(place for place, _ in parsed.notes_in_place)} <= set(starts)
    assert len(parsed.places) == len(parsed.suggestions)
    assert {note for _, note in parsed.notes_in_place} == set(parsed.notes)


async def test_what_a_message_proposes_and_what_was_unreadable_have_their_places(
    table: Table,
) -> None:
    mira = block({"kind": "npc", "fields": {"name": "Mira"}})
    tomas = block({"kind": "npc", "fields": {"name": "Tomás"}})
    reply = f"Zwei für dich 😀:\n\n{mira}{BROKEN}und:\n{mira}{tomas}Ende."
    message = await table.say(reply)
    await table.reader.read_reply(message)
    found, _ = await table.suggestions.list_of_messages([message.id])
    first, second = found[message.id]
    places = find_places(reply, found[message.id])
    assert places.suggestions == {first.id: reply.index(mira), second.id: reply.index(tomas)}
    assert places.notes == (
        NoteInPlace(reply.index(BROKEN), "A suggestion of an unknown kind is shown as text."),
        NoteInPlace(reply.rindex(mira), "The same suggestion was made twice; it is stored once."),
    )


async def test_a_runaway_reply_is_not_read_again_whenever_it_is_shown(table: Table) -> None:
    (one,) = await table.propose({"kind": "npc", "fields": {"name": "Mira"}})
    places = find_places(block({"x": 1}) + "x" * LONGEST, [one])
    assert (places.suggestions, places.notes) == ({}, ())
