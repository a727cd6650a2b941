"""The parts of a note that are the game master's by what stands over them: "Secrets", "GM notes".
Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ttrpg_assistant.imports.markdown_parts import split_sections

SECRETS = frozenset(
    {"secret", "secrets", "hidden", "spoiler", "spoilers"}
    | {"geheimnis", "geheimnisse", "secreto", "secretos", "segreto", "segreti", "секрет", "секреты"}
)
"""A heading that begins with one of these is of secrets."""

GAME_MASTERS = frozenset({"gm", "dm", "gms", "dms", "gamemaster"})
_TWO_WORDS = ("game master", "dungeon master")
"""A heading that names one of these is for them. Too much kept from players does less harm than
too little: nothing is lost, and the game master sees it."""

_KEEPERS = frozenset({"keeper", "keepers", "storyteller", "storytellers"})
_FOR_THEM = frozenset({"notes", "note", "only", "info", "information", "eyes"})
"""A keeper may be anybody in the story, and the GM speaks in notes of an evening: with one of these
it is a part for them."""
_PLAIN = frozenset({"notes", "note", "only", "info", "information", "eyes", "for", "the", "s"})
_PLAIN |= frozenset({"game", "dungeon", "master", "what", "knows"})
_NO_LETTERS = re.compile(r"[\W_]+")
_LABEL = re.compile(r"[ \t]{0,3}(\*\*|__)([^*_\n]{1,60})\1[ \t]*:?[ \t]*(.*)")
"""A line that begins with words in bold, as notes without headings have them."""
_BULLET = re.compile(r"[ \t]{0,3}(?:[-*+]|\d{1,3}[.)])[ \t]+(\S.*)")


@dataclass(frozen=True, slots=True)
class Parted:
    """A note in two: what anybody may know, as it is written, and what only the game master
    knows."""

    text: str
    secrets: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def part_hidden(text: str) -> Parted:
    """Take out what headings, or words in bold at the beginning of a line, say is the game
    master's: with a heading all that stands under it, with words in bold their paragraph or list.
    A list is one secret a point."""
    parted = _part_sections(text)
    open_text, secrets, notes = _part_labels(parted.text)
    if not (parted.secrets or parted.notes or secrets or notes):
        return Parted(text)
    return Parted(open_text.strip("\n"), (*parted.secrets, *secrets), (*parted.notes, *notes))


def _part_sections(text: str) -> Parted:
    if "#" not in text and "\n=" not in text and "\n-" not in text:
        return Parted(text)
    sections = split_sections(text)
    lines = text.split("\n")
    kept: list[str] = []
    secrets: list[str] = []
    notes: list[str] = []
    end = at = 0
    while at < len(sections):
        one = sections[at]
        at += 1
        if not one.level or not (kind := _find_kind(one.title)):
            continue
        while at < len(sections) and sections[at].level > one.level:
            at += 1
        kept += lines[end : one.line]
        end = sections[at].line if at < len(sections) else len(lines)
        inside = "\n".join(lines[one.line : end]).partition("\n")[2].strip("\n")
        inside = re.sub(r"\A[=-]{2,}[ \t]*(?:\n|\Z)", "", inside).strip("\n")
        _add(kind, one.title, inside, secrets, notes)
    if not end:
        return Parted(text)
    kept += lines[end:]
    return Parted("\n".join(kept).strip("\n"), tuple(secrets), tuple(notes))


def _part_labels(text: str) -> tuple[str, list[str], list[str]]:
    secrets: list[str] = []
    notes: list[str] = []
    if "**" not in text and "__" not in text:
        return text, secrets, notes
    lines = text.split("\n")
    kept: list[str] = []
    is_code = False
    at = 0
    while at < len(lines):
        is_code ^= lines[at].lstrip().startswith(("```", "~~~"))
        label = None if is_code else _LABEL.fullmatch(lines[at])
        kind = _find_kind(label[2].rstrip(" :"), in_bold=True) if label else ""
        if label is None or not kind:
            kept.append(lines[at])
            at += 1
            continue
        start = at + 1
        if not label[3].strip() and start < len(lines) and not lines[start].strip():
            start += 1  # its list stands apart
        end = start
        while end < len(lines) and lines[end].strip() and not lines[end].lstrip().startswith("#"):
            end += 1
        inside = "\n".join([*filter(None, [label[3].strip()]), *lines[start:end]])
        _add(kind, label[2].rstrip(" :"), inside, secrets, notes)
        at = end
    return "\n".join(kept), secrets, notes


def _add(kind: str, title: str, inside: str, secrets: list[str], notes: list[str]) -> None:
    """What was taken out, with its title where that says more than whose it is."""
    words = _fold(title).split()
    is_plain = all(word in SECRETS | GAME_MASTERS | _KEEPERS | _PLAIN for word in words)
    if kind == "note":
        notes += [inside if is_plain else f"{title}: {inside}"] if inside else []
    elif is_plain:
        secrets += _split_points(inside)
    else:
        secrets.append(f"{title}: {inside}" if inside else title)


def without_title(text: str, title: str) -> str:
    """The text without a first heading that only says the title again."""
    head, _, rest = text.lstrip("\n").partition("\n")
    says = head.lstrip("#").strip() if head.startswith("#") else None
    return rest.lstrip("\n") if says is not None and says.casefold() == title.casefold() else text


def _find_kind(title: str, *, in_bold: bool = False) -> str:
    folded = _fold(title)
    words = folded.split()
    if words and words[0] in SECRETS:
        return "secret"
    is_for_them = not _FOR_THEM.isdisjoint(words)
    names = any(one in folded for one in _TWO_WORDS) or not GAME_MASTERS.isdisjoint(words)
    if (names and (is_for_them or not in_bold)) or (is_for_them and not _KEEPERS.isdisjoint(words)):
        return "secret" if "secret" in words or "secrets" in words else "note"
    return ""


def _fold(title: str) -> str:
    return " ".join(
        _NO_LETTERS.sub(" ", title.replace("’s", "").replace("'s", "")).casefold().split()
    )


def _split_points(text: str) -> list[str]:
    """One secret a point of a list; otherwise all of it is one."""
    lines = [line for line in text.split("\n") if line.strip()]
    points = [_BULLET.fullmatch(line) for line in lines]
    if points and all(points):
        return [point[1].strip() for point in points if point]
    return [text] if text.strip() else []
