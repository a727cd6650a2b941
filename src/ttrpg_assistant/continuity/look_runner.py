"""Lets a model look through campaigns in the background, part by part.

Each part is one short step: what it found and that it was read are stored together, after the
model has answered. So a killed server goes on with what is not read, and nothing is found twice. A
part that fails is read at the next press; after several in a row the look stops and says why.
"""

from __future__ import annotations

import asyncio
from collections import deque
from functools import partial

import structlog
from sqlalchemy import Connection

from ttrpg_assistant.continuity.asking import Answer, PartTooLong, ask_of_part, read_answer
from ttrpg_assistant.continuity.continuity import Continuity
from ttrpg_assistant.continuity.findings import Look, is_bare_no
from ttrpg_assistant.continuity.model import Contradiction, LooseThread
from ttrpg_assistant.continuity.planning import (
    MOST_PARTS,
    STAGES,
    Asked,
    Stage,
    plan_again,
    plan_subjects,
    plan_talk,
    plan_threads,
)
from ttrpg_assistant.continuity.store import looks
from ttrpg_assistant.conversations.answering import AnsweringModel
from ttrpg_assistant.errors import (
    ContextTooLong,
    Fault,
    ModelFault,
    NotFound,
    PersistenceUnavailable,
    Stalled,
)
from ttrpg_assistant.failpoints import hit
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.llm.types import BUILT_IN
from ttrpg_assistant.storage.database import Database
from ttrpg_assistant.storage.left_work import LeftWork

log = structlog.get_logger(__name__)

ASKING_SECONDS = 300.0
FAILURES_IN_A_ROW = 3

LEAST_CHARACTERS, MOST_CHARACTERS = 1_200, 10_000
"""Characters of a part. One that a model cannot answer within its limits is halved."""

MOST_HALVED = 2
"""Times that a part is halved because its answer was cut."""

MOST_CALLS = 120
"""Of one look, with those for halves."""

_INSTRUCTIONS_TOKENS = 1_100
_CHARACTERS_PER_TOKEN = 2.0


class SplitNeeded(Exception):
    """The part is more than the model can read or answer at once."""


