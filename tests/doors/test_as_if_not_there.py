"""Other programs cannot tell whether there is anything that is not for them.

Two campaigns are one without what is hidden and one with it. Every token that does not read as the
game master asks both of them the same, by every operation, tool and method there is, well and
badly, while the game master goes on hiding things: status, headers, length and every byte of the
answers are the same, and what is sent to the model is, too. So there is nothing to be told by a
count, an order, a page, a revision, an error or a hint.
"""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.doors.test_no_way_past import list_operations
from tests.doors.test_openai_door import spell_request
from tests.doors.test_tokens import asking
from tests.doors.twin_calls import Call, Caller
from tests.need_to_know.same import find_difference, name_alike
from tests.need_to_know.twins import CANARY, Twin, TwinMaker
from tests.running import Running, running
from ttrpg_assistant.api.door_access import is_door
from ttrpg_assistant.doors.model import SCOPES
from ttrpg_assistant.llm.scripted import Gate, ScriptedProvider

CLOSED = tuple(one for one in SCOPES if one != "read:gm")
VIEWERS = [
    scopes
    for count in range(1, len(CLOSED) + 1)
    for scopes in itertools.combinations(CLOSED, count)
]
"""Every set of scopes that does not read as the game master."""

LEFT_OUT = frozenset({"date", "x-request-id", "x-conversation-id"})

WALKED = {"get_own_token", "propose", "list_talk_models", "create_chat_completion"}
WALKED |= {"list_door_tools", "call_door_tool", "list_door_things"}
WALKED |= {"list_foundry_documents", "propose_foundry_document"}
"""Operations that `Caller` calls. A new one for tokens is added there and here."""


class Walk:
    """The same calls of both twins, compared."""

    def __init__(self, app: Running, model: ScriptedProvider, twins: tuple[Twin, Twin]) -> None:
        self._app = app
        self._model = model
        self._twins = twins
        self.statuses: Counter[int] = Counter()
        self.prompts = 0
        self.made = 0

    async def go(self, scopes: Sequence[str], seed: int, rounds: int) -> None:
        """Everything that a token with these scopes can ask."""
        secrets = [await self._make_token(twin, scopes, seed) for twin in self._twins]
        calls = [self._list_calls(twin, seed, rounds) for twin in self._twins]
        async with asking(self._app, secrets[0]) as bare, asking(self._app, secrets[1]) as full:
            for pair in zip(*calls, strict=True):
                if self.made % 20 == 0:
                    await self._hide_more()
                await self._compare((bare, full), pair)

    def _list_calls(self, twin: Twin, seed: int, rounds: int) -> list[Call]:
        caller = Caller(twin, seed)
        return [*caller.list_tool_calls(rounds), *caller.list_door_calls(rounds)]

    async def _make_token(self, twin: Twin, scopes: Sequence[str], seed: int) -> str:
        which = self._twins.index(twin)
        name = f"Tool {seed:06} {which}"
        body = {"campaign_id": twin.campaign_id, "name": name, "scopes": list(scopes)}
        return str((await self._app.post("/api/tokens", body, status=201))["secret"])

    async def _hide_more(self) -> None:
        """The game master works on, in the campaign that has something to hide."""
        campaign = self._twins[1].campaign_id
        body = {"text": f"{CANARY}{self.made} of the vault", "audience": "gm"}
        await self._app.post(f"/api/campaigns/{campaign}/facts", body, status=201)
        fields = {"name": f"{CANARY}{self.made}", "audience": "gm"}
        path = f"/api/campaigns/{campaign}/things/faction"
        await self._app.post(path, {"fields": fields}, status=201)

    async def _compare(
        self, tools: tuple[httpx2.AsyncClient, httpx2.AsyncClient], pair: tuple[Call, Call]
    ) -> None:
        told: list[str] = []
        for twin, tool, call in zip(self._twins, tools, pair, strict=True):
            self._model.history.clear()
            answer = await tool.request(
                call.method, call.path, json=call.body, headers=dict(call.headers)
            )
            self.statuses[answer.status_code] += 1
            self.made += 1
            assert answer.status_code < 500, (call, answer.text)
            asked = list(map(spell_request, self._model.history))
            self.prompts += len(asked)
            said = "\n".join([spell_answer(answer), *asked])
            sent = json.dumps([call.path, call.body], ensure_ascii=False)
            check_canaries(said, sent)
            told.append(name_alike(twin, re.sub(r"Tool (\d{6}) [01]", r"Tool \1", said)))
        difference = find_difference(*told)
        assert not difference, (pair[1], difference)


def spell_answer(answer: httpx2.Response) -> str:
    """Status, headers and text of an answer."""
    headers = sorted(
        f"{name}: {value}" for name, value in answer.headers.items() if name not in LEFT_OUT
    )
    return "\n".join([str(answer.status_code), *headers, answer.text])


