"""The reference of the API as a page, made from the OpenAPI document: no script, all our own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from fastapi import FastAPI, Response

from ttrpg_assistant.api.late_routes import Routes

PATH = "/reference"


def reference_routes(app: FastAPI) -> Routes:
    """The page. Like the document it is made from, it holds nothing of what is stored."""
    routes = Routes()
    made: list[str] = []

    @routes.get(PATH, include_in_schema=False)
    async def get_reference() -> Response:
        """Every operation, for people."""
        if not made:
            made.append(await asyncio.to_thread(lambda: spell_reference(app.openapi())))
        return Response(made[0], media_type="text/html", headers={"Cache-Control": "no-cache"})

    return routes


def spell_reference(document: Mapping[str, Any]) -> str:
    """The whole page of an OpenAPI document."""
    by_tag: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            tag = (operation.get("tags") or ["health"])[0]
            by_tag.setdefault(tag, []).append(_spell_operation(document, method, path, operation))
    links = "".join(f'<li><a href="#{_anchor(tag)}">{escape(tag)}</a></li>' for tag in by_tag)
    parts = "".join(
        f'<section id="{_anchor(tag)}"><h2>{escape(tag)}</h2>{"".join(operations)}</section>'
        for tag, operations in by_tag.items()
    )
    title = f"{document['info']['title']} {document['info']['version']}: API"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title>"
        '<link rel="stylesheet" href="/styles/reference.css"></head>'
        f"<body><main><h1>{escape(title)}</h1><p>Made from <a href='/openapi.json'>the OpenAPI"
        " document</a>. Operations under /v1, /mcp and /api/doors want a token of another program;"
        " all others the credential of a browser or the launch token.</p>"
        f"<nav aria-label='Subjects'><ul>{links}</ul></nav>{parts}</main></body></html>"
    )


def _anchor(tag: str) -> str:
    return escape(tag.replace(" ", "-"), quote=True)


def _spell_operation(
    document: Mapping[str, Any], method: str, path: str, operation: Mapping[str, Any]
) -> str:
    name = escape(operation["operationId"], quote=True)
    said = escape(operation.get("description", ""))
    rows = [_spell_row(one["name"], one.get("schema", {}), one["in"], one.get("required", False))
            for one in operation.get("parameters", ())]  # fmt: skip
    rows += _list_fields(document, operation)
    fields = (
        "<table><thead><tr><th>Name</th><th>In</th><th>What it is</th></tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
        if rows
        else ""
    )
    codes = ", ".join(code for code in operation.get("responses", {}) if code.startswith("2"))
    return (
        f'<article id="{name}"><h3>{name}</h3>'
        f"<p><code>{method.upper()} {escape(path)}</code> → {escape(codes)}</p>"
        f"<p>{said}</p>{fields}</article>"
    )


def _list_fields(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[str]:
    content = operation.get("requestBody", {}).get("content", {})
    schema = _resolve(document, content.get("application/json", {}).get("schema", {}))
    required = schema.get("required", ())
    for name, shape in schema.get("properties", {}).items():
        yield _spell_row(name, shape, "body", name in required)


def _resolve(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    for one in schema.get("anyOf", ()):
        if one.get("type") != "null":
            schema = one
            break
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    if not name:
        return schema
    found: Mapping[str, Any] = document["components"]["schemas"][name]
    return found


def _spell_row(name: str, shape: Mapping[str, Any], place: str, is_required: bool) -> str:
    words = _spell_shape(shape)
    needed = "" if is_required else "optional"
    what = ", ".join(filter(None, (words, needed)))
    return f"<tr><td><code>{escape(name)}</code></td><td>{place}</td><td>{escape(what)}</td></tr>"


def _spell_shape(shape: Mapping[str, Any]) -> str:
    if "enum" in shape:
        return " | ".join(map(str, shape["enum"]))
    if "anyOf" in shape:
        return " or ".join(_spell_shape(one) for one in shape["anyOf"])
    if "$ref" in shape:
        return str(shape["$ref"]).rpartition("/")[2]
    if shape.get("type") == "array":
        return f"list of {_spell_shape(shape.get('items', {}))}"
    return str(shape.get("type", "any value"))
