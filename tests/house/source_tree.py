"""The tree as the house tests see it: files, their rooms, their imports."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "src" / "ttrpg_assistant"
NAME = "ttrpg_assistant"


@dataclass(frozen=True)
class Module:
    """A Python file of the package. `room` is its first folder, or its own name at the top."""

    path: Path
    tree: ast.Module

    @property
    def room(self) -> str:
        return self.path.relative_to(PACKAGE).parts[0].removesuffix(".py")

    @property
    def dotted(self) -> str:
        """Its name in an import."""
        parts = self.path.relative_to(PACKAGE.parent).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def place(self) -> str:
        return str(self.path.relative_to(ROOT))

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the syntax tree, walked once for all tests."""
        return tuple(ast.walk(self.tree))

    @property
    def is_store(self) -> bool:
        """Whether SQL is allowed here."""
        parts = self.path.relative_to(PACKAGE).parts
        return (
            parts[0] == "storage"
            or self.path.name in {"store.py", "tables.py"}
            or any(part in {"store", "tables"} for part in parts[:-1])
        )

    def list_imports(self) -> Iterator[tuple[int, str, str | None]]:
        """Line, module and name of each import; the name is None for `import module`."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield node.lineno, alias.name, None
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.place}:{node.lineno}: imports are absolute here"
                for alias in node.names:
                    yield node.lineno, node.module or "", alias.name


@cache
def list_modules() -> tuple[Module, ...]:
    """Every Python file of the package."""
    return tuple(
        Module(path, ast.parse(path.read_text(encoding="utf-8"), str(path)))
        for path in sorted(PACKAGE.rglob("*.py"))
    )


@cache
def list_files() -> tuple[Path, ...]:
    """Every file that is, or would be, under version control; vendored ones left out."""
    answer = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    paths = (ROOT / name for name in answer.stdout.split("\0") if name)
    return tuple(p for p in paths if p.is_file() and "vendor" not in p.relative_to(ROOT).parts)


@cache
def list_tests() -> frozenset[str]:
    """The name of every test there is."""
    return frozenset(
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^(?:async )?def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    )


def count_lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())
