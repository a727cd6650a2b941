"""What axe-core finds wrong with what is shown, in either theme."""

from __future__ import annotations

from typing import Any, Literal

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

_ALL = {"resultTypes": ["violations"]}
_COLOURS = {**_ALL, "runOnly": ["color-contrast", "link-in-text-block"]}
_THEMES: tuple[tuple[Literal["light", "dark"], dict[str, Any]], ...] = (
    ("light", _ALL),
    ("dark", _COLOURS),
)


async def list_faults(page: Page, where: str = "") -> list[str]:
    """The faults of this moment, in words: all of them in the light theme, those of colour in
    the dark one too. Nothing but colours depends on the theme."""
    await page.evaluate("document.fonts.ready")
    told = []
    for theme, options in _THEMES:
        await page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        found = await Axe().run(page, options=options)
        told += [
            f"{where} ({theme}): {fault['id']}: {node['html'][:160]}"
            for fault in found.response["violations"]
            for node in fault["nodes"]
        ]
    return told
