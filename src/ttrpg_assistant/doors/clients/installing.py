"""A client's configuration, shown and then written: the entry, a token of its own, a copy before.

The token is made only when the entry is to be written, and after it was seen that it can be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ttrpg_assistant.doors.clients.client_files import (
    CLIENTS,
    ClientFile,
    read_client_file,
    write_client_file,
)
from ttrpg_assistant.errors import InvalidInput

TOKEN_VARIABLE = "TTRPG_TOKEN"
URL_VARIABLE = "TTRPG_URL"
NOT_YET = "(made when you agree)"


@dataclass(frozen=True, slots=True)
class Planned:
    """What would be written, and where. `shown` is the entry without its token."""

    client: ClientFile
    path: Path
    before: str
    command: str
    arguments: list[str]
    url: str | None
    is_new: bool

    @property
    def shown(self) -> str:
        """The entry as it would be, alone, with a word in the place of the token."""
        return self.client.put_entry("", self._spell(NOT_YET))

    @property
    def old_secret(self) -> str | None:
        """The token of the entry that this one takes the place of, if there is one."""
        return self.client.find_variable(self.before, TOKEN_VARIABLE)

    def write(self, secret: str, stamp: str) -> Path | None:
        """Write it; the copy of what was there before, if anything was. Raises `Conflict`,
        `InvalidInput`, `Refused`."""
        after = self.client.put_entry(self.before, self._spell(secret))
        return write_client_file(self.path, self.before, after, stamp)

    def _spell(self, secret: str) -> dict[str, Any]:
        env = {TOKEN_VARIABLE: secret}
        if self.url is not None:
            env[URL_VARIABLE] = self.url
        return self.client.spell_entry(self.command, self.arguments, env)


def find_client(name: str) -> ClientFile:
    """The client of this name. Raises `InvalidInput`."""
    if name not in CLIENTS:
        raise InvalidInput(
            f"There is no client called {name[:40]} here.",
            code="unknown_client",
            cure=f"Use one of {', '.join(CLIENTS)}.",
        )
    return CLIENTS[name]


def plan(
    client: ClientFile,
    folders: Mapping[str, str],
    home: Path,
    system: str,
    command: list[str],
    url: str | None,
) -> Planned:
    """What would be written for this client. Raises `InvalidInput` or `Refused` when it could not
    be."""
    path = client.find_path(folders, home, system)
    before = read_client_file(path)
    planned = Planned(client, path, before, command[0], command[1:], url, not before)
    client.put_entry(before, planned._spell(NOT_YET))
    return planned


def choose_name(title: str, taken: Mapping[str, object]) -> str:
    """A name for the token that no other has."""
    folded = {name.casefold() for name in taken}
    names = [title, *(f"{title} {number}" for number in range(2, len(folded) + 3))]
    return next(name for name in names if name.casefold() not in folded)
