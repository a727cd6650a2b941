"""The focus moves in the moment in which the page is drawn, never a moment later.

An effect after the drawing, a frame or a timer comes when somebody may have pressed a key or gone
on already: letters are lost, or the focus is taken from where they are.
"""

from __future__ import annotations

import re
from pathlib import Path

APP = Path(__file__).parents[2] / "src/ttrpg_assistant/web/app"

LATE = re.compile(r"\b(?:useEffect|requestAnimationFrame|setTimeout|setInterval)\(")
MOVES_FOCUS = re.compile(r"\.(?:focus|showModal)\(")

KEEPER = APP / "focus_keeper.js"
"""It waits on purpose, and gives the focus only where nobody has it."""


def find_end(source: str, start: int) -> int:
    """Where the bracket closes that opens just before `start`."""
    depth = 1
    for at in range(start, len(source)):
        depth += {"(": 1, ")": -1}.get(source[at], 0)
        if depth == 0:
            return at
    return len(source)


def list_late_moves(source: str) -> list[str]:
    """What moves the focus late: an effect of hooks, a frame, a timer."""
    late = (
        source[found.start() : find_end(source, found.end())] for found in LATE.finditer(source)
    )
    return [" ".join(call.split())[:100] for call in late if MOVES_FOCUS.search(call)]


def test_a_late_move_of_the_focus_is_seen() -> None:
    assert list_late_moves("useEffect(() => { if (a()) field.current?.focus(); }, [a]);")
    assert list_late_moves("requestAnimationFrame(() => box.focus())")
    assert not list_late_moves("useLayoutEffect(() => field.focus()); useEffect(() => load(), []);")


def test_nothing_on_the_page_moves_the_focus_late() -> None:
    late = {
        str(path.relative_to(APP)): found
        for path in sorted(APP.rglob("*.js"))
        if path != KEEPER and (found := list_late_moves(path.read_text("utf-8")))
    }
    assert late == {}