class LookRunner:
    """Looks through what waits, one campaign after the other."""

    def __init__(
        self, database: Database, changes: Changes, model: AnsweringModel, continuity: Continuity
    ) -> None:
        self._database, self._changes, self._model = database, changes, model
        self._continuity = continuity
        self._work = LeftWork(database, "looks", looks.list_being_read, self.work_on)

    def ask_for(self, look_id: str) -> None:
        """Go on with this look now."""
        self._work.ask_for(look_id)

    async def run(self) -> None:
        """For ever: read what was asked for, and what a dead server left unread."""
        await self._work.run()

    async def work_on(self, look_id: str) -> None:
        """Read a look to its end, or until it is stopped."""
        try:
            await self._read_all(look_id)
        except PersistenceUnavailable:
            raise
        except NotFound:
            pass  # its campaign was deleted meanwhile
        except ModelFault as fault:
            await self._stop(look_id, fault)
        except Exception as error:
            # Not the error's own words: they may quote the campaign.
            log.exception("looks.broke", error=type(error).__name__)
            await self._stop(
                look_id, Fault("Something went wrong inside the assistant.", code="unexpected")
            )

    async def _read_all(self, look_id: str) -> None:
        calls = failures = 0
        for stage in STAGES:
            look = await self._database.read(partial(looks.get_look, id=look_id))
            if look.status != "reading":
                return
            queue = deque(await self._plan(look, stage))
            while queue:
                look = await self._database.read(partial(looks.get_look, id=look_id))
                if look.status != "reading":
                    return
                if calls >= MOST_CALLS:
                    await self._stop(look_id, _too_many())
                    return
                asked = queue.popleft()
                calls += 1
                try:
                    answer = await self._ask(asked)
                except SplitNeeded:
                    queue.extendleft(reversed(asked.halve()))
                    await self._note(look, parts=look.parts + 1)
                    continue
                except ModelFault as fault:
                    failures += 1
                    await self._fail(look, fault, stops=failures >= FAILURES_IN_A_ROW)
                    continue
                failures = 0
                await self._store(look, asked, answer)
        await self._end(look_id)

    async def _plan(self, look: Look, stage: Stage) -> list[Asked]:
        """The parts of a stage that nobody has read, as many as one look reads."""
        characters = await self._find_part_characters()
        evidence, index = await self._continuity.read_evidence(look.campaign_id)
        if stage == "talk":
            parts = await asyncio.to_thread(plan_talk, evidence, characters)
        elif stage == "threads":
            threads = await self._continuity.list_loose_threads(look.campaign_id)
            parts = await asyncio.to_thread(plan_threads, evidence, index, threads, characters)
        elif stage == "subjects":
            pairs = await self._continuity.list_contradictions(look.campaign_id)
            parts = await asyncio.to_thread(plan_subjects, evidence, pairs, characters)
        else:
            threads, pairs = await self._list_called_none(look.campaign_id)
            parts = await asyncio.to_thread(plan_again, evidence, index, threads, pairs, characters)
        read = await self._database.read(partial(looks.list_read_keys, look_id=look.id))
        unread = [one for one in parts if one.spell_key(self._model.choice) not in read]
        chosen = unread[: MOST_PARTS[stage]]
        told: dict[str, object] = {"parts": look.parts + len(chosen)}
        if stage == "talk":
            all_lines = sum(len(one.units) for one in parts)
            left = sum(len(one.units) for one in unread[len(chosen) :])
            told |= {"lines_all": all_lines, "lines_read": all_lines - left}
        await self._note(look, **told)
        return chosen

    async def _list_called_none(
        self, campaign_id: str
    ) -> tuple[tuple[LooseThread, ...], tuple[Contradiction, ...]]:
        """What is sure without a model and was called none by this one without a reason."""
        words = await self._database.read(partial(looks.list_findings, campaign_id=campaign_id))
        threads = await self._continuity.list_loose_threads(campaign_id)
        pairs = await self._continuity.list_contradictions(campaign_id)
        return (
            tuple(one for one in threads if one.is_sure and is_bare_no(words.get(one.key))),
            tuple(one for one in pairs if is_bare_no(words.get(one.key))),
        )

    async def _find_part_characters(self) -> int:
        answerer = await self._model.get()
        room = answerer.make_budget().prompt_tokens - _INSTRUCTIONS_TOKENS
        return max(LEAST_CHARACTERS, min(MOST_CHARACTERS, int(room * _CHARACTERS_PER_TOKEN)))

    async def _ask(self, asked: Asked) -> Answer:
        choice = self._model.choice
        if choice.partition(":")[0] == BUILT_IN:
            raise model_needed()
        try:
            async with asyncio.timeout(ASKING_SECONDS):
                answered = await self._model.ask(ask_of_part(asked))
        except TimeoutError:
            raise Stalled("The model took too long to read this part.") from None
        except (PartTooLong, ContextTooLong):
            if len(asked.units) > 1:
                raise SplitNeeded from None
            raise ContextTooLong("These lines are longer than the model can read.") from None
        if answered.is_cut and len(asked.units) > 1 and asked.halved < MOST_HALVED:
            # A model that talks on and on does so of any part: then what can be read of it counts.
            raise SplitNeeded
        return await asyncio.to_thread(read_answer, answered.text, asked, choice)

    async def _store(self, look: Look, asked: Asked, answer: Answer) -> None:
        key = asked.spell_key(self._model.choice)

        def work(tx: Connection) -> None:
            hit("before_look_part")
            if looks.note_read(tx, look.id, key, answer.left_out):
                looks.put_findings(tx, look.campaign_id, answer.findings)

        await self._changes.write(
            self._database, work, lambda _: [("campaign", {"id": look.campaign_id})]
        )
        hit("after_look_part")

    async def _note(self, look: Look, **values: object) -> None:
        await self._changes.write(
            self._database,
            lambda tx: looks.update_look(tx, look.id, **values),
            lambda _: [("campaign", {"id": look.campaign_id})],
        )

    async def _fail(self, look: Look, fault: Fault, *, stops: bool) -> None:
        log.info("looks.part_failed", code=fault.code)
        await self._note(look, failed=look.failed + 1, **_spell(fault))
        if stops:
            raise _Stopped(fault)

    async def _end(self, look_id: str) -> None:
        look = await self._database.read(partial(looks.get_look, id=look_id))
        await self._changes.write(
            self._database,
            lambda tx: looks.end_look(tx, look_id, "stopped" if look.failed else "done"),
            lambda _: [("campaign", {"id": look.campaign_id})],
        )

    async def _stop(self, look_id: str, fault: Fault) -> None:
        fault = fault.fault if isinstance(fault, _Stopped) else fault
        try:
            look = await self._database.read(partial(looks.get_look, id=look_id))
        except NotFound:
            return  # its campaign was deleted meanwhile
        await self._changes.write(
            self._database,
            lambda tx: looks.end_look(tx, look_id, "stopped", **_spell(fault)),
            lambda _: [("campaign", {"id": look.campaign_id})],
        )


class _Stopped(ModelFault):
    """Several parts in a row failed."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.sentence)
        self.fault = fault


def model_needed() -> ModelFault:
    """The built-in model only finds; it does not read."""
    return ModelFault(
        "The built-in model has already looked; a larger one reads the lines themselves.",
        code="model_needed",
        cure="Choose a model in the settings.",
    )


def _too_many() -> Fault:
    return Fault(
        f"The model was asked {MOST_CALLS} times, which is as much as one look asks.",
        code="look_paused",
        cure="Let the model look once more: it goes on where it stopped.",
    )


def _spell(fault: Fault) -> dict[str, object]:
    return {
        "error_code": fault.code[:60],
        "error_detail": fault.sentence,
        "error_cure": fault.cure,
    }
