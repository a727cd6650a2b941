"""A campaign as Kanka exports and imports it: a zip with a JSON file for each of its things.

Kanka numbers its entities; so are the things here, in the order of their links. What is for the
game master alone becomes posts that only its admins see, and a thing that players may not know of
is private.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ttrpg_assistant.campaigns.kinds.game_session import KIND as GAME_SESSION
from ttrpg_assistant.campaigns.registry import list_things
from ttrpg_assistant.exports.campaign_reader import CampaignReader
from ttrpg_assistant.exports.file_names import spell_file_name
from ttrpg_assistant.exports.html_text import inline, prose
from ttrpg_assistant.exports.markdown_text import TEXTS, label_fact, spell_field_text
from ttrpg_assistant.exports.model import Edition, Link, SeenField, SeenThing
from ttrpg_assistant.exports.zip_writing import ZipWriter
from ttrpg_assistant.imports import own_kanka
from ttrpg_assistant.imports.kanka_world import KankaEntity
from ttrpg_assistant.imports.own_texts import MARKS, mark_value
from ttrpg_assistant.storage.content_files import ENDINGS, ContentFiles


@dataclass(frozen=True, slots=True)
class _Module:
    """A module of Kanka: its folder, its number, and the field that says within what one lies."""

    folder: str
    number: int
    parent: str = ""


_NOTES = _Module("notes", 6)
_MODULES: Mapping[str, _Module] = {
    "npc": _Module("characters", 1),
    "character": _Module("characters", 1),
    "location": _Module("locations", 3, "parent_id"),
    "faction": _Module("organisations", 4),
    "item": _Module("items", 5),
    "creature": _Module("creatures", 20),
    "plot_point": _Module("quests", 10),
    GAME_SESSION.name: _Module("journals", 11),
}
"""Where each kind goes; every other becomes a note."""

_ALL, _ADMINS = 1, 2
_MENTION = re.compile(r"\[[a-z_]{2,30}:(\d{1,12})\]")
_ATTITUDE = 50
"""Steps of Kanka's attitude, from -100 to 100, for one of ours."""


@dataclass(frozen=True, slots=True)
class Kanka:
    """The zip."""

    name: str = "kanka"
    editions: tuple[Edition, ...] = ("gm",)
    ending: str = "zip"
    media_type: str = "application/zip"
    is_printed: bool = False
    with_archived: bool = False

    def write(self, reader: CampaignReader, target: Path, files: ContentFiles) -> None:
        """Write the zip."""
        with ZipWriter(target) as file:
            _Writing(reader, file, files).write()


FORMATS = (Kanka(),)


