"""Reads reviews in the background, part by part.

Each part is one short step: its proposals and that it is done are stored together, after the model
has answered. So a killed server goes on with the first part that is not done, and nothing is lost
or doubled. A part that fails says why and can be read again; after several in a row the review
stops and says so.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import structlog
from sqlalchemy import Connection

from ttrpg_assistant.conversations.answering import AnsweringModel
from ttrpg_assistant.conversations.store.conversations import get_conversation
from ttrpg_assistant.errors import Fault, ModelFault, NotFound, PersistenceUnavailable
from ttrpg_assistant.failpoints import hit
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.reviews.lines import split_part
from ttrpg_assistant.reviews.model import Part, Reading, Review, ReviewStatus
from ttrpg_assistant.reviews.reading import PartReader, SplitNeeded
from ttrpg_assistant.reviews.store import reviews
from ttrpg_assistant.reviews.store.proposals import ReviewedSuggestions
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.left_work import LeftWork

log = structlog.get_logger(__name__)

FAILURES_IN_A_ROW = 3
UNEXPECTED = "Something went wrong inside the assistant."


class ReviewRunner:
    """Reads what waits, one part after the other."""

    def __init__(self, database: Database, changes: Changes, model: AnsweringModel) -> None:
        self._database = database
        self._changes = changes
        self._reader = PartReader(database, model)
        self._work = LeftWork(database, "reviews", reviews.list_being_read, self._work_on)

    @property
    def reader(self) -> PartReader:
        """Who reads a part."""
        return self._reader

    def ask_for(self, review_id: str) -> None:
        """Read this review now."""
        self._work.ask_for(review_id)

    async def run(self) -> None:
        """For ever: read what was asked for, and what a dead server left unread."""
        await self._work.run()

    async def _work_on(self, review_id: str) -> None:
        failures = 0
        while True:
            try:
                review, part = await self._database.read(partial(_look, review_id=review_id))
            except NotFound:
                break  # it was deleted meanwhile
            if review.status != "reading":
                break
            if part is None:
                await self._end(review)
                break
            try:
                reading = await self._reader.read(review, part)
            except SplitNeeded as needed:
                places = split_part(needed.lines)
                await self._database.write(partial(reviews.replace_part, part=part, places=places))
                continue
            except ModelFault as fault:
                failures += 1
                await self._fail(review, part, fault, stops=failures >= FAILURES_IN_A_ROW)
                continue
            except NotFound:
                # Its conversation was removed meanwhile.
                await self._database.write(
                    partial(reviews.set_status, id=review.id, now="stopped", only_from="reading")
                )
                break
            except PersistenceUnavailable:
                raise
            except Exception as error:
                # Not the error's own words: they may quote the transcript.
                log.exception("reviews.part_broke", error=type(error).__name__)
                await self._fail(review, part, Fault(UNEXPECTED, code="unexpected"), stops=False)
                continue
            await self._write(
                review, partial(store_reading, review_id=review.id, part=part, reading=reading)
            )
            failures = 0
            hit("after_part")

    async def _end(self, review: Review) -> None:
        def work(tx: Connection) -> bool:
            progress = reviews.get_progress(tx, review)
            status: ReviewStatus = "stopped" if progress.failed else "done"
            return reviews.set_status(tx, review.id, status, only_from="reading")

        await self._write(review, work)

    async def _fail(self, review: Review, part: Part, fault: Fault, *, stops: bool) -> None:
        words = {
            "error_code": fault.code,
            "error_detail": fault.sentence,
            "error_cure": fault.cure,
        }

        def work(tx: Connection) -> None:
            reviews.end_part(tx, part.id, status="failed", **words)
            if stops and reviews.set_status(tx, review.id, "stopped", only_from="reading"):
                reviews.update_review(tx, review.id, **words)

        await self._write(review, work)
        log.info("reviews.part_failed", code=fault.code)

    async def _write(self, review: Review, work: Callable[[Connection], object]) -> None:
        await self._changes.write(
            self._database,
            work,
            lambda _: [
                ("review", {"id": review.id}),
                ("suggestions", {"id": review.conversation_id}),
            ],
        )


def _look(tx: Connection, review_id: str) -> tuple[Review, Part | None]:
    return reviews.get_review(tx, review_id), reviews.find_next_part(tx, review_id)


def store_reading(tx: Connection, review_id: str, part: Part, reading: Reading) -> bool:
    """Keep what a part came to: all of it, or nothing when somebody else has."""
    review = reviews.get_review(tx, review_id, lock=True)
    hit("before_part")
    ended = reviews.end_part(
        tx,
        part.id,
        status="done",
        summary=reading.summary,
        made_by=reading.made_by[:120],
        left_out=reading.left_out,
        **reviews.NO_FAULT,
    )
    if not ended:
        return False
    conversation = get_conversation(tx, review.conversation_id)
    new, repeated = ReviewedSuggestions(tx, review, conversation).add(reading.found)
    hit("amid_part")
    reviews.count_found(tx, part.id, proposed=new, repeated=repeated)
    reviews.update_review(tx, review.id, **reviews.NO_FAULT)
    return True
