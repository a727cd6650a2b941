"""Every regular expression of the package, found by walking its syntax trees."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

PACKAGE = Path(__file__).parents[2] / "src" / "ttrpg_assistant"

_ANCHORED = frozenset({"match", "fullmatch"})
_CALLS = frozenset(
    {"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}
)
_FLAGS_AT = {"sub": 4, "subn": 4, "split": 3}


@dataclass(frozen=True, slots=True)
class Place:
    """One call of `re`: where it stands and what it gives the engine.

    `patterns` is empty when the text of the pattern is only known while the program runs; then
    `built_in` names the function that builds it.
    """

    module: str
    line: int
    patterns: tuple[re.Pattern[str] | re.Pattern[bytes], ...]
    is_anchored: bool
    built_in: str

    @property
    def name(self) -> str:
        return f"{self.module}:{self.line}"


def list_places() -> list[Place]:
    """Every call of `re` in the package, in order of module and line."""
    return [place for path in sorted(PACKAGE.rglob("*.py")) for place in _list_in(path)]


def _list_in(path: Path) -> Iterator[Place]:
    text = path.read_text("utf-8")
    if "import re\n" not in text:
        return
    tree = ast.parse(text)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_re(node)]
    if not calls:
        return
    module = ".".join(("ttrpg_assistant", *path.relative_to(PACKAGE).with_suffix("").parts))
    module = module.removesuffix(".__init__")
    loaded = importlib.import_module(module)
    for call in calls:
        assert isinstance(call.func, ast.Attribute)
        yield Place(
            module=module.removeprefix("ttrpg_assistant."),
            line=call.lineno,
            patterns=_patterns_of(tree, call, loaded),
            is_anchored=_is_anchored(tree, call),
            built_in=_function_around(tree, call),
        )


def _is_re(call: ast.Call) -> bool:
    named = call.func
    return (
        isinstance(named, ast.Attribute)
        and isinstance(named.value, ast.Name)
        and named.value.id == "re"
        and named.attr in _CALLS
    )


def _function_around(tree: ast.Module, call: ast.Call) -> str:
    names = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _holds(node, call)
    ]
    return names[-1] if names else ""


def _holds(node: ast.stmt, wanted: ast.Call) -> bool:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    begins = (node.lineno, node.col_offset) <= (wanted.lineno, wanted.col_offset)
    return begins and (wanted.lineno, wanted.col_offset) < (node.end_lineno, node.end_col_offset)


def _assigned(tree: ast.Module, call: ast.Call) -> str:
    """The module's own name for what the statement around this call makes, or nothing."""
    for statement in tree.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and _holds(statement, call):
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            return target.id if isinstance(target, ast.Name) else ""
    return ""


def _patterns_of(
    tree: ast.Module, call: ast.Call, module: ModuleType
) -> tuple[re.Pattern[str] | re.Pattern[bytes], ...]:
    assert isinstance(call.func, ast.Attribute)
    flags_at = _FLAGS_AT.get(call.func.attr, 1 if call.func.attr == "compile" else 2)
    flags = call.args[flags_at] if len(call.args) > flags_at else None
    for given in call.keywords:
        flags = given.value if given.arg == "flags" else flags
    try:
        text = _evaluate(call.args[0], module)
        return (re.compile(text, _evaluate(flags, module) if flags is not None else 0),)
    except NameError:
        # Built in a comprehension: what came of it is in the module.
        name = _assigned(tree, call)
        return tuple(_inside(getattr(module, name))) if name else ()


def _evaluate(node: ast.expr, module: ModuleType):  # type: ignore[no-untyped-def]
    return eval(compile(ast.Expression(node), module.__name__, "eval"), dict(vars(module)))


def _inside(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from _inside(tuple(value.values()))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _inside(one)


def _is_anchored(tree: ast.Module, call: ast.Call) -> bool:
    """Whether the pattern is only ever tried at one place of a text."""
    assert isinstance(call.func, ast.Attribute)
    if call.func.attr != "compile":
        return call.func.attr in _ANCHORED
    name = _assigned(tree, call)
    used = [
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
    ]
    return bool(used) and all(attribute in _ANCHORED for attribute in used)
