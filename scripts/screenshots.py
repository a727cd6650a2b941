"""Photographs every screen of the page, in both themes, on a desk and on a phone.

A server of its own with a small evening in it; nothing of yours is touched. The pictures
go to screenshots/, named SCREEN-WIDTH-THEME.png.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.browser_finder import LAUNCH_ARGS, NO_BROWSER, find_chromium

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "screenshots"
WIDTHS = {390: 844, 1280: 800}
THEMES = ("light", "dark")
SAID = (
    "Roll 2d6+3 for the goblin ambush",
    "Give me three names for a smuggler",
    "Does the ferryman take the bribe? Likely",
)
SCREENS = {"chat": ("/chat", SAID[-1]), "settings": ("/settings", "Ollama")}
"""Where a screen is, and a text that shows that it is all there."""


def main(wanted: list[str]) -> None:
    chromium = find_chromium()
    if chromium is None:
        sys.exit(NO_BROWSER)
    TARGET.mkdir(exist_ok=True)
    screens = [name for name in SCREENS if not wanted or name in wanted]
    token = secrets.token_urlsafe(16)
    with TemporaryDirectory() as folder, serving(Path(folder), token) as address:
        say_things(address.split("?")[0].rstrip("/"), token)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=LAUNCH_ARGS)
            for width, height in WIDTHS.items():
                for theme in THEMES:
                    with opened(browser, address, width, height, theme) as page:
                        photograph(page, address, screens, f"{width}-{theme}")
            browser.close()


@contextlib.contextmanager
def serving(folder: Path, token: str) -> Iterator[str]:
    """The application on a free port, with an empty data folder and the built-in model."""
    environ = {k: v for k, v in os.environ.items() if not k.endswith(("_API_KEY", "_BASE_URL"))}
    environ |= {"TTRPG_TOKEN": token, "TTRPG_MODEL": "offline"}
    command = [sys.executable, "-m", "ttrpg_assistant", "serve", "--no-browser", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--data-dir", str(folder)], env=environ, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        if not line.startswith("Listening on "):
            sys.exit("The server did not start; its own words are above.")
        yield line.removeprefix("Listening on ").strip()
    finally:
        process.terminate()
        process.wait()


def say_things(server: str, token: str) -> None:
    """A few messages and their whole replies, so that there is something to see."""
    with httpx2.Client(
        base_url=server, headers={"Authorization": f"Bearer {token}"}, timeout=60
    ) as client:
        chat = client.post("/api/chat-sessions/active").raise_for_status().json()
        for text in SAID:
            turn = {"message_id": str(uuid.uuid4()), "content": text}
            answer = client.post(f"/api/chat-sessions/{chat['id']}/turns", json=turn)
            reply = answer.raise_for_status().json()["assistant_message"]["id"]
            # The stream ends when the reply is stored.
            client.get(f"/api/replies/{reply}/stream").raise_for_status()


@contextlib.contextmanager
def opened(browser: Browser, address: str, width: int, height: int, theme: str) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        device_scale_factor=2 if width < 600 else 1,
    )
    try:
        page = context.new_page()
        page.goto(address)
        page.get_by_role("textbox").first.wait_for()
        yield page
    finally:
        context.close()


def photograph(page: Page, address: str, screens: list[str], ending: str) -> None:
    server = address.split("/?")[0]
    for name in screens:
        path, sign = SCREENS[name]
        page.goto(f"{server}{path}")
        # Streams never let the network fall silent, so the screen itself is waited for.
        page.get_by_role("main").get_by_text(sign).first.wait_for()
        page.evaluate("document.fonts.ready")
        picture = TARGET / f"{name}-{ending}.png"
        page.screenshot(path=picture)
        print(picture.relative_to(ROOT), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
