"""Every statement stays in the portable subset of SQL of docs/hosting.md.

Statements are made in two ways: by SQLAlchemy's Core, whose functions are looked at here by name,
and as text, which is read word by word.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.house.source_tree import ROOT, Module, list_modules

STANDARD = {"any", "coalesce", "count", "length", "lower", "max", "min", "octet_length"} | {
    "row_number",
    "substr",
    "sum",
}
"""Functions that SQLite and everything that speaks PostgreSQL's protocol have."""

OF_ONE_ENGINE = {
    "group_concat": "SQLite",
    "instr": "SQLite",
    "json_each": "SQLite",
    "pg_advisory_xact_lock": "PostgreSQL",
    "string_agg": "PostgreSQL",
    "string_to_array": "PostgreSQL",
    "strpos": "PostgreSQL",
}
"""Where an engine has its own word. Each is behind a look at the engine's name."""

NOT_PORTABLE = re.compile(
    r"\b(LISTEN|UNLISTEN|NOTIFY|DECLARE|DEALLOCATE|DISCARD|UNLOGGED|TABLESPACE|CONCURRENTLY"
    r"|pg_advisory_lock|pg_advisory_unlock|pg_try_advisory_lock|dblink|ctid|xmin|lo_import"
    r"|LOCK TABLE|SKIP LOCKED|INHERITS|ALTER SYSTEM|COPY [a-z_]+ (?:FROM|TO)"
    r"|(?:TEMP|TEMPORARY) TABLE [a-z]|CREATE EXTENSION|SET SESSION|LATERAL|public\.[a-z]+)\b"
)
"""What a pooler in transaction mode, schemas, Citus or YugabyteDB do not carry."""


def list_texts(module: Module) -> Iterator[tuple[int, str]]:
    """Every text of a module that is no docstring."""
    docstrings = {
        id(node.body[0].value)
        for node in module.nodes
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    documented = {id(node.value) for node in module.nodes if isinstance(node, ast.Expr)}
    for node in module.nodes:
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings | documented
        ):
            yield node.lineno, node.value


def list_stores() -> list[Module]:
    """Where SQL may stand."""
    return [module for module in list_modules() if module.is_store]


def test_no_statement_needs_what_only_one_server_can_do() -> None:
    read, wrong = 0, []
    for module in list_stores():
        for line, said in list_texts(module):
            read += 1
            if found := NOT_PORTABLE.search(said):
                wrong.append(f"{module.place}:{line}: {found[0]}")
    assert read > 1000
    assert not wrong, "Not in the portable subset (docs/hosting.md):\n" + "\n".join(wrong)


def test_functions_are_those_that_every_engine_has_or_are_documented() -> None:
    used: dict[str, str] = {}
    for module in list_stores():
        for node in module.nodes:
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("func", "sa.func"):
                used[node.attr] = module.place
    unknown = {
        name: place for name, place in used.items() if name not in STANDARD | set(OF_ONE_ENGINE)
    }
    assert not unknown, f"Say in this test and in docs/hosting.md which engines have {unknown}"
    document = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    untold = [name for name in OF_ONE_ENGINE if f"`{name}`" not in document]
    assert not untold, f"docs/hosting.md does not name {untold}"
    assert set(OF_ONE_ENGINE) <= set(used), "what is named is used"


def test_dialects_are_asked_for_nothing_but_upserts() -> None:
    found = {
        module.place
        for module in list_modules()
        for _, imported, _ in module.list_imports()
        if imported.startswith("sqlalchemy.dialects")
    }
    assert {place.rpartition("/")[2] for place in found} == {"messages.py", "inserting.py"}, found
