"""The entities of a Kanka export and the ids by which they name each other. Pure.

An entity has two ids: its own (`[character:76]`, relations) and that within its module
(`location_id`, `organisation_id`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ttrpg_assistant.imports.html_text import HtmlText, read_html

MOST_MENTIONS = 500

_SKIPPED = frozenset(
    {"id", "name", "entity", "entry", "type", "title", "slug", "campaign_id", "_lft", "_rgt"}
    | {"created_at", "updated_at", "created_by", "updated_by", "deleted_at", "entity_id"}
    | {"age", "sex", "pronouns", "traits", "characterTraits", "is_dead", "is_completed"}
    | {"organisationMemberships", "members", "location_id", "elements", "posts"}
    | {"relationships", "relations", "image", "date"}
)

_MENTION = re.compile(r"\[([a-z_]{2,30}):(\d{1,12})(?:\|([^\[\]\n]{0,300}))?\]")


@dataclass(frozen=True, slots=True)
class KankaEntity:
    """One entity: the module it is of (`characters`), its document, and its file."""

    module: str
    name: str
    document: Mapping[str, Any]
    file_name: str

    @property
    def entity(self) -> Mapping[str, Any]:
        """What every entity has, whatever its module."""
        found = self.document.get("entity")
        return found if isinstance(found, Mapping) else self.document

    @property
    def key(self) -> str:
        """What names it within the reading."""
        return f"{self.module}/{self.entity.get('id', self.file_name)}"

    @property
    def is_for_players(self) -> bool:
        """Whether it says that it is not private: then everybody in the campaign sees it. What
        stands in a quest may be hidden part by part."""
        if self.module == "quests":
            return False
        said = [one.get("is_private") for one in (self.document, self.entity)]
        known = [str(one).casefold() for one in said if one is not None]
        return bool(known) and set(known) <= {"0", "false"}


@dataclass(slots=True)
class KankaWorld:
    """All entities, found by their ids. `mentions` are the keys that a text names, by the key of
    the one it is of."""

    entities: list[KankaEntity] = field(default_factory=list)
    _by_entity: dict[str, KankaEntity] = field(default_factory=dict)
    _by_module: dict[tuple[str, str], KankaEntity] = field(default_factory=dict)

    def add(self, entity: KankaEntity) -> None:
        """Add an entity."""
        self.entities.append(entity)
        if (id := entity.entity.get("id")) is not None:
            self._by_entity.setdefault(str(id), entity)
        if (id := entity.document.get("id")) is not None:
            self._by_module.setdefault((entity.module, str(id)), entity)

    def find(self, id: Any) -> KankaEntity | None:
        """The entity with this id of its own."""
        return self._by_entity.get(str(id)) if id is not None else None

    def find_in(self, module: str, id: Any) -> KankaEntity | None:
        """The entity with this id within a module."""
        return self._by_module.get((module, str(id))) if id is not None else None

    def with_names(self, text: str) -> str:
        """A text with names in place of its mentions."""

        def name(match: re.Match[str]) -> str:
            found = self.find(match[2])
            return found.name if found is not None else match[0]

        return _MENTION.sub(name, text)

    def read_text(self, html: Any) -> tuple[HtmlText, list[KankaEntity]]:
        """A text with names in place of its mentions, and whom it mentions."""
        if not isinstance(html, str) or not html:
            return HtmlText(""), []
        mentioned: dict[str, KankaEntity] = {}

        def name(match: re.Match[str]) -> str:
            found = self.find(match[2])
            if found is not None and len(mentioned) < MOST_MENTIONS:
                mentioned[found.key] = found
            label = (match[3] or "").split("|")[0]
            is_label = bool(label) and ":" not in label
            said = label if is_label else found.name if found is not None else ""
            return said or match[0]

        text = read_html(html)
        text.markdown = _MENTION.sub(name, text.markdown)
        text.secrets = [_MENTION.sub(name, one) for one in text.secrets]
        return text, list(mentioned.values())


def list_rows(document: Mapping[str, Any], *names: str) -> Iterator[Mapping[str, Any]]:
    """The objects of a list that stands under one of these names."""
    for name in names:
        rows = document.get(name)
        if isinstance(rows, list) and rows:
            yield from (one for one in rows if isinstance(one, Mapping))
            return


def list_kept(one: KankaEntity) -> dict[str, Any]:
    """What has no field here, and who may see what in Kanka, for an export back to it."""
    kept = {
        name: value
        for name, value in one.document.items()
        if name not in _SKIPPED and value not in (None, "", [], {})
    }
    if one.entity is not one.document:
        own = {
            name: value
            for name, value in one.entity.items()
            if name not in ("name", "entry", "posts") and value not in (None, "", [], {})
        }
        kept["entity"] = own
    kept["posts"] = [
        {"name": post.get("name"), "visibility_id": post.get("visibility_id")}
        for post in list_rows(one.entity, "posts")
    ]
    return {name: value for name, value in kept.items() if value not in ([], {})}
