"""Made-up notes of a game master: chapters and prose, with people, places and secrets planted in
them. From a stated seed always the same, and written in any of the formats that notes come in."""

from __future__ import annotations

import io
import random
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import docx
from odf.opendocument import OpenDocumentText
from odf.text import H, P

from tests.imports.paper_samples import pdf_pages

_STARTS = ("Al", "Bren", "Cor", "Dal", "Er", "Fen", "Gar", "Hal", "Is", "Jor", "Kel", "Lor", "Mor")
_MIDS = ("a", "i", "or", "un", "eth")
_ENDS = ("bard", "cia", "dric", "esta", "fina", "gorn", "hild", "ivan", "korin", "lyn", "mund")
_ROLES = ("smuggler", "abbess", "ferryman", "spy", "alchemist", "bailiff", "huntress", "glazier")
_PLACES = ("Mill", "Abbey", "Bridge", "Tower", "Ford", "Cellar", "Market", "Cloister", "Quarry")
_GROUPS = ("Lanterns", "Company", "Council", "Brotherhood", "Wardens", "Choir")
_THINGS = ("Lantern", "Idol", "Bell", "Ledger", "Crown", "Mask", "Compass", "Chalice")
_KIN = ("sister", "debtor", "rival", "apprentice", "cousin", "heir")
_FILLER = (
    "The road is long and wet, and nobody who has a choice walks it after dark.",
    "Read this aloud when the characters arrive, and give them a moment to look around.",
    "There is a smell of peat and old rope, and somewhere a dog that does not stop.",
    "If the players dawdle, let the weather turn; if they hurry, let it hold.",
    "Most of what is sold here is fish, and most of the fish is bad.",
    "A check of medium difficulty finds the loose board, a failure costs an hour.",
    "The people are polite to strangers, and poor at hiding what they think of them.",
    "Nothing here is worth much, but all of it is wanted by somebody.",
)


@dataclass(frozen=True, slots=True)
class Planted:
    """Something that the notes say. `words` is the sentence that says it."""

    words: str
    answer: dict[str, Any] = field(hash=False)
    """What a model that reads well says of it, without its lines."""

    @property
    def kind(self) -> str:
        return str(self.answer["kind"])


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (with its level) or, at level 0, a paragraph."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class MadeNotes:
    """The blocks of a document, and what was planted in them."""

    blocks: tuple[Block, ...]
    planted: tuple[Planted, ...]

    @property
    def markdown(self) -> bytes:
        return "\n\n".join(
            f"{'#' * one.level} {one.text}" if one.level else one.text for one in self.blocks
        ).encode()


