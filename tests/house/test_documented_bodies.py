"""What docs/api.md says of the body of each request is what the operation declares.

A cell `{name, text?, …} → …` names every field, with `?` where it may be left out. `fields` are
those of the thing that is made; a name in bold (`Turn request`) stands for the braces behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.house.source_tree import ROOT
from tests.house.test_documents import list_table_rows
from ttrpg_assistant.app import create_app
from ttrpg_assistant.settings import load_settings

Fields = frozenset[str]
"""Names of fields, each with `?` where it may be left out."""

MADE = {
    "campaign": "Campaign",
    "game_session": "GameSession",
    "npc": "NPC",
    "location": "Location",
    "plot_point": "PlotPoint",
}
"""What `create_…` and `update_…` make and change, under the name of its definition."""


@pytest.fixture(scope="module")
def openapi(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("bodies")
    return create_app(load_settings({"TTRPG_DATA_DIR": str(folder)})).openapi()


def list_bodies(openapi: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """Each operation with the schema of its JSON body, None without one."""
    for methods in openapi["paths"].values():
        for operation in methods.values():
            content = operation.get("requestBody", {}).get("content", {})
            schema = content.get("application/json", {}).get("schema")
            yield operation["operationId"], schema and resolve(openapi, schema)


def resolve(openapi: Mapping[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The schema itself, of a reference or of a body that may be left out."""
    for one in schema.get("anyOf", ()):
        if one.get("type") != "null":
            schema = one
    name = schema.get("$ref", "").rpartition("/")[2]
    return resolve(openapi, openapi["components"]["schemas"][name]) if name else schema


def list_declared(schema: Mapping[str, Any]) -> Fields:
    required = schema.get("required", ())
    return frozenset(name if name in required else f"{name}?" for name in schema["properties"])


def read_cell(cell: str) -> tuple[str, str]:
    """The body that the cell begins with, and what stands before the answer in all."""
    said = cell.split("→")[0].strip()
    depth = 0
    for at, sign in enumerate(said):
        depth += (sign in "{[(") - (sign in "}])")
        if not depth:
            return (said[: at + 1] if said[0] == "{" else ""), said
    return "", said


def split_fields(body: str) -> dict[str, str]:
    """The fields between braces, with what is said of each."""
    parts, depth = [""], 0
    for sign in body.strip()[1:-1]:
        depth += (sign in "{[(") - (sign in "}])")
        if sign == "," and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    found = [re.match(r"\s*(\w+\??)(.*)", part, re.DOTALL) for part in parts if part.strip()]
    assert all(found), body
    return {one[1]: one[2] for one in found if one is not None}


def read_definition(name: str) -> str:
    """What stands in backquotes behind a name in bold."""
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    found = re.search(rf"\*\*{name}\*\* `([^`]*)`", text)
    assert found is not None, name
    return found[1]


def find_difference(operation: str, cell: str, schema: Mapping[str, Any]) -> str | None:
    body, said = read_cell(cell)
    declared = list_declared(schema)
    thing = MADE.get(operation.partition("_")[2])
    if said == "fields":
        defined = set(re.findall(r"\w+", read_definition(thing or "")))
        missing = {name.rstrip("?") for name in declared} - defined
        return f"{thing} lacks {sorted(missing)}" if missing else None
    if said and not body:
        body = read_definition(said)
    named = split_fields(body) if body else {}
    if set(named) != declared:
        return f"says {sorted(named)}, declares {sorted(declared)}"
    changes = re.match(r"\s*:\s*(\{.*\})", named.get("changes", ""), re.DOTALL)
    if "changes" not in named or "changes" not in schema:
        return None  # what a thing of any kind may change, its kind declares
    fields = {name.rstrip("?") for name in schema["changes"]}
    listed = (
        {name.rstrip("?") for name in split_fields(changes[1])}
        if changes is not None
        else fields & set(re.findall(r"\w+", read_definition(thing or "")))
    )
    return None if listed == fields else f"changes {sorted(listed)}, declares {sorted(fields)}"


def test_the_body_of_every_operation_is_documented_as_it_is_declared(
    openapi: dict[str, Any],
) -> None:
    cells = {
        row[0]: row[2]
        for row in list_table_rows("api.md")
        if len(row) >= 3 and re.match(r"(GET|POST|PUT|PATCH|DELETE) /", row[1])
    }
    wrong = []
    for operation, schema in list_bodies(openapi):
        if schema is None:
            if read_cell(cells[operation])[0]:
                wrong.append(f"{operation} takes no body")
            continue
        changes = schema["properties"].get("changes")
        known = dict(schema)
        if changes is not None and "properties" in (shape := resolve(openapi, changes)):
            known["changes"] = shape["properties"]
        if difference := find_difference(operation, cells[operation], known):
            wrong.append(f"{operation} {difference}")
    assert not wrong, "docs/api.md:\n" + "\n".join(wrong)


def test_a_body_that_is_said_otherwise_is_noticed(openapi: dict[str, Any]) -> None:
    schemas = dict(list_bodies(openapi))
    for cell in ("→ Model", "{model?} → Model", "{model, choice} → Model", "{} → Model"):
        assert find_difference("choose_model", cell, schemas["choose_model"] or {}), cell
    assert find_difference("choose_model", "{model} → Model", schemas["choose_model"] or {}) is None
