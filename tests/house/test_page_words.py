"""Words of any language on the page: three ways to forget a place, and nobody takes one.

Keys are read by `keys.js` alone, because a key may belong to an input method. Elements are made by
`html.js` and text becomes markup by `markdown.js` alone, because both see to the direction of what
is written. What is shown in part is cut by `models/characters.js`.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.house.source_tree import PACKAGE

APP = PACKAGE / "web" / "app"

RAW_KEY = re.compile(r"\.(?:isComposing|keyCode)\b|\b(?:event|e|ev|evt)\.(?:key|code|which)\b")
NAMED_KEY = re.compile(r"[\"'](?:Enter|Escape|Tab|ArrowUp|ArrowDown|ArrowLeft|ArrowRight)[\"']")
OTHER_KEYS = {"keys.js", "access.js"}
"""`keys.js` reads them for all; in `access.js` it is the key of what a browser has stored."""

CUT = re.compile(r"\.slice\(\s*0\s*,\s*[^)]*\)\s*\}?…|\.(?:substring|substr)\(")


def list_scripts() -> list[Path]:
    return sorted(APP.rglob("*.js"))


def find(pattern: re.Pattern[str], *, but: set[str]) -> list[str]:
    return [
        f"{path.relative_to(APP)}:{number}: {line.strip()[:90]}"
        for path in list_scripts()
        if str(path.relative_to(APP)) not in but
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def test_keys_are_read_by_one_function() -> None:
    assert not find(RAW_KEY, but=OTHER_KEYS), "ask keyOf() of keys.js, which knows input methods"


def test_whoever_acts_on_a_named_key_asks_that_function() -> None:
    asks = re.compile(r"\bkeyOf\(")
    wrong = [
        str(path.relative_to(APP))
        for path in list_scripts()
        if NAMED_KEY.search(text := path.read_text("utf-8")) and not asks.search(text)
    ]
    assert not wrong


def test_elements_are_made_where_their_direction_is_seen_to() -> None:
    other = re.compile(r"from \"(?:htm|preact/jsx-runtime)\"|\b(?:h|createElement)\(\s*[\"']")
    made_by_hand = {
        "html.js",
        "clipboard.js",  # a field nobody sees
        "components/growing_markdown.js",  # the box around what markdown.js draws
        "components/archive/export_dialog.js",  # a link nobody sees
    }
    assert not find(other, but=made_by_hand)


def test_markup_comes_from_one_place() -> None:
    markup = re.compile(r"innerHTML|insertAdjacentHTML|outerHTML", re.IGNORECASE)
    assert [place.split(":")[0] for place in find(markup, but=set())] == [
        "components/reply_body.js"
    ]
    assert "toMarkup(text, citations)" in (APP / "components/reply_body.js").read_text("utf-8")


def test_a_text_is_never_cut_inside_a_character() -> None:
    assert not find(CUT, but=set()), "use cutText() of models/characters.js"
