"""A walk over every operation with every scope: nothing hidden comes out, nothing is changed."""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Connection, text

from tests.doors.test_openai_door import spell_request
from tests.doors.test_tokens import asking
from tests.running import Running, running
from ttrpg_assistant.api.door_access import is_door
from ttrpg_assistant.doors.model import SCOPES
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import ScriptedProvider

CANARY = "zephyrine"
"""In every text that is not for the party, and in nothing else."""

CANON = (
    *("campaigns", "npcs", "locations", "plot_points", "things", "relations", "known_facts"),
    *("game_sessions", "session_notes", "session_events", "acceptance_events", "entity_edits"),
)
WALKED = {"get_own_token", "propose", "list_talk_models", "create_chat_completion"}
WALKED |= {"list_door_tools", "call_door_tool", "list_door_things"}
WALKED |= {"list_foundry_documents", "propose_foundry_document"}
"""Operations that are called below. A new one for tokens is added to `list_calls` and here."""

UNKNOWN = "01920000-0000-7000-8000-000000000000"


@dataclass
class Planted:
    """A campaign with canaries, and the ids of what is hidden in it and elsewhere."""

    campaign: str
    hidden: list[str]
    names: list[str]


async def plant(app: Running) -> Planted:
    found: list[str] = []
    campaign = (
        await app.post(
            "/api/campaigns",
            {"name": "Open Vale", "gm_notes": f"{CANARY} notes", "description": f"{CANARY} plan"},
        )
    )["id"]
    other = (await app.post("/api/campaigns", {"name": f"{CANARY} elsewhere"}))["id"]
    root = f"/api/campaigns/{campaign}"
    mira = {"name": "Mira", "role": "smith", "gm_notes": f"{CANARY} traitor", "is_present": True}
    mira["secrets"] = [{"text": f"{CANARY} poison", "may_hint": False}]  # type: ignore[assignment]
    bodies: list[tuple[str, dict[str, Any]]] = [
        (f"{root}/npcs", mira),
        (f"{root}/npcs", {"name": f"{CANARY} villain", "canon": "idea"}),
        (f"{root}/npcs", {"name": "The lurker", "secrets": [{"text": f"{CANARY} knife"}]}),
        (f"{root}/locations", {"name": f"{CANARY} lair", "description": f"{CANARY} cave"}),
        (f"{root}/plot-points", {"title": f"{CANARY} twist", "description": f"{CANARY} end"}),
        (f"{root}/things/faction", {"fields": {"name": f"{CANARY} cult", "audience": "gm"}}),
        (f"{root}/facts", {"text": f"{CANARY} is the murderer.", "audience": "gm"}),
        (f"{root}/game-sessions", {"plan": f"{CANARY} ambush"}),
        (f"/api/campaigns/{other}/npcs", {"name": f"{CANARY} stranger"}),
    ]
    for path, body in bodies:
        made = await app.client.post(path, json=body)
        assert made.is_success, (path, made.text)
        found.append(made.json()["id"])
    return Planted(campaign, [campaign, other, *found], ["Mira", "Open Vale"])


def list_calls(
    planted: Planted, tools: Sequence[Any], rounds: int
) -> Iterator[tuple[str, str, Any]]:
    """Calls of every operation for tokens, with what is there, what is hidden and what is not."""
    chance = random.Random(17)
    ids = [*planted.hidden, UNKNOWN, "x", ""]
    names = [*planted.names, *(f"guess {n}" for n in range(3)), "Mira Vale", "the duke", "🎲"]
    kinds = ["npc", "npc_trait", "location", "plot_point", "faction", "campaign_field"]
    kinds += ["house_rule", "session_plan", "fact", "relation", "recap", "citation", "nonsense"]
    questions = ["Who is the murderer?", "Tell me all secrets.", "What is planned?", "Hello", ""]
    hello = {"role": "user", "content": "Who is the murderer?"}
    yield "POST", "/v1/chat/completions", {"model": "npc/open-vale/mira", "messages": [hello]}
    for number in range(rounds):
        anybody = chance.choice(ids + names)
        match number % 7:
            case 0:
                paths = ["/api/doors/token", "/v1/models", "/api/doors/tools", "/api/doors/things"]
                yield "GET", chance.choice([*paths, "/api/doors/foundry"]), None
                own = {"id": anybody, "kind": chance.choice(kinds), "revision": 1}
                flags = {"ttrpg-assistant": own}
                pages = [
                    {"name": "GM", "type": "text", "text": {"content": "<h3>Role</h3><p>x</p>"}}
                ]
                document = {"name": anybody, "pages": pages, "flags": flags, "_id": "a"}
                yield "POST", "/api/doors/foundry/proposals", {"document": document}
            case 5 | 6 if tools:
                tool = chance.choice(tools)
                given = {
                    name: chance.choice([*ids, *names, *questions, *kinds])
                    for name in tool["schema"].get("properties", {})
                    if chance.random() < 0.8
                }
                yield "POST", f"/api/doors/tools/{tool['name']}", {"arguments": given}
            case 1:
                fields = {"name": chance.choice(names), "role": "smith", "text": "x"}
                fields |= {"from": anybody, "label": "knows", "to": chance.choice(names)}
                named = chance.sample(sorted(fields), chance.randint(1, 3))
                body = {"id": new_id(), "kind": chance.choice(kinds)}
                body["fields"] = {name: fields[name] for name in named}  # type: ignore[assignment]
                if chance.random() < 0.7:
                    body |= {"target": anybody or "x", "base_revision": chance.randint(1, 5)}  # type: ignore[dict-item]
                yield "POST", "/api/doors/proposals", body
            case 2 | 3:
                campaign = chance.choice([planted.campaign, "open-vale", *ids])
                model = chance.choice(["npc", "gm", "x"]) + f"/{campaign}/{anybody}"
                asked = {"role": "user", "content": chance.choice(questions)}
                more = {"stream": chance.random() < 0.3}
                yield "POST", "/v1/chat/completions", {"model": model, "messages": [asked], **more}
            case _:
                path = chance.choice(["/v1/", "/mcp/", "/api/doors/", "/api/doors/proposals/"])
                yield chance.choice(["GET", "DELETE"]), f"{path}{anybody or 'x'}", None


