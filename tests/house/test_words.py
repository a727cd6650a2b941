"""The tree speaks of the project alone, and holds nothing of the machine it was made on."""

from __future__ import annotations

import re
import tokenize
from pathlib import Path

from tests.house.source_tree import ROOT, list_files

TEXT = {"", ".py", ".md", ".js", ".css", ".html", ".toml", ".json", ".sh", ".lock", ".mako", ".txt"}

# Put together here so that this file passes its own test.
TOOLS = ["claude " + "code", "co" + "pilot", "chat" + "gpt wrote"]
TOOLS += [
    "co-authored" + "-by",
    "generated " + "with",
    "generated " + "by ai",
]
TOOLS += ["cursor " + "ide", "the " + "brief", "language model " + "session", "aider" + ".chat"]
REGISTRIES = ["pypi" + ".org", "python" + "hosted", "registry.npm" + "js", "npm" + "js.org"]
REGISTRIES += [
    "jfr" + "og",
    "art" + "ifactory",
    "crates" + ".io",
    "unpkg" + ".com",
    "jsdel" + "ivr",
]
MACHINE = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/Us" + "ers/", "C:" + "\\Users"]

WORDS = [word.lower() for word in TOOLS + REGISTRIES + MACHINE]
FORBIDDEN = re.compile("|".join(map(re.escape, WORDS)), re.IGNORECASE)
PACKAGES = "@" + "co" + "pilotkit/"
"""The scope of a package that is used; a name, and no word about how this was made."""
NUMBERED = re.compile(r"\bissue\s+#?\d+|\bPR\s+#?\d+|(?<![\w&;/])#\d{1,4}\b(?!\w)", re.IGNORECASE)


def test_no_word_is_about_how_or_where_this_was_made() -> None:
    wrong = []
    for path in list_files():
        if path.suffix not in TEXT or path.name == "package-lock.json":
            continue
        text = read_text(path).replace(PACKAGES, "")
        # Almost every file is done with as a whole.
        lowered = text.lower()
        lines = text.splitlines() if any(word in lowered for word in WORDS) else []
        for number, line in enumerate(lines, 1):
            if found := FORBIDDEN.search(line):
                wrong.append(f"{path.relative_to(ROOT)}:{number}: {found.group()}")
    assert not wrong, "Say what the project does, not what made it or where:\n" + "\n".join(wrong)


def test_documents_and_comments_stand_without_a_tracker() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in list_files()
        if path.suffix in {".md", ".py"} and NUMBERED.search(read_text(path))
        for number, line in list_sentences(path)
        if NUMBERED.search(line)
    ]
    assert not wrong, "Give the reason itself; a number leads nowhere in a clone:\n" + "\n".join(
        wrong
    )


def read_text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def list_sentences(path: Path) -> list[tuple[int, str]]:
    """Lines of a document, comments of a program: what people write for people."""
    if path.suffix == ".md":
        return list(enumerate(read_text(path).splitlines(), 1))
    with path.open("rb") as file:
        return [
            (token.start[0], token.string.removeprefix("#"))
            for token in tokenize.tokenize(file.readline)
            if token.type == tokenize.COMMENT
        ]