class _Writing:
    def __init__(self, reader: CampaignReader, file: ZipWriter, files: ContentFiles) -> None:
        self._reader = reader
        self._file = file
        self._files = files
        self._numbers = {id: at + 1 for at, id in enumerate(reader.links)}
        self._names = {str(self._numbers[id]): link.name for id, link in reader.links.items()}
        self._tags: dict[str, int] = {}
        self._posts = 0
        self._relations = 0

    def write(self) -> None:
        campaign = self._reader.campaign
        known = "".join(_spell_part(label, text) for label, text in campaign.for_players)
        self._put("campaign.json", {"id": 1, "name": campaign.name, "entry": known})
        whole = "".join(_spell_part(label, text) for label, text, _ in campaign.lines)
        self._put_note("About the campaign", whole, own_kanka.CAMPAIGN, is_private=True)
        for kind in list_things():
            for thing in self._reader.iterate_things(kind):
                self._put_thing(thing, [])
        for game in self._reader.iterate_game_sessions():
            posts = []
            for is_gm_only in (False, True):
                notes = [one.text for one in game.notes if one.is_gm_only is is_gm_only]
                listed = "".join(f"<li>{inline(one)}</li>" for one in notes)
                if notes:
                    posts.append(
                        self._make_post(
                            "Notes of the GM" if is_gm_only else "Notes",
                            f"<ul>{listed}</ul>",
                            is_gm_only,
                        )
                    )
            thing = replace(game.thing, is_for_players=game.is_for_players)
            self._put_thing(thing, posts, date=game.played_on or None)
        self._put_facts()
        for name, number in self._tags.items():
            tag = {"id": number, "name": name, "is_private": True, "colour": None}
            own = self._make_entity(self._next(), name, "", "", 12, True)
            self._put(f"tags/{_slug(name)}_{own['id']}.json", {**tag, "entity": own})

    def _next(self) -> int:
        number = max(self._numbers.values(), default=0) + 1
        self._numbers[f"more:{number}"] = number
        return number

    def _put(self, name: str, value: Mapping[str, Any]) -> None:
        self._file.add(name, json.dumps(value, ensure_ascii=False, indent=1))

    def _put_thing(self, thing: SeenThing, posts: list[Any], **more: Any) -> None:
        module = _MODULES.get(thing.kind.name, _NOTES)
        number = self._numbers.get(thing.id) or self._next()
        is_private = not thing.is_for_players
        entity = self._make_entity(
            number,
            thing.name,
            self._spell_entry(thing),
            _find_type(thing),
            module.number,
            is_private,
        )
        entity["posts"] = [*self._list_posts(thing), *posts]
        entity["relationships"] = list(self._list_relations(thing, number))
        entity["entityTags"] = [{"tag_id": self._tag(one)} for one in thing.tags]
        if picture := self._put_picture(thing, number):
            entity["image_path"] = picture
        own: dict[str, Any] = {"id": number, "name": thing.name, "is_private": is_private}
        if module.folder == "characters":
            own |= {"title": thing.get_text("role"), "characterTraits": list(_list_traits(thing))}
            own |= {"characterFamilies": [], "characterRaces": [], "organisationMemberships": []}
            entity["entityLocations"] = [
                {"location_id": self._numbers[link.id]}
                for one in thing.fields
                if one.field.points_to == "location"
                for link in one.links
            ]
        if module.folder == "quests":
            own |= {"elements": []}
        if module.folder in ("creatures", "organisations"):
            own |= {"pivotLocations": []}
        parent = thing.find_field(module.parent) if module.parent else None
        if parent is not None and parent.links:
            own[f"{module.folder.removesuffix('s')}_id"] = self._numbers[parent.links[0].id]
        entity["entityAttributes"] = self._mark(thing, {**own, "entity": entity})
        place = f"{module.folder}/{_slug(thing.name)}_{number}.json"
        self._put(place, {**own, **more, "entity": entity})

    def _make_entity(
        self, number: int, name: str, entry: str, type_name: str, type_id: int, is_private: bool
    ) -> dict[str, Any]:
        """With every key that Kanka looks for."""
        return {
            "id": number,
            "name": name,
            "entry": entry,
            "type": type_name or None,
            "type_id": type_id,
            "is_private": is_private,
            "tooltip": None,
            "is_template": False,
            "is_attributes_private": True,
            "focus_x": None,
            "focus_y": None,
            "posts": [],
            "relationships": [],
            "entityAttributes": [],
            "entityTags": [],
            "mentions": [],
            "assets": [],
        }

    def _spell_entry(self, thing: SeenThing) -> str:
        """What everybody may read of it who sees it."""
        shown = [one for one in thing.fields if self._is_open(thing, one)]
        return "".join(self._spell_field(one) for one in shown)

    def _list_posts(self, thing: SeenThing) -> Iterator[dict[str, Any]]:
        for one in thing.fields:
            is_elsewhere = one.name == "tags" or one.name in _list_shown_types(thing)
            if one.texts and not self._is_open(thing, one) and not is_elsewhere:
                yield self._make_post(one.field.label, self._spell_field(one, ""), True)

    def _is_open(self, thing: SeenThing, one: SeenField) -> bool:
        """Whether a field stands in the text itself: what players may read of what they may know,
        and of what is private all that is no secret."""
        if not one.texts or one.name in ("aliases", "tags", *own_kanka.TYPE_FIELDS):
            return one.name == "aliases" and bool(one.texts)
        if one.is_gm_only:
            return False
        return one.name in thing.party_fields if thing.is_for_players else True

    def _spell_field(self, one: SeenField, label: str | None = None) -> str:
        told = one.field.label if label is None else label
        head = f"<h4>{inline(told)}</h4>" if told else ""
        if one.links:
            return f"{head}<p>{', '.join(map(self._mention, one.links))}</p>"
        if one.field.shape.name in TEXTS:
            return f"{head}{prose(spell_field_text(one))}"
        return f"{head}<p>{inline(', '.join(text for _, text in one.texts))}</p>"

    def _mention(self, link: Link) -> str:
        module = _MODULES.get(link.kind, _NOTES)
        return f"[{module.folder.removesuffix('s')}:{self._numbers[link.id]}]"

    def _make_post(self, name: str, entry: str, is_gm_only: bool) -> dict[str, Any]:
        self._posts += 1
        return {
            "id": self._posts,
            "name": name,
            "entry": entry,
            "is_private": is_gm_only,
            "visibility_id": _ADMINS if is_gm_only else _ALL,
            "position": self._posts,
            "settings": None,
            "layout_id": None,
        }

    def _list_relations(self, thing: SeenThing, number: int) -> Iterator[dict[str, Any]]:
        for one in thing.relations:
            if not one.is_from:
                continue
            self._relations += 1
            yield {
                "id": self._relations,
                "owner_id": number,
                "target_id": self._numbers[one.other.id],
                "relation": one.label or "related",
                "attitude": None if one.attitude is None else one.attitude * _ATTITUDE,
                "visibility_id": _ALL if one.is_for_players else _ADMINS,
                "is_pinned": False,
                "colour": None,
                "marketplace_uuid": None,
            }

    def _mark(self, thing: SeenThing, document: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Our own id, by which the thing is found again, and marks of what the entity says."""
        kind, written = thing.kind, KankaEntity("", thing.name, document, "")
        marks = own_kanka.mark_sections(kind.name, written, self._with_names)
        marks[kind.name_field] = mark_value(thing.name)
        marks |= {name: mark_value(thing.get_text(name)) for name in own_kanka.TYPE_FIELDS}
        marks["tags"] = mark_value(list(thing.tags))
        told = {"kind": kind.name, "revision": thing.revision, MARKS: marks}
        spelled = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        return [_make_attribute(own_kanka.ID, thing.id), _make_attribute(own_kanka.MARK, spelled)]

    def _with_names(self, text: str) -> str:
        """The text as it is read again, with the names of what it mentions."""
        return _MENTION.sub(lambda found: self._names.get(found[1], found[0]), text)

    def _tag(self, name: str) -> int:
        if name not in self._tags:
            self._tags[name] = len(self._tags) + 1
        return self._tags[name]

    def _put_picture(self, thing: SeenThing, number: int) -> str | None:
        portrait = next((one for one in thing.pictures if one.is_portrait), None)
        if portrait is None:
            return None
        name = f"pictures/{number}.{ENDINGS[portrait.content.media_type]}"
        return self._file.add_picture(name, portrait.content, self._files)

    def _put_facts(self) -> None:
        """All facts as one private note, a post for those that players may know."""
        shown: list[str] = []
        secret: list[str] = []
        for fact in self._reader.iterate_facts():
            if fact.canon == "retconned":
                continue
            label = label_fact(fact)
            known = f" <em>({inline(fact.knowers)})</em>" if not fact.is_for_players else ""
            text = f"<li>{f'{label}: ' if label else ''}{inline(fact.text)}{known}</li>"
            (shown if fact.is_for_players else secret).append(text)
        for name, texts, is_private in (("What is known", shown, False), ("Facts", secret, True)):
            if texts:
                listed = f"<ul>{''.join(texts)}</ul>"
                self._put_note(name, listed, own_kanka.FACTS, is_private=is_private)

    def _put_note(self, name: str, entry: str, what: str, *, is_private: bool) -> None:
        number = self._next()
        entity = self._make_entity(number, name, entry, "", _NOTES.number, is_private)
        entity["entityAttributes"] = [_make_attribute(own_kanka.ID, what)]
        note = {"id": number, "name": name, "is_private": is_private, "entity": entity}
        self._put(f"{_NOTES.folder}/{_slug(name)}_{number}.json", note)


def _make_attribute(name: str, value: str) -> dict[str, Any]:
    return {
        "name": name,
        "value": value,
        "is_private": True,
        "default_order": 0,
        "is_pinned": False,
        "type_id": 1,
        "is_hidden": True,
    }


def _spell_part(label: str, text: str) -> str:
    return f"<h4>{inline(label)}</h4>{prose(text)}"


def _find_type(thing: SeenThing) -> str:
    """What kind of thing it is, in a few words."""
    is_person = _MODULES.get(thing.kind.name, _NOTES).folder == "characters"
    shown = [] if is_person else _list_shown_types(thing)
    own = next(filter(None, map(thing.get_text, shown)), "")
    return (own or thing.kind.noun)[:100]


def _list_shown_types(thing: SeenThing) -> list[str]:
    """The fields that stand where Kanka has a type or a title, which everybody reads who sees the
    entity."""
    return [
        name
        for name in own_kanka.TYPE_FIELDS
        if not thing.is_for_players or name in thing.party_fields
    ]


def _list_traits(thing: SeenThing) -> Iterator[dict[str, Any]]:
    """Personality and looks stand among Kanka's traits too, by which it shows a character."""
    for at, (name, section) in enumerate((("personality", 1), ("appearance", 2))):
        if text := thing.get_text(name):
            yield {
                "name": name.capitalize(),
                "entry": text,
                "is_private": True,
                "section_id": section,
                "default_order": at,
            }


def _slug(name: str) -> str:
    return spell_file_name(name).lower().replace(" ", "-")[:60]
