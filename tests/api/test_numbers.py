"""Every number that a request may hold has bounds that both databases can keep."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.running import Running, running
from ttrpg_assistant.ids import new_id

ODD = (2**70, 2**63, 2**31, -1, -(2**70), 1.5, 1e400, True)
MOST = 2**31 - 1


def _resolved(schema: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        found: dict[str, Any] = whole["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
        return found
    return schema


def list_numbers(
    schema: dict[str, Any], whole: dict[str, Any], at: tuple[Any, ...] = (), deep: int = 0
) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Where in a body a number may be, and what is declared about it."""
    schema = _resolved(schema, whole)
    if deep > 8:
        return
    if schema.get("type") in ("integer", "number"):
        yield at, schema
    for choice in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from list_numbers(choice, whole, at, deep + 1)
    for name, inner in schema.get("properties", {}).items():
        yield from list_numbers(inner, whole, (*at, name), deep + 1)
    for place, inner in enumerate(schema.get("prefixItems", ())):
        yield from list_numbers(inner, whole, (*at, place), deep + 1)
    if isinstance(schema.get("items"), dict):
        yield from list_numbers(schema["items"], whole, (*at, 0), deep + 1)


def filled(schema: dict[str, Any], whole: dict[str, Any], deep: int = 0) -> Any:
    """A plain value of this shape."""
    schema = _resolved(schema, whole)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if "anyOf" in schema or "oneOf" in schema:
        return filled((schema.get("anyOf") or schema["oneOf"])[0], whole, deep + 1)
    kind = schema.get("type")
    if kind == "object":
        wanted = schema.get("required", ()) if deep < 6 else ()
        return {name: filled(schema["properties"][name], whole, deep + 1) for name in wanted}
    if kind == "array":
        return [filled(one, whole, deep + 1) for one in schema.get("prefixItems", ())]
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    if kind == "boolean":
        return False
    return new_id() if "pattern" in schema else "word"


def placed(value: Any, at: tuple[Any, ...], number: object) -> Any:
    """The value with a number put at a place in it."""
    if not at:
        return number
    first, rest = at[0], at[1:]
    if isinstance(first, int):
        items = list(value) if isinstance(value, list) else []
        items += [1] * (first + 1 - len(items))
        items += [1] if first == 0 and len(items) == 1 and not rest else []
        items[first] = placed(items[first], rest, number)
        return items
    whole = dict(value) if isinstance(value, dict) else {}
    whole[first] = placed(whole.get(first), rest, number)
    return whole


async def test_no_number_breaks_an_operation(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        whole = (await app.client.get("/openapi.json")).json()
        checked, unbounded = 0, []
        for path, methods in whole["paths"].items():
            for method, operation in methods.items():
                for send, place, schema in _sendings(app, whole, path, method, operation):
                    if schema.get("type") == "integer" and not _is_bounded(schema):
                        unbounded.append(f"{operation['operationId']} {place}")
                    for number in ODD:
                        answer = await send(number)
                        assert answer.status_code < 500, (path, place, number, answer.text)
                        checked += 1
    assert not unbounded, "A number without bounds that a database can keep: " + str(unbounded)
    assert checked > 50


def _is_bounded(schema: dict[str, Any]) -> bool:
    return schema.get("maximum", MOST + 1) <= MOST and schema.get("minimum", -MOST - 2) > -MOST - 2


def _sendings(
    app: Running, whole: dict[str, Any], path: str, method: str, operation: dict[str, Any]
) -> Iterator[tuple[Any, object, dict[str, Any]]]:
    url = path
    while "{" in url:
        url = url[: url.index("{")] + new_id() + url[url.index("}") + 1 :]
    for given in operation.get("parameters", ()):
        if given["in"] == "query":
            for _, schema in list_numbers(given["schema"], whole):

                def ask(number: object, name: str = given["name"]) -> Any:
                    return app.client.request(method, url, params={name: str(number)})

                yield ask, given["name"], schema
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body is not None:
        base = filled(body["schema"], whole)
        for at, schema in list_numbers(body["schema"], whole):

            def post(number: object, at: tuple[Any, ...] = at) -> Any:
                text = _spelled(placed(base, at, number))
                return app.client.request(
                    method, url, content=text, headers={"Content-Type": "application/json"}
                )

            yield post, at, schema


def _spelled(value: Any) -> str:
    import json

    return json.dumps(value).replace("Infinity", "1e400")


async def test_too_many_tokens_are_refused_and_change_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        chat_id = await app.open_chat()
        for tokens in ([2**70, 1], [1, 2**31], [-1, 0]):
            body = {"role": "user", "content": "Hello", "tokens": tokens}
            await app.post(f"/api/chat-sessions/{chat_id}/messages", body, status=422)
        assert await app.history(chat_id) == []
