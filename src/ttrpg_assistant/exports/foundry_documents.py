"""The documents of Foundry VTT that a campaign becomes. Pure but for pictures, which are put where
they go by whoever writes the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.random_rolls import read_table
from ttrpg_assistant.campaigns.relations import ATTITUDES
from ttrpg_assistant.campaigns.stat_blocks import read_stat_block
from ttrpg_assistant.exports.campaign_reader import CampaignReader
from ttrpg_assistant.exports.html_text import inline, prose
from ttrpg_assistant.exports.markdown_text import TEXTS, label_fact, spell_field_text
from ttrpg_assistant.exports.model import (
    Link,
    SeenCampaign,
    SeenField,
    SeenGameSession,
    SeenRelation,
    SeenThing,
)
from ttrpg_assistant.imports.own_foundry import CAMPAIGN, FACTS, RELATIONS, mark_page
from ttrpg_assistant.imports.own_texts import MARKS, OURS, mark_value

ACTORS = {"npc": "npc", "creature": "npc", "character": "character"}
"""The kinds that become actors too, and of which type."""

NOBODY, INHERIT, OBSERVER = 0, -1, 2
"""Levels of ownership: who is named in none sees nothing, an observer sees it."""

_STATS = {"coreVersion": "13.351", "systemId": None, "systemVersion": None}
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_STEP = 100_000

PutPicture = Callable[[SeenThing, int], str | None]


def make_id(*parts: str) -> str:
    """Sixteen letters and digits, always the same for the same thing."""
    number = int.from_bytes(hashlib.sha256("\n".join(parts).encode()).digest()[:16])
    letters = []
    for _ in range(16):
        number, rest = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[rest])
    return "".join(letters)


def make_folder(kind: EntityKind[Any], type_name: str) -> dict[str, Any]:
    """The folder of a kind."""
    return {
        "_id": make_id("folder", type_name, kind.plural),
        "name": kind.plural,
        "type": type_name,
        "folder": None,
        "sorting": "a",
        "sort": 0,
        "color": None,
        "flags": {},
        "_stats": _STATS,
    }


def make_adventure_head(campaign: SeenCampaign) -> dict[str, Any]:
    """An adventure but for its documents."""
    description = "".join(
        f"<h3>{inline(label)}</h3>{prose(text)}"
        for label, text, is_gm_only in campaign.lines
        if not is_gm_only
    )
    empty = ("combats", "items", "scenes", "macros", "cards", "playlists")
    return {
        "_id": make_id("adventure", campaign.id),
        "name": campaign.name,
        "img": None,
        "caption": "",
        "description": description,
        "sort": 0,
        "folder": None,
        "flags": {OURS: {"id": campaign.id, "kind": CAMPAIGN, "revision": campaign.revision}},
        "_stats": _STATS,
        **{name: [] for name in empty},
    }


class Documents:
    """Makes the documents of one campaign."""

    def __init__(self, reader: CampaignReader, put_picture: PutPicture) -> None:
        self._reader = reader
        self._put_picture = put_picture

    def make_journal(self, thing: SeenThing) -> dict[str, Any]:
        """A thing as a journal entry."""
        pages = []
        if thing.is_for_players:
            shown = self._spell_open(thing)
            pages.append(_mark(_make_page(thing.id, "players", thing.name, shown), thing))
        pages += self._make_picture_pages(thing)
        own = self._spell_all(thing)
        if own:
            pages.append(_mark(_make_page(thing.id, "gm", "GM", own, NOBODY), thing))
        folder = make_id("folder", "JournalEntry", thing.kind.plural)
        return _make_entry(thing, pages, folder)

    def make_actor(self, thing: SeenThing) -> dict[str, Any]:
        """A thing as an actor."""
        portrait = next((at for at, one in enumerate(thing.pictures) if one.is_portrait), None)
        image = None if portrait is None else self._put_picture(thing, portrait)
        is_shown = thing.is_for_players
        biography = {
            "value": self._spell_all(thing),
            "public": self._spell_open(thing) if is_shown else "",
        }
        system: dict[str, Any] = {"details": {"biography": biography}}
        stats = {one.label: one.value for one in _read_stats(thing)}
        if "HP" in stats:
            system["attributes"] = {"hp": {"value": int(stats["HP"]), "max": int(stats["HP"])}}
        if "AC" in stats:
            attributes = system.setdefault("attributes", {})
            attributes["ac"] = {"calc": "flat", "flat": int(stats["AC"])}
        return {
            "_id": make_id("actor", thing.id),
            "name": thing.name,
            "type": ACTORS[thing.kind.name],
            "img": image or "icons/svg/mystery-man.svg",
            "system": system,
            "prototypeToken": {
                "name": thing.name,
                **({"texture": {"src": image}} if image else {}),
            },
            "items": [],
            "effects": [],
            "folder": make_id("folder", "Actor", thing.kind.plural),
            "sort": 0,
            "ownership": {"default": NOBODY},
            "flags": _flags(thing, mark_page(thing.kind, biography["value"])),
            "_stats": _STATS,
        }

    def make_table(self, thing: SeenThing) -> dict[str, Any]:
        """A random table as a roll table; entries without numbers are as likely as each other."""
        table = read_table(thing.name, thing.get_text("dice"), thing.get_text("entries"))
        results, last = [], 0
        for at, entry in enumerate(table.entries):
            low, high = entry.numbers or (last + 1, last + 1)
            last = high
            results.append(
                {
                    "_id": make_id("result", thing.id, str(at)),
                    "type": "text",
                    "name": "",
                    "description": inline(entry.text),
                    "img": None,
                    "weight": max(1, high - low + 1),
                    "range": [low, high],
                    "drawn": False,
                    "flags": {},
                    "_stats": _STATS,
                }
            )
        return {
            "_id": make_id("table", thing.id),
            "name": thing.name,
            "img": "icons/svg/d20-grey.svg",
            "description": "",
            "results": results,
            "formula": table.dice or f"1d{max(1, len(results))}",
            "replacement": True,
            "displayRoll": True,
            "folder": make_id("folder", "RollTable", thing.kind.plural),
            "sort": 0,
            "ownership": {"default": NOBODY},
            "flags": _flags(thing),
            "_stats": _STATS,
        }

    def iterate_game_sessions(self) -> Iterator[dict[str, Any]]:
        """The game sessions as journal entries."""
        for game in self._reader.iterate_game_sessions():
            yield self._make_game_session(game)

    def _make_game_session(self, game: SeenGameSession) -> dict[str, Any]:
        thing = game.thing
        open_notes = [one.text for one in game.notes if not one.is_gm_only]
        own_notes = [one.text for one in game.notes if one.is_gm_only]
        shown = "".join(self._spell_field(one) for one in thing.fields if not one.is_gm_only)
        secret = "".join(self._spell_field(one) for one in thing.fields if one.is_gm_only)
        is_shown = game.is_for_players
        pages = [
            _mark(
                _make_page(
                    thing.id,
                    "players",
                    thing.name,
                    shown + _spell_items("Notes", open_notes),
                    INHERIT if is_shown else NOBODY,
                ),
                thing,
            )
        ]
        if secret or own_notes:
            own = f"{secret}{_spell_items('Notes', own_notes)}"
            pages.append(_mark(_make_page(thing.id, "gm", "GM", own, NOBODY), thing))
        entry = _make_entry(thing, pages, None)
        entry["name"] = f"{game.number:02} {thing.name}"
        entry["ownership"] = {"default": OBSERVER if is_shown else NOBODY}
        return entry

    def make_facts(self) -> dict[str, Any]:
        """All facts as one journal entry."""
        shown, secret = [], []
        for fact in self._reader.iterate_facts():
            if fact.canon != "retconned":
                label = label_fact(fact)
                text = inline(f"{label}: {fact.text}" if label else fact.text)
                if fact.is_for_players:
                    shown.append(inline(fact.text))
                secret.append(f"{text} <em>({inline(fact.knowers)})</em>")
        id = self._reader.campaign.id
        pages = [
            _make_page(id, "players", "What is known", _spell_list("", shown)),
            _make_page(id, "gm", "GM", _spell_list("", secret), NOBODY),
        ]
        return {
            "_id": make_id("journal", "facts", id),
            "name": "Facts",
            "pages": pages,
            "folder": None,
            "sort": 0,
            "ownership": {"default": OBSERVER},
            "flags": {OURS: {"id": id, "kind": FACTS}},
            "_stats": _STATS,
        }

    def _spell_open(self, thing: SeenThing) -> str:
        """What players may read of a thing that they may know of."""
        fields = [one for one in thing.fields if one.name in thing.party_fields]
        related = [one for one in thing.relations if one.is_for_players]
        return "".join(map(self._spell_field, fields)) + self._spell_relations(related)

    def _spell_all(self, thing: SeenThing) -> str:
        """All of a thing; what is the game master's alone in secret sections."""
        told = []
        for at, one in enumerate(thing.fields):
            text = self._spell_field(one) if one.texts else ""
            if one.is_gm_only and text:
                mark = make_id("secret", thing.id, str(at))
                text = f'<section class="secret" id="secret-{mark}">{text}</section>'
            told.append(text)
        return "".join(told) + self._spell_relations(thing.relations)

    def _spell_field(self, one: SeenField) -> str:
        head = f"<h3>{inline(one.field.label)}</h3>"
        if one.links:
            return f"{head}<p>{', '.join(map(self._link, one.links))}</p>"
        if one.field.shape.name in TEXTS:
            return f"{head}{prose(spell_field_text(one))}"
        return f"{head}<p>{inline(', '.join(text for _, text in one.texts))}</p>"

    def _spell_relations(self, related: tuple[SeenRelation, ...] | list[SeenRelation]) -> str:
        told = []
        for one in related:
            label = inline(one.label) or "related"
            sides = (
                (label, self._link(one.other)) if one.is_from else (self._link(one.other), label)
            )
            attitude = "" if one.attitude is None else f" ({ATTITUDES[one.attitude]})"
            told.append(f"<li>{' → '.join(sides)}{attitude}</li>")
        return f"<h3>{RELATIONS}</h3><ul>{''.join(told)}</ul>" if told else ""

    def _link(self, link: Link) -> str:
        name = inline(link.name).replace("}", ")")
        return f"@UUID[JournalEntry.{make_id('journal', link.id)}]{{{name}}}"

    def _make_picture_pages(self, thing: SeenThing) -> list[dict[str, Any]]:
        pages = []
        for at, one in enumerate(thing.pictures):
            source = self._put_picture(thing, at)
            if source is not None:
                is_shown = thing.is_for_players and one.is_for_players
                page = _make_page(thing.id, f"picture {at}", one.caption or thing.name, "")
                page |= {"type": "image", "src": source, "image": {"caption": one.caption}}
                page["ownership"] = {"default": INHERIT if is_shown else NOBODY}
                pages.append(page)
        return pages


