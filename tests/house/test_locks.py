"""No lock of threads is held while the database is asked."""

from __future__ import annotations

import ast

from tests.house.source_tree import Module, list_modules


def test_a_lock_that_is_held_while_the_database_is_asked_is_one_for_works() -> None:
    wrong = [
        f"{module.place}:{line}"
        for module in list_modules()
        if module.place != "src/ttrpg_assistant/storage/work_lock.py"
        for line in _list_held_over_a_transaction(module)
    ]
    assert not wrong, (
        "On PostgreSQL works run on the event loop, which such a lock would stop for ever. "
        "Use `storage.work_lock.WorkLock`:\n" + "\n".join(wrong)
    )


def test_a_lock_over_a_transaction_would_be_found() -> None:
    text = (
        "class Kept:\n"
        "    def __init__(self): self._lock = threading.Lock()\n"
        "    def read(self, tx):\n"
        "        with self._lock:\n"
        "            return list_rows(tx)\n"
    )
    module = Module(list_modules()[0].path, ast.parse(text))
    assert list(_list_held_over_a_transaction(module)) == [4]


def _list_held_over_a_transaction(module: Module) -> list[int]:
    """The lines that hold a lock of threads around anything that is given a transaction."""
    locks = {
        ast.unparse(target).rpartition(".")[2]
        for node in module.nodes
        if isinstance(node, ast.Assign) and _is_lock(node.value)
        for target in node.targets
    }
    return [
        node.lineno
        for node in module.nodes
        if isinstance(node, ast.With)
        and any(ast.unparse(item.context_expr).rpartition(".")[2] in locks for item in node.items)
        and any(isinstance(one, ast.Name) and one.id == "tx" for one in _inside(node))
    ]


def _inside(node: ast.With) -> list[ast.AST]:
    return [one for statement in node.body for one in ast.walk(statement)]


def _is_lock(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and ast.unparse(value.func).rpartition(".")[2] in {
        "Lock",
        "RLock",
        "Condition",
        "Semaphore",
    }
