"""The parts of a note that its headings keep for the game master: "Secrets", "GM notes". Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ttrpg_assistant.imports.markdown_parts import Section, split_sections

SECRETS = frozenset(
    {"secret", "secrets", "gm secrets", "dm secrets", "hidden", "spoiler", "spoilers"}
    | {"geheimnis", "geheimnisse", "secreto", "secretos", "segreto", "segreti", "секрет", "секреты"}
)
NOTES = frozenset(
    f"{before}{who}{after}"
    for who in ("gm", "dm", "game master", "gamemaster", "dungeon master", "keeper", "sl", "mj")
    for before in ("", "for the ", "for ")
    for after in ("", " notes", " only", " info", " information", " eyes only")
)

_NO_LETTERS = re.compile(r"[\W_]+")
_BULLET = re.compile(r"[ \t]{0,3}(?:[-*+]|\d{1,3}[.)])[ \t]+(\S.*)")


@dataclass(frozen=True, slots=True)
class Parted:
    """A note in two: what anybody may be told of, as it is written, and what only the game master
    knows."""

    text: str
    secrets: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def part_hidden(text: str) -> Parted:
    """Take the sections out whose headings say that they are the game master's, with all that
    stands under them. A list in them is one secret a point."""
    if "#" not in text and "\n=" not in text and "\n-" not in text:
        return Parted(text)
    sections = split_sections(text)
    lines = text.split("\n")
    kept: list[str] = []
    secrets: list[str] = []
    notes: list[str] = []
    end = 0
    for number, one in enumerate(sections):
        if one.line < end or not one.level or not (is_secret := _find_kind(one)):
            continue
        kept += lines[end : one.line]
        end = next((s.line for s in sections[number + 1 :] if s.level <= one.level), len(lines))
        inside = "\n".join(lines[one.line : end]).partition("\n")[2].strip("\n")
        inside = re.sub(r"\A[=-]{2,}[ \t]*(?:\n|\Z)", "", inside).strip("\n")
        if is_secret == "secret":
            secrets += _split_points(inside)
        elif inside:
            notes.append(inside)
    if not end:
        return Parted(text)
    kept += lines[end:]
    return Parted("\n".join(kept).strip("\n"), tuple(secrets), tuple(notes))


def without_title(text: str, title: str) -> str:
    """The text without a first heading that only says the title again."""
    head, _, rest = text.lstrip("\n").partition("\n")
    says = head.lstrip("#").strip() if head.startswith("#") else None
    return rest.lstrip("\n") if says is not None and says.casefold() == title.casefold() else text


def _find_kind(section: Section) -> str:
    words = " ".join(_NO_LETTERS.sub(" ", section.title).casefold().split())
    return "secret" if words in SECRETS else "note" if words in NOTES else ""


def _split_points(text: str) -> list[str]:
    """One secret a point of a list; otherwise all of it is one."""
    lines = [line for line in text.split("\n") if line.strip()]
    points = [_BULLET.fullmatch(line) for line in lines]
    if points and all(points):
        return [point[1].strip() for point in points if point]
    return [text] if text.strip() else []