def _read_stats(thing: SeenThing) -> list[Any]:
    texts = [text for one in thing.fields if one.field.has_numbers for _, text in one.texts]
    stats = read_stat_block("\n".join(texts)).stats if texts else ()
    return [one for one in stats if one.value.isascii() and one.value.isdecimal()]


def _make_entry(
    thing: SeenThing, pages: list[dict[str, Any]], folder: str | None
) -> dict[str, Any]:
    for at, page in enumerate(pages):
        page["sort"] = (at + 1) * _STEP
    return {
        "_id": make_id("journal", thing.id),
        "name": thing.name,
        "pages": pages,
        "folder": folder,
        "sort": 0,
        "ownership": {"default": OBSERVER if thing.is_for_players else NOBODY},
        "flags": _flags(thing),
        "_stats": _STATS,
    }


def _make_page(id: str, part: str, name: str, content: str, level: int = INHERIT) -> dict[str, Any]:
    return {
        "_id": make_id("page", id, part),
        "name": name,
        "type": "text",
        "title": {"show": True, "level": 1},
        "text": {"format": 1, "content": content},
        "src": None,
        "image": {},
        "video": {},
        "system": {},
        "sort": _STEP,
        "ownership": {"default": level},
        "flags": {},
        "_stats": _STATS,
    }


def _mark(page: dict[str, Any], thing: SeenThing) -> dict[str, Any]:
    """The page with marks of what stands on it, so that it is seen when it was changed there."""
    page["flags"] = {OURS: {MARKS: mark_page(thing.kind, page["text"]["content"])}}
    return page


def _flags(thing: SeenThing, marks: Mapping[str, str] | None = None) -> dict[str, Any]:
    own = {"id": thing.id, "kind": thing.kind.name, "revision": thing.revision}
    name = {thing.kind.name_field: mark_value(thing.name)}
    return {OURS: {**own, MARKS: {**name, **(marks or {})}}}


def _spell_items(title: str, texts: list[str]) -> str:
    return _spell_list(title, [inline(one) for one in texts])


def _spell_list(title: str, lines: list[str]) -> str:
    """Lines of HTML as a list."""
    listed = "".join(f"<li>{one}</li>" for one in lines)
    head = f"<h3>{title}</h3>" if title else ""
    return f"{head}<ul>{listed}</ul>" if lines else ""
