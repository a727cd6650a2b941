"""Calls of every operation and tool for one of two twins: the same for both, place by place."""

from __future__ import annotations

import random
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.need_to_know.twins import Twin
from ttrpg_assistant.doors.tools.registry import TOOLS

UNKNOWN = "01920000-0000-7000-8000-000000000000"

KINDS = ("npc", "npc_trait", "location", "plot_point", "faction", "item", "campaign_field")
KINDS += ("house_rule", "session_plan", "fact", "relation", "recap", "citation", "nonsense")

Body = Any


@dataclass(frozen=True)
class Call:
    """One request; `what` is the operation, tool or method of MCP that it is for."""

    what: str
    method: str
    path: str
    body: Body = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Caller:
    """Makes the calls; the same seed makes the same ones for both twins."""

    def __init__(self, twin: Twin, seed: int) -> None:
        self._twin = twin
        self._random = random.Random(seed)
        self._made = 0

    def _id(self) -> str:
        twin = self._twin
        every = (twin.open_ids, twin.hidden_ids, twin.hidden_ids, twin.game_sessions)
        ids = self._random.choice(every)
        return self._random.choice([*ids, UNKNOWN])

    def _name(self) -> str:
        twin, names = self._twin, ["Nobody", "", "🎲", "x" * 300, "../x", "[npc x]"]
        return self._random.choice(self._random.choice([twin.open_names, twin.hidden_names, names]))

    def _anything(self) -> str:
        return self._random.choice([self._id(), self._name()])

    def _new_id(self) -> str:
        """Of a proposal or a note: of its own, or of something that may be there."""
        self._made += 1
        own = str(uuid.uuid5(uuid.UUID(self._twin.campaign_id), str(self._made)))
        return self._random.choice([own, own, own, self._random.choice(self._twin.hidden_ids)])

    def _value(self, name: str) -> Any:
        """What is given for a parameter of a tool."""
        chance = self._random
        if chance.random() < 0.08:
            return chance.choice([None, 7, [], {}, "", "\u202e", "a\nb", "# x\n```\n"])
        found: dict[str, Any] = {
            "fields": {"name": self._name(), "role": "smith", "text": self._name()},
            "kind": chance.choice([*KINDS, "NPC", "note", "roll", "event"]),
            "revision": chance.randint(1, 4),
            "for": chance.choice(["gm", "players"]),
            "id": self._new_id(),
            "dice": chance.choice(["2d6+3", self._name(), "d", "9999d9999"]),
            "query": chance.choice([self._name(), "met", "the vault", "zqx"]),
            "message": chance.choice(["What of it?", self._name(), "Who is " + self._name()]),
            "npc": chance.choice([self._twin.speaker, self._anything()]),
        }
        if name == "dice" and found["dice"] == "2d6+3":
            return "1d1"  # Chance is no difference.
        return found.get(name, self._anything())

    def list_tool_calls(self, rounds: int) -> Iterator[Call]:
        """Every tool, over plain HTTP and by MCP."""
        for name, tool in TOOLS.items():
            for number in range(rounds):
                given = {
                    one.name: self._value(one.name)
                    for one in tool.parameters
                    if one.is_required or self._random.random() < 0.6
                }
                if number % 3 == 2:
                    params = {"name": name, "arguments": given}
                    yield self.spell_mcp(f"mcp {name}", "tools/call", params)
                else:
                    path = f"/api/doors/tools/{name}"
                    yield Call(name, "POST", path, {"arguments": given})
        yield Call("call_door_tool", "POST", f"/api/doors/tools/{self._name() or 'x'}", {})

    def list_door_calls(self, rounds: int) -> Iterator[Call]:
        """Every operation under the doors, and what else MCP has."""
        chance, twin = self._random, self._twin
        for path in ("token", "tools", "things", "foundry"):
            yield Call(path, "GET", f"/api/doors/{path}")
        yield Call("list_talk_models", "GET", "/v1/models")
        for method in ("tools/list", "resources/list", "prompts/list", "nothing/list"):
            yield self.spell_mcp(method, method, {})
        for _ in range(rounds):
            uri = f"ttrpg://things/{chance.choice(KINDS)}/{self._anything()}"
            yield self.spell_mcp("resources/read", "resources/read", {"uri": uri})
            yield from self._list_proposals()
            yield self._spell_talk()
            own = {"kind": chance.choice(KINDS), "id": self._anything(), "revision": 1}
            page = {"name": "GM", "type": "text", "text": {"content": "<p>x</p>"}}
            document = {"name": self._name(), "pages": [page], "_id": "a"}
            document["flags"] = {"ttrpg-assistant": own}
            yield Call("propose_foundry_document", "POST", "/api/doors/foundry/proposals",
                       {"document": document})  # fmt: skip
            where = chance.choice(["/v1/", "/mcp/", "/api/doors/", "/api/doors/proposals/"])
            yield Call("nowhere", "GET", f"{where}{self._id()}")
        yield Call("get_mcp", "GET", "/mcp")
        yield Call("bad", "POST", "/mcp", [self.spell_mcp("", "tools/list", {}).body] * 2)
        yield Call("bad", "POST", "/api/doors/proposals", {"id": twin.speaker, "kind": 3})

    def _list_proposals(self) -> Iterator[Call]:
        chance = self._random
        fields = {"name": self._name(), "role": "smith", "text": self._name(), "label": "knows"}
        fields |= {"from": self._anything(), "to": self._anything(), "recap_players": "It rained."}
        wanted: Sequence[str] = chance.sample(sorted(fields), chance.randint(1, 3))
        kind = chance.choice(KINDS)
        exact = {"relation": ("from", "to", "label"), "fact": ("text",)}
        wanted = exact.get(kind, wanted)
        body: dict[str, Any] = {"id": self._new_id(), "kind": kind}
        body["fields"] = {name: fields[name] for name in wanted}
        if chance.random() < 0.7:
            body |= {"target": self._anything() or "x", "base_revision": chance.randint(1, 5)}
        yield Call("propose", "POST", "/api/doors/proposals", body)
        if chance.random() < 0.5:
            yield Call("propose", "POST", "/api/doors/proposals", body)

    def _spell_talk(self) -> Call:
        chance, twin = self._random, self._twin
        speaker = twin.open_names[twin.open_ids.index(twin.speaker)]
        whom = chance.choice([twin.speaker, speaker.lower().replace(" ", "-"), self._anything()])
        campaign = chance.choice([twin.campaign_id] * 3 + [self._id()])
        model = f"{chance.choice(['npc', 'npc', 'gm', 'x'])}/{campaign}/{whom}"
        said = [{"role": "user", "content": f"What of {self._name()} and {self._name()}?"}]
        body = {"model": model, "messages": said, "stream": chance.random() < 0.4}
        body["stream_options"] = {"include_usage": True} if body["stream"] else None
        body = {name: value for name, value in body.items() if value is not None}
        kept = chance.choice(["", "", "new", self._id()])
        headers = {"X-Store-Conversation": kept} if kept else {}
        return Call("create_chat_completion", "POST", "/v1/chat/completions", body, headers)

    def spell_mcp(self, what: str, method: str, params: Any) -> Call:
        """A message of an MCP client of the revision that needs no handshake here."""
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        headers = {"Accept": "application/json, text/event-stream"}
        headers["MCP-Protocol-Version"] = "2025-06-18"
        return Call(what, "POST", "/mcp", body, headers)

    def list_page_calls(self, operations: Mapping[tuple[str, str], str]) -> Iterator[Call]:
        """Every other operation of the application, with ids of this campaign in its path."""
        for (method, path), name in operations.items():
            filled = re.sub(r"\{(\w+)\}", lambda found: self._fill(found[1]), path)
            yield Call(name, method.upper(), filled, {})

    def _fill(self, parameter: str) -> str:
        if parameter == "campaign_id":
            return self._twin.campaign_id
        return self._id() if parameter.endswith("id") else "npc"
