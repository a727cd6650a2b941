"""Photographs every screen of the page, in both themes, on a desk and on a phone.

A server of its own with a game session and talk in it; nothing of yours is touched. The pictures
go to screenshots/, named SCREEN-WIDTH-THEME.png; those that the README shows also to its folder.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
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
README = ROOT / "docs" / "pictures"
"""What the README shows: these screens as a desk sees them, in both themes."""
SHOWN = ("table", "npc")
WIDTHS = {390: 844, 1280: 800}
THEMES = ("light", "dark")
SAID = (
    "Roll 2d6+3 for the goblin ambush",
    "Give me three names for a smuggler",
    "Does the ferryman take the bribe? Likely",
)
SAMPLE = "9d5ab022-84e8-50f3-93c8-d2f080eb9a90"
"""The sample campaign, and some of what is in it: the ids are the same everywhere."""
PLANNING = "80652c12-af09-5233-9853-052e28415b05"
MIRA = "01b227bb-a3a4-5499-8b9b-145a6abe53d5"
AT_THE_TABLE = (
    "Which plot points are still open?",
    "What happened last time?",
    "Give me a complication for the green door",
    "Roll 4d6 drop lowest",
)
TO_MIRA = ("Good evening. Are you the ferrywoman?", "What does a crossing cost?")
LOADING = """() => document.querySelector(
    ".loading, [data-phase=loading], [data-phase=streaming], [data-sign=answering],"
    + " .composer__text:disabled")"""
"""What is on the page while something of it is still on its way."""
TABLE_LOG = (
    ("Mira paid for the crossing with a name", True),
    ("The party swore the guide's oath, word for word", False),
    ("Bell heard again, an hour early", True),
)
RELATED = ("owes a debt", "keeps watch over", "trusts", "hides from", "was raised by")
SCREENS = {
    "chat": ("/chat", SAID[-1]),
    "campaigns": ("/campaigns", "The Ninth Tide"),
    "campaign": (f"/campaigns/{SAMPLE}", "Next ninth tide"),
    "npcs": (f"/campaigns/{SAMPLE}?part=npcs", "Ysolde Quill"),
    "relations": (f"/campaigns/{SAMPLE}?part=relations", "Choose a thing in the picture"),
    "places": (f"/campaigns/{SAMPLE}?part=locations", "The Low Lantern"),
    "plot": (f"/campaigns/{SAMPLE}?part=plot_points", "The vault opens"),
    "knowledge": (f"/campaigns/{SAMPLE}?part=knowledge", "The date cut into the stair"),
    "game-sessions": (f"/campaigns/{SAMPLE}?part=game_sessions", "Down to the Vault"),
    "conversations": (f"/campaigns/{SAMPLE}?part=conversations", "Planning: Down to the Vault"),
    "table": (f"/session/{SAMPLE}", "Campaign: The Ninth Tide"),
    "proposals": (f"/session/{SAMPLE}?thread={PLANNING}", "Gaffer Hobb Tansy"),
    "scene": (f"/session/{SAMPLE}?scene={{scene}}", "Said to you alone"),
    "npc": (f"/npcs/{MIRA}?talk=latest", TO_MIRA[-1]),
    "npc-sheet": (f"/npcs/{MIRA}", "counts heads while she talks"),
    "rehearsal": (f"/npcs/{MIRA}?conversation={{rehearsal}}", "the voice is right"),
    "wizard": ("/wizard", "The name, the game system"),
    "search": ("/search?q=lantern", "Location · The Ninth Tide"),
    "settings": ("/settings", "Ollama"),
}
"""Where a screen is, and a text that shows that it is all there. `{names}` are of what is made."""


def main(wanted: list[str]) -> None:
    chromium = find_chromium()
    if chromium is None:
        sys.exit(NO_BROWSER)
    TARGET.mkdir(exist_ok=True)
    screens = [name for name in SCREENS if not wanted or name in wanted]
    token = secrets.token_urlsafe(16)
    with TemporaryDirectory() as folder, serving(Path(folder), token) as address:
        made = say_things(address.split("?")[0].rstrip("/"), token)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=LAUNCH_ARGS)
            for width, height in WIDTHS.items():
                for theme in THEMES:
                    with opened(browser, address, width, height, theme) as page:
                        photograph(page, address, screens, made, f"{width}-{theme}")
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


def say_things(server: str, token: str) -> dict[str, str]:
    """The sample campaign while a game session runs, talk about it and with its NPCs; their ids."""
    with httpx2.Client(
        base_url=server, headers={"Authorization": f"Bearer {token}"}, timeout=60
    ) as client:
        chat = client.post("/api/chat-sessions/active").raise_for_status().json()
        talk = f"/api/chat-sessions/{chat['id']}"
        client.post("/api/sample-campaign").raise_for_status()
        begin_game_session(client)
        relate_things(client)
        for text in SAID:
            say(client, talk, text)
        own = client.post("/api/chat-sessions/active", json={"campaign_id": SAMPLE})
        for text in AT_THE_TABLE:
            say(client, f"/api/chat-sessions/{own.raise_for_status().json()['id']}", text)
        mira = client.post(f"/api/npcs/{MIRA}/conversation").raise_for_status().json()["id"]
        for text in TO_MIRA:
            say(client, f"/api/npc-conversations/{mira}", text, mode="as")
        return {"scene": play_scene(client), "rehearsal": rehearse(client)}


def say(client: httpx2.Client, talk: str, text: str, **more: object) -> None:
    """One message and the whole of its reply."""
    turn = {"message_id": str(uuid.uuid4()), "content": text, **more}
    answer = client.post(f"{talk}/turns", json=turn).raise_for_status().json()
    for reply in answer.get("assistant_messages") or [answer["assistant_message"]]:
        # The stream ends when the reply is stored.
        client.get(f"/api/replies/{reply['id']}/stream").raise_for_status()


def play_scene(client: httpx2.Client) -> str:
    """Three of the sample's NPCs in one talk, a whisper among it."""
    listed = client.get(f"/api/campaigns/{SAMPLE}/npcs?limit=100").raise_for_status().json()
    npcs = [npc["id"] for npc in listed["npcs"] if npc["is_present"]]
    cast = {"npc_ids": npcs, "title": "Before the bell"}
    scene: str = client.post("/api/scenes", json=cast).raise_for_status().json()["id"]
    say(client, f"/api/scenes/{scene}", "Who rings the bell tonight?", answering=npcs)
    say(client, f"/api/scenes/{scene}", "And who pays for it?", whisper_to=MIRA)
    say(client, f"/api/scenes/{scene}", "Tomas, is that so?")
    return scene


