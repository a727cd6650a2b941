"""What the MCP server asks of whoever has the tools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class ListedTool:
    """A tool as it is listed to a caller."""

    name: str
    description: str
    schema: Mapping[str, Any]
    only_reads: bool


@dataclass(frozen=True, slots=True)
class ListedThing:
    """A thing as it is listed to a caller."""

    kind: str
    noun: str
    id: str
    name: str


class Toolbox(Protocol):
    """The tools as one caller has them, here or in a server elsewhere."""

    async def list_tools(self) -> Sequence[ListedTool]:
        """Those that this caller may call."""
        ...

    async def call_tool(self, name: str, arguments: Mapping[str, Any]) -> str:
        """What a tool answers. Raises the `Fault` that says what is wrong."""
        ...

    async def list_things(self) -> Sequence[ListedThing]:
        """Some of the things that this caller may see."""
        ...
