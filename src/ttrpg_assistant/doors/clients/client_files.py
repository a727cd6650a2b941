"""The programs whose configuration can be written: where it is, and what an entry looks like."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ttrpg_assistant.doors.clients.json_entry import put_json_entry
from ttrpg_assistant.doors.clients.toml_entry import put_toml_entry
from ttrpg_assistant.errors import Conflict, InvalidInput, Refused
from ttrpg_assistant.outside_json import NOT_JSON, decode_outside

ENTRY = "ttrpg-assistant"
"""What the server is called in every client."""

LONGEST_FILE = 32 * 1024 * 1024

Format = Literal["json", "toml"]


@dataclass(frozen=True, slots=True)
class ClientFile:
    """One program. `places` are where its file may be, the usual one last; a place that begins
    with `$NAME` is there only where that folder is known."""

    name: str
    title: str
    places: tuple[str, ...]
    section: str = "mcpServers"
    format: Format = "json"
    more: tuple[tuple[str, str], ...] = ()

    def spell_entry(
        self, command: str, arguments: list[str], env: dict[str, str]
    ) -> dict[str, Any]:
        """The entry that starts the server."""
        return {**dict(self.more), "command": command, "args": arguments, "env": dict(env)}

    def find_path(self, folders: Mapping[str, str], home: Path, system: str) -> Path:
        """Where the file is, or where it would be. Raises `InvalidInput` where nobody knows."""
        known: list[Path] = []
        for place in self.places:
            only_on, _, path = place.rpartition(":")
            if only_on and only_on != system:
                continue
            if path.startswith("$"):
                folder, _, rest = path[1:].partition("/")
                if folders.get(folder):
                    known.append(Path(folders[folder]) / rest)
            else:
                known.append(home / path)
        if not known:
            raise InvalidInput(
                f"It is not known where {self.title} keeps its configuration here.",
                code="client_file_unknown",
                cure="Put the entry that is shown into the file by hand.",
            )
        return next((path for path in known if path.exists()), known[-1])

    def find_variable(self, text: str, name: str) -> str | None:
        """What our entry in the file's text gives its server in a variable; None without one."""
        try:
            found: Any = tomllib.loads(text) if self.format == "toml" else decode_outside(text)
            for key in (self.section, ENTRY, "env", name):
                found = found[key]
        except (tomllib.TOMLDecodeError, KeyError, TypeError, IndexError, *NOT_JSON):
            return None
        return found if isinstance(found, str) else None

    def put_entry(self, text: str, entry: dict[str, Any]) -> str:
        """The file's text with the entry in it. Raises `InvalidInput`."""
        put = put_toml_entry if self.format == "toml" else put_json_entry
        return put(text, self.section, ENTRY, entry)


CLIENTS: Mapping[str, ClientFile] = {
    one.name: one
    for one in (
        ClientFile(
            "claude",
            "Claude Desktop",
            (
                "darwin:Library/Application Support/Claude/claude_desktop_config.json",
                "win32:$APPDATA/Claude/claude_desktop_config.json",
                "linux:.config/Claude/claude_desktop_config.json",
                "linux:$XDG_CONFIG_HOME/Claude/claude_desktop_config.json",
            ),
        ),
        ClientFile(
            "claude-code",
            "Claude in the terminal",
            (".claude.json", "$CLAUDE_CONFIG_DIR/.claude.json"),
            more=(("type", "stdio"),),
        ),
        ClientFile("cursor", "Cursor", (".cursor/mcp.json",)),
        ClientFile(
            "codex",
            "Codex",
            (".codex/config.toml", "$CODEX_HOME/config.toml"),
            section="mcp_servers",
            format="toml",
        ),
        ClientFile("lmstudio", "LM Studio", (".cache/lm-studio/mcp.json", ".lmstudio/mcp.json")),
    )
}

FOLDERS = ("APPDATA", "XDG_CONFIG_HOME", "CLAUDE_CONFIG_DIR", "CODEX_HOME")
"""Variables that say where programs keep their files."""


def read_client_file(path: Path) -> str:
    """The file as text, line ends as they are; empty where there is none. Raises `InvalidInput`,
    `Refused`."""
    try:
        with path.open("rb") as file:
            raw = file.read(LONGEST_FILE + 1)
    except FileNotFoundError:
        return ""
    except OSError as trouble:
        raise _refused(path, trouble) from trouble
    try:
        if len(raw) > LONGEST_FILE:
            raise ValueError("too long")
        return raw.decode("utf-8")
    except ValueError as error:
        raise InvalidInput(
            f"{path} is not a text file in UTF-8 of less than {LONGEST_FILE // 1024**2} MB.",
            code="client_file_unusable",
            cure="Put the entry that is shown into the file by hand.",
        ) from error


def write_client_file(path: Path, before: str, after: str, stamp: str) -> Path | None:
    """Put the new text in the file's place in one step; what was there is copied beside it first,
    and that copy's path is given. Raises `Conflict` when the file changed since it was read,
    `Refused` when it cannot be written."""
    real = Path(os.path.realpath(path))
    try:
        real.parent.mkdir(parents=True, exist_ok=True)
        if read_client_file(real) != before:
            raise Conflict(
                f"{path} was changed by another program in the meantime; nothing was changed.",
                code="client_file_changed",
                cure="Run the command again.",
            )
        return _replace(real, before, after, stamp)
    except OSError as trouble:
        raise _refused(path, trouble) from trouble


def _replace(real: Path, before: str, after: str, stamp: str) -> Path | None:
    is_there = real.exists()
    copy = real.with_name(f"{real.name}.before-{ENTRY}-{stamp}") if is_there else None
    if copy is not None:
        shutil.copy2(real, copy)
    handle, made = tempfile.mkstemp(prefix=f".{real.name}.", dir=real.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(after.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        if is_there:
            # It holds a token now: nobody else may read what only its owner could write.
            Path(made).chmod(stat.S_IMODE(real.stat().st_mode) & 0o700)
        Path(made).replace(real)
    except BaseException:
        with suppress(OSError):
            Path(made).unlink(missing_ok=True)
        raise
    return copy


def _refused(path: Path, trouble: OSError) -> Refused:
    return Refused(
        f"{path} cannot be read or written ({trouble.strerror}).",
        code="client_file_unusable",
        cure="Put the entry that is shown into the file by hand.",
    )
