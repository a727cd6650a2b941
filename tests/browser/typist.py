"""Somebody who works the page by keyboard alone, and how long that takes a person."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

A_CHARACTER = 0.2
"""Seconds for a character of a text: five a second."""

A_KEY = 0.6
"""Seconds for a key that is looked for: Tab, Enter, an arrow, a shortcut."""

MOST_STEPS = 60


@dataclass
class Typist:
    """Presses keys and counts them. With `is_human` each takes the time it takes a person."""

    page: Page
    is_human: bool = False
    keys: int = 0
    characters: int = 0

    @property
    def seconds(self) -> float:
        """What it all takes a person."""
        return self.keys * A_KEY + self.characters * A_CHARACTER

    async def press(self, *keys: str) -> None:
        for key in keys:
            self.keys += 1
            if self.is_human:
                await self.page.wait_for_timeout(1000 * A_KEY)
            await self.page.keyboard.press(key)

    async def type(self, text: str) -> None:
        self.characters += len(text)
        await self.page.keyboard.type(text, delay=1000 * A_CHARACTER if self.is_human else 0)

    async def go_to(self, wanted: Locator, key: str = "Tab") -> None:
        """Press Tab until this has the focus."""
        await expect(wanted).to_be_visible()
        for _ in range(MOST_STEPS):
            if await wanted.evaluate("element => element === document.activeElement"):
                return
            await self.press(key)
        raise AssertionError(f"{wanted} cannot be reached")

    async def find(self, words: str) -> None:
        """Go somewhere by the palette: by the name of what is wanted."""
        await self.press("Control+k")
        palette = self.page.get_by_role("dialog", name="Find or do anything", exact=True)
        await expect(palette.get_by_role("combobox")).to_be_focused()
        await self.type(words)
        first = palette.get_by_role("option").first
        await expect(first).to_contain_text(words, ignore_case=True)
        await expect(first).to_have_attribute("aria-selected", "true")
        await self.press("Enter")
        await expect(palette).to_have_count(0)

    async def choose(self, picker: Locator, name: str, typed: str) -> None:
        """Choose a thing in a picker that has the focus, by a part of its name."""
        await expect(picker).to_be_focused()
        await self.type(typed)
        options = self.page.get_by_role("listbox", name="Matching things", exact=True)
        await expect(options.get_by_role("option").first).to_contain_text(name)
        await self.press("Enter")
        await expect(picker).to_have_value(name)
