"""What may be written into a field, and the stated limits.

A check takes the field's name and a value from outside and gives the value to keep, or raises
`InvalidInput` (`TooLarge` over a limit) naming the field. Lengths are in characters. NUL and
lone surrogates are refused: one database cannot store the first, no encoding the second.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import msgspec

from ttrpg_assistant.campaigns.model import Knower, NpcConnection, Related, Secret
from ttrpg_assistant.errors import InvalidInput, TooLarge
from ttrpg_assistant.ids import check_id, spell_moment

NAME_LENGTH = 200
LINE_LENGTH = 2_000
PROSE_LENGTH = 100_000
LIST_LENGTH = 200
JSON_LENGTH = 100_000
JSON_DEPTH = 20
VOICE_CARD_LENGTH = 3
"""Bullets on a voice card: what a GM can take in at a glance."""

Check = Callable[[str, object], object]
T = TypeVar("T")


def check_text(field: str, value: object, limit: int = PROSE_LENGTH) -> str:
    """Any text up to `limit`, with line ends as they are."""
    if not isinstance(value, str):
        raise InvalidInput(f"{_said(field)} must be text.", facts={"field": field})
    if len(value) > limit:
        raise TooLarge(
            f"{_said(field)} is longer than {limit:,} characters.",
            facts={"field": field, "limit": limit},
        )
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise InvalidInput(
            f"{_said(field)} contains a character that cannot be stored.", facts={"field": field}
        )
    return value


def check_prose(field: str, value: object) -> str:
    """Text of any shape, up to `PROSE_LENGTH`."""
    return check_text(field, value)


def check_line(field: str, value: object) -> str:
    """One short line, possibly empty: white space, line ends included, becomes single spaces."""
    return " ".join(check_text(field, value, LINE_LENGTH).split())


def check_name(field: str, value: object) -> str:
    """A name: one line, not empty, up to `NAME_LENGTH`."""
    name = " ".join(check_text(field, value, NAME_LENGTH).split())
    if not name:
        raise InvalidInput(f"{_said(field)} must not be empty.", facts={"field": field})
    return name


def check_title(field: str, value: object) -> str:
    """A title: one line, possibly empty, up to `NAME_LENGTH`."""
    return " ".join(check_text(field, value, NAME_LENGTH).split())


def check_flag(field: str, value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise InvalidInput(f"{_said(field)} must be true or false.", facts={"field": field})
    return value


def check_names(field: str, value: object) -> list[str]:
    """A list of names (aliases, groups); empty ones and repetitions are left out."""
    names = [check_title(field, name) for name in _items(field, value)]
    return list(dict.fromkeys(name for name in names if name))


def check_lines(field: str, value: object) -> list[str]:
    """A list of lines (sample lines, mannerisms); empty ones are left out."""
    lines = [check_text(field, line, LINE_LENGTH).strip() for line in _items(field, value)]
    return [line for line in lines if line]


def check_voice_card(field: str, value: object) -> list[str]:
    """At most `VOICE_CARD_LENGTH` bullets."""
    bullets = check_lines(field, value)
    if len(bullets) > VOICE_CARD_LENGTH:
        raise TooLarge(
            f"{_said(field)} has room for {VOICE_CARD_LENGTH} bullets.",
            facts={"field": field, "limit": VOICE_CARD_LENGTH},
        )
    return bullets


def check_secrets(field: str, value: object) -> list[object]:
    """A list of `Secret`s, as objects or values."""
    secrets = [_value(field, secret, Secret) for secret in _items(field, value)]
    kept = (Secret(check_text(field, one.text).strip(), one.may_hint) for one in secrets)
    return [msgspec.to_builtins(one) for one in kept if one.text]


def check_relations(field: str, value: object) -> list[object]:
    """A list of `NpcConnection`s, as objects or values."""
    ties = [_value(field, tie, NpcConnection) for tie in _items(field, value)]
    return [
        msgspec.to_builtins(
            NpcConnection(check_name(field, tie.target), check_line(field, tie.relation))
        )
        for tie in ties
    ]


def check_related(field: str, value: object) -> list[object]:
    """A list of entities, by kind and id."""
    found = [_value(field, one, Related) for one in _items(field, value)]
    return [msgspec.to_builtins(Related(one.kind, check_id(one.id, field))) for one in found]


def check_known_to(field: str, value: object) -> list[object]:
    """A list of those who know a thing, each once."""
    found = [_value(field, one, Knower) for one in _items(field, value)]
    kept = (
        Knower("group", group=check_name(field, one.group))
        if one.kind == "group"
        else Knower(one.kind, check_id(one.id, field))
        for one in found
    )
    return [msgspec.to_builtins(one) for one in dict.fromkeys(kept)]


def check_moment(field: str, value: object) -> str:
    """A moment with its time zone, in the spelling of `ids`."""
    try:
        moment = datetime.fromisoformat(check_text(field, value, NAME_LENGTH))
        if moment.tzinfo is None:
            raise ValueError
        return spell_moment(moment)
    except (ValueError, OverflowError):
        raise InvalidInput(
            f"{_said(field)} must be a time with its zone.", facts={"field": field}
        ) from None


def check_reference(field: str, value: object) -> str | None:
    """The id of another entity, or null."""
    return None if value is None else check_id(check_text(field, value, NAME_LENGTH), field)


def one_of(*allowed: str) -> Check:
    """A check for one of a few words."""

    def check_word(field: str, value: object) -> str:
        if value not in allowed:
            words = ", ".join(allowed)
            raise InvalidInput(f"{_said(field)} must be one of: {words}.", facts={"field": field})
        return str(value)

    return check_word


def check_object(field: str, value: object) -> dict[str, object]:
    """A JSON object of at most `JSON_LENGTH` characters and `JSON_DEPTH` levels."""
    if not isinstance(value, dict):
        raise InvalidInput(f"{_said(field)} must be a JSON object.", facts={"field": field})
    _check_json(field, value, JSON_DEPTH)
    if len(json.dumps(value, ensure_ascii=False)) > JSON_LENGTH:
        raise TooLarge(
            f"{_said(field)} is longer than {JSON_LENGTH:,} characters.",
            facts={"field": field, "limit": JSON_LENGTH},
        )
    return value


def _check_json(field: str, value: object, depth: int) -> None:
    if depth < 0:
        raise TooLarge(
            f"{_said(field)} is nested deeper than {JSON_DEPTH} levels.",
            facts={"field": field, "limit": JSON_DEPTH},
        )
    if isinstance(value, str):
        check_text(field, value, JSON_LENGTH)
    elif isinstance(value, dict):
        for name, inner in value.items():
            check_text(field, name, NAME_LENGTH)
            _check_json(field, inner, depth - 1)
    elif isinstance(value, list):
        for inner in value:
            _check_json(field, inner, depth - 1)
    elif isinstance(value, float) and (value != value or abs(value) == float("inf")):
        raise InvalidInput(
            f"{_said(field)} contains a number that JSON cannot say.", facts={"field": field}
        )
    elif not (value is None or isinstance(value, (bool, int, float))):
        raise InvalidInput(f"{_said(field)} must be JSON.", facts={"field": field})


def _items(field: str, value: object) -> list[object]:
    if not isinstance(value, (list, tuple)):
        raise InvalidInput(f"{_said(field)} must be a list.", facts={"field": field})
    if len(value) > LIST_LENGTH:
        raise TooLarge(
            f"{_said(field)} has more than {LIST_LENGTH} entries.",
            facts={"field": field, "limit": LIST_LENGTH},
        )
    return list(value)


def _value(field: str, value: object, shape: type[T]) -> T:
    if isinstance(value, shape):
        return value
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as wrong:
        raise InvalidInput(f"{_said(field)}: {wrong}.", facts={"field": field}) from None


def _said(field: str) -> str:
    return f"The field {field}"
