"""One note of an Obsidian vault: its properties, tags, links, hidden parts and blocks. Pure.

What is for the game master alone (comments, callouts named secret) is taken out of the text, so
that nobody else is shown it; everything else stays as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from ttrpg_assistant.imports.front_matter import Head, read_yaml, split_head

MOST_LINKS = 500
"""Links of one note that are followed."""

SECRET_CALLOUTS = frozenset({"secret", "secrets", "gm", "dm", "gm-only", "spoiler", "hidden"})

_FENCE = re.compile(r"[ \t]{0,3}(`{3,20}|~{3,20})[ \t]*([\w-]{0,40})")
_CALLOUT = re.compile(r"[ \t]{0,3}>[ \t]?\[!([\w -]{1,40})\][+-]?[ \t]*(.*)")
_LINK = re.compile(
    r"(!?)\[\[([^\[\]\n|#^]{0,300})(?:[#^][^\[\]\n|]{0,300})?(?:\|[^\[\]\n]{0,300})?\]\]"
)
_PAGE_LINK = re.compile(r"(!?)\[[^\[\]\n]{0,300}\]\(<?([^()<>\n]{1,300})>?\)")
_TAG = re.compile(r"(?<![^\s(,])#([^\W\d_][\w/-]{0,80}|\d{1,10}[\w/-]{0,40}[^\W\d][\w/-]{0,40})")
_BRACKETED = re.compile(r"[\[(](\w[\w -]{0,40})::([^\[\]()\n]{0,500})[\])]")
_FIELD = re.compile(r"(?:^|(?<=\s)|(?<=[*_]))(\w[\w-]{0,30}(?: \w[\w-]{0,30}){0,3})[*_]{0,2}::(.*)")
_COMMENT = re.compile(r"%%(.*?)%%", re.S)


@dataclass(slots=True)
class VaultNote:
    """A note as it was read. `values` are its properties, None where they cannot be read; `raw` is
    their text. `blocks` are the blocks of values in it (`statblock`), each with its kind and its
    values; `links` are the names it leads to, `embeds` those that it shows. `fields` are values
    that stand within the text (`Status:: alive`)."""

    raw: str
    values: Mapping[str, Any] | None
    text: str
    tags: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    embeds: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    blocks: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)


BLOCKS = frozenset({"statblock", "encounter"})
"""Blocks of values that are read. Others are text."""


def read_note(content: str, head: Head | None = None) -> VaultNote:
    """Read a note's text. `head` is what `split_head` gave of it, where that is known."""
    head = head or split_head(content)
    note = VaultNote(head.raw, head.values, "")
    note.tags = _list_head_tags(head.values or {})
    body = _take_comments(head.body, note)
    kept: list[str] = []
    lines = body.split("\n")
    at = 0
    while at < len(lines):
        fence = _FENCE.match(lines[at])
        callout = _CALLOUT.match(lines[at])
        if fence is not None:
            end = _end_of_fence(lines, at, fence[1])
            if not _take_block(fence[2].lower(), lines[at + 1 : end], note):
                kept += lines[at : end + 1]
                at = end + 1
            else:
                at = _after_gap(lines, end + 1, kept)
        elif callout is not None and callout[1].strip().lower() in SECRET_CALLOUTS:
            end = at + 1
            while end < len(lines) and lines[end].lstrip().startswith(">"):
                end += 1
            inside = [line.lstrip()[1:].removeprefix(" ") for line in lines[at + 1 : end]]
            text = "\n".join(inside).strip("\n")
            title = callout[2].strip()
            note.secrets.append(f"{title}: {text}" if title and text else title or text)
            for line in (callout[2], *inside):
                _read_line(line, note)
            at = _after_gap(lines, end, kept)
        else:
            _read_line(lines[at], note)
            kept.append(lines[at])
            at += 1
    note.text = "\n".join(kept).strip("\n")
    note.tags = list(dict.fromkeys(note.tags))
    note.links = list(dict.fromkeys(note.links))[:MOST_LINKS]
    note.secrets = [one for one in note.secrets if one.strip()]
    return note


def list_link_targets(value: Any) -> list[str]:
    """The notes that a property's value links to."""
    texts = value if isinstance(value, list) else [value]
    found = []
    for text in texts:
        if isinstance(text, str):
            found += [match[2].strip() for match in _LINK.finditer(text)]
    return [one for one in found if one][:MOST_LINKS]


def list_embeds(text: str) -> list[str]:
    """The files that a text shows."""
    return [one for match in _LINK.finditer(text) if match[1] and (one := match[2].strip())]


def without_links(value: Any) -> Any:
    """The value with plain names in place of its links."""
    if isinstance(value, str):
        return _LINK.sub(lambda match: match[2].strip().rsplit("/", 1)[-1], value)
    if isinstance(value, list):
        return [without_links(one) for one in value]
    return value


def _list_head_tags(values: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    for name in ("tags", "tag"):
        value = values.get(name)
        if isinstance(value, str):
            found += re.split(r"[,\s]+", value)
        elif isinstance(value, list):
            found += [str(one) for one in value if one is not None]
    return [tag for one in found if (tag := one.strip().lstrip("#"))]


def _take_comments(text: str, note: VaultNote) -> str:
    if "%%" not in text:
        return text
    note.comments = [one.strip() for one in _COMMENT.findall(text) if one.strip()]
    return _COMMENT.sub("", text)


def _after_gap(lines: list[str], at: int, kept: list[str]) -> int:
    """Where to go on after a part that was taken out: of two blank lines around it one stays."""
    is_blank_before = not kept or not kept[-1].strip()
    return at + (is_blank_before and at < len(lines) and not lines[at].strip())


def _end_of_fence(lines: list[str], start: int, mark: str) -> int:
    for at in range(start + 1, len(lines)):
        stripped = lines[at].strip()
        if stripped.startswith(mark) and not stripped.strip(mark[0]):
            return at
    return len(lines)


def _take_block(kind: str, inside: list[str], note: VaultNote) -> bool:
    """Whether the block was read as values."""
    if kind not in BLOCKS:
        return False
    values = read_yaml("\n".join(inside))
    if not values:
        return False
    note.blocks.append((kind, values))
    return True


def _read_line(line: str, note: VaultNote) -> None:
    if "[[" in line:
        for match in _LINK.finditer(line):
            target = match[2].strip()
            if target:
                (note.embeds if match[1] else note.links).append(target)
    if "](" in line:
        for match in _PAGE_LINK.finditer(line):
            target = unquote(match[2].split("#")[0]).strip()
            if ":" not in target and target:
                (note.embeds if match[1] else note.links).append(target)
    if "#" in line:
        note.tags += _TAG.findall(line)
    if "::" in line:
        for match in _BRACKETED.finditer(line):
            note.fields.setdefault(match[1].strip(), match[2].strip())
        rest = _BRACKETED.sub("", line)
        found = _FIELD.search(rest)
        if found is not None and found[2].strip():
            note.fields.setdefault(found[1].strip(), found[2].strip())
