"""What a test of the page looks for cannot be two things as soon as the page changes a little."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.source_tree import ROOT

FOLDERS = ("tests/browser", "tests/faults")
WORDS = 5
"""A part of a text that is as long as this is in no second one."""


def _is_absence(node: ast.AST) -> bool:
    """`expect(…).to_have_count(0)`: a part that is nowhere says more than a whole that is."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "to_have_count"
        and [ast.unparse(argument) for argument in node.args] == ["0"]
    )


def _is_of_the_whole_page(call: ast.Call) -> bool:
    """`page.get_by_text(…)` or `tab.page.get_by_text(…)`, not in a part of the page."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "get_by_text":
        return False
    return ast.unparse(call.func.value).rpartition(".")[2] == "page"


def _is_short(text: ast.expr) -> bool:
    if not isinstance(text, ast.Constant | ast.JoinedStr):
        return False
    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
    said = " ".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
    return len(said.split()) < WORDS


def list_ambiguous(source: str) -> Iterator[tuple[int, str]]:
    """Line and words of each search of the whole page by a part of a text that is short."""
    tree = ast.parse(source)
    absences = (node for node in ast.walk(tree) if _is_absence(node))
    absent = {id(inner) for node in absences for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or id(node) in absent:
            continue
        if not _is_of_the_whole_page(node) or not _is_short(node.args[0]):
            continue
        if not any(word.arg == "exact" for word in node.keywords):
            yield node.lineno, ast.unparse(node)


def test_a_short_text_is_looked_for_exactly_or_in_its_part_of_the_page() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {call}"
        for folder in FOLDERS
        for path in sorted((ROOT / folder).glob("*.py"))
        for line, call in list_ambiguous(path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)


def test_a_search_that_could_find_two_things_is_named() -> None:
    asked = ('page.get_by_text("Restored.")', 'tab.page.get_by_text(f"{name} is")')
    for call in asked:
        assert [found for _, found in list_ambiguous(call)] == [ast.unparse(ast.parse(call))]
    clear = (
        'page.get_by_text("Restored.", exact=True)',
        'page.locator(".toast").get_by_text("Restored.")',
        'page.get_by_text(re.compile("^Restored"))',
        'expect(page.get_by_text("Restored")).to_have_count(0)',
        'page.get_by_text("Only Otto Brandt hears this and answers.")',
    )
    assert [found for call in clear for found in list_ambiguous(call)] == []
