"""How a value that a model wrote is made to fit the shape of its field.

Values are coerced only where nothing can be misunderstood: a number where text belongs
becomes its digits, a single line where a list belongs becomes a list of one. Everything
is capped, and kept as inert text: nothing here is markup or code to anyone.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ttrpg_assistant.campaigns.shapes import Shape
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.llm.bracketed import without_brackets
from ttrpg_assistant.llm.lenient import SPACES, Num, Value, read_values

Json = object
"""A JSON value as it is stored: None, bool, int, float, str, list, dict."""

NAME_CHARACTERS = 200
LINE_CHARACTERS = 2_000
TEXT_CHARACTERS = 20_000
LIST_ENTRIES = 100
OBJECT_CHARACTERS = 50_000

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SEPARATORS = re.compile(r"[,;\n]")
_BULLET = re.compile(r"^[ \t]*(?:[-*•][ \t]+)?")


def clean(text: str, limit: int) -> str:
    """Text without what no database takes, cut to `limit` characters with a mark. Names in
    double brackets are sources in a reply; in what is kept they are plain names."""
    text = without_brackets(text)
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip(SPACES)
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text if len(text) <= limit else cut_text(text, limit - 1).rstrip() + "…"


def as_json(value: Value, depth: int = 0) -> Json:
    """The value as plain JSON, its numbers numbers again."""
    if isinstance(value, Num):
        return _number(value)
    if isinstance(value, str):
        return clean(value, TEXT_CHARACTERS)
    if isinstance(value, list):
        return [as_json(one, depth + 1) for one in value[:LIST_ENTRIES]]
    if isinstance(value, dict):
        entries = list(value.items())[:LIST_ENTRIES]
        return {clean(key, NAME_CHARACTERS): as_json(one, depth + 1) for key, one in entries}
    return value


def _number(lexeme: Num) -> Json:
    if len(lexeme) > 15:
        return str(lexeme)
    if "." in lexeme or "e" in lexeme or "E" in lexeme:
        number = float(lexeme)
        return number if abs(number) < 1e300 else str(lexeme)
    return int(lexeme)


def as_text(value: Value) -> str:
    """Anything as text: lists as bullets, objects as `key: value` lines."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (Num, str)):
        return str(value)
    if isinstance(value, list):
        return "\n".join(f"- {as_line(one)}" for one in value if as_line(one))
    return "\n".join(_entry_text(key, one) for key, one in value.items() if as_text(one))


def _entry_text(key: str, value: Value) -> str:
    label = key.replace("_", " ").strip()
    label = label[:1].upper() + label[1:]
    text = as_text(value)
    return f"{label}:\n{text}" if "\n" in text or isinstance(value, list) else f"{label}: {text}"


def as_line(value: Value) -> str:
    """Anything as one line."""
    if isinstance(value, dict):
        text = "; ".join(f"{key}: {as_line(one)}" for key, one in value.items())
    elif isinstance(value, list):
        text = ", ".join(as_line(one) for one in value)
    else:
        text = as_text(value)
    return " ".join(text.split())


def _as_lines(value: Value) -> list[Json]:
    if isinstance(value, str) and not isinstance(value, Num):
        parts: list[Value] = [_BULLET.sub("", line) for line in value.split("\n")]
    else:
        parts = value if isinstance(value, list) else [value]
    lines = (clean(as_line(part), LINE_CHARACTERS) for part in parts[:LIST_ENTRIES])
    return [line for line in lines if line]


def _as_names(value: Value) -> list[Json]:
    if isinstance(value, str) and not isinstance(value, Num):
        value = [*_SEPARATORS.split(value)]
    parts = value if isinstance(value, list) else [value]
    names = (clean(as_line(part), NAME_CHARACTERS) for part in parts[:LIST_ENTRIES])
    return list(dict.fromkeys(name for name in names if name))


def _as_secrets(value: Value) -> list[Json]:
    parts = value if isinstance(value, list) else [value]
    said = (one.get("text", one) if isinstance(one, dict) else one for one in parts[:LIST_ENTRIES])
    texts = (clean(as_line(one), LINE_CHARACTERS) for one in said)
    # Whether an NPC may hint at it is never the model's to decide.
    return [{"text": text, "may_hint": False} for text in texts if text]


def _as_connections(value: Value) -> list[Json]:
    if isinstance(value, dict) and not {"target", "name"} & value.keys():
        value = [{"target": key, "relation": one} for key, one in value.items()]
    found: list[Json] = []
    for one in (value if isinstance(value, list) else [value])[:LIST_ENTRIES]:
        if isinstance(one, dict):
            who = one.get("target") or one.get("name") or one.get("npc")
            how = one.get("relation") or one.get("relationship") or one.get("description")
        else:
            name, _, about = as_line(one).partition(":")
            who, how = name, about
        target = clean(as_line(who), NAME_CHARACTERS)
        if target:
            relation = clean(as_line(how), LINE_CHARACTERS)
            found.append({"target": target, "relation": relation})
    return found


def _as_object(value: Value) -> Json:
    if isinstance(value, str):
        reading = read_values(value) if value.lstrip(SPACES).startswith("{") else None
        value = reading.values[0] if reading is not None and reading.values else value
    kept = as_json(value)
    return kept if isinstance(kept, dict) and len(repr(kept)) <= OBJECT_CHARACTERS else None


_FLAGS = {"true": True, "yes": True, "open": True, "false": False, "no": False, "closed": False}


def _as_flag(value: Value) -> Json:
    if isinstance(value, bool):
        return value
    return _FLAGS.get(as_line(value).casefold())


def _as_choice(shape: Shape, value: Value) -> Json:
    """One of the values allowed, by its own name, its words or a synonym; None for another."""
    said = as_line(value).casefold()
    for kept, words in (shape.choices or {}).items():
        if said in (kept, words.casefold()):
            return kept
    return (shape.synonyms or {}).get(said)


_READERS: dict[str, Callable[[Value], Json]] = {
    "name": lambda value: clean(as_line(value), NAME_CHARACTERS),
    "line": lambda value: clean(as_line(value), LINE_CHARACTERS),
    "prose": lambda value: clean(as_text(value), TEXT_CHARACTERS),
    "names": _as_names,
    "lines": _as_lines,
    "secrets": _as_secrets,
    "connections": _as_connections,
    "object": _as_object,
    "flag": _as_flag,
}
"""How a value is read for a shape. What is not here is a person's alone to set: ids, and who may
know a thing; a model that could mark a secret public would be a leak."""


def shape_value(shape: Shape, value: Value) -> Json | None:
    """The value made to fit, or None when nothing of it does."""
    if shape.choices is not None:
        return _as_choice(shape, value)
    fitted = _READERS[shape.name](value)
    return None if fitted is None or fitted in ("", [], {}) else fitted
