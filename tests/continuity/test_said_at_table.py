"""What is said at the table brings a card where somebody acts who died, and nowhere else."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.gm_questions.table import read_questions
from tests.running import Running, running
from ttrpg_assistant.campaigns.mentions import EntityRef, NameIndex
from ttrpg_assistant.continuity.acting import list_acting_now
from ttrpg_assistant.continuity.store.evidence import read_evidence
from ttrpg_assistant.ids import new_id

TOMAS = EntityRef("npc", "tomas")
INDEX = NameIndex(
    [(TOMAS, "Tomas"), (EntityRef("npc", "mira"), "Mira"), (EntityRef("npc", "anna"), "Anna")]
)
CASES = [
    tuple(part.strip() for part in line.split("|", 3))
    for line in Path(__file__).with_name("said_at_table.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
CAMPAIGN = files("ttrpg_assistant.campaigns.sample").joinpath("campaign.toml")
POURS = "Tomas pours them a drink."


def test_hardly_anything_but_what_happens_at_the_table_is_taken_for_it() -> None:
    counted: Counter[tuple[str, str, bool]] = Counter()
    wrong = []
    for wanted, part, kind, text in CASES:
        acts = TOMAS in list_acting_now(text, INDEX, is_running=True)
        counted[part, wanted, acts] += 1
        if acts and wanted == "none":
            wrong.append((kind, text))
    for part, silent in (("seen", 0.98), ("unseen", 0.95)):
        none = counted[part, "none", False] + counted[part, "none", True]
        assert counted[part, "none", False] >= silent * none, wrong
        assert counted[part, "acts", True] >= 5 * counted[part, "acts", False]


def test_after_the_evening_only_what_is_told_in_the_past_counts() -> None:
    told = "The party went to the mill. Tomas poured them a drink."
    assert list_acting_now(told, INDEX, is_running=False) == {TOMAS}
    for text in (POURS, "Tomas: You are late.", "Last time Tomas poured them a drink."):
        assert list_acting_now(text, INDEX, is_running=False) == set()
    # While it runs, so long a tale in the past may be of any evening.
    assert list_acting_now(f"{told} They left.", INDEX, is_running=True) == set()


def test_a_hostile_message_is_read_and_says_nothing() -> None:
    for text in ("Tomas " * 30_000, "'a" * 60_000, '"' * 100_000, "a: " * 50_000, ", " * 90_000):
        assert list_acting_now(text, INDEX, is_running=True) == set()


class Table:
    """A campaign in which Tomas died in the first game session, and the second runs."""

    def __init__(self, app: Running) -> None:
        self.app = app

    async def lay(self) -> Table:
        app = self.app
        campaign = await app.post("/api/campaigns", {"name": "The Salt Road"})
        self.id = campaign["id"]
        self.path = f"/api/campaigns/{self.id}"
        self.tomas, self.mira = [
            await app.post(f"{self.path}/npcs", {"name": name}) for name in ("Tomas", "Mira")
        ]
        for text in ("Tomas died at the ford.", None):
            game = await app.post(f"{self.path}/game-sessions", {})
            await app.post(f"/api/game-sessions/{game['id']}/start")
            self.game = f"/api/game-sessions/{game['id']}"
            if text is not None:
                await app.post(f"{self.game}/notes", {"text": text})
                await app.post(f"{self.game}/end")
        return self

    async def say(self, text: str) -> str:
        """Say it in the campaign's chat; the message."""
        chat = await self.app.post("/api/chat-sessions/active", {"campaign_id": self.id})
        body = {"message_id": new_id(), "content": text}
        answer = await self.app.post(f"/api/chat-sessions/{chat['id']}/turns", body)
        return str(answer["user_message"]["id"])

    async def ask(self, *ids: str) -> list[list[Any]]:
        """What each of these messages has brought."""
        by = [f"message:{id}" for id in ids]
        answer = await self.app.get(f"{self.path}/contradictions/brought", by=by)
        assert all(one["is_finished"] for one in answer["brought"])
        return [one["contradictions"] for one in answer["brought"]]