def relate_things(client: httpx2.Client) -> None:
    """Relations between the sample's NPCs and locations, one of each attitude."""
    at = f"/api/campaigns/{SAMPLE}"
    npcs = client.get(f"{at}/npcs?limit=100").raise_for_status().json()["npcs"]
    places = client.get(f"{at}/locations?limit=100").raise_for_status().json()["locations"]
    ends = [*(("npc", one["id"]) for one in npcs), *(("location", one["id"]) for one in places)]
    for number, (one, other) in enumerate(zip(ends, [*ends[1:], ends[0]], strict=True)):
        relation = {
            **{"from_kind": one[0], "from_id": one[1], "to_kind": other[0], "to_id": other[1]},
            "label": RELATED[number % len(RELATED)],
            "attitude": number % 5 - 2,
            "audience": "gm" if number % 4 == 0 else "party",
        }
        client.post(f"{at}/relations", json=relation).raise_for_status()


def rehearse(client: httpx2.Client) -> str:
    """Two answers of Mira's, given before she meets the players."""
    made = client.post(f"/api/npcs/{MIRA}/rehearsals").raise_for_status().json()
    for text in ("Are you the ferrywoman?", "What does a crossing cost?"):
        say(client, f"/api/npc-conversations/{made['id']}", text, mode="as")
    rehearsal: str = made["id"]
    return rehearsal


def begin_game_session(client: httpx2.Client) -> None:
    """The sample's next game session, just begun, with notes."""
    listed = client.get(f"/api/campaigns/{SAMPLE}/game-sessions").raise_for_status().json()
    game_session = f"/api/game-sessions/{listed['game_sessions'][0]['id']}"
    client.post(f"{game_session}/start").raise_for_status()
    for text, gm_only in TABLE_LOG:
        note = {"text": text, "gm_only": gm_only}
        client.post(f"{game_session}/notes", json=note).raise_for_status()


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


def photograph(
    page: Page, address: str, screens: list[str], made: dict[str, str], ending: str
) -> None:
    server = address.split("/?")[0]
    for name in screens:
        path, sign = SCREENS[name]
        page.goto(f"{server}{path.format(**made)}")
        # Streams never let the network fall silent, so the screen itself is waited for.
        page.get_by_role("main").get_by_text(sign).last.wait_for()
        page.wait_for_function(f"() => !({LOADING})()")
        page.wait_for_function("() => !document.querySelector('canvas[data-drawn=false]')")
        page.evaluate("document.fonts.ready")
        picture = TARGET / f"{name}-{ending}.png"
        page.screenshot(path=picture)
        width, _, theme = ending.partition("-")
        if name in SHOWN and width == "1280":
            shutil.copyfile(picture, README / f"{name}-{theme}.png")
        print(picture.relative_to(ROOT), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