def check_canaries(said: str, sent: str) -> None:
    """A hidden word is only said back to who said it."""
    words = set(re.findall(rf"{CANARY}\w*", said.casefold()))
    assert not [word for word in words if word not in sent.casefold()], (sent, said)


async def walk(
    tmp_path: Path, count: int, rounds: int, seed: int, viewers: Sequence[Any], **more: Any
) -> Walk:
    """So many pairs of campaigns; gives the last walk, with the sums of all."""
    model = ScriptedProvider(default=["Aye, traveller."])
    statuses: Counter[int] = Counter()
    made = prompts = 0
    async with running(tmp_path, providers=[model], **more) as app:
        operations = await list_operations(app)
        doors = {name for (_, path), name in operations.items() if is_door(path)}
        assert doors <= WALKED, "walk over these too"
        for number in range(count):
            maker = TwinMaker(seed + number, crowd=number % 10 == 0)
            twins = await app.services.database.write(maker.make)
            walked = Walk(app, model, twins)
            for place, scopes in enumerate(
                viewers if number == 0 else [viewers[number % len(viewers)]]
            ):
                await walked.go(scopes, (seed + number) % 1000 * 10 + place, rounds)
            for token in await app.services.tokens.list_all():
                await app.services.tokens.revoke(token.id)
            statuses += walked.statuses
            made, prompts = made + walked.made, prompts + walked.prompts
    walked.statuses, walked.made, walked.prompts = statuses, made, prompts
    return walked


async def test_no_program_can_tell_whether_there_is_anything_hidden(tmp_path: Path) -> None:
    walked = await walk(tmp_path, 1, 3, 20261130, [("read:players",), CLOSED])
    assert walked.made > 250 and walked.prompts >= 2
    assert {200, 401, 403, 404, 422} - {401} <= walked.statuses.keys()


@pytest.mark.deep
@pytest.mark.parametrize("pairs", [200])
async def test_of_two_hundred_campaigns_no_program_can_tell_what_is_hidden(
    tmp_path: Path, database_address: str, engine_name: str, pairs: int
) -> None:
    more = {} if engine_name == "sqlite" else {"database_url": database_address}
    walked = await walk(tmp_path, pairs, 3, 7, VIEWERS, **more)
    print(
        f"{engine_name}: {pairs} pairs, {walked.made} calls, by status"
        f" {dict(sorted(walked.statuses.items()))}, {walked.prompts} prompts: all the same"
    )


async def test_a_token_is_refused_everywhere_else_whatever_is_there(tmp_path: Path) -> None:
    model = ScriptedProvider(default=["Aye."])
    async with running(tmp_path, providers=[model]) as app:
        twins = await app.services.database.write(TwinMaker(5).make)
        operations = await list_operations(app)
        closed = {
            key: name
            for key, name in operations.items()
            if key[1].startswith("/api/") and not is_door(key[1]) and key[1] != "/api/access"
        }
        assert len(closed) > 150
        refusals = set()
        for twin in twins:
            body = {"campaign_id": twin.campaign_id, "name": twin.speaker, "scopes": list(SCOPES)}
            secret = (await app.post("/api/tokens", body))["secret"]
            async with asking(app, secret) as tool:
                for call in Caller(twin, 3).list_page_calls(closed):
                    answer = await tool.request(call.method, call.path, json=call.body)
                    refusals.add(spell_answer(answer))
        assert len(refusals) == 1, "streams of hints, palette, lists, pictures: one refusal"
        (refusal,) = refusals
        assert refusal.startswith("401") and "not_let_in" in refusal


async def test_a_stream_that_runs_tells_nothing_of_what_is_hidden_meanwhile(
    tmp_path: Path,
) -> None:
    gate = Gate()
    model = ScriptedProvider(default=["Aye, ", gate, "traveller."])
    async with running(tmp_path, providers=[model]) as app:
        twins = await app.services.database.write(TwinMaker(6).make)
        told = []
        for twin in twins:
            body = {"campaign_id": twin.campaign_id, "name": twin.speaker, "scopes": ["talk"]}
            secret = (await app.post("/api/tokens", body))["secret"]
            sent = {"model": f"npc/{twin.campaign_id}/{twin.speaker}", "stream": True}
            sent["messages"] = [{"role": "user", "content": "Well?"}]
            async with (
                asking(app, secret) as tool,
                tool.stream("POST", "/v1/chat/completions", json=sent) as stream,
            ):
                said = ""
                async for line in stream.aiter_lines():
                    said += f"{line}\n"
                    if "Aye" in line:
                        if twin is twins[1]:
                            await Walk(app, model, twins)._hide_more()
                        gate.open()
            told.append(name_alike(twin, said))
        assert not find_difference(*told) and "traveller" in told[0]
