"""A value of another program in the shape that a field holds. Pure.

Nothing is lost: what a field cannot hold comes back beside the value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ttrpg_assistant.campaigns import checks, shapes
from ttrpg_assistant.campaigns.declaration import Field
from ttrpg_assistant.campaigns.folding import fold
from ttrpg_assistant.characters import cut_text

_SPLIT = re.compile(r"[,;\n]")
_YES = frozenset({"yes", "true", "1", "x", "y", "on"})
_NO = frozenset({"no", "false", "0", "n", "off", "-"})
_POINTING = frozenset({"reference", "related", "known_to"})
_BULLET = re.compile(r"(?:[-*•+]|\d{1,4}[.)])\s+")

Fitted = tuple[Any, Any]
"""What the field holds, None for nothing; what is left of the value, None for nothing."""


def fit_value(field: Field, value: Any) -> Fitted:
    """The value as the field holds it, and what is left of it."""
    shape = field.shape
    if shape.name in _POINTING:
        return value, None
    if shape.choices is not None:
        return _fit_choice(shape.choices, shape.synonyms or {}, value)
    fitting = _fit_title if shape is shapes.TITLE else _FITTING.get(shape.name)
    return (None, value) if fitting is None else fitting(value)


def list_texts(value: Any) -> list[str]:
    """A value as texts: a list's entries, or what stands between commas and line ends."""
    if isinstance(value, str):
        parts: Iterable[str] = _SPLIT.split(value)
    elif isinstance(value, list | tuple):
        parts = (shapes.say(one) for one in value)
    else:
        parts = (shapes.say(value),)
    return [text for one in parts if (text := one.strip())]


def _fit_line(limit: int) -> Callable[[Any], Fitted]:
    def fit(value: Any) -> Fitted:
        whole = (
            ", ".join(list_texts(value)) if isinstance(value, list | tuple) else shapes.say(value)
        )
        line = " ".join(whole.split())
        if len(line) <= limit:
            return line or None, None
        return cut_text(line, limit), whole

    return fit


def _fit_prose(value: Any) -> Fitted:
    if isinstance(value, list | tuple):
        text = "\n".join(shapes.say(one) for one in value)
    elif isinstance(value, Mapping):
        text = "\n".join(f"{name}: {shapes.say(one)}" for name, one in value.items())
    else:
        text = shapes.say(value)
    text = text.strip("\n")
    if len(text) <= checks.PROSE_LENGTH:
        return text or None, None
    end = text.rfind("\n", checks.PROSE_LENGTH // 2, checks.PROSE_LENGTH)
    kept = text[:end] if end > 0 else cut_text(text, checks.PROSE_LENGTH)
    return kept, text[len(kept) :]


def _fit_names(value: Any) -> Fitted:
    names = [" ".join(one.split()) for one in list_texts(value)]
    return _fit_list(names, checks.NAME_LENGTH)


def _fit_lines(value: Any) -> Fitted:
    if isinstance(value, str):
        lines = [_BULLET.sub("", line.strip(), count=1) for line in value.split("\n")]
        return _fit_list([line for line in lines if line], checks.LINE_LENGTH)
    return _fit_list(list_texts(value), checks.LINE_LENGTH)


def _fit_list(entries: list[str], limit: int) -> Fitted:
    entries = list(dict.fromkeys(entries))
    fitting = [one for one in entries if len(one) <= limit]
    left = [one for one in entries if len(one) > limit] + fitting[checks.LIST_LENGTH :]
    return fitting[: checks.LIST_LENGTH] or None, left or None


def _fit_secrets(value: Any) -> Fitted:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list | tuple):
        return None, value
    told = [(text, hint) for text, hint in map(_read_secret, texts) if text]
    fitting = [one for one in told if len(one[0]) <= checks.PROSE_LENGTH]
    left = [text for text, _ in told if len(text) > checks.PROSE_LENGTH]
    left += [text for text, _ in fitting[checks.LIST_LENGTH :]]
    secrets = [{"text": text, "may_hint": hint} for text, hint in fitting[: checks.LIST_LENGTH]]
    return secrets or None, left or None


def _read_secret(value: Any) -> tuple[str, bool]:
    """A secret's words, and whether an NPC may hint at it: only a secret in our own words says
    that."""
    if isinstance(value, Mapping) and value.keys() == {"text", "may_hint"}:
        return str(value["text"]).strip(), value["may_hint"] is True
    return (value if isinstance(value, str) else shapes.say(value)).strip(), False


def _fit_connections(value: Any) -> Fitted:
    found, left = [], []
    for one in value if isinstance(value, list | tuple) else list_texts(value):
        if isinstance(one, Mapping):
            target, relation = shapes.say(one.get("target")), shapes.say(one.get("relation"))
        else:
            target, _, relation = shapes.say(one).partition(":")
        target, relation = " ".join(target.split()), " ".join(relation.split())
        is_fitting = target and len(target) <= checks.NAME_LENGTH
        if is_fitting and len(relation) <= checks.LINE_LENGTH:
            found.append({"target": target, "relation": relation})
        else:
            left.append(one)
    left += found[checks.LIST_LENGTH :]
    return found[: checks.LIST_LENGTH] or None, left or None


def _fit_flag(value: Any) -> Fitted:
    if isinstance(value, bool):
        return value, None
    word = fold(shapes.say(value)).strip()
    if word in _YES or word in _NO:
        return word in _YES, None
    return None, value


def _fit_choice(choices: Mapping[str, str], synonyms: Mapping[str, str], value: Any) -> Fitted:
    word = fold(shapes.say(value)).strip()
    for name, label in choices.items():
        if word in (fold(name), fold(label)):
            return name, None
    found = synonyms.get(word.replace(" ", "_"))
    return (found, None) if found in choices else (None, value)


def _fit_object(value: Any) -> Fitted:
    return (dict(value), None) if isinstance(value, Mapping) else (None, value)


_fit_title = _fit_line(checks.NAME_LENGTH)

_FITTING: Mapping[str, Callable[[Any], Fitted]] = {
    "name": _fit_title,
    "line": _fit_line(checks.LINE_LENGTH),
    "prose": _fit_prose,
    "names": _fit_names,
    "lines": _fit_lines,
    "secrets": _fit_secrets,
    "connections": _fit_connections,
    "flag": _fit_flag,
    "object": _fit_object,
}
