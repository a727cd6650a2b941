"""Rooms stay small, are named for what they hold, and say at their beginning what that is."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.house.source_tree import PACKAGE, ROOT, count_lines, list_files, list_modules

LIMITS = {
    ("src", ".py"): 400,
    ("src", ".js"): 400,
    ("src", ".css"): 400,
    ("scripts", ".py"): 400,
    ("bench", ".py"): 400,
    ("model_check", ".py"): 400,
    ("tests", ".py"): 500,
    ("tests", ".js"): 500,
}
"""Lines. A longer file holds two things: split it by what it is used for."""

BANNED_NAMES = {
    *("util", "utils", "helper", "helpers", "manager", "managers", "handler", "handlers"),
    *("process", "data", "info", "common", "misc", "base2", "stuff", "lib"),
}


def test_no_file_outgrows_its_room() -> None:
    wrong = []
    for path in list_files():
        place = path.relative_to(ROOT)
        limit = LIMITS.get((place.parts[0], path.suffix))
        if limit is not None and (lines := count_lines(path)) > limit:
            wrong.append(f"{place}: {lines} lines, at most {limit}")
    assert not wrong, "Split by use, not by size:\n" + "\n".join(wrong)


def test_no_module_is_named_after_nothing() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for path in list_files()
        if path.suffix in {".py", ".js"}
        and BANNED_NAMES & {part.split(".")[0].lower() for part in path.relative_to(ROOT).parts}
    ]
    assert not wrong, "Such names say nothing and collect everything:\n" + "\n".join(wrong)


def test_every_module_says_what_it_is_for() -> None:
    wrong = [
        module.place
        for module in list_modules()
        if not ast.get_docstring(module.tree) and "versions" not in module.path.parts
    ]
    assert not wrong, "The first thing in a file is what it is for:\n" + "\n".join(wrong)


def test_the_word_session_never_stands_alone() -> None:
    wrong = []
    for module in list_modules():
        for node in module.nodes:
            if _introduces(node) in {"session", "Session", "sessions", "session_id"}:
                line = getattr(node, "lineno", "?")
                wrong.append(f"{module.place}:{line}: {_introduces(node)}")
    assert not wrong, (
        "It has three owners: chat_session, game_session, and tx for the database:\n"
        + "\n".join(wrong)
    )


def _introduces(node: ast.AST) -> str | None:
    """The name that a node brings into the program, if it brings one."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
            return name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.keyword(arg=name):
            return name
    return None


def test_the_word_session_never_stands_alone_on_the_page() -> None:
    pattern = re.compile(r"\b(?:const|let|var|function|class)\s+(session|sessions|Session)\b")
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((PACKAGE / "web" / "app").rglob("*.js"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
    assert not wrong, "chat_session or game_session?\n" + "\n".join(wrong)


def list_records() -> list[Path]:
    return sorted((ROOT / "docs" / "decisions").glob("*.md"))


@pytest.mark.parametrize("path", list_records(), ids=lambda path: path.stem)
def test_a_decision_is_one_page(path: Path) -> None:
    assert re.match(r"\d{4}-[a-z0-9-]+$", path.stem), "NNNN-what-was-decided.md"
    assert count_lines(path) <= 60, "One page: the choice, the rivals, why, what it costs."
    text = path.read_text(encoding="utf-8")
    for heading in ("## Decision", "## Why", "## Rivals", "## Costs"):
        assert heading in text, f"A record says its {heading.removeprefix('## ').lower()}."


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.stem[:4]) for path in list_records()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers


def test_the_picture_of_the_house_is_one_page_and_names_every_room() -> None:
    picture = ROOT / "docs" / "architecture.md"
    assert count_lines(picture) <= 80, "One page, or nobody reads it."
    text = picture.read_text(encoding="utf-8")
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name[0] != "_"}
    files = {path.name for path in PACKAGE.glob("*.py")} - {"__init__.py"}
    missing = [f"{room}/" for room in sorted(rooms) if f"{room}/" not in text]
    missing += [name for name in sorted(files) if name not in text]
    assert not missing, f"docs/architecture.md does not show {', '.join(missing)}"
    named = set(re.findall(r"^ {2}([a-z_]+)/", text, re.MULTILINE))
    assert named <= rooms, f"docs/architecture.md shows rooms that are gone: {named - rooms}"
