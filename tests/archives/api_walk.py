"""Walks through the API at random: every operation that writes, with bodies made of its schema.

What exists is looked up in the database, so that ids, revisions and messages mostly fit. Nothing
is listed here by name but what has nothing to do with campaigns: a new operation is walked too.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from tests.running import Running
from ttrpg_assistant.archives.store.campaign_rows import TABLES
from ttrpg_assistant.conversations.tables import removals
from ttrpg_assistant.errors import ModelFault
from ttrpg_assistant.ids import new_id
from ttrpg_assistant.llm.scripted import ScriptedProvider, Step
from ttrpg_assistant.llm.types import Finished, ThinkingDelta, Usage
from ttrpg_assistant.suggestions.wizard_steps import FIELDS

CORPUS = Path(__file__).parents[1] / "suggestions" / "corpus" / "replies.json"

LEFT_ALONE = (
    "/api/access",
    "/api/archives",
    "/api/credentials",
    "/api/imports",
    "/api/meaning",
    "/api/models",
    "/api/persistence",
    "/api/providers",
    "/api/sample-campaign",
    "/api/summaries/made-by",
    "/api/transcripts",
    "/api/unsaved-turns",
)
"""What is about an installation, or is a file."""

WORDS = (
    "Mira",
    "the Old Gate",
    "İstanbul ß ﬁ",
    "e\u0301e\u0301",
    "two\r\nlines\u2028of it",
    "\u0001\u0085\ufeff",
    "🜁🜂",
    " spaces ",
    "x" * 199,
    "word " * 400,
    "019a0000-0000-7000-8000-000000000000",
)
NUMBERS = (0, 1, 2, 7, 2**31 - 1)
JSON: tuple[Any, ...] = (
    None,
    True,
    0.1,
    -0.0,
    1e308,
    2**53,
    -(2**63),
    2**70,
    "text",
    [],
    {},
    {"a": [{"b": [1, None]}]},
    [[[[[["deep"]]]]]],
)

POOLS = {
    "thread_id": "conversations",
    "chat_session_id": "conversations",
    "scene_id": "conversations",
    "source_message_id": "messages",
    "replaces": "messages",
    "told_by_npc_id": "npcs",
    "speaker_npc_id": "npcs",
    "audience_npc_id": "npcs",
    "parent_id": "locations",
    "fact_id": "known_facts",
    "note_id": "session_notes",
    "event_id": "session_events",
    "personality": "voices",
    "target_id": "npcs",
    "entity_id": "npcs",
    "npc_ids": "npcs",
    "character_ids": "things",
}
"""Where ids come from whose names do not say it."""


class Talkative(ScriptedProvider):
    """A model that proposes, cites, thinks, is cut off and fails, as chance has it."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self._chance = chance
        self._replies = [one["reply"] for one in json.loads(CORPUS.read_text(encoding="utf-8"))]

    def stream(self, request: Any) -> Any:
        """Say something else each time."""
        said: list[Step] = [self._chance.choice(self._replies), " And so on."]
        ends: list[list[Step]] = [
            [],
            [Finished("length")],
            [Finished("filtered")],
            [Usage(2**20, 7, 3)],
            [ModelFault("It is away, " + "very much so. " * 200, code="model_unreachable")],
        ]
        said += self._chance.choice(ends)
        if self._chance.random() < 0.3:
            said.insert(0, ThinkingDelta("Hm. " * 20))
        self.enqueue(said)
        return super().stream(request)


