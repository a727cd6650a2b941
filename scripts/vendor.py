"""Fetches the page's libraries, fonts and icons, unmodified, and records where each came from.

    python scripts/vendor.py           fetch through `npm pack`, verify, copy, write the records
    python scripts/vendor.py --check   compare the files in the tree with the records, offline

The page has no build: the browser loads these files as they are. Each package is pinned to a
version and to the digest of its archive, so a changed archive stops the script.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

WEB = Path(__file__).resolve().parent.parent / "src" / "ttrpg_assistant" / "web"
ICONS = """
archive arrow-down arrow-left ban book-open bot box check chevron-left chevron-right
circle-alert circle-check circle-dashed circle-help circle-stop clock command copy cpu database
dices download ellipsis external-link eye-off feather flag flame history key-round keyboard link
list loader-circle map map-pin menu message-square message-square-plus messages-square minus
moon notebook-pen package palette paw-print pencil play plus refresh-cw rotate-ccw save scissors
scroll scroll-text search send settings sparkles square star sun swords text-cursor-input
theater trash-2 triangle-alert undo-2 unlink upload user users users-round x
"""


@dataclass(frozen=True)
class Package:
    """One pinned package and the files taken from it: (path in the archive, path under web/)."""

    name: str
    version: str
    licence: str
    sha512: str
    files: tuple[tuple[str, str], ...]


def fonts(family: str, styles: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The Latin and extended Latin files of a family, and its licence."""
    names = [
        f"{family}-{part}-wght-{style}.woff2" for part in ("latin", "latin-ext") for style in styles
    ]
    return (
        *((f"files/{name}", f"fonts/{name}") for name in names),
        ("LICENSE", f"fonts/{family}.LICENCE"),
    )


