"""Gets a Chromium for the browser tests, where there is none yet. Never fails the build.

Order: what is already there (tests/browser_finder.py), the system's packages when we are
root on Debian or Ubuntu, Playwright's own download.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.browser_finder import NO_BROWSER, find_chromium

APT_SECONDS = 900
APT = ["apt-get", "-y", "-q", "-o", "DPkg::Lock::Timeout=120"]


def main() -> None:
    for get in (None, get_from_apt, get_from_playwright):
        if get is not None:
            get()
            find_chromium.cache_clear()
        if found := find_chromium():
            print(f"Chromium: {found}", flush=True)
            return
    print(NO_BROWSER, file=sys.stderr, flush=True)


def get_from_apt() -> None:
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return
    print("Installing Chromium from the system's packages.", flush=True)
    if run([*APT, "update"], APT_SECONDS):
        run([*APT, "install", "--no-install-recommends", "chromium"], APT_SECONDS)


def get_from_playwright() -> None:
    print("Installing Playwright's own Chromium.", flush=True)
    run([sys.executable, "-m", "playwright", "install", "chromium"], APT_SECONDS)


def run(command: list[str], seconds: int) -> bool:
    """Whether the command did its work; its words are shown only when it did not."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, env=quiet, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds
        )
    except (OSError, subprocess.TimeoutExpired) as trouble:
        print(trouble, file=sys.stderr, flush=True)
        return False
    if done.returncode != 0:
        print(done.stdout.decode(errors="replace")[-2000:], file=sys.stderr)
        print(done.stderr.decode(errors="replace")[-2000:], file=sys.stderr, flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    main()
