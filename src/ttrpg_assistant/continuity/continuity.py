"""Loose threads and contradictions of a campaign, and what is decided about them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from ttrpg_assistant.campaigns.kinds.game_session import KIND as GAME_SESSION
from ttrpg_assistant.campaigns.mentions import NameIndex
from ttrpg_assistant.campaigns.name_indexes import NameIndexes
from ttrpg_assistant.campaigns.store.edits import edit_entity
from ttrpg_assistant.campaigns.store.entities import check_campaign, get_entity
from ttrpg_assistant.continuity.at_table import AtTable
from ttrpg_assistant.continuity.brought import Brought, Writer, Written, pick_brought
from ttrpg_assistant.continuity.contradictions import find_contradictions, keep_first
from ttrpg_assistant.continuity.findings import (
    Finding,
    join_contradictions,
    join_threads,
    keep_fewer,
)
from ttrpg_assistant.continuity.judging import is_like_open
from ttrpg_assistant.continuity.loose_threads import find_loose_threads
from ttrpg_assistant.continuity.model import (
    Contradiction,
    Decision,
    Evidence,
    LooseThread,
)
from ttrpg_assistant.continuity.shared_looks import SharedLooks
from ttrpg_assistant.continuity.store import looks, marks
from ttrpg_assistant.continuity.store.evidence import Raw, read_evidence
from ttrpg_assistant.continuity.store.written import find_conversations, list_written
from ttrpg_assistant.continuity.weighing import weigh
from ttrpg_assistant.errors import Conflict, InvalidInput, NotFound
from ttrpg_assistant.live.changes import Changes
from ttrpg_assistant.search.store.happened import ActivePaths
from ttrpg_assistant.storage.database import Database

MOST_TRIES = 5
"""Times a plan is read again that others edit at the same moment."""

LOOK_SECONDS = 2.0
"""As long as somebody who has just accepted something waits to hear what contradicts it."""

MOST_SHOWN = 100
"""Contradictions of a campaign that are shown at once."""

MOST_BROUGHT = 20
"""Contradictions that are listed for one suggestion, import or note."""

_Read = tuple[Raw, NameIndex, dict[str, marks.Mark], dict[str, Finding]]


class Continuity:
    """Finds what is open and what cannot be both so. Nothing found is stored, only decisions."""

    def __init__(self, database: Database, changes: Changes, names: NameIndexes) -> None:
        self._database, self._changes, self._names = database, changes, names
        self._paths = ActivePaths()
        self._looks = SharedLooks(self._look)
        self.at_table = AtTable(database, names, self._paths)

    async def list_loose_threads(
        self, campaign_id: str, *, with_resting: bool = False
    ) -> tuple[LooseThread, ...]:
        """What is still open, the newest evenings first and behind it what a model says is
        settled, without what rests unless that is asked for. Raises `NotFound` without such a
        campaign."""
        told = await self._find_all(campaign_id)
        return keep_fewer(one for one in told if with_resting or one.state != "resting")

    async def _find_all(self, campaign_id: str) -> list[LooseThread]:
        raw, index, decided, findings = await self._read(campaign_id)

        def find() -> list[LooseThread]:
            evidence = weigh(raw, index)
            found = find_loose_threads(evidence, index)
            alike = partial(is_like_open, index=index)
            return join_threads(found, findings, evidence, alike)

        found = await asyncio.to_thread(find)
        return [
            replace(one, state=decided[one.key].state) if one.key in decided else one
            for one in found
        ]

    async def list_contradictions(self, campaign_id: str) -> tuple[Contradiction, ...]:
        """What cannot be both so, the newest first and each matter once, without what rests or
        was said to be both true. Raises `NotFound` without such a campaign."""
        return tuple(keep_first(await self._looks.ask(campaign_id))[:MOST_SHOWN])

    async def list_brought(self, campaign_id: str, writers: Sequence[Writer]) -> list[Brought]:
        """What each of these has brought: contradictions that were not there before it was
        accepted, read in, noted or said. Waits no longer than `LOOK_SECONDS`; what is not found by
        then is looked for further, and a later call tells of it. Raises `NotFound`."""

        def read(tx: Connection) -> dict[Writer, Sequence[Written]]:
            check_campaign(tx, campaign_id)
            return {
                one: list_written(tx, campaign_id, one) for one in writers if one.kind != "message"
            }

        written = await self._database.read(read)
        brought = {one: Brought(one, is_finished=False) for one in writers}
        said = [one for one in writers if one.kind == "message"]
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                if said:
                    at_table = await self.at_table.find(campaign_id, [one.id for one in said])
                    brought |= {one: Brought(one, at_table.get(one.id, ())) for one in said}
                if written:
                    # Others wait for this look too, and it goes on without whoever stops waiting.
                    look = self._looks.ask(campaign_id)
                    brought |= await self._pick(await asyncio.shield(look), written)
        except TimeoutError:
            pass
        return [brought[one] for one in writers]

    async def _pick(
        self, found: Sequence[Contradiction], written: Mapping[Writer, Sequence[Written]]
    ) -> dict[Writer, Brought]:
        ids = [
            side.source.id
            for one in found
            for side in (one.old, one.new)
            if side.source.kind == "message"
        ]
        homes = await self._database.read(lambda tx: find_conversations(tx, ids)) if ids else {}
        return {
            one: Brought(one, pick_brought(found, rows, homes)[:MOST_BROUGHT])
            for one, rows in written.items()
        }

    async def close(self) -> None:
        """End the looks that are under way."""
        await self._looks.close()

    async def _look(self, campaign_id: str) -> list[Contradiction]:
        raw, index, decided, findings = await self._read(campaign_id)

        def find() -> list[Contradiction]:
            evidence = weigh(raw, index)
            return join_contradictions(find_contradictions(evidence, index), findings, evidence)

        found = await asyncio.to_thread(find)
        return [one for one in found if one.key not in decided]

    async def decide(self, campaign_id: str, key: str, state: Decision) -> None:
        """Let what was found rest (``resting``), say of a contradiction that both are true
        (``both_true``), or take either back (``open``). Twice is once. Raises `NotFound` without
        such a campaign, `InvalidInput` for a key that is none."""
        _check_key(key)

        def work(tx: Connection) -> None:
            check_campaign(tx, campaign_id)
            if state == "open":
                marks.drop_mark(tx, campaign_id, key)
            else:
                marks.put_mark(tx, campaign_id, key, state)

        await self._changes.write(
            self._database, work, lambda _: [("campaign", {"id": campaign_id})]
        )

    async def plan(
        self, campaign_id: str, key: str, game_session_id: str, *, taken_back: bool = False
    ) -> None:
        """Put a loose thread into the plan of a game session, as a line to be checked off, or take
        it out again. Twice is once, whatever else the plan says meanwhile.

        Raises `NotFound` without such a loose thread, campaign or game session."""
        _check_key(key)
        threads = await self._find_all(campaign_id)
        found = next((one for one in threads if one.key == key), None)
        if found is None:
            raise NotFound("There is no such loose thread any more.", facts={"key": key})
        line = spell_line(found)

        def work(tx: Connection) -> None:
            game = get_entity(tx, GAME_SESSION, game_session_id)
            if game.campaign_id != campaign_id:
                raise NotFound("There is no such game session.", facts={"id": game_session_id})
            plan = _without(game.plan, line) if taken_back else _with(game.plan, line)
            if plan != game.plan:
                changes = GAME_SESSION.check_changes({"plan": plan})
                edit_entity(tx, GAME_SESSION, game.id, game.revision, changes)
            if taken_back:
                marks.drop_mark(tx, campaign_id, key)
            else:
                marks.put_mark(tx, campaign_id, key, "planned", game.id)

        for tries in range(1, MOST_TRIES + 1):
            try:
                await self._changes.write(
                    self._database, work, lambda _: [("campaign", {"id": campaign_id})]
                )
                break
            except Conflict as error:
                # Somebody edited the plan at this moment: the line goes into what it says now.
                if error.code != "stale_revision" or tries == MOST_TRIES:
                    raise

    async def read_evidence(self, campaign_id: str) -> tuple[Evidence, NameIndex]:
        """All that is looked through, with whom each line names. Raises `NotFound`."""
        raw, index, _, _ = await self._read(campaign_id)
        return await asyncio.to_thread(weigh, raw, index), index

    async def _read(self, campaign_id: str) -> _Read:
        def work(tx: Connection) -> _Read:
            raw = read_evidence(tx, campaign_id, self._paths)
            names = self._names.find(tx, campaign_id)
            if names is None:
                raise NotFound("There is no such campaign.", facts={"id": campaign_id})
            findings = looks.list_findings(tx, campaign_id)
            return raw, names.index, marks.list_marks(tx, campaign_id), findings

        return await self._database.read(work)


def spell_line(found: LooseThread) -> str:
    """A loose thread as a line of a plan."""
    text = " ".join(found.text.split())
    if found.kind == "not_seen":
        text = f"{text}: not seen since game session {found.evening}"
    return f"- [ ] {text}"


def _check_key(key: str) -> None:
    if len(key) != 40 or not set(key) <= set("0123456789abcdef"):
        raise InvalidInput("This is no key of a loose thread.", facts={"field": "key"})


def _with(plan: str, line: str) -> str:
    if line in plan.split("\n"):
        return plan
    return f"{plan.rstrip()}\n{line}".lstrip("\n") if plan.strip() else line


def _without(plan: str, line: str) -> str:
    lines = plan.split("\n")
    if line in lines:
        lines.remove(line)
    return "\n".join(lines)
