"""SQL stands in stores, in the tables they use, and in `storage`; nowhere else."""

from __future__ import annotations

import ast

from tests.house.source_tree import Module, list_modules

ALLOWED_OUTSIDE = {"Connection", "Table", "Column", "ColumnElement"}
"""A service may name the type it hands on to a store function, and a declaration the table it is
about; nothing more."""

RUNS_SQL = {"execute", "executemany", "exec_driver_sql", "scalars", "scalar", "executescript"}


def test_sqlalchemy_is_used_only_where_sql_may_stand() -> None:
    wrong = [
        f"{module.place}:{line}: {name or imported}"
        for module in list_modules()
        if not module.is_store
        for line, imported, name in module.list_imports()
        if imported.split(".")[0] == "sqlalchemy" and name not in ALLOWED_OUTSIDE
    ]
    assert not wrong, (
        "A statement outside a store is one that no store test covers on both databases:\n"
        + "\n".join(wrong)
    )


def test_nothing_is_executed_outside_a_store() -> None:
    wrong = [
        f"{module.place}:{line}: .{called}()"
        for module in list_modules()
        if not module.is_store
        for line, called in _list_method_calls(module)
        if called in RUNS_SQL
    ]
    assert not wrong, "Move the statement into a store function:\n" + "\n".join(wrong)


def test_no_query_is_glued_together_from_text() -> None:
    wrong = []
    for module in list_modules():
        for node in module.nodes:
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = node.func.id if isinstance(node.func, ast.Name) else None
            if called == "text" and isinstance(node.args[0], ast.JoinedStr | ast.BinOp):
                wrong.append(f"{module.place}:{node.lineno}")
    assert not wrong, "Bind the values; glued text is how injection starts:\n" + "\n".join(wrong)


def test_engines_keep_what_is_said_out_of_their_errors() -> None:
    seen, wrong = 0, []
    for module in list_modules():
        for node in module.nodes:
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id in {"create_engine", "create_async_engine"}:
                seen += 1
                options = {keyword.arg for keyword in node.keywords}
                if "hide_parameters" not in options:
                    wrong.append(f"{module.place}:{node.lineno}")
    assert seen > 0
    assert not wrong, (
        "Without hide_parameters=True the text of messages gets into tracebacks and logs:\n"
        + "\n".join(wrong)
    )


def _list_method_calls(module: Module) -> list[tuple[int, str]]:
    return [
        (node.lineno, node.func.attr)
        for node in module.nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
