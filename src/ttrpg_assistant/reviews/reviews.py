"""Reviews of transcripts and notes as a person uses them: begin, say who speaks, read, stop."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.registry import KINDS
from ttrpg_assistant.campaigns.store.entities import find_entity
from ttrpg_assistant.campaigns.store.naming import SpelledName, list_spelled_names
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.conversations.model import Conversation, Message
from ttrpg_assistant.conversations.store.conversations import get_conversation
from ttrpg_assistant.errors import Conflict, InvalidInput, NotFound
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.live.changes import Changes, Hint
from ttrpg_assistant.reviews.lines import PAGE, PartPlanner, list_messages, split_message
from ttrpg_assistant.reviews.model import SPEAKERS, Part, Progress, Review, Speaker
from ttrpg_assistant.reviews.queue import Queued, list_queue
from ttrpg_assistant.reviews.reading import MODEL_NEEDED, USE_HEADINGS
from ttrpg_assistant.reviews.runner import ReviewRunner
from ttrpg_assistant.reviews.speakers import find_label, guess_again, guess_speakers
from ttrpg_assistant.reviews.store import reviews
from ttrpg_assistant.reviews.store.proposals import drop_undecided
from ttrpg_assistant.reviews.texts import Text, TextName, text_of
from ttrpg_assistant.storage.database import Database

QUEUE_PAGE = 100
LABELS_COUNTED = 5_000
_KIND_OF_ROLE = {"player": "character", "npc": "npc"}


@dataclass(frozen=True, slots=True)
class ReviewState:
    """A review, what its text is called and of which kind it is, how far it is, and the parts that
    failed."""

    review: Review
    title: str
    text: TextName
    progress: Progress
    failed: list[Part]


@dataclass(frozen=True, slots=True)
class Estimate:
    """What reading notes takes with the model that is chosen now: about so many parts, and tokens
    that are sent in all. Nothing where `is_built_in`: it reads none."""

    model: str
    is_built_in: bool
    parts: int
    tokens: int


class TranscriptReviews:
    """The reviews of all transcripts and notes."""

    def __init__(self, database: Database, changes: Changes, runner: ReviewRunner) -> None:
        self._database = database
        self._changes = changes
        self._runner = runner

    # ── One review ─────────────────────────────────────────────────────────────────────

    async def create(
        self, conversation_id: str, game_session_id: str | None, *, id: str | None = None
    ) -> ReviewState:
        """A review of a conversation of a campaign, with its speakers guessed and its parts
        planned; nothing is read before `start`. The one that is there when there is one.

        Raises `NotFound`, `InvalidInput`, a `ModelFault` when the size of the model that is chosen
        cannot be found out, `Conflict` when it does not read such a text.
        """
        there = await self._database.read(
            lambda tx: reviews.list_reviews(tx, conversation_id=conversation_id)
        )
        if there:
            return await self.get(there[0].id)
        conversation, campaign_id = await self._database.read(
            partial(_check, conversation_id=conversation_id, game_session_id=game_session_id)
        )
        text = text_of(conversation)
        self._check_can_read(text)
        speakers: list[Speaker] = []
        if text.is_played:
            counts = await self._count_labels(conversation)
            if not counts:
                raise InvalidInput(
                    "This conversation has nothing to read.", code="transcript_empty"
                )
            cast = await self._database.read(lambda tx: list_spelled_names(tx, campaign_id))
            speakers = guess_speakers(counts, cast)
        places = await self._plan(conversation, speakers)
        made = await self._changes.write(
            self._database,
            lambda tx: reviews.add_review(
                tx, id or new_id(), campaign_id, conversation_id, game_session_id, speakers, places
            ),
            _hint_of,
        )
        return await self.get(made.id)

    async def estimate(
        self, *, characters: int = 0, conversation_id: str | None = None
    ) -> Estimate:
        """What reading notes of so many characters, or those that are kept, would take. Raises
        `NotFound`, a `ModelFault`."""
        if conversation_id is not None:
            characters = await self._database.read(
                lambda tx: reviews.count_characters(tx, get_conversation(tx, conversation_id).id)
            )
        reader = self._runner.reader
        if reader.is_built_in:
            return Estimate(reader.choice, True, 0, 0)
        parts, tokens = await reader.estimate(characters)
        return Estimate(reader.choice, False, parts, tokens)

    async def get(self, id: str) -> ReviewState:
        """Raises `NotFound`."""
        return await self._database.read(partial(_get_state, id=id))

    async def list_all(self, campaign_id: str) -> list[ReviewState]:
        """The reviews of a campaign, newest first."""
        return await self._database.read(
            lambda tx: [_state(tx, one) for one in reviews.list_reviews(tx, campaign_id)]
        )

    async def set_speakers(self, id: str, given: Sequence[Speaker]) -> ReviewState:
        """Say whom labels stand for. What was read before keeps its words; the recaps are made
        again. Raises `NotFound`, `InvalidInput`."""

        def work(tx: Connection) -> Review:
            review = reviews.get_review(tx, id, lock=True)
            _check_played(tx, review)
            kept = {one.label: one for one in review.speakers}
            for one in given:
                if one.label not in kept and len(kept) >= SPEAKERS:
                    raise InvalidInput(f"A review has room for {SPEAKERS} speakers.")
                lines = kept[one.label].lines if one.label in kept else 0
                kept[one.label] = replace(
                    one, name=_name_of(tx, review, one), lines=lines, is_guessed=False
                )
            reviews.let_whole_wait(tx, id)
            spelled = [_spell(one) for one in kept.values()]
            status = "stopped" if review.status == "done" else review.status
            return reviews.update_review(tx, id, speakers=spelled, status=status)

        await self._changes.write(self._database, work, _hint_of)
        return await self.get(id)

    async def set_game_session(self, id: str, game_session_id: str) -> ReviewState:
        """Say which game session the transcript is of. Raises `NotFound`, `InvalidInput`."""

        def work(tx: Connection) -> Review:
            review = reviews.get_review(tx, id, lock=True)
            _check_played(tx, review)
            _check_game_session(tx, review.campaign_id, game_session_id)
            reviews.link_transcript(tx, review.conversation_id, game_session_id)
            return reviews.update_review(tx, id, game_session_id=game_session_id)

        await self._changes.write(self._database, work, _hint_of)
        return await self.get(id)

    async def start(self, id: str, *, afresh: bool = False) -> ReviewState:
        """Read what is not read yet, and what failed once more. `afresh` reads everything again:
        what nobody has decided on is proposed anew. Raises `NotFound`, a `ModelFault`."""
        places: list[reviews.Place] | None = None
        speakers: list[Speaker] = []
        review, conversation, cast = await self._database.read(partial(_look, id=id))
        self._check_can_read(text_of(conversation))
        if afresh:
            speakers = guess_again(review.speakers, cast)
            places = await self._plan(conversation, speakers)

        def work(tx: Connection) -> Review:
            review = reviews.get_review(tx, id, lock=True)
            if places is not None:
                drop_undecided(tx, review.conversation_id)
                reviews.replace_parts(tx, id, places)
                reviews.update_review(tx, id, speakers=[_spell(one) for one in speakers])
            elif reviews.read_failed_again(tx, id):
                reviews.let_whole_wait(tx, id)
            return reviews.update_review(tx, id, status="reading", **reviews.NO_FAULT)

        await self._changes.write(self._database, work, _hint_of)
        self._runner.ask_for(id)
        return await self.get(id)

    async def stop(self, id: str) -> ReviewState:
        """Read no further part; the one that is being read is ended. Raises `NotFound`."""

        def work(tx: Connection) -> Review:
            review = reviews.get_review(tx, id, lock=True)
            if review.status != "reading":
                return review
            return reviews.update_review(tx, id, status="stopped")

        await self._changes.write(self._database, work, _hint_of)
        return await self.get(id)

    # ── The queue ──────────────────────────────────────────────────────────────────────

    async def list_queue(
        self, id: str, *, after: str | None = None, limit: int = QUEUE_PAGE
    ) -> tuple[list[Queued], str | None]:
        """The proposals of a review with their lines, by kind and in the order of the lines, and
        the cursor of the next page. Raises `NotFound`, `InvalidInput`."""
        return await self._database.read(partial(list_queue, id=id, after=after, limit=limit))

    # ── Within ─────────────────────────────────────────────────────────────────────────

    def _check_can_read(self, text: Text) -> None:
        if not self._runner.reader.can_read(text):
            raise Conflict(MODEL_NEEDED, code="model_needed", cure=USE_HEADINGS)

    async def _count_labels(self, conversation: Conversation) -> Mapping[str, int]:
        counts = Counter[str]()
        async for page in self._iterate_pages(conversation):
            for message in page:
                label, _ = find_label(message)
                if label in counts or len(counts) < LABELS_COUNTED:
                    counts[label] += 1
        return counts

    async def _plan(
        self, conversation: Conversation, speakers: Sequence[Speaker]
    ) -> list[reviews.Place]:
        text = text_of(conversation)
        characters = await self._runner.reader.find_part_characters()
        planner = PartPlanner(characters, has_whole=text.is_played)
        known = text.find_speakers(speakers)
        async for page in self._iterate_pages(conversation):
            for message in page:
                for line in split_message(message, known):
                    planner.add(line)
        return planner.finish()

    async def _iterate_pages(self, conversation: Conversation) -> AsyncIterator[list[Message]]:
        after = 0
        while True:
            page = await self._database.read(
                partial(list_messages, conversation=conversation, after=after)
            )
            yield page
            if len(page) < PAGE:
                return
            after = page[-1].seq


def _hint_of(review: Review) -> list[Hint]:
    return [("review", {"id": review.id})]


def _look(tx: Connection, id: str) -> tuple[Review, Conversation, list[SpelledName]]:
    review = reviews.get_review(tx, id)
    conversation = get_conversation(tx, review.conversation_id)
    return review, conversation, list_spelled_names(tx, review.campaign_id)


def _spell(one: Speaker) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def _check(
    tx: Connection, conversation_id: str, game_session_id: str | None
) -> tuple[Conversation, str]:
    conversation = get_conversation(tx, conversation_id)
    if conversation.campaign_id is None or conversation.kind == "npc":
        raise InvalidInput(
            "Only a transcript that belongs to a campaign can be reviewed.",
            code="campaign_needed",
            cure="Import it into a campaign.",
        )
    if game_session_id is not None:
        if not text_of(conversation).is_played:
            raise _not_played()
        _check_game_session(tx, conversation.campaign_id, game_session_id)
    return conversation, conversation.campaign_id


def _check_played(tx: Connection, review: Review) -> None:
    if not text_of(get_conversation(tx, review.conversation_id)).is_played:
        raise _not_played()


def _not_played() -> InvalidInput:
    return InvalidInput(
        "Notes have no speakers and belong to no game session.", code="review_of_notes"
    )


def _check_game_session(tx: Connection, campaign_id: str, game_session_id: str) -> None:
    found = find_entity(tx, KINDS["game_session"], game_session_id)
    if found is None or found.campaign_id != campaign_id:
        raise NotFound("There is no such game session in this campaign.")


def _name_of(tx: Connection, review: Review, one: Speaker) -> str:
    """What the thing is called that a speaker stands for. Raises `InvalidInput`."""
    if one.thing_id is None:
        return ""
    kind = KINDS.get(_KIND_OF_ROLE.get(one.role, ""))
    found = None if kind is None else find_entity(tx, kind, one.thing_id)
    if found is None or found.campaign_id != review.campaign_id:
        raise InvalidInput(
            f"{cut_text(one.label, 60) or 'This speaker'} stands for nobody of this campaign.",
            code="speaker_unknown",
            cure="Choose a player character for a player, and an NPC for an NPC.",
            facts={"label": one.label},
        )
    return str(found.name)


def _state(tx: Connection, review: Review) -> ReviewState:
    progress = reviews.get_progress(tx, review)
    failed = reviews.list_failed(tx, review.id) if progress.failed else []
    conversation = get_conversation(tx, review.conversation_id)
    text = text_of(conversation).name
    return ReviewState(review, conversation.title or "", text, progress, failed)


def _get_state(tx: Connection, id: str) -> ReviewState:
    return _state(tx, reviews.get_review(tx, id))
