"""An entry is put into another program's configuration, and everything else stays byte for byte."""

from __future__ import annotations

import json
import stat
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ttrpg_assistant.doors.clients.client_files import (
    CLIENTS,
    ENTRY,
    read_client_file,
    write_client_file,
)
from ttrpg_assistant.doors.clients.installing import NOT_YET, choose_name, find_client, plan
from ttrpg_assistant.doors.clients.json_entry import put_json_entry
from ttrpg_assistant.doors.clients.toml_entry import put_toml_entry
from ttrpg_assistant.errors import Conflict, InvalidInput

OURS = {"command": "C:\\Program Files\\py.exe", "args": ["-m", "x"], "env": {"TTRPG_TOKEN": "s"}}

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(st.text(), values, max_size=4)


@settings(max_examples=40, deadline=None)
@given(objects, st.none() | objects, st.sampled_from([None, 1, 2, 4, "\t"]), st.booleans())
def test_everything_else_in_a_json_file_stays_byte_for_byte(
    others: dict[str, Any], servers: dict[str, Any] | None, indent: Any, windows: bool
) -> None:
    whole = {**others, "mcpServers": servers} if servers is not None else others
    if servers is None:
        whole.pop("mcpServers", None)
    text = json.dumps(whole, indent=indent, ensure_ascii=windows)
    text = text.replace("\n", "\r\n") if windows else text
    after = put_json_entry(text, "mcpServers", ENTRY, OURS)
    read = json.loads(after)
    assert read["mcpServers"].pop(ENTRY) == OURS
    assert read == {**whole, "mcpServers": {k: v for k, v in (servers or {}).items() if k != ENTRY}}
    if ENTRY not in (servers or {}):
        start = next(i for i, (a, b) in enumerate(zip(text, after, strict=False)) if a != b)
        assert after.endswith(text[start:].lstrip())
    assert put_json_entry(after, "mcpServers", ENTRY, OURS) == after


@pytest.mark.parametrize(
    "text", ["[]", "{", "// notes\n{}", '{"mcpServers": []}', '{"a": NaN}', "[" * 100_000, '"a"']
)
def test_a_json_file_that_is_no_configuration_is_left_alone(text: str) -> None:
    with pytest.raises(InvalidInput):
        put_json_entry(text, "mcpServers", ENTRY, OURS)


def test_a_toml_file_keeps_its_comments_and_tables() -> None:
    before = (
        '# mine\nmodel = "x" # why\n\n[mcp_servers.other]\ncommand = "o"\n'
        f'[mcp_servers.{ENTRY}]\ncommand = "old"\n[mcp_servers.{ENTRY}.env]\nA = "1"\n'
        "[profiles.a] # last\nb = 2\n"
    )
    after = put_toml_entry(before, "mcp_servers", ENTRY, OURS)
    kept, _, _ = before.partition(f"[mcp_servers.{ENTRY}]")
    assert after.startswith(kept) and "[profiles.a] # last\nb = 2\n" in after
    read = tomllib.loads(after)
    assert read["mcp_servers"] == {"other": {"command": "o"}, ENTRY: OURS}
    assert put_toml_entry(after, "mcp_servers", ENTRY, OURS) == after


@pytest.mark.parametrize(
    "text",
    ["a = ", 'mcp_servers = { other = { command = "o" } }', f'x = """\n[mcp_servers.{ENTRY}]\n"""'],
)
def test_a_toml_file_that_cannot_take_the_table_is_left_alone(text: str) -> None:
    with pytest.raises(InvalidInput):
        put_toml_entry(text, "mcp_servers", ENTRY, OURS)


@pytest.mark.parametrize("name", list(CLIENTS))
@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_every_client_is_shown_its_entry_and_gets_it_with_a_token(
    name: str, system: str, tmp_path: Path
) -> None:
    folders = {"APPDATA": str(tmp_path / "AppData")}
    planned = plan(find_client(name), folders, tmp_path, system, ["py", "-m", "x"], "http://a")
    assert NOT_YET in planned.shown and "secret" not in planned.shown
    assert planned.write("a-secret", "1") is None
    assert "a-secret" in planned.path.read_text() and planned.path.is_relative_to(tmp_path)
    again = plan(find_client(name), folders, tmp_path, system, ["py", "-m", "x"], "http://a")
    copy = again.write("another", "2")
    assert copy is not None and "a-secret" in copy.read_text()
    assert "a-secret" not in planned.path.read_text()


def test_a_file_that_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "mcp.json"
    path.write_text("{}")
    path.chmod(0o644)
    with pytest.raises(Conflict):
        write_client_file(path, '{"other": 1}', "{}", "1")
    link = tmp_path / "link.json"
    link.symlink_to(path)
    copy = write_client_file(link, "{}", '{"a": 1}', "1")
    assert link.is_symlink() and read_client_file(path) == '{"a": 1}'
    assert copy is not None and stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(
        ["mcp.json", "link.json", copy.name]
    )


def test_a_token_gets_a_name_that_no_other_has() -> None:
    assert choose_name("Cursor", {}) == "Cursor"
    assert choose_name("Cursor", {"cursor": 1, "Cursor 2": 1}) == "Cursor 3"
