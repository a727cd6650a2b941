"""Two sides and what they agreed on last: what becomes of each field. Pure.

What one side changed is taken by the other. What both changed is for the game master, but for
lists of words, which get the changes of both. A side that says again what it said when both agreed
counts as unchanged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.imports.vault_values import same_text
from ttrpg_assistant.vaults.model import Side
from ttrpg_assistant.vaults.note_text import Unreadable

_BLANK: tuple[Any, ...] = (None, "", [], {})


@dataclass(slots=True)
class Decision:
    """What becomes of a note and its thing. `to_here` and `to_file` are values that each takes,
    `agreed` the fields that are the same then, `conflicts` those that wait, `unreadable` those
    whose value in the note is none."""

    to_here: dict[str, Any] = field(default_factory=dict)
    to_file: dict[str, Any] = field(default_factory=dict)
    agreed: set[str] = field(default_factory=set)
    conflicts: list[str] = field(default_factory=list)
    unreadable: dict[str, Unreadable] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether nothing waits."""
        return not self.conflicts and not self.unreadable


def decide(
    kind: EntityKind[Any],
    base: Mapping[str, Any],
    base_in_file: Mapping[str, Any],
    here: Mapping[str, Any],
    file: Mapping[str, Any],
    chosen: Mapping[str, Side],
) -> Decision:
    """What becomes of each field that the note is read for. A field without a base was never
    agreed on: then a blank takes the other's value. `chosen` are the game master's sides."""
    made = Decision()
    for name, in_file in file.items():
        if isinstance(in_file, Unreadable):
            made.unreadable[name] = in_file
            continue
        _decide(made, kind, name, base, base_in_file, here[name], in_file, chosen.get(name))
    return made


def _decide(
    made: Decision,
    kind: EntityKind[Any],
    name: str,
    base: Mapping[str, Any],
    base_in_file: Mapping[str, Any],
    here: Any,
    file: Any,
    side: Side | None,
) -> None:
    one = kind.fields[name]
    if same_text(here, file):
        made.agreed.add(name)
        return
    is_known = name in base
    here_changed = not is_known or not same_text(here, base[name])
    file_changed = not is_known or not same_text(file, base_in_file.get(name, base[name]))
    if not is_known and side is None:
        here_changed = here not in _BLANK and here != one.empty
        file_changed = file not in _BLANK and file != one.empty
    if side is not None:
        (made.to_here if side == "file" else made.to_file)[name] = file if side == "file" else here
    elif not here_changed and not file_changed:
        # They are spelled in two ways, and neither is new.
        made.agreed.add(name)
    elif not here_changed:
        made.to_here[name] = file
    elif not file_changed:
        made.to_file[name] = here
    elif one.shape.name == "names":
        merged = _merge(base.get(name), here, file)
        if not same_text(merged, here):
            made.to_here[name] = merged
        if not same_text(merged, file):
            made.to_file[name] = merged
    else:
        made.conflicts.append(name)


def _merge(before: Any, here: list[str], file: list[str]) -> list[str]:
    known = before if isinstance(before, list) else []
    gone = (set(known) - set(file)) | (set(known) - set(here))
    both = [*here, *(one for one in file if one not in here)]
    return [one for one in both if one not in gone]
