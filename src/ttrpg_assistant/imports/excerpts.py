"""The beginning of a text in plain words, for a preview: no marks of Markdown, links as names."""

from __future__ import annotations

import re

from ttrpg_assistant.characters import cut_text

LENGTH = 240
_READ = 4_000
"""Characters that are looked at: marks are longer than the words they stand around."""

_SHOWN = re.compile(
    r"!\[\[[^\[\]\n]{0,300}\]\]|!\[[^\[\]\n]{0,300}\]\([^()\s]{0,1000}\)|<!--[^<>]{0,1000}-->"
)
_NAMED = re.compile(r"\[\[(?:[^\[\]\n|]{0,300}\|)?([^\[\]\n|]{1,300})\]\]")
_LINKED = re.compile(r"\[([^\[\]\n]{0,300})\]\([^()\s]{0,1000}\)")
_LINE = re.compile(
    r"(?m)^[ \t]{0,8}(?:#{1,6}[ \t]|(?:>[ \t]?){1,5}(?:\[![\w -]{1,40}\][+-]?)?|[-*+][ \t]"
    r"|(?:`{3,8}|~{3,8})[\w-]{0,40}$|[|:\t -]{3,200}$)"
)
_MARKS = re.compile(r"\*{1,3}|~~|`{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)|(?<=\s)\|(?=\s)|^\||\|$", re.M)


def make_excerpt(text: str) -> str:
    """The first words of a text in one line."""
    read = _SHOWN.sub("", text[:_READ])
    read = _NAMED.sub(lambda found: name_of_link(found[1]), read)
    read = _LINKED.sub(r"\1", read)
    read = _MARKS.sub("", _LINE.sub("", read))
    return cut_text(" ".join(read.split()), LENGTH)


def name_of_link(target: str) -> str:
    """What a link is called that says nothing else: the note without folders and headings."""
    return target.split("#", 1)[0].strip().rsplit("/", 1)[-1] or target.strip(" #")
