"""What axe-core finds wrong with what is shown, in either theme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page

_ALL = {"resultTypes": ["violations"]}
_COLOURS = {**_ALL, "runOnly": ["color-contrast", "link-in-text-block"]}
_Themes = Sequence[tuple[Literal["light", "dark"], dict[str, Any]]]
_THEMES: _Themes = (
    ("light", _ALL),
    ("dark", _COLOURS),
)
_RUN = """async options => {
    await document.fonts.ready;
    await new Promise(requestAnimationFrame);
    return (await axe.run(document, options)).violations;
}"""


async def list_faults(
    page: Page, where: str = "", *, sizes: Sequence[tuple[int, int]] = ()
) -> list[str]:
    """The faults of this moment, in words: all of them in the light theme, those of colour in
    the dark one too. Nothing but colours depends on the theme.

    With `sizes` (width, height in CSS pixels) in each of them, in this order: one load of a
    screen shows what a desktop and a phone see of it. The dark colours are looked at in the
    first size, since no colour depends on the width.
    """
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE_SCRIPT)
    if not sizes:
        return await _list_faults_at_this_size(page, where)
    faults = []
    for number, (width, height) in enumerate(sizes):
        await page.set_viewport_size({"width": width, "height": height})
        themes = _THEMES if number == 0 else _THEMES[:1]
        faults += await _list_faults_at_this_size(page, f"{where} at {width} px", themes)
    return faults


async def _list_faults_at_this_size(page: Page, where: str, themes: _Themes = _THEMES) -> list[str]:
    told = []
    for theme, options in themes:
        await page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        told += [
            f"{where} ({theme}): {fault['id']}: {node['html'][:160]}"
            for fault in await page.evaluate(_RUN, options)
            for node in fault["nodes"]
        ]
    return told
