"""A text that people read is cut by `characters.cut_text`, never by a bare slice.

A slice counts code points and may leave half a letter. What a slice may do is listed: it looks at
the beginning of a text and shows none of it.
"""

from __future__ import annotations

import ast
import re

from tests.house.source_tree import PACKAGE, list_modules

LENGTH = re.compile(r"(?:CHARACTERS|_LENGTH|_NAME|_LIMIT)$")
"""How constants are called that say how long a text may be."""

ONLY_LOOKED_AT = re.compile(r"MAX_READ|QUERY|MAX_QUESTION|MAX_WISH")
"""Constants that bound what is read of a text in order to understand it."""


def test_no_text_is_cut_by_a_bare_slice() -> None:
    wrong = []
    for module in list_modules():
        if module.path == PACKAGE / "characters.py":
            continue
        for node in module.nodes:
            if not (isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice)):
                continue
            upper = node.slice.upper
            if upper is None or node.slice.lower is not None:
                continue
            names = [each.id for each in ast.walk(upper) if isinstance(each, ast.Name)]
            if any(LENGTH.search(name) and not ONLY_LOOKED_AT.search(name) for name in names):
                wrong.append(f"{module.place}:{node.lineno}: {ast.unparse(node)}")
    assert not wrong, "Half a character may be left. Use characters.cut_text:\n" + "\n".join(wrong)


def test_text_with_a_mark_of_its_cut_is_not_sliced() -> None:
    """`text[:120] + "…"`: whatever the bound is called, somebody reads this."""
    wrong = []
    for module in list_modules():
        for node in module.nodes:
            if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)):
                continue
            ends = node.right
            if not (isinstance(ends, ast.Constant) and ends.value == "…"):
                continue
            if any(
                isinstance(each, ast.Slice) and each.upper is not None
                for each in ast.walk(node.left)
            ):
                wrong.append(f"{module.place}:{node.lineno}: {ast.unparse(node)}")
    assert wrong == [place for place in wrong if place.endswith(MARKED_ALLOWED)], (
        "Half a character may be left. Use characters.cut_text:\n" + "\n".join(wrong)
    )


MARKED_ALLOWED = ("(cut[:blank] if blank > characters // 2 else cut).rstrip(' ,;:') + '…'",)
"""Cut at a blank, of what `cut_text` has left."""
