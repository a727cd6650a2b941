"""Writes THIRD_PARTY_LICENCES.md: every part that an installation is made of, and its licence.

What pip installs is read from `requirements.lock` and the optional parts of `pyproject.toml`, with
the licence each package states and the text it carries; what the page brings along is read from
`web/vendor/README.md` and `web/fonts/README.md`. A licence that is not in `ACCEPTED` ends this with
the package's name: somebody has to read it first. Run after `make lock`; a house test compares.
"""

from __future__ import annotations

import importlib.metadata
import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "THIRD_PARTY_LICENCES.md"
WEB = ROOT / "src" / "ttrpg_assistant" / "web"

ACCEPTED = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "HPND", "ISC", "MIT", "MIT-0",
    "MIT-CMU", "MPL-1.1", "MPL-2.0", "OFL-1.1", "PSF-2.0", "Unlicense", "Zlib",
    "LicenseRef-Public-Domain",
}  # fmt: skip
"""May be used, changed and given on beside MIT; MPL-2.0 asks that changes to its own files are
shown, and we change none. Nothing here asks the same of the whole."""

SPELLED = {
    "aiohappyeyeballs": "PSF-2.0",
    "backports-tarfile": "MIT",
    "cairocffi": "BSD-3-Clause",
    "colorama": "BSD-3-Clause",
    "cssselect2": "BSD-3-Clause",
    "defusedxml": "PSF-2.0",
    "editables": "MIT",
    "h11": "MIT",
    "httpx2-jsfetch": "BSD-3-Clause",
    "jaraco-classes": "MIT",
    "markdown-it-py": "MIT",
    "mdurl": "MIT",
    "odfpy": "Apache-2.0 OR GPL-2.0-or-later OR LGPL-2.1-or-later",
    "pathspec": "MPL-2.0",
    "pluggy": "MIT",
    "pyahocorasick": "BSD-3-Clause AND LicenseRef-Public-Domain",
    "pywin32": "PSF-2.0",
    "pywin32-ctypes": "BSD-3-Clause",
    "pydyf": "BSD-3-Clause",
    "pyphen": "GPL-2.0-or-later OR LGPL-2.1-or-later OR MPL-1.1",
    "rich": "MIT",
    "safetensors": "Apache-2.0",
    "shellingham": "ISC",
    "tinycss2": "BSD-3-Clause",
    "tinyhtml5": "MIT",
    "tokenizers": "Apache-2.0",
    "trove-classifiers": "Apache-2.0",
    "weasyprint": "BSD-3-Clause",
    "webencodings": "BSD-3-Clause",
    "uvloop": "MIT OR Apache-2.0",
}
"""Packages that state their licence in words, or are installed on other systems only: read and
spelled here once."""

BUILD_ONLY = {"editables", "hatchling", "pathspec", "pluggy", "trove-classifiers"}
"""In the lock file, for building; no installation has them."""

LONGEST_TEXT = 20_000


@dataclass(frozen=True)
class Part:
    """One package. `text` is its licence, when it is installed here."""

    name: str
    version: str
    licence: str
    text: str


def main() -> int:
    parts = [*read_python_parts(), *read_page_parts()]
    unknown = [one for one in parts if not is_accepted(one.licence)]
    for one in unknown:
        print(f"{one.name} {one.version}: read and decide on its licence: {one.licence!r}")
    if unknown:
        return 1
    OUTPUT.write_text(spell(parts), encoding="utf-8")
    print(f"{len(parts)} parts in {OUTPUT.name}")
    return 0


def is_accepted(licence: str) -> bool:
    """Whether every licence of an expression may be used; of `A OR B` one is enough."""
    if not licence:
        return False
    choices = re.split(r"\s+OR\s+", licence.replace("(", "").replace(")", ""))
    return any(all(one in ACCEPTED for one in re.split(r"\s+AND\s+", c)) for c in choices)


