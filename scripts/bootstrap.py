"""Makes `.venv` hold exactly what the lock files say. Standard library only.

    python3 scripts/bootstrap.py [run|dev]

`run` is what the application needs, `dev` adds what tests and checks need. A stamp
beside the packages remembers what was installed, so a second start only hashes a few
files. Nothing is installed whose hash is not in a lock file.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCKS = {"run": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}


def main(kind: str) -> None:
    if is_ready(kind):
        return
    if VENV.exists() and not is_usable() and sys.prefix != sys.base_prefix:
        # This interpreter lives in the folder that has to go: start again from outside it.
        os.execv(sys._base_executable, [sys._base_executable, __file__, kind])  # type: ignore[attr-defined]
    with one_at_a_time():
        if is_ready(kind):
            return
        if not is_usable():
            create_environment()
        install(kind)


def is_ready(kind: str) -> bool:
    """Whether the environment already holds what is asked; `dev` holds all of `run`."""
    kinds = ["dev"] if kind == "dev" else ["run", "dev"]
    return PYTHON.exists() and any(read_text(stamp_of(k)) == digest_of(k) for k in kinds)


def is_usable() -> bool:
    """Whether the environment is ours to go on with: it runs, and was not moved here."""
    if not PYTHON.exists():
        return False
    home = read_text(VENV / ".place") or str(VENV)
    probe = [str(PYTHON), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    return home == str(VENV) and subprocess.run(probe, check=False).returncode == 0


def create_environment() -> None:
    """A fresh `.venv`, also where the `ensurepip` module is not installed (Debian)."""
    say(f"Making an environment in {VENV.name}/ with Python {sys.version.split()[0]}.")
    shutil.rmtree(VENV, ignore_errors=True)
    with_pip = [sys.executable, "-m", "venv", str(VENV)]
    if subprocess.run(with_pip, check=False, capture_output=True).returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        without_pip = [sys.executable, "-m", "venv", "--without-pip", str(VENV)]
        if subprocess.run(without_pip, check=False, capture_output=True).returncode != 0:
            shutil.rmtree(VENV, ignore_errors=True)
            run([sys.executable, "-m", "virtualenv", "--quiet", str(VENV)], NO_ENVIRONMENT)
    (VENV / ".place").write_text(str(VENV), encoding="utf-8")


def install(kind: str) -> None:
    lock = LOCKS[kind]
    count = sum(line[:1].isalnum() for line in lock.read_text(encoding="utf-8").splitlines())
    say(f"Installing {count} pinned packages from {lock.name}. This happens once.")
    pip = find_pip()
    for stamp in map(stamp_of, LOCKS):
        stamp.unlink(missing_ok=True)
    run([*pip, "install", "--require-hashes", "--requirement", str(lock)], NO_PACKAGES)
    run(
        [*pip, "install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)],
        NO_PACKAGES,
    )
    stamp_of(kind).write_text(digest_of(kind), encoding="utf-8")


def find_pip() -> list[str]:
    """The environment's own pip, or this interpreter's working on the environment."""
    options = ["--disable-pip-version-check", "--no-input", "--quiet"]
    for pip in ([str(PYTHON), "-m", "pip"], [sys.executable, "-m", "pip", "--python", str(PYTHON)]):
        if subprocess.run([*pip, "--version"], check=False, capture_output=True).returncode == 0:
            return [*pip, *options]
    fail(NO_ENVIRONMENT)


def digest_of(kind: str) -> str:
    """What the environment must have been made from: place, Python, project, locks."""
    digest = hashlib.sha256(f"{VENV}\n".encode())
    digest.update((read_text(VENV / "pyvenv.cfg") or "").encode())
    for path in (ROOT / "pyproject.toml", LOCKS["run"], LOCKS[kind]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def stamp_of(kind: str) -> Path:
    return VENV / f".installed-{kind}"


def read_text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return None


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two first starts at once take turns, where the system can lock a file."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def run(command: list[str], sentence: str) -> None:
    if subprocess.run(command, check=False, stdin=subprocess.DEVNULL, cwd=ROOT).returncode != 0:
        fail(sentence)


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def fail(sentence: str) -> NoReturn:
    say(sentence)
    sys.exit(1)


NO_ENVIRONMENT = (
    "This Python can make no environment with pip in it. Install pip for it "
    "(on Debian and Ubuntu: apt-get install python3-pip python3-venv) and try again."
)
NO_PACKAGES = (
    "The packages could not be installed; pip's own words are above. "
    "Check the network, then run the same command again: it goes on where it stopped."
)

if __name__ == "__main__":
    chosen = sys.argv[1] if len(sys.argv) > 1 else "run"
    if chosen not in LOCKS:
        fail("usage: bootstrap.py [run|dev]")
    main(chosen)
