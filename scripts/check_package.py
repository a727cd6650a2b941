"""Installs what would be published in every way a user may, and says when the first page is there.

The wheel and the source archive are built, then installed into empty environments by pip, by
`uvx` and by pipx, each where it is on this machine. Each starts once with an empty data folder: how
long the installation took, and how long from the start to the first page, is printed. Run by
`make package-check`; packages come from wherever pip and uv are set up to take them.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120
PROGRAM = "ttrpg-assistant"


def main() -> int:
    with TemporaryDirectory() as made:
        folder = Path(made)
        run(sys.executable, "-m", "hatchling", "build", "-d", str(folder / "dist"))
        for built in sorted((folder / "dist").iterdir()):
            print(f"{built.name}: {built.stat().st_size / 1024**2:.1f} MB")
        [wheel] = (folder / "dist").glob("*.whl")
        [source] = (folder / "dist").glob("*.tar.gz")
        for label, archive in (("pip, wheel", wheel), ("pip, source archive", source)):
            place = folder / label.replace(", ", "-").replace(" ", "-")
            begun = time.perf_counter()
            run(sys.executable, "-m", "venv", str(place))
            pip = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet"]
            run(*pip, "--disable-pip-version-check", str(archive))
            check(label, begun, [str(place / "bin" / PROGRAM)], place / "data")
        if uvx := find("uvx"):
            begun = time.perf_counter()
            command = [uvx, "--from", str(wheel), PROGRAM]
            run(*command, "--version")
            check("uvx", begun, command, folder / "uvx-data")
        if pipx := find("pipx"):
            os.environ["PIPX_HOME"] = str(folder / "pipx")
            os.environ["PIPX_BIN_DIR"] = str(folder / "pipx-bin")
            begun = time.perf_counter()
            run(pipx, "install", "--python", sys.executable, str(wheel))
            check("pipx", begun, [str(folder / "pipx-bin" / PROGRAM)], folder / "pipx-data")
    return 0


def find(name: str) -> str | None:
    """The program, beside this Python or on the path."""
    found = shutil.which(name)
    if found is None:
        print(f"{name} is not installed here, so it was not tried")
    return found


def check(label: str, begun: float, command: list[str], data: Path) -> None:
    """Start it once with an empty folder; print the seconds."""
    installed = time.perf_counter() - begun
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environ = kept | {"TTRPG_DATA_DIR": str(data)}
    started = time.perf_counter()
    with subprocess.Popen(
        [*command, "--port", "0", "--no-browser"],
        env=environ,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            assert process.stdout is not None
            match = re.match(r"Listening on (http://\S+)", process.stdout.readline())
            if match is None:
                raise SystemExit(f"{label}: it did not start")
            with urllib.request.urlopen(match[1], timeout=PATIENCE) as page:
                assert b"TTRPG Assistant" in page.read()
            first = time.perf_counter() - started
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=PATIENCE)
        finally:
            process.kill()
    print(f"{label}: installed in {installed:.1f} s, first page {first:.1f} s after the start")


def run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        raise SystemExit(f"This failed: {' '.join(command)}")


if __name__ == "__main__":
    sys.exit(main())