class Walk:
    """One walk. `figures` counts what was answered."""

    def __init__(self, app: Running, chance: random.Random) -> None:
        self._app = app
        self._chance = chance
        self._of: dict[str, Any] = {}
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._schemas: dict[str, Any] = {}
        self._operations: list[tuple[str, str, Any]] = []
        self.figures: dict[int, int] = {}
        self.accepted: set[str] = set()

    async def begin(self) -> None:
        """Read what can be done, and lay two campaigns."""
        described = await self._app.get("/openapi.json")
        self._schemas = described["components"]["schemas"]
        self._operations = list(_list_operations(described))
        for name in ("Marsh", "Moor"):
            await self._app.post("/api/campaigns", {"name": name})
        await self._app.post("/api/chat-sessions/active")

    async def go(self, steps: int) -> None:
        """So many calls, one after another."""
        for step in range(steps):
            if step % 3 == 0:
                self._rows = await self._app.services.database.read(_read_rows)
            method, path, body = self._choose()
            if method == "delete" and self._chance.random() < 0.7:
                continue
            await self._call(method, path, body)
        while self._app.services.runner.running_count:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    def _choose(self) -> tuple[str, str, Any]:
        """An operation, more often than not on something that is there."""
        for _ in range(4):
            chosen = self._chance.choice(self._operations)
            named = [part[1:-1] for part in chosen[1].split("/") if part.startswith("{")]
            tables = [POOLS.get(name) or self._table_of(name) for name in named if name != "kind"]
            if all(self._rows.get(table) for table in tables):
                break
        return chosen

    async def _call(self, method: str, path: str, schema: Any) -> None:
        self._of = {}
        address = "/".join(
            self._id(part[1:-1], keep=True) if part.startswith("{") else part
            for part in path.split("/")
        )
        body = None if schema is None else self._make(schema, "")
        answer = await self._app.client.request(method.upper(), address, json=body or {})
        assert answer.status_code < 500 or answer.status_code == 502, (method, address, answer.text)
        self.figures[answer.status_code] = self.figures.get(answer.status_code, 0) + 1
        if answer.is_success:
            self.accepted.add(f"{method} {path}")

    def _id(self, name: str, *, keep: bool = False) -> str:
        """The id of something that is there; with `keep` the revision asked for is its own."""
        if name == "kind":
            return self._chance.choice(("character", "item"))
        table = POOLS.get(name) or self._table_of(name)
        rows = self._rows.get(table, [])
        if name in ("chat_session_id", "thread_id", "scene_id"):
            kind = {"chat_session_id": "chat", "thread_id": "thread", "scene_id": "npc"}[name]
            rows = [row for row in rows if row["kind"] == kind]
        if name == "character_ids":
            rows = [row for row in rows if row["entity_kind"] == "character"]
        if not rows:
            return new_id()
        # What is new is met more often, as it is in real use.
        row = rows[-1 - int(len(rows) * self._chance.random() ** 2)]
        if keep:
            self._of = row
        return str(row["id"])

    def _table_of(self, name: str) -> str:
        stem = name.removesuffix("_id")
        return next((table for table in self._rows if table.removesuffix("s") == stem), "")

    def _make(self, schema: Any, name: str) -> Any:
        if "$ref" in schema:
            return self._make(self._schemas[schema["$ref"].rpartition("/")[2]], name)
        if "anyOf" in schema:
            return self._make(self._chance.choice(schema["anyOf"]), name)
        if "enum" in schema:
            return self._chance.choice(schema["enum"])
        if "const" in schema:
            return schema["const"]
        kind = schema.get("type")
        if kind == "object":
            return self._make_object(schema)
        if kind == "array":
            least = schema.get("minItems", 0)
            count = self._chance.randint(least, max(least, min(3, schema.get("maxItems", 3))))
            items = schema.get("prefixItems") or [schema.get("items", {})] * count
            return [self._make(one, name) for one in items]
        if kind == "string":
            return self._make_text(schema, name)
        if kind in ("integer", "number"):
            return self._of.get("revision", 1) if name == "revision" else self._number(schema)
        if kind == "boolean":
            return self._chance.random() < 0.5
        return None if kind == "null" else self._chance.choice(JSON)

    def _make_object(self, schema: Any) -> Any:
        needed = schema.get("required", ())
        if {"step", "answers"} <= schema.get("properties", {}).keys():
            return self._make_wizard_step()
        made = {
            name: self._make(one, name)
            for name, one in schema.get("properties", {}).items()
            if name in needed or self._chance.random() < 0.4
        }
        more = schema.get("additionalProperties")
        if isinstance(more, dict):
            made |= {self._chance.choice(WORDS)[:40]: self._make(more, "") for _ in range(2)}
        return made

    def _make_wizard_step(self) -> Any:
        step = self._chance.choice(list(FIELDS))
        texts = [self._chance.choice(WORDS), [self._chance.choice(WORDS)]]
        answers = {f"{step}.{field}": self._chance.choice(texts) for field in FIELDS[step]}
        return {"step": step, "answers": answers}

    def _make_text(self, schema: Any, name: str) -> str:
        if "pattern" in schema and "0-9a-f" in schema["pattern"]:
            is_own = name in ("id", "new_message_id", "turn_id") or "content" in self._of
            is_new = is_own or (name == "message_id" and self._chance.random() < 0.6)
            return new_id() if is_new and name != "replaces" else self._id(name)
        if name == "personality":
            return self._chance.choice(["", "terse", self._id(name)])
        if name == "step":
            return self._chance.choice(["basics", "players", "intent"])
        text = self._chance.choice(WORDS)
        return text[: schema.get("maxLength", len(text))] or "a"

    def _number(self, schema: Any) -> int:
        most, least = schema.get("maximum", 2**31 - 1), schema.get("minimum", 0)
        return int(min(most, max(least, self._chance.choice(NUMBERS))))


def _list_operations(described: Any) -> Iterator[tuple[str, str, Any]]:
    for path, operations in described["paths"].items():
        if path.startswith(LEFT_ALONE):
            continue
        for method, operation in operations.items():
            if method != "get":
                content = operation.get("requestBody", {}).get("content", {})
                yield method, path, content.get("application/json", {}).get("schema")


def _read_rows(tx: Connection) -> dict[str, list[dict[str, Any]]]:
    found = {}
    for table in (*TABLES, removals):
        if "id" in table.c:
            kept = [
                table.c[name]
                for name in ("id", "revision", "kind", "entity_kind")
                if name in table.c
            ]
            rows = tx.execute(select(*kept).order_by(table.c.id)).mappings()
            found[table.name] = [dict(row) for row in rows]
    return found