def read_pins() -> dict[str, str]:
    """What an installation with nothing optional holds: names and versions."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = dict(re.findall(r"^([\w.-]+)==([\w.+!-]+)", text, re.MULTILINE))
    return {name: version for name, version in pins.items() if name not in BUILD_ONLY}


def read_optional_pins() -> dict[str, str]:
    """What the optional parts bring along here, at the versions the tests run with."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    pins = dict(re.findall(r"^([\w.-]+)==([\w.+!-]+)", text, re.MULTILINE))
    meaning = WEB.parent / "search" / "meaning" / "requirements.txt"
    pins |= dict(
        re.findall(r"^([\w.-]+)==([\w.+!-]+)", meaning.read_text(encoding="utf-8"), re.MULTILINE)
    )
    wanted = [one for part in project["optional-dependencies"].values() for one in part]
    names: dict[str, None] = {}
    left = [Requirement(one).name for one in wanted]
    while left:
        name = re.sub(r"[-_.]+", "-", left.pop()).lower()
        if name in pins and name not in names:
            names[name] = None
            left += list_needs(name)
    return {name: pins[name] for name in names}


def list_needs(name: str) -> list[str]:
    """What an installed package wants on this system; nothing where it is not installed."""
    try:
        found = [Requirement(one) for one in importlib.metadata.requires(name) or ()]
    except importlib.metadata.PackageNotFoundError:
        return []
    return [one.name for one in found if one.marker is None or one.marker.evaluate({"extra": ""})]


def read_python_parts() -> list[Part]:
    parts = []
    for name, version in {**read_pins(), **read_optional_pins()}.items():
        try:
            found = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            parts.append(Part(name, version, SPELLED.get(name, ""), ""))
            continue
        licence = SPELLED.get(name) or found.metadata.get("License-Expression") or ""
        if not licence and (found.metadata.get("License") or "") in ACCEPTED:
            licence = found.metadata["License"]
        files = [
            file
            for file in found.files or ()
            if re.search(r"(licen[cs]e|copying|notice)[\w.-]*$", file.name, re.IGNORECASE)
            and ".dist-info" in str(file)
        ]
        texts = [file.read_text(encoding="utf-8").strip() for file in files]
        parts.append(Part(name, version, licence, "\n\n".join(texts)[:LONGEST_TEXT]))
    return parts


def read_page_parts() -> list[Part]:
    """The libraries, icons and fonts of the page, each once."""
    parts: dict[str, Part] = {}
    for folder in (WEB / "vendor", WEB / "fonts"):
        rows = [
            [cell.strip() for cell in line.strip("|").split("|")]
            for line in (folder / "README.md").read_text(encoding="utf-8").splitlines()
            if re.search(r"\| [0-9a-f]{64} \|$", line)
        ]
        for file, name, version, licence, _ in rows:
            is_text = "licence" in file.lower()
            text = (folder / file).read_text(encoding="utf-8").strip() if is_text else ""
            before = parts.get(name)
            parts[name] = Part(name, version, licence, text or (before.text if before else ""))
    return list(parts.values())


def spell(parts: list[Part]) -> str:
    ordered = sorted(parts, key=lambda one: one.name.lower())
    lines = [
        "# Licences of the parts",
        "",
        "TTRPG Assistant is MIT licensed (LICENSE). This is what else an installation is made of:",
        "Python packages, optional ones too, and what the page brings along. Written by",
        "`scripts/write_licences.py`, which accepts no licence that nobody has read.",
        "",
        "| part | version | licence |",
        "|---|---|---|",
        *(f"| {one.name} | {one.version} | {one.licence} |" for one in ordered),
    ]
    for one in ordered:
        if one.text:
            lines += ["", f"## {one.name}", "", "```", one.text.replace("```", "'''"), "```"]
    return "\n".join(line.rstrip() for line in "\n".join(lines).splitlines()) + "\n"


if __name__ == "__main__":
    sys.exit(main())
