"""Things as Markdown: for notes and for the book. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ttrpg_assistant.campaigns.canon import FACT_LABELS, FALSE_LABEL
from ttrpg_assistant.campaigns.relations import ATTITUDES
from ttrpg_assistant.exports.model import Link, SeenFact, SeenField, SeenRelation

SpellLink = Callable[[Link], str]
"""How a format names another thing."""

LISTED = frozenset({"lines", "secrets", "connections", "object"})
"""Shapes whose value is a list of its own."""

TEXTS = LISTED | {"prose"}
"""Shapes that take more room than a line."""


def spell_field_text(one: SeenField) -> str:
    """The value of a field as Markdown, under its heading."""
    shape = one.field.shape.name
    if shape == "prose":
        return str(one.value)
    if shape == "secrets":
        return "\n".join(_spell_secret(entry) for entry in _listed(one.value) if entry.get("text"))
    if shape == "connections":
        return "\n".join(
            _bullet(f"**{entry.get('target', '')}**", str(entry.get("relation", "")))
            for entry in _listed(one.value)
        )
    if shape == "object":
        return "\n".join(_bullet(f"**{label}**", text) for label, text in one.texts)
    if shape == "lines":
        return "\n".join(_item(str(line)) for line in one.value)
    return ", ".join(text for _, text in one.texts)


def _listed(value: Any) -> list[dict[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _spell_secret(entry: dict[str, Any]) -> str:
    return _item(str(entry["text"]) + (" *(may hint)*" if entry.get("may_hint") else ""))


def _bullet(label: str, text: str) -> str:
    return _item(f"{label}: {text}" if text else label)


def _item(text: str) -> str:
    return "- " + text.replace("\n", "\n  ")


def quote(text: str) -> str:
    """The text as a quotation of Markdown."""
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def spell_relation(one: SeenRelation, link: SpellLink, *, with_gm_only: bool) -> str:
    """`owes her a debt → [[Mira Vale]] (wary)`, from the side it stands on."""
    attitude = "" if one.attitude is None else f" ({ATTITUDES[one.attitude]})"
    label = " ".join(one.label.split()) or "related"
    told = f"{label} → {link(one.other)}" if one.is_from else f"{link(one.other)} → {label}"
    marks = f"{attitude}{'' if one.is_for_players or not with_gm_only else ' *(GM only)*'}"
    return _item(f"{told}{marks}{f': {one.note}' if one.note else ''}")


def label_fact(one: SeenFact) -> str:
    """How far a fact is so, "" where it simply is."""
    if one.is_false:
        return FALSE_LABEL
    return "" if one.canon == "happened" else FACT_LABELS[one.canon]


def spell_fact(one: SeenFact, link: SpellLink | None) -> str:
    """A fact as a list item: what it says, how far it is so, who knows it, what it names."""
    label = (
        FALSE_LABEL if one.is_false else "" if one.canon == "happened" else FACT_LABELS[one.canon]
    )
    begin = f"*{label}:* " if label else ""
    known = f" *({one.knowers})*" if one.knowers else ""
    named = f"\n{' · '.join(map(link, one.named))}" if link and one.named else ""
    return _item(f"{begin}{one.text}{known}{named}")


def join_blocks(blocks: Iterable[str]) -> Iterator[str]:
    """Blocks with an empty line between them, each ended by a line break."""
    for at, block in enumerate(blocks):
        yield ("\n" if at else "") + block.rstrip("\n") + "\n"