async def test_who_acts_after_their_death_brings_a_card_once_and_not_again_when_it_rests(
    tmp_path: Path, database_address: str
) -> None:
    async with running(tmp_path, database_url=database_address) as app:
        table = await Table(app).lay()
        said = await table.say("Tomas pours them a drink. What does he say?")
        ((found,),) = await table.ask(said)
        assert found["old"]["text"] == "Tomas died at the ford."
        assert found["new"] == {
            "source": {"kind": "message", "id": said},
            "text": POURS,
            "evening": 2,
        }
        # The card is there already: what he does next says nothing new.
        again = await table.say("Tomas laughs and leaves.")
        assert await table.ask(said, again) == [[found], []]

        async def decide(state: str) -> None:
            place = f"{table.path}/contradictions/{found['key']}"
            assert (await app.client.post(place, json={"state": state})).status_code == 204

        for state in ("resting", "both_true"):
            await decide(state)
            third = await table.say("Tomas waves at Mira.")
            assert await table.ask(said, again, third) == [[], [], []]
        await decide("open")
        assert await table.ask(said, third) == [[found], []]


async def test_a_message_alone_looks_for_nothing_and_only_the_lines_of_who_acts_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path) as app:
        table = await Table(app).lay()
        reads: list[Sequence[str]] = []

        def read(*args: Any, naming: Sequence[str]) -> Any:
            reads.append(naming)
            return read_evidence(*args, naming=naming)

        monkeypatch.setattr("ttrpg_assistant.continuity.at_table.read_evidence", read)
        monkeypatch.setattr(app.services.continuity._looks, "ask", None)
        texts = ("Where did Tomas die?", "What if Tomas walks in?", "Mira looks for Tomas.", POURS)
        ids = [await table.say(text) for text in texts]
        assert reads == []
        assert await table.ask(*ids[:2]) == [[], []]
        assert reads == []
        assert await table.ask(ids[2]) == [[]]
        assert len((await table.ask(ids[3]))[0]) == 1
        assert reads == [["Mira"], ["Tomas"]]


async def test_elsewhere_and_switched_off_nothing_is_said(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        table = await Table(app).lay()
        said = await table.say(POURS)
        place = "/api/contradictions/in-talk"
        assert await app.get(place) == {"is_on": True}
        off = await app.client.put(place, json={"is_on": False})
        assert off.json() == await app.get(place) == {"is_on": False}
        assert await table.ask(said) == [[]]
        assert (await app.client.put(place, json={"is_on": True})).status_code == 200
        assert len((await table.ask(said))[0]) == 1

        body = {"campaign_id": table.id, "purpose": "session_planning"}
        thread = await app.post("/api/threads", body)
        body = {"message_id": new_id(), "content": POURS}
        posted = await app.post(f"/api/threads/{thread['id']}/turns", body)
        assert await table.ask(posted["user_message"]["id"], new_id()) == [[], []]


async def test_notes_of_an_evening_that_has_ended_are_looked_through_too(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        table = await Table(app).lay()
        await app.post("/api/chat-sessions/active", {"campaign_id": table.id})
        await app.post(f"{table.game}/end")
        prepared = await table.say("Tomas greets them at the gate with soldiers.")
        told = await table.say("Notes of tonight: it rained. Tomas handed Mira the keys.")
        prepared_brought, ((found,)) = await table.ask(prepared, told)
        assert prepared_brought == []
        assert found["new"]["text"] == "Tomas handed Mira the keys."


async def test_who_is_dead_by_their_sheet_acts_against_it_after_it_said_so(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        table = await Table(app).lay()
        before = await table.say("Mira pours them a drink.")
        mira = f"/api/npcs/{table.mira['id']}"
        changes = {"status": "dead"}
        body = {"revision": table.mira["revision"], "changes": changes}
        dead = await app.client.patch(mira, json=body)
        assert dead.status_code == 200, dead.text
        told = await table.say("Mira laughed at that.")
        said, again = [await table.say(text) for text in ("Mira nods.", "Mira leaves.")]
        nothing, past, (found,), later = await table.ask(before, told, said, again)
        assert nothing == past == later == []
        assert found["sentence"] == "The sheet of Mira says dead, and Mira acts in game session 2."
        assert (found["old"]["source"]["kind"], found["old"]["text"]) == ("npc", "Status: dead")
        await app.post(f"{table.game}/notes", {"text": "It was Mira's twin sister all the time."})
        assert await table.ask(said) == [[]]


def test_whatever_game_masters_ask_of_the_sample_nobody_acts_by_it() -> None:
    sample = tomllib.loads(CAMPAIGN.read_text(encoding="utf-8"))
    named = [npc["name"] for npc in sample["npcs"]]
    firsts = [name.split()[0] for name in named if " " in name]
    index = NameIndex([(EntityRef("npc", name), name) for name in dict.fromkeys(named + firsts)])
    asked = [one.ask for one in read_questions()]
    about = [text for text in asked if index.find_mentions(text)]
    assert len(about) > 15
    assert [text for text in about if list_acting_now(text, index, is_running=True)] == []
