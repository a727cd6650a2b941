"""A Kanka export: characters, locations, organisations and the rest, with their posts, traits,
attributes and relations. Posts that not everybody may see are secrets; all is for the game master
alone until they say otherwise."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from ttrpg_assistant.campaigns.declaration import EntityKind
from ttrpg_assistant.campaigns.model import KindName
from ttrpg_assistant.campaigns.registry import get_kind
from ttrpg_assistant.campaigns.shapes import say
from ttrpg_assistant.errors import InvalidInput
from ttrpg_assistant.imports import own_kanka
from ttrpg_assistant.imports.gathering import Gathering
from ttrpg_assistant.imports.json_files import parse_json
from ttrpg_assistant.imports.kanka_world import (
    KankaEntity,
    KankaWorld,
    list_kept,
    list_rows,
)
from ttrpg_assistant.imports.model import FoundPicture, FoundRelation, Reading, SourceFile
from ttrpg_assistant.imports.unpacking import Unpacking, is_zip

ENTITY_BYTES = 8 * 1024**2
PICTURE_BYTES = 20 * 1024**2
ALL_PICTURE_BYTES = 128 * 1024**2

MODULES: Mapping[str, KindName] = {
    "characters": "npc",
    "locations": "location",
    "organisations": "faction",
    "families": "faction",
    "items": "item",
    "creatures": "creature",
    "races": "creature",
    "journals": "game_session",
    "quests": "plot_point",
    "events": "plot_point",
    "notes": "handout",
    "abilities": "handout",
}
"""What becomes of each module of Kanka."""

_NOT_THINGS = {
    "tags": "become the tags of what has them",
    "calendars": "there are no calendars here",
    "timelines": "there are no timelines here",
    "maps": "there are no maps here",
    "dice_rolls": "rolls are not imported",
    "conversations": "talk of Kanka is not imported",
    "attribute_templates": "not part of the world",
    "bookmarks": "not part of the world",
    "entity_types": "not part of the world",
    "settings": "not part of the world",
}
_PLAYERS = re.compile(r"\b(?:PC|player|player character)\b", re.I)
_OPEN_TO_ALL = frozenset({1, 5})
"""Visibilities of a post that players have: all, and members."""

_PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif")


class Kanka:
    """The zip that Kanka makes of a campaign."""

    name = "kanka"
    label = "Kanka export"
    rank = 30

    def recognises(self, files: Sequence[SourceFile], beginning: bytes) -> bool:
        """Whether it is a zip whose folders are the modules of Kanka."""
        if len(files) != 1 or not is_zip(beginning):
            return False
        try:
            with Unpacking(files[0].path) as zipped:
                names = [PurePosixPath(one) for one in zipped.names]
        except InvalidInput:
            return False
        entities = [one for one in names if _module_of(one) in MODULES]
        return bool(entities) and not any(one.suffix == ".md" for one in names)

    def read(self, files: Sequence[SourceFile]) -> Reading:
        """Everything in it. Raises `InvalidInput` when nothing in it can be read."""
        return _KankaReading(files[0]).read()


FORMAT = Kanka()


def _module_of(path: PurePosixPath) -> str:
    is_entity = path.suffix.lower() == ".json" and len(path.parts) >= 2
    return path.parts[-2].lower() if is_entity else ""


class _KankaReading:
    def __init__(self, file: SourceFile) -> None:
        self._file = file
        self._found = Gathering(FORMAT.name)
        self._world = KankaWorld()
        self._tags: dict[str, str] = {}
        self._pictures: dict[str, str] = {}
        self._picture_bytes = 0
        self._own: set[str] = set()

    def read(self) -> Reading:
        """The entities first, then what connects them."""
        with Unpacking(self._file.path) as zipped:
            for name in zipped.names:
                self._sort(zipped, name)
            if not self._world.entities:
                raise InvalidInput(
                    "None of the entities in this Kanka export can be read.",
                    code="import_unreadable",
                    cure="Export the campaign from Kanka again.",
                )
            for entity in self._world.entities:
                self._add(zipped, entity)
        for entity in self._world.entities:
            self._connect(entity)
        if len(self._own) < len(self._found.things):
            self._found.warn(
                "What players may read in Kanka is for you alone too, until you say otherwise."
            )
        return self._found.make_reading()

    def _sort(self, zipped: Unpacking, name: str) -> None:
        path = PurePosixPath(name)
        module = _module_of(path)
        if path.suffix.lower() in _PICTURES:
            # By its path, and by the id that the gallery calls it.
            self._pictures |= {name: name, path.stem: name}
        if module not in MODULES and module != "tags":
            if path.suffix.lower() == ".json":
                self._found.ignored(module or path.name, _NOT_THINGS.get(module, "not a thing"))
            return
        try:
            document = parse_json(zipped.read(name, ENTITY_BYTES))
        except InvalidInput:
            self._found.ignored(module, "larger than 8 MB, or damaged")
            return
        named = document.get("name") if isinstance(document, Mapping) else None
        if not isinstance(document, Mapping) or not isinstance(named, str) or not named.strip():
            self._found.ignored(module, "not an entity that can be read")
        elif module == "tags":
            self._tags[str(document.get("id"))] = named
        else:
            self._world.add(KankaEntity(module, named.strip(), document, name))

    def _add_own(self, zipped: Unpacking, one: KankaEntity) -> bool:
        """Add what this program wrote itself; whether it did."""
        if own_kanka.is_about(one, own_kanka.FACTS):
            for fact in own_kanka.read_facts(one):
                self._found.add_found_fact(fact)
            self._found.used(one.module, "Facts")
            return True
        if own_kanka.is_about(one, own_kanka.CAMPAIGN):
            self._found.ignored(one.name, "what the campaign says of itself is written here")
            return True
        place = self._find_place(one)
        key = place.key if place is not None else None
        read = own_kanka.read_thing(
            one, self._tags_of(one), key, self._find_own, self._world.with_names
        )
        if read is None:
            return False
        thing, own = read
        self._found.add_thing(
            one.key,
            own.kind,
            thing.values,
            source_id=f"{one.module}/{one.entity.get('id', '')}",
            kept=list_kept(one),
            pictures=self._take_picture(zipped, one) if thing.kind.is_pictured else (),
            file_name=one.file_name,
            own_id=own.id,
            own_revision=own.revision,
            untouched=own.untouched,
            is_for_players=one.is_for_players,
        )
        self._own.add(one.key)
        self._found.used(one.module, thing.kind.plural)
        return True

    def _find_own(self, id: str) -> tuple[str, str] | None:
        """The kind and the key of the thing of ours that has this id in Kanka."""
        found = self._world.find(id)
        own = own_kanka.find_own(found) if found is not None else None
        return None if found is None or own is None else (own[0].kind, found.key)

    def _add(self, zipped: Unpacking, one: KankaEntity) -> None:
        if self._add_own(zipped, one):
            return
        kind_name = MODULES[one.module]
        said = say(one.document.get("type") or "")
        if one.module == "characters" and _PLAYERS.search(said):
            kind_name = "character"
        kind = get_kind(kind_name)
        given: dict[str, Any] = {kind.name_field: one.name}
        entry, _ = self._world.read_text(one.document.get("entry") or one.entity.get("entry"))
        text = [entry.markdown]
        secrets = [*entry.secrets]
        self._add_posts(one, text, secrets)
        for row in list_rows(one.document, "elements"):
            self._add_element(row, text)
        self._add_words(kind, one, said, given, text, secrets)
        main = "recap_gm" if kind_name == "game_session" else kind.main_field
        if "secrets" in kind.fields:
            given["secrets"] = secrets
        else:
            text += secrets
        given[main] = "\n\n".join(part for part in text if part.strip())
        if tags := self._tags_of(one):
            given["tags"] = tags
        self._found.add_thing(
            one.key,
            kind_name,
            {name: value for name, value in given.items() if name in kind.fields},
            source_id=f"{one.module}/{one.entity.get('id', '')}",
            kept=list_kept(one),
            pictures=self._take_picture(zipped, one) if kind.is_pictured else (),
            file_name=one.file_name,
            is_for_players=one.is_for_players,
        )
        self._found.used(one.module, kind.plural)

    def _add_posts(self, one: KankaEntity, text: list[str], secrets: list[str]) -> None:
        for post in list_rows(one.entity, "posts"):
            read, _ = self._world.read_text(post.get("entry"))
            name = say(post.get("name") or "")
            told = "\n\n".join(part for part in (read.markdown, *read.secrets) if part)
            is_open = post.get("visibility_id", 1) in _OPEN_TO_ALL and not post.get("is_private")
            if is_open:
                text.append(f"## {name}\n\n{told}" if name else told)
                self._found.used("posts", "text")
            elif told or name:
                secrets.append(f"{name}: {told}" if name and told else name or told)
                self._found.used("posts that players do not see", "Secrets")

    def _add_element(self, row: Mapping[str, Any], text: list[str]) -> None:
        read, _ = self._world.read_text(row.get("description") or row.get("entry"))
        target = self._world.find(row.get("entity_id"))
        name = target.name if target is not None else say(row.get("name") or "")
        role = say(row.get("role") or "")
        head = f"{name} ({role})" if name and role else name or role
        if head or read.markdown:
            text.append(f"- {head}: {read.markdown}" if read.markdown else f"- {head}")
            self._found.used("elements of quests", "text")

    def _add_words(
        self,
        kind: EntityKind[Any],
        one: KankaEntity,
        said: str,
        given: dict[str, Any],
        text: list[str],
        secrets: list[str],
    ) -> None:
        document = one.document
        appearance = [
            f"{label}: {say(document[name])}"
            for name, label in (("age", "Age"), ("sex", "Gender"), ("pronouns", "Pronouns"))
            if document.get(name)
        ]
        personality: list[str] = []
        for trait in list_rows(document, "characterTraits", "traits"):
            entry, _ = self._world.read_text(say(trait.get("entry") or ""))
            name = say(trait.get("name") or "")
            line = ": ".join(part for part in (name, entry.markdown) if part)
            is_look = trait.get("section_id", trait.get("section")) in (1, "appearance")
            is_hidden = trait.get("is_private") and (is_look or kind.name != "npc")
            (secrets if is_hidden else appearance if is_look else personality).append(line)
            self._found.used("traits", "Appearance and personality")
        if kind.name in ("npc", "character"):
            title = say(document.get("title") or "")
            given["role"] = ", ".join(part for part in (title, said) if part and part != "NPC")
            look = "appearance" if kind.name == "npc" else "description"
            given[look] = "\n".join(appearance)
            if kind.name == "npc":
                given["personality"] = "\n".join(personality)
                given["status"] = "dead" if document.get("is_dead") else ""
                groups = [
                    group.name
                    for row in list_rows(document, "organisationMemberships")
                    if (group := self._world.find_in("organisations", row.get("organisation_id")))
                ]
                given["groups"] = groups
            elif personality:
                text.append("\n".join(personality))
        elif said:
            field = kind.find_field("type") or kind.find_field("kind")
            if field is not None:
                given[field] = said
            else:
                text.insert(0, said)
        if kind.name not in ("npc", "character"):
            text += ["\n".join(appearance), "\n".join(personality)]
        if kind.name == "plot_point":
            given["is_open"] = not document.get("is_completed")
        if kind.name == "game_session" and document.get("date"):
            text.insert(0, say(document["date"]))
        place = self._find_place(one)
        reference = next((name for name, to in kind.references.items() if to == "location"), None)
        if place is not None and reference is not None:
            given[reference] = place.key
            self._found.used("location_id", kind.fields[reference].label)
        self._add_attributes(kind, one, given, secrets)

    def _add_attributes(
        self, kind: EntityKind[Any], one: KankaEntity, given: dict[str, Any], secrets: list[str]
    ) -> None:
        lines = []
        for row in list_rows(one.entity, "entityAttributes", "attributes"):
            name, value = say(row.get("name") or ""), row.get("value")
            if not name or value in (None, "") or name in (own_kanka.ID, own_kanka.MARK):
                continue
            read, _ = self._world.read_text(say(value))
            lines.append(f"{name}: {read.markdown}")
            self._found.used("attributes", "Stat block or GM notes")
        if not lines:
            return
        field = "stat_block" if "stat_block" in kind.fields else "gm_notes"
        if field in kind.fields:
            given[field] = "\n".join(lines)
        else:
            secrets += lines

    def _find_place(self, one: KankaEntity) -> KankaEntity | None:
        rows = list_rows(one.entity, "entityLocations")
        ids = [one.document.get("location_id"), *(row.get("location_id") for row in rows)]
        found = (self._world.find_in("locations", id) for id in ids)
        return next((place for place in found if place is not None and place is not one), None)

    def _tags_of(self, one: KankaEntity) -> list[str]:
        rows = list_rows(one.entity, "entityTags", "entity_tags")
        named = [self._tags.get(str(row.get("tag_id"))) for row in rows]
        return [tag for tag in named if tag]

    def _take_picture(self, zipped: Unpacking, one: KankaEntity) -> tuple[FoundPicture, ...]:
        path, uuid = say(one.entity.get("image_path") or ""), one.entity.get("image_uuid")
        wanted = [self._pictures.get(path.lstrip("/")), self._pictures.get(str(uuid))]
        for name in wanted:
            if name is not None and self._picture_bytes < ALL_PICTURE_BYTES:
                try:
                    content = zipped.read(name, PICTURE_BYTES)
                except InvalidInput:
                    self._found.ignored("images", "larger than 20 MB, or damaged")
                    return ()
                self._picture_bytes += len(content)
                self._found.used("images", "Pictures")
                return (FoundPicture(name, content),)
        if path or uuid:
            self._found.ignored("images", "not in the export")
        return ()

    def _connect(self, one: KankaEntity) -> None:
        related = {one.key}
        for row in list_rows(one.entity, "relationships", "relations"):
            target = self._world.find(row.get("target_id"))
            if target is None:
                self._found.kept("relations", "lead to what is not in the export")
                continue
            attitude = row.get("attitude")
            is_number = type(attitude) is int and -100 <= attitude <= 100
            label = say(row.get("relation") or "related")
            self._relate(one, target, label, attitude if is_number else None)
            related.add(target.key)
        for row in list_rows(one.document, "organisationMemberships"):
            target = self._world.find_in("organisations", row.get("organisation_id"))
            if target is not None:
                self._relate(one, target, say(row.get("role") or "member"), None)
                related.add(target.key)
        for row in list_rows(one.document, "characterFamilies"):
            target = self._world.find_in("families", row.get("family_id"))
            if target is not None:
                self._relate(one, target, "family", None)
                related.add(target.key)
        for row in list_rows(one.document, "elements"):
            target = self._world.find(row.get("entity_id"))
            if target is not None:
                self._relate(one, target, say(row.get("role") or "part of"), None)
                related.add(target.key)
        if one.key in self._own:
            return  # Its texts name others as fields do.
        texts = [one.document.get("entry"), one.entity.get("entry")]
        texts += [post.get("entry") for post in list_rows(one.entity, "posts")]
        for html in texts:
            _, mentioned = self._world.read_text(html)
            for target in mentioned:
                if target.key not in related:
                    related.add(target.key)
                    self._relate(one, target, "mentions", None)

    def _relate(self, one: KankaEntity, to: KankaEntity, label: str, attitude: int | None) -> None:
        self._found.add_relation(FoundRelation(one.key, to.key, label, attitude))
        self._found.used("relations and mentions", "Relations")