PACKAGES = (
    Package(
        "preact",
        "11.2.0",
        "MIT",
        "/HfHI/7N84e6GrWBJ3J280z3mLaRJiDcSvj/A+y/4AbLnND/1UlGHe1sR6oYuTGwId0nP7dqDU9OnLxMPZ7xBg==",
        (
            ("dist/preact.mjs", "vendor/preact.mjs"),
            ("hooks/dist/hooks.mjs", "vendor/hooks.mjs"),
            ("LICENSE", "vendor/licences/preact"),
        ),
    ),
    Package(
        "@preact/signals",
        "2.11.4",
        "MIT",
        "Rb+5RPo9gWSaHtzJeauhHxiC8KP/IF2DEPkHPEOGOnuy2wnJzRqyeLRankUCYd6ADqtxS6GnWGv6Ie343d8aYw==",
        (
            ("dist/signals.module.js", "vendor/signals.module.js"),
            ("LICENSE", "vendor/licences/signals"),
        ),
    ),
    Package(
        "@preact/signals-core",
        "1.14.5",
        "MIT",
        "vcRv7Ityz5JVmeiVqIluLFzT/PDS/AlhHUpw3/aUWqcVUs6bDGIPXE/6RSC4evBNWYvnniozg5Syfj33al3gkg==",
        (
            ("dist/signals-core.module.js", "vendor/signals-core.module.js"),
            ("LICENSE", "vendor/licences/signals-core"),
        ),
    ),
    Package(
        "htm",
        "3.1.1",
        "Apache-2.0",
        "983Vyg8NwUE7JkZ6NmOqpCZ+sh1bKv2iYTlUkzlWmA5JD2acKoxd4KVxbMmxX/85mtfdnDmTFoNKcg5DGAvxNQ==",
        (
            ("dist/htm.module.js", "vendor/htm.module.js"),
            ("LICENSE", "vendor/licences/htm"),
        ),
    ),
    Package(
        "markdown-it",
        "15.0.3",
        "MIT",
        "+Az7Ojz3iRGu8KYMvJ6xVhvrxP3eE+vEtJX75Ow88XBpcQNV/0lGX5ZynIIBftREo4DC2jsveAMDaeltmm8QvQ==",
        (
            ("dist/browser/markdown-it.esm.min.mjs", "vendor/markdown-it.esm.min.mjs"),
            ("LICENSE", "vendor/licences/markdown-it"),
        ),
    ),
    Package(
        "dompurify",
        "3.4.18",
        "MPL-2.0 OR Apache-2.0",
        "ofe3wI/uNm68HInABYFJYqQxRw1EaKAjNdrFVKqjUY+UZurvNd2L/HuQe097s/4RivWiZyP6tT7aoT8atjfhwg==",
        (
            ("dist/purify.es.mjs", "vendor/purify.es.mjs"),
            ("LICENSE", "vendor/licences/dompurify"),
        ),
    ),
    Package(
        "idb",
        "8.0.4",
        "ISC",
        "jd0ITCrN+Zah4J7R/Z2jnR3W7A4BXDAjmo62MwWuSjxCiueUAf7X5rbodEdidWzeknwXHmLpdZkoiiCppNi30Q==",
        (
            ("build/index.js", "vendor/idb.js"),
            ("LICENSE", "vendor/licences/idb"),
        ),
    ),
    Package(
        "d3-force",
        "3.0.1",
        "ISC",
        "kAaaHLFebBYwgi5cYBXAI8vKrQFMCD2MEswj2QuPKKbdU1wYLc8WXtS7O8F/b6POCIe3gJjY6hkDstHi1yMETQ==",
        (
            ("dist/d3-force.min.mjs", "vendor/d3-force.min.mjs"),
            ("LICENSE", "vendor/licences/d3-force"),
        ),
    ),
    Package(
        "d3-quadtree",
        "3.0.2",
        "ISC",
        "9Lu9mqJKRbIk0d6mKDjpvPURaPdwHVK5CYbcdd0/4vBgz4ldz/7TIOse3kNERsByGNfld58KEco507AztJWyTQ==",
        (
            ("dist/d3-quadtree.min.mjs", "vendor/d3-quadtree.min.mjs"),
            ("LICENSE", "vendor/licences/d3-quadtree"),
        ),
    ),
    Package(
        "d3-dispatch",
        "3.0.2",
        "ISC",
        "sAzH4Y4nsLo8eSqw5jKiZt+LU2wZmL/qS+OkxQGjhwazB/D7TY34R/QK1eshfGr7cZEKymKZ/Haem7m+lu98Sg==",
        (
            ("dist/d3-dispatch.min.mjs", "vendor/d3-dispatch.min.mjs"),
            ("LICENSE", "vendor/licences/d3-dispatch"),
        ),
    ),
    Package(
        "d3-timer",
        "3.0.2",
        "ISC",
        "1Il1aliroVSErrv5aulRBxAY+7+DnaoLIWGd1C6SsBTWDeobWiP/V69vwb8vT6abR1kKwaNe1196pmaQ1fK90A==",
        (
            ("dist/d3-timer.min.mjs", "vendor/d3-timer.min.mjs"),
            ("LICENSE", "vendor/licences/d3-timer"),
        ),
    ),
    Package(
        "lucide-static",
        "1.62.0",
        "ISC",
        "WBZA/m2PvkFpMGHDtsBck5P2A9G4ehLlYu4GwwICcmEm1BvYVgj00lCDxKRWLlbMlOibLaiwdQ88G5pHkSWgwA==",
        (
            *((f"icons/{icon}.svg", f"vendor/lucide/{icon}.svg") for icon in ICONS.split()),
            ("LICENSE", "vendor/licences/lucide"),
        ),
    ),
    Package(
        "@fontsource-variable/atkinson-hyperlegible-next",
        "5.3.0",
        "OFL-1.1",
        "UnLzNUy1RWoLDfydAatP4NaRm99X/WbQEph7q/PymJnCFIOOwKOx3pBmp5ys8trO0dM+CKGuJgeZP9fAR4mQpA==",
        fonts("atkinson-hyperlegible-next", ("normal", "italic")),
    ),
    Package(
        "@fontsource-variable/literata",
        "5.3.0",
        "OFL-1.1",
        "1Jw7xvOcoGyB83lxB2nG4bfNbqtX2/TTbdh9sHAOmU064SvmSdulDtA5RBu5JYWf64fdaKX7xU+z3GO1T2bCHA==",
        fonts("literata", ("normal", "italic")),
    ),
    Package(
        "@fontsource-variable/atkinson-hyperlegible-mono",
        "5.3.0",
        "OFL-1.1",
        "0IbthhO18EEpLe69h+cmrsxCkl4yk80gMk+fAN3+9M5zQvoR1JlkzoJRR6U9/UXLYpVBGEXu+Md2LO8TIp30dw==",
        fonts("atkinson-hyperlegible-mono", ("normal",)),
    ),
)


