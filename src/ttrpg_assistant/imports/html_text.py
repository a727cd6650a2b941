"""HTML as Markdown: headings, paragraphs, lists, tables, emphasis. Nothing in it is run or fetched.

The tree is built by a parser that follows the standard, whose time grows faster than the text when
elements lie within elements without end. So a text is measured first: one that is nested too deep,
or very long, is read without its marks.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ttrpg_assistant.imports.markdown_writer import MarkdownWriter

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MOST_NESTED = 250
"""Elements within elements."""

WHOLE_CHARACTERS = 100_000
"""A longer text of an export is read without its marks: no journal page is so long. Files of their
own are read in a process with limits (`document_files`), however long they are."""

LEFT_OUT = frozenset(
    {"script", "style", "template", "iframe", "object", "embed", "svg", "math", "noscript", "head"}
    | {"audio", "video", "canvas", "form", "button", "input", "select", "textarea"}
)
"""Elements that are no text of a document. What stands in a form is said as text."""

_TOLD = frozenset({"script", "iframe", "object", "embed", "svg", "audio", "video", "canvas", "img"})
_TEXT_WITHIN = frozenset({"form", "button"})
_VOID = frozenset(
    {"br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "wbr"}
    | {"p", "li", "td", "th", "tr", "dt", "dd", "option", "tbody", "thead", "tfoot"}
)
"""Elements that hold nothing, or that the next of their kind ends."""

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]{0,30})[^<>]{0,2000}>")
_ANY_TAG = re.compile(r"<[!/?a-zA-Z][^<>]*>")
_BREAK = re.compile(r"<(?:br|/?p|/?div|/?li|/?tr|/?h[1-6]|hr)\b[^<>]*>", re.I)


@dataclass(slots=True)
class HtmlText:
    """What an HTML text says. `secrets` are the texts of its parts that are marked as secret;
    `left_out` counts elements that are no text; `is_plain` says that its marks were not read."""

    markdown: str
    secrets: list[str] = field(default_factory=list)
    title: str = ""
    left_out: Counter[str] = field(default_factory=Counter)
    is_plain: bool = False


def read_html(text: str, most: int = WHOLE_CHARACTERS) -> HtmlText:
    """The text as Markdown."""
    if "<" not in text:
        return HtmlText(html.unescape(text).strip())
    if len(text) > most or is_nested_deep(text):
        return HtmlText(strip_marks(text), is_plain=True)
    # Late: a start reads no HTML.
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(text)
    found = HtmlText("")
    title = tree.css_first("title")
    if title is not None:
        found.title = " ".join(title.text().split())
    if tree.head is not None and (scripts := len(tree.head.css("script"))):
        found.left_out["script"] = scripts
    body = tree.body
    if body is not None:
        _Walk(found).walk(body)
    return found


def is_nested_deep(text: str) -> bool:
    """Whether more elements are open at once than a document ever has."""
    opened: Counter[str] = Counter()
    depth = 0
    for match in _TAG.finditer(text):
        name = match[2].lower()
        if name in _VOID:
            continue
        if not match[1]:
            opened[name] += 1
            depth += 1
            if depth > MOST_NESTED:
                return True
        elif opened[name]:
            opened[name] -= 1
            depth -= 1
    return False


def strip_marks(text: str) -> str:
    """The words of an HTML text alone, a line for each of its lines and paragraphs."""
    plain = html.unescape(_ANY_TAG.sub("", _BREAK.sub("\n", text)))
    lines = (" ".join(line.split()) for line in plain.split("\n"))
    return "\n\n".join(line for line in lines if line)


class _Walk:
    """One pass over the tree, without recursion."""

    def __init__(self, found: HtmlText) -> None:
        self._found = found
        self._writer = MarkdownWriter()
        self._outer: list[MarkdownWriter] = []

    def walk(self, body: LexborNode) -> None:
        for node, is_end in _events(body):
            tag = node.tag or ""
            if tag == "-text":
                self._writer.add_text(node.text_content or "")
            elif is_end:
                self._end(node, tag)
            else:
                self._start(node, tag)
            if not is_end and tag in _TOLD:
                self._found.left_out[tag] += 1
        self._found.markdown = self._writer.finish()

    def _start(self, node: LexborNode, tag: str) -> None:
        if _is_secret(node):
            self._outer.append(self._writer)
            self._writer = MarkdownWriter()
            return
        attributes = node.attributes
        if tag == "img":
            self._writer.add_text(attributes.get("alt") or "")
        elif tag == "ol":
            first = attributes.get("start") or "1"
            self._writer.start(tag, int(first) if first.isdecimal() and len(first) < 6 else 1)
        else:
            self._writer.start(tag)

    def _end(self, node: LexborNode, tag: str) -> None:
        if _is_secret(node) and self._outer:
            if text := self._writer.finish():
                self._found.secrets.append(text)
            self._writer = self._outer.pop()
            return
        self._writer.end(tag, node.attributes.get("href") or "" if tag == "a" else "")


def _is_secret(node: LexborNode) -> bool:
    if node.tag not in ("section", "div", "aside"):
        return False
    return "secret" in (node.attributes.get("class") or "").split()


def _events(body: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Every node within, in order, and the end of each element."""
    node = body.child
    path: list[LexborNode] = []
    while True:
        while node is None:
            if not path:
                return
            parent = path.pop()
            yield parent, True
            node = parent.next
        tag = node.tag or ""
        if tag == "-text":
            yield node, False
        elif not tag.startswith("-") and (tag not in LEFT_OUT or tag in _TEXT_WITHIN):
            yield node, False
            path.append(node)
            node = node.child
            continue
        elif tag in _TOLD:
            yield node, False
        node = node.next
