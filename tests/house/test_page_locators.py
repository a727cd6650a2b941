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


def _is_pattern(value: ast.expr, patterns: frozenset[str]) -> bool:
    """`re.compile(…)`, or a name for one."""
    if isinstance(value, ast.Name):
        return value.id in patterns
    return isinstance(value, ast.Call) and ast.unparse(value.func) == "re.compile"


def _list_patterns(tree: ast.AST) -> frozenset[str]:
    """The names that stand for a pattern somewhere in the file."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    return frozenset(
        ast.unparse(target)
        for node in found
        if _is_pattern(node.value, frozenset())
        for target in node.targets
    )


def _name_sought(call: ast.Call) -> ast.expr | None:
    """What `get_by_role(…, name=…)` or `get_by_label(…)` looks for, when `exact` is not said."""
    if not isinstance(call.func, ast.Attribute):
        return None
    said = {word.arg: word.value for word in call.keywords}
    exact = said.get("exact")
    if isinstance(exact, ast.Name) or (isinstance(exact, ast.Constant) and exact.value):
        return None
    if call.func.attr == "get_by_role":
        return said.get("name")
    return call.args[0] if call.func.attr == "get_by_label" else None


def list_inexact(source: str) -> Iterator[tuple[int, str]]:
    """Line and words of each search for a control by a part of its name that is not said to be
    one: by a pattern."""
    tree = ast.parse(source)
    patterns = _list_patterns(tree)
    absences = (node for node in ast.walk(tree) if _is_absence(node))
    absent = {id(inner) for node in absences for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or id(node) in absent:
            continue
        name = _name_sought(node)
        if name is not None and not _is_pattern(name, patterns):
            yield node.lineno, ast.unparse(node)


def test_a_control_is_looked_for_by_its_whole_name_or_by_a_pattern() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {call}"
        for folder in FOLDERS
        for path in sorted((ROOT / folder).glob("*.py"))
        for line, call in list_inexact(path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)


def test_a_part_of_a_controls_name_is_noticed() -> None:
    parts = (
        'page.get_by_role("button", name="Save")',
        'page.get_by_role("button", name="Save", exact=False)',
        "form.get_by_label(label)",
    )
    for call in parts:
        assert [found for _, found in list_inexact(call)] == [ast.unparse(ast.parse(call))]
    whole = (
        'page.get_by_role("button", name="Save", exact=True)',
        'page.get_by_role("button", name=re.compile("^Save"))',
        'first = re.compile("^Save")\npage.get_by_role("button", name=first)',
        'page.get_by_role("dialog")',
        'expect(page.get_by_role("button", name="Save")).to_have_count(0)',
    )
    assert [found for call in whole for found in list_inexact(call)] == []


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
