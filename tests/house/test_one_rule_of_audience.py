"""Who may see what is decided in one place: nowhere else is the value of an audience looked at.

A comparison, a choice by it, a look into a table of words: each is a second rule that nobody keeps
in step with the first. What asks `may_see`, `is_gm_only` or the conditions beside them is fine.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source_tree import PACKAGE, Module, list_modules

RULE = {
    "prompts/audience.py": "the rule itself",
    "campaigns/audiences.py": "what the words mean that are kept",
    "campaigns/store/audiences.py": "the same rule as a condition of SQL",
}
KEPT = frozenset({"audience", "known_to", "gm_only"})
"""What a stored audience is called: as a field, a column or a key."""

VALUES = frozenset({"GM_ONLY", "PUBLIC"})
ASKING = frozenset(
    {"get", "in_", "not_in", "is_", "is_not", "startswith", "like", "contains", "count", "index"}
)
"""Methods that look at the value they are called on, or at the one that they are given."""

FLAGS = frozenset({"builtin", "llm"})
"""Rooms that are only told, by a flag of each line, what is to be marked for the game master."""


def is_kept(node: ast.AST) -> bool:
    """Whether this is the value of an audience as it is kept, or a part of it."""
    if isinstance(node, ast.Attribute):
        return node.attr in KEPT or is_kept(node.value)
    if isinstance(node, ast.Subscript):
        key = node.slice
        return isinstance(key, ast.Constant) and key.value in KEPT
    return isinstance(node, ast.Name) and node.id in VALUES


def is_nothing(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def is_asking(called: ast.AST) -> bool:
    return isinstance(called, ast.Attribute) and called.attr in ASKING


def list_tested(test: ast.AST) -> list[ast.AST]:
    """What a condition is put together from by `not`, `and` and `or`."""
    if isinstance(test, ast.UnaryOp):
        return list_tested(test.operand)
    if isinstance(test, ast.BoolOp):
        return [one for value in test.values for one in list_tested(value)]
    return [test]


def list_second_rules(tree: ast.AST) -> Iterator[ast.AST]:
    """Every place where something depends on the value of an audience."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = (node.left, *node.comparators)
            if any(map(is_kept, sides)) and not any(map(is_nothing, sides)):
                yield node
        elif isinstance(node, ast.Match) and is_kept(node.subject):
            yield node
        elif isinstance(node, ast.If | ast.IfExp | ast.While):
            if any(map(is_kept, list_tested(node.test))):
                yield node
        elif isinstance(node, ast.Subscript) and is_kept(node.slice):
            yield node
        elif isinstance(node, ast.Call) and is_asking(node.func):
            asked = node.func.value if isinstance(node.func, ast.Attribute) else node.func
            if any(map(is_kept, (asked, *node.args))):
                yield node


def list_found(module: Module) -> list[str]:
    return [
        f"{module.place}:{getattr(node, 'lineno', 0)}: {ast.unparse(node)[:80]}"
        for node in list_second_rules(module.tree)
    ]


def test_nothing_but_the_rule_looks_at_the_value_of_an_audience() -> None:
    others = [
        module
        for module in list_modules()
        if str(module.path.relative_to(PACKAGE)) not in RULE and module.room not in FLAGS
    ]
    found = [one for module in others for one in list_found(module)]
    assert found == [], "ask prompts/audience.py or campaigns/store/audiences.py"


def test_the_rule_is_where_it_is_said_to_be() -> None:
    assert [place for place in RULE if not Path(PACKAGE, place).exists()] == []


@pytest.mark.parametrize(
    "text",
    [
        'x = fact.audience == "gm"',
        'x = values["audience"] != "public"',
        "x = line.audience == GM_ONLY",
        "x = PUBLIC in found",
        'x = fact.audience.kind in ("gm", "party")',
        "q = q.where(c.audience.in_(words))",
        'q = q.where(facts.c.audience == "public")',
        "q = q.where(notes.c.gm_only.is_(False))",
        'x = {"gm": 1}.get(fact.audience)',
        'x = {"gm": 1}[fact.audience]',
        "x = GM_ONLY if note.gm_only else None",
        "if not note.gm_only and x:\n    pass",
        'match fact.audience:\n    case "gm":\n        pass',
        "x = npc in thing.known_to",
    ],
)
def test_a_second_rule_is_found(text: str) -> None:
    assert list(list_second_rules(ast.parse(text)))


@pytest.mark.parametrize(
    "text",
    [
        "x = may_see(viewer, thing.audience)",
        "x = line.audience is None or may_see(viewer, line.audience)",
        "x = Fact(audience=fact.audience, gm_only=note.gm_only)",
        "x = is_gm_only(shown.audience)",
    ],
)
def test_what_asks_the_rule_is_fine(text: str) -> None:
    assert not list(list_second_rules(ast.parse(text)))