def make_notes(seed: int, *, planted: int = 40, lines: int = 400) -> MadeNotes:
    """A document of about so many lines of Markdown, most of them prose."""
    dice = random.Random(seed)
    names = [f"{one}{mid}{end}" for one in _STARTS for mid in _MIDS for end in _ENDS]
    dice.shuffle(names)
    blocks = [Block(1, "The Marsh of Bells")]
    found: list[Planted] = []
    every = max(1, lines // 2 // max(1, planted))
    for number in range(planted):
        if number % 4 == 0:
            blocks.append(Block(2, f"Chapter {number // 4 + 1}"))
        made, more = _plant(dice, names, number)
        found.append(made)
        blocks += more
        while len(blocks) < (number + 1) * every:
            blocks.append(Block(0, _paragraph(dice)))
    return MadeNotes(tuple(blocks), tuple(found))


def _plant(dice: random.Random, names: list[str], number: int) -> tuple[Planted, list[Block]]:
    name, other = names.pop(), names.pop()
    kind = ("npc", "told_npc", "location", "faction", "item", "relation", "fact", "plot_point")[
        number % 8
    ]
    coins = dice.randrange(20, 9_000)
    if kind == "npc":
        role = dice.choice(_ROLES)
        text = f"A {role} who owes {coins} crowns and sleeps with one eye open."
        answer = {"kind": "npc", "name": name, "role": role, "background": text}
        return Planted(text, answer), [Block(3, name), Block(0, f"{text} {_paragraph(dice)}")]
    if kind == "told_npc":
        text = f"Beyond the gate the {dice.choice(_ROLES)} {name} waits with {coins} questions."
        answer = {"kind": "npc", "name": name, "background": text}
    elif kind == "location":
        name = f"{name} {dice.choice(_PLACES)}"
        text = f"The {name} has {coins} steps, and the last of them is missing."
        answer = {"kind": "location", "name": name, "description": text}
    elif kind == "faction":
        name = f"{name} {dice.choice(_GROUPS)}"
        text = f"The {name} want the salt tax ended and have {coins} sworn members."
        answer = {"kind": "faction", "name": name, "description": text}
    elif kind == "item":
        name = f"{dice.choice(_THINGS)} of {name}"
        text = f"Whoever carries the {name} hears the drowned for {coins} nights."
        answer = {"kind": "item", "name": name, "description": text}
    elif kind == "relation":
        label = dice.choice(_KIN)
        text = f"In truth {name} is the {label} of {other}, which neither admits."
        answer = {"kind": "relation", "from": name, "label": f"{label} of", "to": other}
    elif kind == "fact":
        text = f"The password at the house of {name} is {coins}, spoken backwards."
        answer = {"kind": "fact", "text": text}
    else:
        text = f"Unless {name} is stopped, {coins} barrels of oil burn under the harbour."
        answer = {"kind": "plot_point", "title": f"Stop {name}", "description": text}
    told = f"{dice.choice(_FILLER)} {text} {dice.choice(_FILLER)}"
    return Planted(text, answer), [Block(0, told)]


def _paragraph(dice: random.Random) -> str:
    return " ".join(dice.choice(_FILLER) for _ in range(dice.randrange(1, 5)))


# ── The formats ────────────────────────────────────────────────────────────────────────────


def as_html(notes: MadeNotes) -> bytes:
    parts = [
        f"<h{one.level}>{escape(one.text)}</h{one.level}>"
        if one.level
        else f"<p>{escape(one.text)}</p>"
        for one in notes.blocks
    ]
    return f"<!doctype html><title>Marsh</title><body>{''.join(parts)}</body>".encode()


def as_docx(notes: MadeNotes) -> bytes:
    made, written = docx.Document(), io.BytesIO()
    for one in notes.blocks:
        if one.level:
            made.add_heading(one.text, one.level)
        else:
            made.add_paragraph(one.text)
    made.save(written)
    return written.getvalue()


def as_odt(notes: MadeNotes) -> bytes:
    made, written = OpenDocumentText(), io.BytesIO()
    for one in notes.blocks:
        text = H(outlinelevel=one.level, text=one.text) if one.level else P(text=one.text)
        made.text.addElement(text)
    made.write(written)
    return written.getvalue()


def as_rtf(notes: MadeNotes) -> bytes:
    styles = "".join(
        rf"{{\s{level}\outlinelevel{level - 1} Heading {level};}}" for level in (1, 2, 3)
    )
    parts = [
        rf"\pard\s{one.level}\outlinelevel{one.level - 1} {one.text}\par"
        if one.level
        else rf"\pard {one.text}\par"
        for one in notes.blocks
    ]
    return (rf"{{\rtf1\ansi\ansicpg1252{{\stylesheet{styles}}}" + "\n".join(parts) + "}").encode()


def as_pdf(notes: MadeNotes) -> bytes:
    sizes = {0: 10, 1: 22, 2: 17, 3: 13}
    lines = [
        (line, sizes[one.level])
        for one in notes.blocks
        for line in [*textwrap.wrap(one.text, 90), *([""] if not one.level else [])]
    ]
    return pdf_pages([lines[at : at + 45] for at in range(0, len(lines), 45)])


FORMATS: dict[str, Callable[[MadeNotes], bytes]] = {
    "marsh.md": lambda notes: notes.markdown,
    "marsh.html": as_html,
    "marsh.docx": as_docx,
    "marsh.odt": as_odt,
    "marsh.rtf": as_rtf,
    "marsh.pdf": as_pdf,
}


# ── How much of it was proposed ────────────────────────────────────────────────────────────


def count_found(planted: Sequence[Planted], queue: Sequence[dict[str, Any]]) -> list[bool]:
    """Of each that was planted, whether the queue proposes it with words of its sentence."""
    return [any(_is(one, found) for found in queue) for one in planted]


def _is(one: Planted, found: dict[str, Any]) -> bool:
    if found["kind"] != one.kind:
        return False
    wanted = one.answer
    fields = found["fields"]
    if one.kind == "relation":
        return all(fields.get(name) == wanted[name] for name in ("from", "label", "to"))
    if one.kind == "fact":
        return bool(fields.get("text") == wanted["text"])
    name = "title" if one.kind == "plot_point" else "name"
    return bool(fields.get(name) == wanted[name])