async def read_canon(app: Running) -> str:
    """Every row of what a campaign is made of."""

    def work(tx: Connection) -> str:
        rows = {name: tx.execute(text(f"SELECT * FROM {name} ORDER BY id")).all() for name in CANON}
        # When something was asked about last is no change of it.
        return json.dumps({name: [str(row) for row in found] for name, found in rows.items()})

    return await app.services.database.read(work)


async def list_operations(app: Running) -> dict[tuple[str, str], str]:
    """Every operation by method and path."""
    spec = await app.get("/openapi.json")
    return {
        (method, path): one["operationId"]
        for path, methods in spec["paths"].items()
        for method, one in methods.items()
    }


async def make_tokens(app: Running, campaign: str) -> dict[str, Sequence[str]]:
    """A token for each scope alone and for all that a player's program may have, by its secret."""
    wanted = [(one,) for one in SCOPES] + [("read:players", "talk", "propose")]
    found = {}
    for number, scopes in enumerate(wanted):
        body = {"campaign_id": campaign, "name": f"Tool {number}", "scopes": list(scopes)}
        found[(await app.post("/api/tokens", body))["secret"]] = scopes
    return found


@pytest.mark.parametrize("calls", [40, pytest.param(10_000, marks=pytest.mark.deep)])
async def test_no_token_gets_past_the_gate_or_sees_what_is_hidden(
    tmp_path: Path, calls: int
) -> None:
    model = ScriptedProvider(default=["Aye."])
    async with running(tmp_path, providers=[model]) as app:
        planted = await plant(app)
        tokens = await make_tokens(app, planted.campaign)
        operations = await list_operations(app) if calls > 100 else {}
        for_tokens = {name for (_, path), name in operations.items() if is_door(path)}
        assert for_tokens <= WALKED, "walk over these too"
        before = await read_canon(app)
        seen: dict[int, int] = {}
        made = 0
        for secret, scopes in tokens.items():
            async with asking(app, secret) as tool:
                for method, path in operations:
                    if not is_door(path) and path.startswith("/api/") and path != "/api/access":
                        refused = await tool.request(method, path, json={})
                        assert refused.status_code == 401, (method, path)
                tools = (await tool.get("/api/doors/tools")).json()["tools"]
                for method, path, body in list_calls(planted, tools, calls // len(tokens)):
                    answer = await tool.request(method, path, json=body)
                    made += 1
                    seen[answer.status_code] = seen.get(answer.status_code, 0) + 1
                    assert answer.status_code < 500, (path, body, answer.text)
                    if "read:gm" not in scopes:
                        told = f"{answer.text} {answer.headers}".casefold()
                        sent = json.dumps(body, ensure_ascii=False).casefold()
                        assert CANARY not in told or CANARY in sent, (path, body, answer.text)
        assert await read_canon(app) == before, "nothing of the campaign was changed"
        hidden = [one for one in model.history if CANARY in spell_request(one)]
        assert model.history and not hidden, "no NPC is told what it does not know"
        print(f"{made} calls, by status {dict(sorted(seen.items()))}; prompts {len(model.history)}")


@pytest.mark.deep
async def test_what_is_hidden_is_missed_as_fast_as_what_is_not(tmp_path: Path) -> None:
    model = ScriptedProvider(default=["Aye."])
    async with running(tmp_path, providers=[model]) as app:
        planted = await plant(app)
        body = {"campaign_id": planted.campaign, "name": "Tool", "scopes": ["read:players", "talk"]}
        secret = (await app.post("/api/tokens", body))["secret"]
        took: dict[str, list[float]] = {"hidden": [], "elsewhere": [], "unknown": []}
        names = {"hidden": planted.hidden[3], "elsewhere": planted.hidden[-1], "unknown": UNKNOWN}
        asked = {"role": "user", "content": "Hello?"}
        async with asking(app, secret) as tool:
            for _ in range(700):
                for what, id in names.items():
                    sent = {"model": f"npc/{planted.campaign}/{id}", "messages": [asked]}
                    took[what].append(await time_missing(tool, sent))
        print(
            "404 in ms, median and p95: "
            + "; ".join(
                f"{what} {statistics.median(ones) * 1e3:.2f}"
                f" {statistics.quantiles(ones, n=20)[-1] * 1e3:.2f}"
                for what, ones in took.items()
            )
        )


async def time_missing(tool: httpx2.AsyncClient, sent: Any) -> float:
    began = time.perf_counter()
    missing = await tool.post("/v1/chat/completions", json=sent)
    took = time.perf_counter() - began
    assert missing.status_code == 404, missing.text
    return took
