"""Modules are a ladder, not a ring: what a file imports can be read without the file.

An import that only types need, or that stands inside a function, ties two files together as much
as any other: neither can be understood, moved or tested alone.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from tests.house.source_tree import PACKAGE, list_modules

Imports = Mapping[str, Iterable[str]]


def find_circle(imports: Imports) -> list[str] | None:
    """One circle among the modules, its first one named again at the end; None without any."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as circle:
        return list(reversed(circle.args[1]))
    return None


def test_a_circle_of_any_length_is_found() -> None:
    assert find_circle({"a": ["b"], "b": ["c"], "c": []}) is None
    found = find_circle({"a": ["b"], "b": ["c"], "c": ["d", "b"], "d": []})
    assert found is not None
    assert set(found) == {"b", "c"}


def test_no_two_modules_import_each_other_not_even_for_types() -> None:
    circle = find_circle(_python_imports())
    assert circle is None, (
        "A circle of imports. Move what both need into a file of its own, or hand it in:\n"
        + "\n  -> ".join(circle)
    )


def _python_imports() -> Imports:
    modules = {module.dotted: module for module in list_modules()}
    return {
        name: {
            whole if (whole := f"{imported}.{part}") in modules else imported
            for _, imported, part in module.list_imports()
        }
        & modules.keys() - {name}
        for name, module in modules.items()
    }


MADE_BY_ALL = "state/app.js"
"""The page's composition root. What it makes names its type, and nothing but its type."""

_VALUES = re.compile(r"^\s*(?:import|export)\b[^;]*?\bfrom\s+[\"'](\.[^\"']+)[\"']", re.MULTILINE)
_EFFECTS = re.compile(r"^import\s+[\"'](\.[^\"']+)[\"']", re.MULTILINE)
_TYPES = re.compile(r"import\([\"'](\.[^\"']+)[\"']\)\.[A-Z]")


def test_no_two_files_of_the_page_import_each_other_not_even_for_types() -> None:
    circle = find_circle(_page_imports())
    assert circle is None, (
        "A circle of imports. Move what both need, often only a `@typedef`, into the lower file:\n"
        + "\n  -> ".join(circle)
    )


def _page_imports() -> Imports:
    """What is fetched only when a screen or a dialog is opened is no import."""
    app = PACKAGE / "web" / "app"
    imports = {}
    for path in sorted(app.rglob("*.js")):
        place = path.relative_to(app).as_posix()
        text = path.read_text(encoding="utf-8")
        values = {_resolve(place, found) for found in _list(text, _VALUES, _EFFECTS)}
        types = {_resolve(place, found) for found in _list(text, _TYPES)}
        imports[place] = values | (types - {MADE_BY_ALL})
    return imports


def _list(text: str, *patterns: re.Pattern[str]) -> Iterator[str]:
    for pattern in patterns:
        yield from pattern.findall(text)


def _resolve(place: str, found: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(place), found))


def test_the_files_of_the_page_are_found_where_they_are_imported_from() -> None:
    imports = _page_imports()
    missing = {found for all_found in imports.values() for found in all_found} - imports.keys()
    assert not missing, missing
    assert sum(map(len, imports.values())) > len(imports), "the patterns find nothing"
