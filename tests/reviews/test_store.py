"""Rows of reviews, on both databases."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from tests.suggestions.conftest import Table, make_table
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.reviews.model import Evidence, Found, Part, Reading, Review, Speaker
from ttrpg_assistant.reviews.runner import store_reading
from ttrpg_assistant.reviews.store import reviews
from ttrpg_assistant.reviews.store.proposals import drop_undecided, list_reviewed
from ttrpg_assistant.reviews.wording import propose_fact, propose_relation, propose_thing
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.suggestions.model import Acceptance

PLACES: list[reviews.Place] = [
    ("lines", 3, 0, 4, 20),
    ("whole", 1, 0, 1, 0),
    ("lines", 1, 0, 2, 20),
]


async def begin(table: Table) -> tuple[Review, str]:
    """A review of the thread, and the id of a line in it."""
    message = await table.say("Mira gave Tomas the key.")

    def work(tx: Connection) -> Review:
        speakers = [Speaker("Ana", "player")]
        made = reviews.add_review(
            tx, new_id(), table.campaign.id, table.thread.id, None, speakers, PLACES
        )
        again = reviews.add_review(
            tx, new_id(), table.campaign.id, table.thread.id, None, [], PLACES
        )
        assert again == made
        return made

    return await table.database.write(work), message.id


async def next_part(table: Table, review: Review) -> Part | None:
    return await table.database.read(lambda tx: reviews.find_next_part(tx, review.id))


async def test_parts_are_read_in_order_once_and_the_whole_last(database: Database) -> None:
    table = await make_table(database)
    review, message_id = await begin(table)
    evidence = [Evidence(message_id, 1, "gave Tomas the key")]
    found = [
        Found(propose_fact("Mira gave Tomas the key."), evidence),
        Found(propose_relation("Mira", "friend of", "Tomas"), evidence),
        Found(propose_thing("npc", {"name": "Wend", "role": "ferrywoman"}), evidence),
    ]
    seen: list[tuple[str, int]] = []
    while (part := await next_part(table, review)) is not None:
        seen.append((part.kind, part.first_seq))
        reading = Reading(found, "Something happened.", "scripted:scripted", 1)
        kept = part
        for expected in (True, False):
            stored = await database.write(
                lambda tx, kept=kept, reading=reading: store_reading(tx, review.id, kept, reading)
            )
            assert stored is expected
    assert seen == [("lines", 1), ("lines", 3), ("whole", 1)]
    progress = await database.read(lambda tx: reviews.get_progress(tx, review))
    assert (progress.parts, progress.done, progress.open) == (3, 3, 3)
    assert (progress.proposed, progress.left_out, progress.repeated) == (3, 3, 6)

    there = await database.read(lambda tx: list_reviewed(tx, table.thread.id))
    assert {one.kind for one in there} == {"fact", "relation", "npc"}
    assert all(one.lines and one.lines[0]["message_id"] == message_id for one in there)
    mira, tomas = await table.make("npc", name="Mira"), await table.make("npc", name="Tomas")
    for one in there:
        await table.suggestions.accept(one.id, Acceptance())
    related = next(one for one in there if one.kind == "relation")
    decision = await table.suggestions.undo(related.id)
    assert decision.removal_id is not None
    assert mira.id != tomas.id
    # What was decided stays, what is known is not proposed again.
    assert await database.write(lambda tx: drop_undecided(tx, table.thread.id)) == 0
    await database.write(lambda tx: reviews.replace_parts(tx, review.id, PLACES))
    part = await next_part(table, review)
    assert part is not None
    reading = Reading(found, "", "scripted:scripted")
    assert await database.write(lambda tx: store_reading(tx, review.id, part, reading))
    again = await database.read(lambda tx: list_reviewed(tx, table.thread.id))
    assert {one.id for one in again} == {one.id for one in there}


async def test_a_part_is_put_in_halves_only_while_it_waits(database: Database) -> None:
    table = await make_table(database)
    review, _ = await begin(table)
    part = await next_part(table, review)
    assert part is not None
    halves: list[reviews.Place] = [("lines", 1, 0, 1, 20), ("lines", 2, 0, 2, 20)]
    for expected in (True, False):
        done = await database.write(lambda tx: reviews.replace_part(tx, part, halves))
        assert done is expected
    parts = await database.read(lambda tx: reviews.list_parts(tx, review.id))
    assert [(one.kind, one.first_seq) for one in parts] == [
        ("lines", 1), ("lines", 2), ("lines", 3), ("whole", 1),
    ]  # fmt: skip
    failed = replace(parts[0], error_code="stalled")
    await database.write(
        lambda tx: reviews.end_part(tx, failed.id, status="failed", error_code="stalled")
    )
    listed = await database.read(lambda tx: reviews.list_failed(tx, review.id))
    assert [one.error_code for one in listed] == ["stalled"]
    assert await database.write(lambda tx: reviews.read_failed_again(tx, review.id)) == 1
    await database.write(lambda tx: reviews.set_status(tx, review.id, "reading", only_from="ready"))
    assert await database.read(lambda tx: reviews.list_being_read(tx, -1.0)) == [review.id]
    assert await database.read(lambda tx: reviews.list_being_read(tx, 600.0)) == []


async def test_what_is_said_of_the_same_later_stands_under_what_was_said_first(
    database: Database,
) -> None:
    table = await make_table(database)
    review, message_id = await begin(table)
    evidence = [Evidence(message_id, 1, "gave Tomas the key")]
    told = ("Bring the key to Tomas.", "Bring the key to Tomas!", "Mira wants the key, too.")
    for text in told:
        part = await next_part(table, review)
        assert part is not None
        thing = propose_thing("plot_point", {"title": "The key", "description": text})
        reading = Reading([Found(thing, evidence)], "", "scripted:scripted")
        await database.write(
            lambda tx, part=part, reading=reading: store_reading(tx, review.id, part, reading)
        )
    there = await database.read(lambda tx: list_reviewed(tx, table.thread.id))
    assert [one.fields["description"] for one in there] == [
        "Bring the key to Tomas.\nMira wants the key, too."
    ]
