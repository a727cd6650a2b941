"""A table at which the sample campaign is played on, and asked about in three states."""

from __future__ import annotations

import random
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.gm_questions.marks import Watch, spoken
from tests.running import Running, running
from ttrpg_assistant.builtin.offline import OfflineModel
from ttrpg_assistant.campaigns.sample import (
    SAMPLE_CAMPAIGN_ID,
    read_sample,
    read_sample_talk,
    sample_id,
)
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.types import BUILT_IN

STATES = ("fresh", "after", "tonight")
_SPLIT_SEED = 13
_VAULT = sample_id("game_session", "down-to-the-vault")

PLAYED: tuple[tuple[str, str, bool], ...] = (
    # kind of event, or "note"; text; for the GM only
    ("happened", "Korrin refused the bargain until Gaffer Hobb knocked on the table.", False),
    ("note", "They promised to knock for Korrin and bring him the answer word for word.", False),
    ("found", "They found the false wall under chimney ten.", False),
    ("note", "Nerys slipped them a bone saw; she wants it back bloody.", True),
    ("happened", "Pip was caught by two wardens on the fish stairs.", False),
)
RECAP_PLAYERS = (
    "You struck a bargain with Korrin Dask, found the dry tunnel under the tenth chimney and "
    "turned back a yard before its end, because the wardens took Pip on the fish stairs."
)
RECAP_GM = (
    "They never reached the green door. They still have not looked at the whistle. Captain "
    "Brandt knows that they were in the glassworks."
)
NEXT_TITLE = "The Price of Pip"
NEXT_PLAN = (
    "Strong start: a ransom note in green ink under the inn door.\n"
    "Scenes: the warden cells; Brandt's offer; the ferry at midnight.\n"
    "Secret: Crane paid for the arrest."
)
TONIGHT: tuple[tuple[str, str, bool], ...] = (
    ("happened", "They went to the warden cells and bribed the jailer with glass beads.", False),
    ("note", "Jailer Osk Vane is on Crane's payroll.", True),
    ("note", "Tomas closed the inn for the night.", False),
)


@dataclass(frozen=True)
class Asked:
    """A question, and what its answer must and must not say."""

    state: str
    ask: str
    speaker: str = ""
    before: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """How a test calls it."""
        return f"{self.state}: {self.speaker and f'to {self.speaker}: '}{self.ask}"


@dataclass
class Answer:
    """What was answered, and what is wrong with it."""

    asked: Asked
    text: str
    wrong: list[str] = field(default_factory=list)
    unmarked: list[str] = field(default_factory=list)


def read_questions() -> list[Asked]:
    """All hundred, in their order."""
    path = Path(__file__).with_name("questions.toml")
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["questions"]
    return [
        Asked(**{key: tuple(v) if isinstance(v, list) else v for key, v in row.items()})
        for row in rows
    ]


