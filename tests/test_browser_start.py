"""The default start, as another user of the machine sees it: no way in, anywhere."""

from __future__ import annotations

import os
import re
import select
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2
import pytest

from ttrpg_assistant.browser_start import StartPage

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

PATIENCE = 60.0

BROWSER = """#!{python}
import sys, time
open({seen!r}, "w").write("\\n".join(sys.argv[1:]) + "\\n")
time.sleep(60)
"""
"""Says what it was asked to open, and goes on running, as a browser does."""

STRANGER = """
import os, sys
folder, *parts = sys.argv[1:]
wanted = "".join(parts)
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
found = []
for number in filter(str.isdigit, os.listdir("/proc")):
    for name in ("cmdline", "environ"):
        try:
            if wanted.encode() in open(f"/proc/{number}/{name}", "rb").read():
                found.append(f"{number}/{name}")
        except OSError:
            pass
for place, folders, files in os.walk(folder):
    for name in files:
        try:
            open(os.path.join(place, name), "rb")
            found.append(name)
        except OSError:
            pass
print(found)
"""
"""Looks as the user nobody for a token in processes, and for files it can read in a folder."""


@contextmanager
def started(folder: Path, browser: Path) -> Iterator[subprocess.Popen[str]]:
    """The application as a person starts it, with this program as the browser."""
    kept = {k: v for k, v in os.environ.items() if k in {"PATH", "PYTHONPATH", "TMPDIR"}}
    environ = kept | {
        "HOME": str(folder),
        "DISPLAY": ":99",
        "BROWSER": str(browser),
        "TTRPG_DATA_DIR": str(folder / "data"),
        "TTRPG_LOG": "json",
        "OLLAMA_HOST": "http://127.0.0.1:9",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "ttrpg_assistant", "--port", "0"],
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    timer = threading.Timer(PATIENCE, lambda: os.killpg(process.pid, signal.SIGKILL))
    timer.start()
    try:
        yield process
    finally:
        timer.cancel()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # The browser too.
        process.communicate()


def look_as_a_stranger(folder: Path, wanted: str) -> str:
    """What another user finds. `wanted` is put together there: it must not find itself."""
    half = len(wanted) // 2
    done = subprocess.run(
        [sys.executable, "-c", STRANGER, str(folder), wanted[:half], wanted[half:]],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    return done.stdout.strip()


def read_within(pipe: Path) -> str:
    """What comes through a named pipe; fails rather than waiting for ever."""
    handle = os.open(pipe, os.O_RDWR)  # Opening it for reading alone would wait for a writer.
    try:
        assert select.select([handle], [], [], PATIENCE)[0], "the browser was not opened"
        return os.read(handle, 65536).decode().strip()
    finally:
        os.close(handle)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs another user")
def test_the_default_start_shows_another_user_no_way_in(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents):
        if folder.owner() == "root" and str(folder).startswith("/tmp/"):
            folder.chmod(0o755)  # Only the data folder itself is to keep the stranger out.
    seen = tmp_path / "seen"
    os.mkfifo(seen)
    browser = tmp_path / "browser"
    browser.write_text(BROWSER.format(python=sys.executable, seen=str(seen)))
    browser.chmod(0o755)
    with started(tmp_path, browser) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        match = re.fullmatch(r"Listening on (http://127\.0\.0\.1:\d+)/\?token=(\S+)\n", line)
        assert match is not None, line
        address, token = match.groups()
        opened = read_within(seen)
        page = Path(opened.removeprefix("file://"))
        assert opened.startswith("file:///") and page.parent == tmp_path / "data" / "start"
        code = re.findall(r'url=http://127\.0\.0\.1:\d+/\?token=([\w-]+)"', page.read_text())[0]
        assert code != token and token not in page.read_text()
        assert stat.S_IMODE(page.stat().st_mode) == 0o600
        assert stat.S_IMODE(page.parent.stat().st_mode) == 0o700
        (tmp_path / "data").chmod(0o755)  # Even then nothing in it can be read.
        for secret in (token, code):
            assert look_as_a_stranger(tmp_path / "data", secret) == "[]"
        with httpx2.Client(base_url=address, timeout=PATIENCE) as client:
            assert client.get(f"/?token={code}").status_code == 200
            given = client.post("/api/access", json={"token": code}).json()["credential"]
            assert not page.exists(), "the page is gone once it was used"
            assert client.post("/api/access", json={"token": code}).status_code == 403
            bearer = {"Authorization": f"Bearer {given}"}
            assert client.get("/api/models", headers=bearer).status_code == 200
        assert look_as_a_stranger(tmp_path / "data", given) == "[]"
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=PATIENCE)
        os.killpg(process.pid, signal.SIGKILL)  # The browser holds the pipe and would run on.
        rest, log = process.communicate(timeout=PATIENCE)
    for secret in (token, code, given):
        assert secret not in log and secret not in rest
    assert '"level"' in log, "for this test to mean anything"


def test_the_start_page_is_removed_and_left_ones_are_cleared_away(tmp_path: Path) -> None:
    left, fresh = tmp_path / "start" / "open-old.html", tmp_path / "start" / "open-new.html"
    left.parent.mkdir()
    for path in (left, fresh):
        path.write_text("of another server")
    os.utime(left, (0, 0))
    page = StartPage(tmp_path)
    asked: list[object] = []
    path = page.write("http://[::1]:1/", lambda on_used: str(asked.append(on_used) or "a&b"))
    assert "url=http://[::1]:1/?token=a%26b" in path.read_text()
    assert not left.exists() and fresh.exists()
    page.remove()
    page.remove()
    assert not path.exists() and asked == [page.remove]
