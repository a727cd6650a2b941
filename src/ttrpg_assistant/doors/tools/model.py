"""What a tool is: its name, what it takes, which scopes it needs, and the function that does it.

A tool answers in a few lines of plain text that name the ids of what they tell. It neither accepts
nor deletes anything.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ttrpg_assistant.campaigns.game_sessions import GameSessions
from ttrpg_assistant.continuity.continuity import Continuity
from ttrpg_assistant.doors.model import Token, TokenScope
from ttrpg_assistant.doors.proposals import OutsideProposals
from ttrpg_assistant.doors.talking import OutsideTalk
from ttrpg_assistant.errors import InvalidInput, TooLarge
from ttrpg_assistant.search.search import Search
from ttrpg_assistant.storage.database import Database

ParameterType = Literal["string", "integer", "object"]

MOST_CHARACTERS = 20_000
"""Of one text that a caller sends."""

READ: frozenset[TokenScope] = frozenset({"read:players", "read:gm"})
READ_GM: frozenset[TokenScope] = frozenset({"read:gm"})
PROPOSE: frozenset[TokenScope] = frozenset({"propose"})
TALK: frozenset[TokenScope] = frozenset({"talk"})
ANY: frozenset[TokenScope] = READ | PROPOSE | TALK


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that a tool takes."""

    name: str
    type: ParameterType = "string"
    hint: str = ""
    is_required: bool = False
    choices: tuple[str, ...] = ()

    def spell(self) -> dict[str, Any]:
        """Its JSON schema, without what says nothing."""
        spelled: dict[str, Any] = {"type": self.type}
        if self.choices:
            spelled["enum"] = list(self.choices)
        if self.hint:
            spelled["description"] = self.hint
        return spelled


@dataclass(frozen=True, slots=True)
class ToolServices:
    """What tools are done with."""

    database: Database
    search: Search
    continuity: Continuity
    game_sessions: GameSessions
    proposals: OutsideProposals
    talk: OutsideTalk


Arguments = Mapping[str, Any]
Run = Callable[[ToolServices, Token, Arguments], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool. A token may call it that has one of the `scopes`."""

    name: str
    description: str
    run: Run
    scopes: frozenset[TokenScope]
    parameters: tuple[Parameter, ...] = ()
    only_reads: bool = True

    def spell_schema(self) -> dict[str, Any]:
        """The JSON schema of what it takes."""
        schema: dict[str, Any] = {
            "type": "object",
            "properties": {one.name: one.spell() for one in self.parameters},
        }
        if required := [one.name for one in self.parameters if one.is_required]:
            schema["required"] = required
        return schema

    def check_arguments(self, given: Arguments) -> dict[str, Any]:
        """What was given, as the tool takes it. Raises `InvalidInput` that says what is wrong."""
        known = {one.name: one for one in self.parameters}
        if unknown := [name for name in given if name not in known]:
            takes = ", ".join(known) or "nothing"
            raise InvalidInput(
                f"The tool {self.name} takes {takes}, and no such thing as was given.",
                code="unknown_argument",
                facts={"field": str(unknown[0])[:80]},
            )
        checked = {}
        for name, one in known.items():
            value = given.get(name)
            if value is None or value == "":
                if one.is_required:
                    raise InvalidInput(f"The tool {self.name} needs {name}.", facts={"field": name})
                continue
            checked[name] = _check(one, value)
        return checked


def _check(one: Parameter, value: object) -> object:
    _check_texts(one.name, value)
    if one.type == "integer" and isinstance(value, int) and not isinstance(value, bool):
        return value
    if one.type == "object" and isinstance(value, dict):
        return value
    if one.type == "string" and isinstance(value, str):
        if one.choices and value not in one.choices:
            raise InvalidInput(
                f"{one.name} is one of {', '.join(one.choices)}.", facts={"field": one.name}
            )
        return value
    raise InvalidInput(f"{one.name} must be a JSON {one.type}.", facts={"field": one.name})


def _check_texts(name: str, value: object) -> None:
    """Raises `InvalidInput` where a text cannot be stored, or all of them are too long together."""
    left, waiting = MOST_CHARACTERS, [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            waiting += [*found.keys(), *found.values()]
        elif isinstance(found, list):
            waiting += found
        left -= 1
        if isinstance(found, str):
            left -= len(found)
            if "\x00" in found or any("\ud800" <= char <= "\udfff" for char in found):
                raise InvalidInput(
                    f"{name} has a character that cannot be saved.", facts={"field": name}
                )
        if left < -1:
            raise TooLarge(
                f"{name} is longer than {MOST_CHARACTERS:,} characters.", facts={"field": name}
            )