def main() -> int:
    """Fetch, or with `--check` verify; 0 when every file is what the records say."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--check", action="store_true", help="verify the files in the tree, offline"
    )
    if parser.parse_args().check:
        return check()
    for package in PACKAGES:
        fetch(package)
    record("vendor", "Vendored libraries and icons")
    record("fonts", "Vendored fonts")
    draw_icons()
    return check()


def fetch(package: Package) -> None:
    """Pack one package, verify the archive's digest, copy the chosen files."""
    with tempfile.TemporaryDirectory() as folder:
        spec = f"{package.name}@{package.version}"
        subprocess.run(
            ["npm", "pack", "--silent", spec], cwd=folder, check=True, capture_output=True
        )
        archive = next(Path(folder).glob("*.tgz"))
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if digest != package.sha512:
            raise SystemExit(f"{spec}: the archive's sha512 is {digest}, not the pinned one.")
        with tarfile.open(archive) as tar:
            for source, target in package.files:
                member = tar.extractfile(f"package/{source}")
                if member is None:
                    raise SystemExit(f"{spec}: there is no {source}.")
                path = WEB / target
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(member.read())
    print(f"{spec}: {len(package.files)} files")


def record(folder: str, title: str) -> None:
    """Write the folder's README: package, version, licence and sha256 of every file."""
    lines = [
        f"# {title}",
        "",
        "Unmodified; written by `scripts/vendor.py`, verified by its `--check`.",
        "",
    ]
    lines += ["| file | package | version | licence | sha256 |", "|---|---|---|---|---|"]
    for package in PACKAGES:
        for _, target in package.files:
            if target.startswith(f"{folder}/"):
                name = target.removeprefix(f"{folder}/")
                lines.append(
                    f"| {name} | {package.name} | {package.version} | {package.licence} "
                    f"| {sha256(WEB / target)} |"
                )
    (WEB / folder / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def draw_icons() -> None:
    """Write the icons as one style sheet: they must be there also when the server is not."""
    lines = [
        "/* The vendored icons, drawn in the colour of the text; written by scripts/vendor.py. */",
        "/* In the sheet itself, so signs of trouble show when nothing can be fetched. */",
    ]
    for icon in sorted(ICONS.split()):
        svg = (WEB / "vendor" / "lucide" / f"{icon}.svg").read_text(encoding="utf-8")
        flat = " ".join(re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL).split())
        lines.append(
            f'.icon--{icon} {{ --icon: url("data:image/svg+xml,{quote(flat, safe=" =:/,")}"); }}'
        )
    path = WEB / "styles" / "icons.css"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def check() -> int:
    """Compare every vendored file with its record; say what differs."""
    wrong: list[str] = []
    for folder in ("vendor", "fonts"):
        known = {"README.md"}
        for line in (WEB / folder / "README.md").read_text(encoding="utf-8").splitlines():
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if len(cells) == 5 and len(cells[4]) == 64:
                known.add(cells[0])
                path = WEB / folder / cells[0]
                if not path.is_file() or sha256(path) != cells[4]:
                    wrong.append(f"{folder}/{cells[0]} is missing or changed")
        here = {str(p.relative_to(WEB / folder)) for p in (WEB / folder).rglob("*") if p.is_file()}
        wrong += [f"{folder}/{name} has no record" for name in sorted(here - known)]
    print("\n".join(wrong) or "Every vendored file is as recorded.")
    return 1 if wrong else 0


def sha256(path: Path) -> str:
    """The file's digest as hexadecimal text."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
