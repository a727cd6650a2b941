"""What the documents say is so: operations, settings, lock files."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.house.source_tree import PACKAGE, ROOT, list_tests
from ttrpg_assistant.settings import PROVIDER_SETTINGS, SETTINGS, load_settings

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-model-check.lock")
NODE_LOCKS = ("scripts/page/package-lock.json", "model_check/aimock/package-lock.json")


def list_table_rows(document: str) -> list[list[str]]:
    """The cells of every row of every table in a document of docs/."""
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("|")]
    # An optional part written `a|b` inside a cell is no border: borders are between spaces.
    rows = [[cell.strip() for cell in re.split(r"(?:^| )\|(?: |$)", line)[1:-1]] for line in lines]
    return [row for row in rows if row and not set(row[0]) <= set("-: ")]


def test_every_operation_is_documented_once_as_it_is_declared(tmp_path: Path) -> None:
    from ttrpg_assistant.app import create_app

    openapi = create_app(load_settings({"TTRPG_DATA_DIR": str(tmp_path)})).openapi()
    served = {
        (
            operation["operationId"],
            f"{method.upper()} {path}",
            frozenset(
                one["name"] for one in operation.get("parameters", []) if one["in"] == "query"
            ),
        )
        for path, methods in openapi["paths"].items()
        for method, operation in methods.items()
    }
    rows = [
        (row[0], row[1].split("?")[0], frozenset(re.findall(r"[?&](\w+)=", row[1])))
        for row in list_table_rows("api.md")
        if len(row) >= 2 and re.match(r"(GET|POST|PUT|PATCH|DELETE) /", row[1])
    ]
    documented = set(rows)
    undocumented = sorted(served - documented, key=str)
    gone = sorted(documented - served, key=str)
    assert not undocumented, f"Say in docs/api.md what these do: {undocumented}"
    assert not gone, f"docs/api.md has operations that are not served like this: {gone}"
    twice = [name for name, count in Counter(row[0] for row in rows).items() if count > 1]
    assert not twice, f"docs/api.md says twice what these do: {twice}"


def test_no_part_of_the_api_is_described_twice() -> None:
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    headings = re.findall(r"^#+ .+$", text, re.MULTILINE)
    assert len(headings) == len(set(headings)), headings


def test_every_promise_of_security_names_tests_that_exist() -> None:
    rows = list_table_rows("../SECURITY.md")[1:]
    assert len(rows) > 20
    bare = [row[-2] for row in rows if not re.findall(r"`test_\w+`", row[-1])]
    assert not bare, f"SECURITY.md promises what no test holds: {bare}"
    named = {name for row in rows for name in re.findall(r"`(test_\w+)`", row[-1])}
    gone = named - list_tests()
    assert not gone, f"SECURITY.md names tests that are gone: {gone}"


def test_vendored_files_are_those_that_were_written_down() -> None:
    folder = PACKAGE / "web" / "vendor"
    text = (folder / "README.md").read_text(encoding="utf-8")
    written = dict(re.findall(r"^\| (\S+) \|.*\| ([0-9a-f]{64}) \|$", text, re.MULTILINE))
    found = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "README.md"
    }
    assert len(written) > 10
    assert written == found


def test_every_setting_is_documented_with_all_its_names() -> None:
    documented = {row[0].strip("`"): row for row in list_table_rows("settings.md")}
    wrong = []
    for setting in SETTINGS:
        names = [setting.variable, setting.flag, setting.name if setting.in_file else None]
        row = documented.get(setting.variable, [])
        wrong += [
            f"{setting.variable}: {name} is missing"
            for name in names
            if name and not any(f"`{name}" in cell for cell in row)
        ]
    for provider, setting in PROVIDER_SETTINGS:
        row = documented.get(setting.variable, [])
        place = f"`providers.{provider}.base_url`" if setting.in_file else "—"
        if place not in row:
            wrong.append(f"{setting.variable}: {place} is missing")
    assert not wrong, "docs/settings.md:\n" + "\n".join(wrong)


def test_no_setting_is_documented_that_does_not_exist() -> None:
    known = {s.variable for s in SETTINGS} | {s.variable for _, s in PROVIDER_SETTINGS}
    rows = list_table_rows("settings.md")
    documented = {row[0].strip("`") for row in rows if re.match(r"`[A-Z_]+`$", row[0])}
    assert documented == known


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_says_what_and_not_where_from(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for sign in ("http:", "https:", "file:", "git+", "index-url", "find-links", " @ "):
        assert sign not in text, f"{name} holds an address; make it again with `make lock`."


@pytest.mark.parametrize(("name", "least"), list(zip(LOCKS, (21, 21, 2), strict=True)))
def test_every_pin_has_a_hash(name: str, least: int) -> None:
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", "")
    pins = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert len(pins) >= least
    assert not [line for line in pins if "==" not in line or "--hash=sha256:" not in line]


def test_what_tests_install_holds_what_the_application_installs() -> None:
    def read_pins(name: str) -> set[str]:
        return set(re.findall(r"^[\w.-]+==[\w.+!-]+", (ROOT / name).read_text(), re.MULTILINE))

    assert read_pins(LOCKS[0]) <= read_pins(LOCKS[1])


def test_every_requirement_is_pinned() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pinned = {
        name: set(re.findall(r"^([\w.-]+)==", (ROOT / name).read_text(), re.MULTILINE))
        for name in LOCKS
    }
    run = project["project"]["dependencies"] + project["dependency-groups"]["build"]
    dev = run + project["dependency-groups"]["dev"]
    model_check = project["dependency-groups"]["model-check"]
    for lock, wanted in zip(LOCKS, (run, dev, model_check), strict=True):
        names = {re.split(r"[\[<>=! ]", line)[0].lower() for line in wanted}
        missing = names - pinned[lock]
        assert not missing, f"{lock} lacks {missing}; run `make lock`."


@pytest.mark.parametrize("name", NODE_LOCKS)
def test_a_package_of_node_is_pinned_by_digest_and_without_addresses(name: str) -> None:
    lock = json.loads((ROOT / name).read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert not [name for name, entry in packages.items() if "integrity" not in entry]
    assert not [name for name, entry in packages.items() if "resolved" in entry]
