"""What a browser calls itself, in words that a person knows: "Firefox on Linux"."""

from __future__ import annotations

LONGEST_AGENT = 512

_BROWSERS = (
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""The first that fits: most of them also call themselves by the names further down."""

_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
    ("FreeBSD", "FreeBSD"),
)


def name_device(user_agent: str) -> str:
    """The browser and the system of a `User-Agent` header; 80 characters at most."""
    agent = user_agent[:LONGEST_AGENT]
    browser = next((name for sign, name in _BROWSERS if sign in agent), None)
    system = next((name for sign, name in _SYSTEMS if sign in agent), None)
    if browser is None:
        first = agent.partition(" ")[0].partition("/")[0]
        is_name = first.isascii() and first.replace("-", "").replace("_", "").isalnum()
        browser = first[:40] if is_name else "A browser"
    return f"{browser} on {system}" if system else browser
