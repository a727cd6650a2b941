"""Three versions of a field: as the file had it at the last import, as it is here, as the file has
it now. What only one side changed is taken; what both changed is for the game master. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.imports.vault_values import same_text

Outcome = Literal["same", "take", "keep", "merge", "conflict"]
"""`take` is the file's value, `keep` what is here, `merge` a list with the changes of both."""

Side = Literal["here", "file"]


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """One field of a thing that is here already. `value` is what it becomes."""

    name: str
    label: str
    outcome: Outcome
    here: Any
    file: Any
    value: Any


def compare(
    kind: EntityKind[Any],
    base: Mapping[str, Any] | None,
    here: Mapping[str, Any],
    file: Mapping[str, Any],
    chosen: Mapping[str, Side],
) -> list[FieldChoice]:
    """What becomes of each field that the file has. `base` is None where the thing was never
    imported; `chosen` are the game master's choices by field: without one, a conflict keeps what
    is here."""
    return [
        _compare(kind, name, base, here.get(name), value, chosen.get(name))
        for name, value in file.items()
    ]


def _compare(
    kind: EntityKind[Any],
    name: str,
    base: Mapping[str, Any] | None,
    here: Any,
    file: Any,
    side: Side | None,
) -> FieldChoice:
    one = kind.fields[name]
    before = one.empty if base is None else base.get(name, one.empty)
    outcome: Outcome
    value = here
    if same_text(here, file):
        outcome = "same"
    elif same_text(here, before) or here in (None, "", [], {}):
        outcome, value = "take", file
    elif same_text(file, before) or file in (None, "", [], {}):
        outcome = "keep"
    elif one.shape.name == "names":
        merged = _merge(before, here, file)
        outcome, value = ("keep" if merged == here else "merge"), merged
    else:
        outcome = "conflict"
    if side == "file" and outcome != "same":
        value = file
    elif side == "here":
        value = here
    return FieldChoice(name, one.label, outcome, here, file, value)


def _merge(before: Any, here: list[str], file: list[str]) -> list[str]:
    known = before if isinstance(before, list) else []
    gone = set(known) - set(file)
    added = [one for one in file if one not in known and one not in here]
    return [one for one in here if one not in gone] + added