def split_questions() -> tuple[list[Asked], list[Asked]]:
    """Fifty to work with and fifty that were kept apart, by a fixed seed."""
    questions = read_questions()
    chosen = set(random.Random(_SPLIT_SEED).sample(range(len(questions)), len(questions) // 2))
    working = [one for at, one in enumerate(questions) if at in chosen]
    return working, [one for at, one in enumerate(questions) if at not in chosen]


@dataclass
class Table:
    """The application with the sample in it."""

    app: Running
    state: str = "fresh"
    next_id: str = ""

    async def play_on(self) -> None:
        """To the next state."""
        self.state = STATES[STATES.index(self.state) + 1]
        if self.state == "after":
            await self.app.post(f"/api/game-sessions/{_VAULT}/start")
            await self._log(_VAULT, PLAYED)
            await self.app.post(f"/api/game-sessions/{_VAULT}/end")
            await self._change(_VAULT, recap_players=RECAP_PLAYERS, recap_gm=RECAP_GM)
            made = await self.app.post(
                f"/api/campaigns/{SAMPLE_CAMPAIGN_ID}/game-sessions",
                {"id": new_id(), "title": NEXT_TITLE, "plan": NEXT_PLAN},
            )
            self.next_id = made["id"]
        else:
            await self.app.post(f"/api/game-sessions/{self.next_id}/start")
            await self._log(self.next_id, TONIGHT)

    async def _change(self, id: str, **fields: str) -> None:
        now = await self.app.get(f"/api/game-sessions/{id}")
        body = {"revision": now["revision"], "changes": fields}
        answer = await self.app.client.patch(f"/api/game-sessions/{id}", json=body)
        assert answer.is_success, answer.text

    async def _log(self, id: str, entries: tuple[tuple[str, str, bool], ...]) -> None:
        for kind, text, gm_only in entries:
            body: dict[str, Any] = {"id": new_id(), "text": text}
            if kind == "note":
                await self.app.post(f"/api/game-sessions/{id}/notes", {**body, "gm_only": gm_only})
            else:
                await self.app.post(f"/api/game-sessions/{id}/events", {**body, "kind": kind})

    async def ask(self, asked: Asked) -> str:
        """The answer to it, in a conversation of its own, after what is asked before it."""
        if asked.speaker:
            npc = sample_id("npc", asked.speaker)
            said = [await self._say_to(npc, text) for text in (*asked.before, asked.ask)]
        else:
            thread = await self.app.post(
                "/api/threads",
                {"id": new_id(), "campaign_id": SAMPLE_CAMPAIGN_ID, "purpose": "general"},
            )
            path = f"/api/threads/{thread['id']}/send"
            said = [await self._send(path, text) for text in (*asked.before, asked.ask)]
        return said[-1]

    async def _say_to(self, npc_id: str, text: str) -> str:
        talk = await self.app.post(f"/api/npcs/{npc_id}/conversation")
        return await self._send(f"/api/npc-conversations/{talk['id']}/turns", text, mode="as")

    async def _send(self, path: str, text: str, **more: str) -> str:
        body = {"message_id": new_id(), "content": text, **more}
        turn = await self.app.post(path, body)
        answer = await self.app.read_reply(turn["assistant_message"]["id"])
        content: str = answer["content"]
        return content


@asynccontextmanager
async def open_table(folder: Path) -> AsyncIterator[Table]:
    """The sample campaign, loaded a moment ago, and the built-in model."""
    async with running(folder, [OfflineModel(pace=0)], model=BUILT_IN) as app:
        await app.post("/api/sample-campaign")
        yield Table(app)


async def ask_all(folder: Path, questions: list[Asked]) -> list[Answer]:
    """Ask these in one campaign as it is played on, so that earlier answers are there to be
    quoted by mistake, and judge what is said."""
    answers = []
    async with open_table(folder) as table:
        for state in STATES:
            if table.state != state:
                await table.play_on()
            watch = watch_for(state)
            for asked in questions:
                if asked.state == state:
                    text = await table.ask(asked)
                    answers.append(judge(asked, text, watch))
    return answers


def judge(asked: Asked, text: str, watch: Watch) -> Answer:
    """What is wrong with an answer."""
    said = spoken(text)
    found = Answer(asked, text)
    found.wrong += [f"lacks “{one}”" for one in asked.must if spoken(one) not in said]
    if asked.any and not any(spoken(one) in said for one in asked.any):
        found.wrong.append(f"lacks any of {asked.any}")
    found.wrong += [f"says “{one}”" for one in asked.never if spoken(one) in said]
    if "{" in text or "```" in text:
        found.wrong.append("shows machinery")
    if not asked.speaker:
        found.unmarked = watch.list_faults(text)
    return found


def watch_for(state: str) -> Watch:
    """What is secret, planned and open in this state of the campaign."""
    sample = read_sample()
    secrets = [sample["campaign"]["gm_notes"]]
    plans, told = [], [sample["campaign"]["description"], sample["campaign"]["setting"]]
    for thing in (*sample["npcs"], *sample["locations"]):
        secrets += [thing.get("gm_notes", ""), *(one["text"] for one in thing.get("secrets", ()))]
        told += _list_open(thing)
    for point in sample["plot_points"]:
        secrets.append(point.get("gm_notes", ""))
        is_open = point.get("audience") == "public"
        (told if is_open else secrets).append(point["description"])
        if point["status"] in ("idea", "prepped"):
            plans.append(point["description"])
    for game in sample["game_sessions"]:
        secrets += [game["plan"], game.get("recap_gm", "")]
        plans.append(game["plan"])
        told.append(game.get("recap_players", ""))
    for note in sample["session_notes"]:
        (secrets if note.get("gm_only", True) else told).append(note["text"])
    told += [event["text"] for event in sample["session_events"]]
    for fact in sample["facts"]:
        (secrets if fact["audience"] == "gm" else told).append(fact["text"])
    for message in read_sample_talk().thread.messages:
        plans.append(message.content)
    if state != "fresh":
        secrets += [RECAP_GM, NEXT_PLAN]
        plans.append(NEXT_PLAN)
        told.append(RECAP_PLAYERS)
        for _, text, gm_only in (*PLAYED, *(TONIGHT if state == "tonight" else ())):
            (secrets if gm_only else told).append(text)
    return Watch.of(secrets, plans, told)


def _list_open(thing: dict[str, Any]) -> list[str]:
    texts: list[str] = []
    for key, value in thing.items():
        if key in ("secrets", "gm_notes"):
            continue
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, list):
            texts += [
                one if isinstance(one, str) else str(one.get("relation", "")) for one in value
            ]
    return texts
