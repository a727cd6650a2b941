"""Whoever reads JSON that somebody else wrote is ready for what is none."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.source_tree import Module, list_modules

OWN_TEXT = {
    "src/ttrpg_assistant/archives/store/columns.py": "a default of our own tables",
    "src/ttrpg_assistant/api/entities.py": "what was encoded on the line above",
    "src/ttrpg_assistant/doctor.py": "10 kB of our own server; any ValueError is caught",
    "src/ttrpg_assistant/outside_json.py": "the one that raises it",
    "src/ttrpg_assistant/imports/document_files/reading_process.py": "the jobs of the server",
    "src/ttrpg_assistant/pictures/reading_process.py": "the jobs of the server that started it",
    "src/ttrpg_assistant/search/meaning/encoder.py": "a file of an installed package",
    "src/ttrpg_assistant/search/store/sqlite.py": "numbers that SQLite spelled",
    "src/ttrpg_assistant/storage/postgresql.py": "what was stored",
    "src/ttrpg_assistant/storage/sqlite/connections.py": "what was stored",
    "src/ttrpg_assistant/suggestions/store/proposals.py": "what was stored",
    "src/ttrpg_assistant/suggestions/store/reading_notes.py": "what was stored",
}
"""Files that decode without `NOT_JSON`, and why nobody else wrote what they read."""


_DECODE = {"msgspec.json.decode", "json.loads", "json.load"}


def _decodes(module: Module) -> Iterator[ast.Attribute | ast.Name]:
    decoders = {
        target.id
        for node in module.tree.body
        if isinstance(node, ast.Assign) and "json.Decoder(" in ast.unparse(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute):
            said = ast.unparse(node)
            is_decoder = ast.unparse(node.value) in {*decoders, "decoder"}
            if said in _DECODE or (node.attr == "decode" and is_decoder):
                yield node
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            # A decoder may also be a name for the method: `_decode = Decoder().decode`.
            and node.func.id in {"decode_outside", *decoders}
        ):
            yield node.func


def _is_caught(tree: ast.Module, decode: ast.AST) -> bool:
    """Whether it is inside a `try` or a `with suppress` that names `NOT_JSON`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Try):
            caught = any("NOT_JSON" in ast.unparse(one.type or node) for one in node.handlers)
            body: list[ast.stmt] = node.body
        elif isinstance(node, ast.With):
            caught = any("NOT_JSON" in ast.unparse(one.context_expr) for one in node.items)
            body = node.body
        else:
            continue
        if caught and any(inner is decode for one in body for inner in ast.walk(one)):
            return True
    return False


def test_whoever_decodes_outside_json_is_ready_for_what_is_none() -> None:
    wrong, seen = [], set()
    for module in list_modules():
        if "versions" in module.path.parts:
            continue
        for decode in _decodes(module):
            if module.place in OWN_TEXT:
                seen.add(module.place)
            elif not _is_caught(module.tree, decode):
                wrong.append(f"{module.place}:{decode.lineno}")
    assert not wrong, "Catch NOT_JSON around these:\n" + "\n".join(wrong)
    assert seen == set(OWN_TEXT), f"They decode nothing: {sorted(set(OWN_TEXT) - seen)}"
