"""What axe-core finds wrong with what is shown, in either theme."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal
from zlib import crc32

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page

_ALL = {"resultTypes": ["violations"]}
_OF_COLOURS = ["color-contrast", "link-in-text-block"]
_COLOURS = {**_ALL, "runOnly": _OF_COLOURS}
_SHAPES = {**_ALL, "rules": {rule: {"enabled": False} for rule in _OF_COLOURS}}
"""All but colours, which take axe three quarters of its time."""
_Theme = Literal["light", "dark"]
_Looks = Sequence[tuple[_Theme, dict[str, Any]]]
_BOTH: _Looks = (("light", _ALL), ("dark", _COLOURS))
_ONE: tuple[_Looks, _Looks] = ((("light", _ALL),), (("dark", _ALL),))

whole = False
"""Both themes at every look, as the deep part does; else one, in turns within a test."""
_looks_of: Counter[str] = Counter()

_RUN = """async options => {
    await document.fonts.ready;
    await new Promise(requestAnimationFrame);
    return (await axe.run(document, options)).violations;
}"""


async def list_faults(
    page: Page, where: str = "", *, sizes: Sequence[tuple[int, int]] = ()
) -> list[str]:
    """The faults of this moment, in words: in one theme, and the next time in the other; in both
    in the deep part. Nothing but colours depends on the theme.

    With `sizes` (width, height in CSS pixels) in each of them, in this order: one load of a
    screen shows what a desktop and a phone see of it. Colours are looked at in the first size,
    since none depends on the width; in the deep part, those of one theme in every size.
    """
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE_SCRIPT)
    looks = _BOTH if whole else _ONE[_turn()]
    if not sizes:
        return await _list_faults_at_this_size(page, where, looks)
    faults = []
    for number, (width, height) in enumerate(sizes):
        await page.set_viewport_size({"width": width, "height": height})
        here = looks if number == 0 else _at_another_size(looks)
        faults += await _list_faults_at_this_size(page, f"{where} at {width} px", here)
    return faults


def _at_another_size(looks: _Looks) -> _Looks:
    theme, every_rule = looks[0]
    return [(theme, every_rule if whole else _SHAPES)]


def _turn() -> int:
    """Which theme is looked at now: the same in every run, and in a test both after each other."""
    test = os.environ.get("PYTEST_CURRENT_TEST", "")
    _looks_of[test] += 1
    return (crc32(test.encode()) + _looks_of[test]) % 2


async def _list_faults_at_this_size(page: Page, where: str, looks: _Looks) -> list[str]:
    told = []
    for theme, options in looks:
        await page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        told += [
            f"{where} ({theme}): {fault['id']}: {node['html'][:160]}"
            for fault in await page.evaluate(_RUN, options)
            for node in fault["nodes"]
        ]
    return told
