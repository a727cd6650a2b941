"""What a file says of a thing, as values that the fields of a kind can hold. Pure.

Nothing is refused for its size or spelling: what a field cannot hold is cut or moved, and said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ttrpg_assistant.campaigns import checks
from ttrpg_assistant.campaigns.audiences import closed_word
from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.registry import KINDS, get_kind
from ttrpg_assistant.campaigns.shapes import say
from ttrpg_assistant.characters import cut_text
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.imports.references import list_reference_fields

LINES = frozenset({"name", "line"})
LISTS = frozenset({"names", "lines"})

_LIMITS: Mapping[str, int] = {"name": checks.NAME_LENGTH, "names": checks.NAME_LENGTH}


@dataclass(frozen=True, slots=True)
class Fitted:
    """Values for the fields of a kind, checked as an edit checks them. `references` name other
    things of the reading by their keys. `notes` are sentences about what did not fit."""

    values: dict[str, Any]
    references: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def fit(kind_name: str, given: Mapping[str, Any], into: str | None = None) -> Fitted:
    """The values of one kind in the fields of a kind, of another where `into` names one."""
    kind = get_kind(into or kind_name)
    values = dict(given)
    if into is not None and into != kind_name:
        values = _translate(get_kind(kind_name), kind, values)
    pointing = set(list_reference_fields(kind))
    references = {name: one for name, one in values.items() if name in pointing}
    fitted: dict[str, Any] = {}
    notes: list[str] = []
    for name, value in values.items():
        if name in pointing or name not in kind.fields:
            continue
        one = kind.fields[name]
        tidy, was_cut = _tidy(one.shape.name, value)
        if was_cut:
            notes.append(f"{one.label}: too long for the field, so its end is cut off")
        try:
            fitted[name] = one.shape.check(name, tidy)
        except InvalidInput:
            notes.append(f"{one.label}: not in a shape that this field can hold")
    needs_name = kind.fields[kind.name_field].shape.name == "name"
    if needs_name and not str(fitted.get(kind.name_field) or "").strip():
        fitted[kind.name_field] = f"Unnamed {kind.noun}"
    return Fitted(fitted, references, tuple(notes))


def _tidy(shape: str, value: Any) -> tuple[Any, bool]:
    """The value without what cannot be stored, and whether something of it was cut off."""
    if shape in LINES or shape == "prose":
        limit = _LIMITS.get(shape, checks.LINE_LENGTH if shape in LINES else checks.PROSE_LENGTH)
        text = storable(value if isinstance(value, str) else say(value))
        if shape in LINES:
            text = " ".join(text.split())
        return cut_text(text, limit), len(text) > limit
    if shape in LISTS and isinstance(value, list | tuple):
        limit = _LIMITS.get(shape, checks.LINE_LENGTH)
        texts = [storable(one if isinstance(one, str) else say(one)) for one in value]
        cut = [cut_text(one, limit) for one in texts]
        return cut[: checks.LIST_LENGTH], cut != texts or len(cut) > checks.LIST_LENGTH
    return _storable_json(value), False


def storable(text: str) -> str:
    """The text without what neither database can store: NUL, and halves of characters."""
    if "\0" in text:
        text = text.replace("\0", "")
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _storable_json(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        return {storable(str(name)): _storable_json(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_storable_json(one) for one in value]
    return value


def _translate(
    kind: EntityKind[Any], into: EntityKind[Any], values: Mapping[str, Any]
) -> dict[str, Any]:
    """The values of one kind in the fields of another: by name, by what a field is also called,
    and the rest as text where the other kind keeps what has no field."""
    found: dict[str, Any] = {}
    rest: list[str] = []
    for name, value in values.items():
        if name == "audience":
            continue
        target = _find_target(kind, into, name)
        if value in (None, "", [], {}) or (target is None and name not in kind.fields):
            continue
        if target is not None and target not in found:
            found[target] = value
            continue
        pairs = kind.fields[name].shape.texts(value)
        label = kind.fields[name].label
        rest += [f"{own or label}: {text}" for own, text in pairs if text]
    if "audience" in into.fields:
        # The kinds do not have the same words for it, and no file decides it.
        found["audience"] = closed_word(into.fields["audience"].empty)
    if rest:
        left_over = into.left_over_field
        before = found.get(left_over)
        found[left_over] = "\n".join([*([before] if isinstance(before, str) else []), *rest])
    return found


def _find_target(kind: EntityKind[Any], into: EntityKind[Any], name: str) -> str | None:
    if name == kind.name_field:
        return into.name_field
    if name == kind.main_field:
        return into.main_field
    here = kind.fields.get(name)
    if here is None or here.points_to is not None:
        return None
    for word in (name, *here.synonyms):
        target = word if word in into.fields else into.find_field(word)
        if target is not None and into.fields[target].shape.name == here.shape.name:
            return target
    return None


def can_become(kind_name: str) -> list[str]:
    """The kinds that a found thing of this kind may become instead."""
    kind = KINDS.get(kind_name)
    if kind is None or not kind.is_thing:
        return [kind_name]
    return [one.name for one in KINDS.values() if one.is_thing]
